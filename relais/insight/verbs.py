"""The words of the room's acts in the audit trail."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from relais.insight.models.alerts import EscalatedTo
from relais.insight.models.digests import Rhythm
from relais.organisations.alerting import Code, Level

VERBS = {
    "insight.consolidated.exported": _("Results exported"),
    "insight.rows.exported": _("Contracts behind a figure exported"),
}

PAGES = {
    "todo": _("To do"),
    "consolidated": _("Results"),
    "committee": _("Committee"),
    "consolidated-export": "insight.consolidated.exported",
    "consolidated-rows": _("Contracts behind a figure"),
    "consolidated-rows-export": "insight.rows.exported",
}

CLOCKS = {
    "insight.alerts.exported": _("Alerts exported"),
    "insight.alert.noted": _("Note written on an alert"),
    "insight.alert.snoozed": _("Alert put off"),
    "insight.alert.woken": _("Alert shown again"),
    "insight.escalation.set": _("Rule of escalation added"),
    "insight.digest.chosen": _("Rhythm of the mails chosen"),
    "insight.agenda.opened": _("Address for an agenda opened"),
    "insight.agenda.closed": _("Address for an agenda closed"),
    "insight.hand_over.made": _("Cases handed over"),
    "insight.hand_over.undone": _("Hand-over of cases undone"),
}
VERBS |= CLOCKS
PAGES |= {
    "alert-list": _("Alerts"),
    "alert-export": "insight.alerts.exported",
    "alert-detail": _("An alert"),
    "alert-note": "insight.alert.noted",
    "alert-snooze": "insight.alert.snoozed",
    "alert-wake": "insight.alert.woken",
    "alert-rules": _("Rules of escalation"),
    "reminders": "insight.digest.chosen",
    "agenda-open": "insight.agenda.opened",
    "agenda-close": "insight.agenda.closed",
    "agenda-feed": _("Agenda"),
    "load-list": _("Load of the facilitators"),
    "hand-over": "insight.hand_over.made",
    "hand-over-detail": _("Hand-over of cases"),
    "hand-over-undo": "insight.hand_over.undone",
}
DETAILS: dict[str, list[Any]] = {
    "insight.alert.noted": [Code],
    "insight.alert.snoozed": [Code],
    "insight.alert.woken": [Code],
    "insight.digest.chosen": [Rhythm],
    "insight.escalation.set": [Level, EscalatedTo, {"nobody": _("nobody")}],
}
KEYS = {
    "code": _("alert"),
    "until": _("until the"),
    "level": _("level"),
    "days": _("days"),
    "to": _("told to"),
    "rhythm": _("rhythm"),
    "cases": _("cases"),
}
