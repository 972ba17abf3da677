"""Pages of the room, below the name of a body."""

from django.urls import path

from relais.insight.views import alerts, committee, consolidated, context, load, reminders, todo

urlpatterns = [
    path("", todo.todo, name="todo"),
    path("opportunites/<int:lot>/contexte/", context.opportunity_context, name="opportunity-context"),
    path("bilan/", consolidated.consolidated, name="consolidated"),
    path("bilan/comite/", committee.committee, name="committee"),
    path("bilan/export/", consolidated.consolidated_export, name="consolidated-export"),
    path("bilan/marches/", consolidated.consolidated_rows, name="consolidated-rows"),
    path("bilan/marches/export/", consolidated.rows_export, name="consolidated-rows-export"),
]

clocks = [
    path("alertes/", alerts.alert_list, name="alert-list"),
    path("alertes/export/", alerts.alert_export, name="alert-export"),
    path("alertes/<int:pk>/", alerts.alert_detail, name="alert-detail"),
    path("alertes/<int:pk>/note/", alerts.alert_note, name="alert-note"),
    path("alertes/<int:pk>/report/", alerts.alert_snooze, name="alert-snooze"),
    path("alertes/<int:pk>/reprise/", alerts.alert_wake, name="alert-wake"),
    path("alertes/regles/<slug:scheme>/", alerts.alert_rules, name="alert-rules"),
    path("charge/", load.load_list, name="load-list"),
    path("charge/passation/<int:pk>/", load.hand_over_detail, name="hand-over-detail"),
    path("charge/passation/<int:pk>/annulation/", load.hand_over_undo, name="hand-over-undo"),
    path("charge/<slug:scheme>/<int:body>/passation/", load.hand_over, name="hand-over"),
]
urlpatterns += clocks

own_patterns = [
    path("rappels/", reminders.reminders, name="reminders"),
    path("agenda/adresse/", reminders.agenda_open, name="agenda-open"),
    path("agenda/fermeture/", reminders.agenda_close, name="agenda-close"),
    path("agenda/<str:token>/relais.ics", reminders.agenda_feed, name="agenda-feed"),
]
"""Pages of a person, whatever the body."""
