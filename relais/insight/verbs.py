"""The words of the room's acts in the audit trail."""

from django.utils.translation import gettext_lazy as _

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
