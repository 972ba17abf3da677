"""Pages of the room, below the name of a body."""

from django.urls import path

from relais.procurement.views import contracts, imports, notices

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
    path("marches/<int:pk>/", contracts.contract_detail, name="contract-detail"),
    path("marches/<int:pk>/correction/", contracts.contract_correct, name="contract-correct"),
    path("marches/<int:pk>/versions/<int:version>/", contracts.contract_source, name="contract-source"),
]
