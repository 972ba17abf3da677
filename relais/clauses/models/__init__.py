"""The clause and its parties, and the library of texts that its kit is made of."""

from relais.clauses.models.clauses import (
    Clause,
    ClauseQuerySet,
    Numbering,
    Party,
    PartyQuerySet,
    Proposal,
    ProposalQuerySet,
)
from relais.clauses.models.launch import (
    Correspondent,
    CorrespondentQuerySet,
    HoursPlan,
    HoursPlanQuerySet,
    Minutes,
    MinutesQuerySet,
    PlannedHours,
    first_month_planned,
)
from relais.clauses.models.library import (
    PLACE,
    LibraryOpening,
    LibraryOpeningQuerySet,
    LibraryText,
    LibraryTextQuerySet,
    TextVersion,
    TextVersionQuerySet,
)
from relais.clauses.models.reserved import HolderCheck, HolderCheckQuerySet
from relais.clauses.models.scoring import (
    GridLine,
    Score,
    ScoreQuerySet,
    ScoringGrid,
    ScoringGridQuerySet,
    Tender,
    TenderQuerySet,
)

__all__ = [
    "PLACE",
    "Clause",
    "ClauseQuerySet",
    "Correspondent",
    "CorrespondentQuerySet",
    "GridLine",
    "HolderCheck",
    "HolderCheckQuerySet",
    "HoursPlan",
    "HoursPlanQuerySet",
    "LibraryOpening",
    "LibraryOpeningQuerySet",
    "LibraryText",
    "LibraryTextQuerySet",
    "Minutes",
    "MinutesQuerySet",
    "Numbering",
    "Party",
    "PartyQuerySet",
    "PlannedHours",
    "Proposal",
    "ProposalQuerySet",
    "Score",
    "ScoreQuerySet",
    "ScoringGrid",
    "ScoringGridQuerySet",
    "Tender",
    "TenderQuerySet",
    "TextVersion",
    "TextVersionQuerySet",
    "first_month_planned",
]
