"""The ledger of obligations: what is owed, by whom; who works; what is declared, queried, validated.

What is owed is a list of dated, signed entries, never an edited number. What is done is a list of lines
whose every move is kept, so that a balance can be replayed at any past date. The totals stored on
obligations and debtors are written in the same transaction as the moves; `relais check-ledger` recounts them.
"""

from relais.execution.models.amendments import AmendmentProposal
from relais.execution.models.closing import Evaluation
from relais.execution.models.declaring import (
    DeclarationLink,
    DeclarationLinkQuerySet,
    Submission,
    SubmissionQuerySet,
)
from relais.execution.models.duplicates import PairDecision
from relais.execution.models.layouts import (
    HoursFile,
    HoursFileQuerySet,
    StatementLayout,
    StatementLayoutQuerySet,
)
from relais.execution.models.obligations import Debtor, Entry, Obligation, ObligationQuerySet, Totals
from relais.execution.models.owing import Call, ContractOption, OwingRule, TrueUp, WorkedHours
from relais.execution.models.pathway import PathStep
from relais.execution.models.people import (
    Eligibility,
    EligibilityQuerySet,
    JobContract,
    JobContractQuerySet,
    Person,
    PersonQuerySet,
    PersonSeries,
)
from relais.execution.models.policies import Assessment, EligibilityPolicy
from relais.execution.models.pooling import (
    PoolingAgreement,
    PoolingAgreementQuerySet,
    PoolingConsent,
    PoolingPart,
)
from relais.execution.models.retention import RetentionExtension
from relais.execution.models.sanctions import (
    Breach,
    BreachQuerySet,
    BreachStep,
    Cause,
    HoursWaiver,
    SanctionTerms,
)
from relais.execution.models.statements import (
    ClosedMonth,
    LineMove,
    Statement,
    StatementLine,
    StatementLineQuerySet,
    StatementQuerySet,
)

__all__ = [
    "AmendmentProposal",
    "Assessment",
    "Breach",
    "BreachQuerySet",
    "BreachStep",
    "Call",
    "Cause",
    "ClosedMonth",
    "ContractOption",
    "Debtor",
    "DeclarationLink",
    "DeclarationLinkQuerySet",
    "Eligibility",
    "EligibilityPolicy",
    "EligibilityQuerySet",
    "Entry",
    "Evaluation",
    "HoursFile",
    "HoursFileQuerySet",
    "HoursWaiver",
    "JobContract",
    "JobContractQuerySet",
    "LineMove",
    "Obligation",
    "ObligationQuerySet",
    "OwingRule",
    "PairDecision",
    "PathStep",
    "Person",
    "PersonQuerySet",
    "PersonSeries",
    "PoolingAgreement",
    "PoolingAgreementQuerySet",
    "PoolingConsent",
    "PoolingPart",
    "RetentionExtension",
    "SanctionTerms",
    "Statement",
    "StatementLayout",
    "StatementLayoutQuerySet",
    "StatementLine",
    "StatementLineQuerySet",
    "StatementQuerySet",
    "Submission",
    "SubmissionQuerySet",
    "Totals",
    "TrueUp",
    "WorkedHours",
]
