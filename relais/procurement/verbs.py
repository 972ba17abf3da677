"""The words of the room's acts in the audit trail."""

from django.utils.translation import gettext_lazy as _

VERBS = {
    "procurement.contracts.imported": _("Contracts imported"),
    "procurement.contracts.exported": _("Contracts exported"),
    "procurement.notices.exported": _("Notices exported"),
    "procurement.contract.entered": _("Contract entered"),
    "procurement.contract.corrected": _("Contract corrected"),
}
