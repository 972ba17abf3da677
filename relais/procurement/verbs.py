"""The words of the room's acts in the audit trail."""

from django.utils.translation import gettext_lazy as _

VERBS = {
    "procurement.contracts.imported": _("Contracts imported"),
    "procurement.contracts.exported": _("Contracts exported"),
    "procurement.notices.exported": _("Notices exported"),
    "procurement.contract.entered": _("Contract entered"),
    "procurement.contract.corrected": _("Contract corrected"),
    "procurement.plan.imported": _("Purchase plan imported"),
    "procurement.plan.settled": _("Difference with the purchase plan settled"),
    "procurement.plan.closed": _("Purchase plan put away"),
    "procurement.plan.reopened": _("Purchase plan brought back"),
    "procurement.plan.exported": _("Purchase plan exported"),
    "procurement.operation.grouped": _("Lots grouped into an operation"),
    "procurement.operation.merged": _("Operations merged"),
    "procurement.operation.undone": _("Grouping of lots undone"),
    "procurement.operation.split": _("Lots taken out of their operation"),
}
