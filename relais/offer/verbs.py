"""The words of the room's acts in the audit trail."""

from django.utils.translation import gettext_lazy as _

VERBS = {
    "offer.structures.exported": _("Structures exported"),
    "offer.structure.recorded": _("Structure recorded"),
    "offer.activities.set": _("Activities of a structure written"),
    "offer.turnover.set": _("Turnover of a structure written"),
}
