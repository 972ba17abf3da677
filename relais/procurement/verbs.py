"""The words of the room's acts in the audit trail."""

from django.utils.translation import gettext_lazy as _

from relais.kit.trail import fields_of
from relais.procurement.models import Contract, Lot

VERBS = {
    "procurement.contracts.imported": _("Contracts imported"),
    "procurement.contracts.exported": _("Contracts exported"),
    "procurement.notices.exported": _("Notices exported"),
    "procurement.contract.entered": _("Contract entered"),
    "procurement.contract.corrected": _("Contract corrected"),
    "procurement.plan.imported": _("Purchase plan imported"),
    "procurement.plan.opened": _("Purchase plan opened without a file"),
    "procurement.plan.added": _("Lots already announced brought into the purchase plan"),
    "procurement.line.typed": _("Lot typed into the purchase plan"),
    "procurement.line.corrected": _("Lot of the purchase plan corrected"),
    "procurement.line.removed": _("Lot taken out of the purchase plan"),
    "procurement.match.merged": _("Contract joined to the lot of its call"),
    "procurement.match.refused": _("Contract and lot of a call kept apart"),
    "procurement.match.undone": _("Choice on a contract and a lot of a call taken back"),
    "procurement.plan.settled": _("Difference with the purchase plan settled"),
    "procurement.plan.closed": _("Purchase plan put away"),
    "procurement.plan.reopened": _("Purchase plan brought back"),
    "procurement.plan.exported": _("Purchase plan exported"),
    "procurement.operation.grouped": _("Lots grouped into an operation"),
    "procurement.operation.merged": _("Operations merged"),
    "procurement.operation.undone": _("Grouping of lots undone"),
    "procurement.operation.split": _("Lots taken out of their operation"),
}

PAGES = {
    "contract-list": _("List of contracts"),
    "contract-export": "procurement.contracts.exported",
    "contract-create": "procurement.contract.entered",
    "contract-import": "procurement.contracts.imported",
    "contract-detail": _("File of a contract"),
    "contract-correct": "procurement.contract.corrected",
    "contract-source": _("Former version of a contract"),
    "import-list": _("Imports"),
    "import-detail": _("Report of an import"),
    "import-rejections": _("Records refused by an import"),
}
DETAILS = {"procurement.contract.corrected": (fields_of(Lot), fields_of(Contract))}
