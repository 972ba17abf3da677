"""The words of the room's acts in the audit trail."""

from django.utils.translation import gettext_lazy as _

VERBS = {
    "insight.consolidated.exported": _("Results exported"),
    "insight.rows.exported": _("Contracts behind a figure exported"),
}
