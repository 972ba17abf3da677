"""The ledger of obligations: what is owed, by whom; who works; what is declared, queried, validated.

What is owed is a list of dated, signed entries, never an edited number. What is done is a list of lines
whose every move is kept, so that a balance can be replayed at any past date. The totals stored on
obligations and debtors are written in the same transaction as the moves; `relais check-ledger` recounts them.
"""

from relais.execution.models.declaring import (
    DeclarationLink,
    DeclarationLinkQuerySet,
    Submission,
    SubmissionQuerySet,
)
from relais.execution.models.obligations import Debtor, Entry, Obligation, ObligationQuerySet, Totals
from relais.execution.models.people import (
    Eligibility,
    EligibilityQuerySet,
    JobContract,
    JobContractQuerySet,
    Person,
    PersonQuerySet,
    PersonSeries,
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
    "ClosedMonth",
    "Debtor",
    "DeclarationLink",
    "DeclarationLinkQuerySet",
    "Eligibility",
    "EligibilityQuerySet",
    "Entry",
    "JobContract",
    "JobContractQuerySet",
    "LineMove",
    "Obligation",
    "ObligationQuerySet",
    "Person",
    "PersonQuerySet",
    "PersonSeries",
    "Statement",
    "StatementLine",
    "StatementLineQuerySet",
    "StatementQuerySet",
    "Submission",
    "SubmissionQuerySet",
    "Totals",
]
