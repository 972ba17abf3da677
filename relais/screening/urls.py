"""Pages of the room: opportunities, their sheets, opinions, and the parameters they use."""

from django.urls import path

from relais.screening.views import (
    coming,
    decisions,
    listing,
    lots,
    opinions,
    parameters,
    register,
    sheet,
    triage,
)

urlpatterns = [
    path("opportunites/", listing.opportunity_list, name="opportunity-list"),
    path("opportunites/export/", listing.opportunity_export, name="opportunity-export"),
    path("opportunites/ensemble/", listing.opportunity_batch, name="opportunity-batch"),
    path("opportunites/tri/", triage.opportunity_triage, name="opportunity-triage"),
    path("opportunites/tri/acte/", triage.triage_act, name="triage-act"),
    path("opportunites/tri/annulation/", triage.triage_undo, name="triage-undo"),
    path("opportunites/a-venir/", coming.hours_to_come, name="hours-to-come"),
    path("opportunites/registre/", register.duty_register, name="duty-register"),
    path("opportunites/registre/impression/", register.duty_register_print, name="duty-register-print"),
    path("opportunites/registre/export/", register.duty_register_export, name="duty-register-export"),
    path("opportunites/nouveau-lot/", lots.lot_create, name="lot-create"),
    path("opportunites/avis/", opinions.opinion_list, name="opinion-list"),
    path("opportunites/avis/<int:pk>/", opinions.opinion_answer, name="opinion-answer"),
    path("opportunites/avis/<int:pk>/relance/", opinions.opinion_remind, name="opinion-remind"),
    path("opportunites/metiers/", parameters.trade_list, name="trade-list"),
    path("opportunites/metiers/<slug:code>/", parameters.trade_detail, name="trade-detail"),
    path("opportunites/regles/", parameters.rule_list, name="rule-list"),
    path("opportunites/regles/reperage/", parameters.screen_again, name="screen-again"),
    path("opportunites/regles/<slug:code>/", parameters.rule_detail, name="rule-detail"),
    path("opportunites/<int:lot>/", sheet.opportunity_detail, name="opportunity-detail"),
    path("opportunites/<int:lot>/impression/", sheet.opportunity_print, name="opportunity-print"),
    path("opportunites/<int:lot>/enregistrement/", sheet.opportunity_save, name="opportunity-save"),
    path("opportunites/<int:lot>/retour/", sheet.opportunity_back, name="opportunity-back"),
    path("opportunites/<int:lot>/version/<int:pk>/", sheet.opportunity_restore, name="opportunity-restore"),
    path("opportunites/<int:lot>/suite/", sheet.opportunity_plan, name="opportunity-plan"),
    path("opportunites/<int:lot>/etape/", sheet.opportunity_move, name="opportunity-move"),
    path("opportunites/<int:lot>/decision/", decisions.opportunity_decide, name="opportunity-decide"),
    path("opportunites/<int:lot>/reprise/", decisions.opportunity_reopen, name="opportunity-reopen"),
    path("opportunites/<int:lot>/avis/", opinions.opinion_ask, name="opinion-ask"),
    path("opportunites/<int:lot>/message/", opinions.message_write, name="message-write"),
    path("opportunites/<int:lot>/lot/", lots.lot_edit, name="lot-edit"),
]
