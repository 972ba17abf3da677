"""Pages of the room, below the name of a body."""

from django.urls import path

from relais.procurement.views import contracts, imports, notices, operations, plan_lines, plans, same_lots

urlpatterns = [
    path("marches/", contracts.contract_list, name="contract-list"),
    path("marches/export/", contracts.contract_export, name="contract-export"),
    path("marches/saisie/", contracts.contract_create, name="contract-create"),
    path("marches/import/", imports.contract_import, name="contract-import"),
    path("marches/imports/", imports.import_list, name="import-list"),
    path("marches/imports/<int:pk>/", imports.import_detail, name="import-detail"),
    path("marches/imports/<int:pk>/rejets/", imports.import_rejections, name="import-rejections"),
    path("marches/avis/", notices.notice_list, name="notice-list"),
    path("marches/avis/export/", notices.notice_export, name="notice-export"),
    path("marches/avis/<int:pk>/", notices.notice_detail, name="notice-detail"),
    path("marches/avis/<int:pk>/versions/<int:version>/", notices.notice_source, name="notice-source"),
    path("marches/rapprochements/", same_lots.same_lot_list, name="same-lot-list"),
    path("marches/rapprochements/<int:pk>/", same_lots.same_lot_settle, name="same-lot-settle"),
    path("marches/<int:pk>/", contracts.contract_detail, name="contract-detail"),
    path("marches/<int:pk>/correction/", contracts.contract_correct, name="contract-correct"),
    path("marches/<int:pk>/versions/<int:version>/", contracts.contract_source, name="contract-source"),
    path("programmation/", plans.plan_list, name="plan-list"),
    path("programmation/saisie/", plan_lines.plan_create, name="plan-create"),
    path("programmation/import/", plans.plan_import, name="plan-import"),
    path("programmation/import/<int:pk>/", plans.plan_mapping, name="plan-mapping"),
    path("programmation/import/<int:pk>/abandon/", plans.plan_drop, name="plan-drop"),
    path("programmation/import/<int:pk>/rejets/", plans.plan_faults, name="plan-faults"),
    path("programmation/<int:pk>/", plans.plan_detail, name="plan-detail"),
    path("programmation/<int:pk>/export/", plans.plan_export, name="plan-export"),
    path("programmation/<int:pk>/etat/", plans.plan_state, name="plan-state"),
    path("programmation/<int:pk>/operations/", operations.plan_operations, name="plan-operations"),
    path("programmation/<int:pk>/lots/saisie/", plan_lines.plan_line_create, name="plan-line-create"),
    path("programmation/<int:pk>/lots/ajout/", plan_lines.plan_line_add, name="plan-line-add"),
    path("programmation/<int:pk>/lignes/<int:line>/", plan_lines.plan_line_edit, name="plan-line-edit"),
    path(
        "programmation/<int:pk>/lignes/<int:line>/retrait/",
        plan_lines.plan_line_remove,
        name="plan-line-remove",
    ),
    path("programmation/<int:pk>/lignes/<int:line>/ecart/", plans.plan_settle, name="plan-settle"),
]
