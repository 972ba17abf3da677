"""What is bought and what was signed, and the record of every import.

A lot says what is to be bought; a contract says how it was awarded: a lot awarded is one contract. What
open data publishes is kept whole in `SourceRecord`, one row per version, beside what we read in it.
"""

from relais.procurement.models.contracts import (
    Amendment,
    Contract,
    ContractFlag,
    ContractQuerySet,
    Holder,
    Lot,
    LotQuerySet,
    Operation,
    Procedure,
    SubcontractingAct,
    purchases_open_to,
)
from relais.procurement.models.imports import (
    ImportedFile,
    ImportFlagCount,
    ImportRejection,
    ImportRun,
    ImportRunQuerySet,
    SourceRecord,
    SourceRecordQuerySet,
)
from relais.procurement.models.notices import (
    Notice,
    NoticeBuyer,
    NoticeLot,
    NoticeQuerySet,
    NoticeVersion,
    NoticeVersionQuerySet,
)
from relais.procurement.models.plans import (
    PlanImport,
    PlanImportQuerySet,
    PlanLine,
    PlanLineQuerySet,
    PlanMapping,
    PurchasePlan,
    PurchasePlanQuerySet,
)
from relais.procurement.models.same_lots import SameLot, SameLotQuerySet

__all__ = [
    "Amendment",
    "Contract",
    "ContractFlag",
    "ContractQuerySet",
    "Holder",
    "ImportFlagCount",
    "ImportRejection",
    "ImportRun",
    "ImportRunQuerySet",
    "ImportedFile",
    "Lot",
    "LotQuerySet",
    "Notice",
    "NoticeBuyer",
    "NoticeLot",
    "NoticeQuerySet",
    "NoticeVersion",
    "NoticeVersionQuerySet",
    "Operation",
    "PlanImport",
    "PlanImportQuerySet",
    "PlanLine",
    "PlanLineQuerySet",
    "PlanMapping",
    "Procedure",
    "PurchasePlan",
    "PurchasePlanQuerySet",
    "SameLot",
    "SameLotQuerySet",
    "SourceRecord",
    "SourceRecordQuerySet",
    "SubcontractingAct",
    "purchases_open_to",
]
