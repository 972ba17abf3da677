"""What deserves a look in a scheme: the codes of the trade, who is told, and the rooms that look for it.

A room registers its sources when the application starts; the consolidation asks them all in one pass and
keeps what they see. A source reads a whole scheme in a constant number of queries.

# source: alerts that professionals expect (AL01 to AL20), levels and recipients.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from django.db import models
from django.utils.translation import gettext_lazy as _

from relais.core.words import Words
from relais.organisations.enums import PolicyKey
from relais.organisations.models import Scheme
from relais.organisations.policies import PolicyValue


class Level(models.TextChoices):
    """How serious it is, most pressing first."""

    BLOCKING = "blocking", _("Blocking")
    CRITICAL = "critical", _("Critical")
    ANOMALY = "anomaly", _("Anomaly")
    WARNING = "warning", _("To watch")
    INFO = "info", _("For information")

    @property
    def tone(self) -> str:
        return {"blocking": "bad", "critical": "bad", "info": "info"}.get(self.value, "warn")

    @property
    def rank(self) -> int:
        """0 for the most pressing."""
        return list(Level).index(self)


class Code(models.TextChoices):
    """What can be seen; the labels are short enough for a list."""

    AL01 = "AL01", _("No statement")
    AL02 = "AL02", _("Behind the plan")
    AL03 = "AL03", _("Too much left to do")
    AL04 = "AL04", _("End near with hours left")
    AL05 = "AL05", _("Eligibility about to end")
    AL06 = "AL06", _("Hours outside eligibility or contract")
    AL07 = "AL07", _("Unlikely number of hours")
    AL08 = "AL08", _("Same hours claimed twice")
    AL09 = "AL09", _("Amendment without hours sized anew")
    AL10 = "AL10", _("No kick-off meeting")
    AL11 = "AL11", _("No correspondent")
    AL12 = "AL12", _("Deadline of a formal notice reached")
    AL13 = "AL13", _("Penalty undecided near the final account")
    AL14 = "AL14", _("Social duty without answer")
    AL15 = "AL15", _("Direct purchases over a threshold")
    AL16 = "AL16", _("Proof too old at hiring")
    AL17 = "AL17", _("Outcome not told")
    AL18 = "AL18", _("Personal data past its date")
    AL19 = "AL19", _("Doubtful surplus")
    AL20 = "AL20", _("Opinion late")


class Recipient(models.TextChoices):
    """To whom it is told: a part in the clause, or an office of the buyer."""

    HOLDER = "holder", _("Company")
    STRUCTURE = "structure", _("Insertion structure")
    FACILITATOR = "facilitator", _("Facilitator")
    OFFICER = "officer", _("Clause officer")
    PROJECT_LEAD = "project_lead", _("Project lead")
    PURCHASER = "purchaser", _("Purchaser")
    MANAGER = "manager", _("Manager")


HOLDER, STRUCTURE, FACILITATOR, OFFICER, PROJECT_LEAD, PURCHASER, MANAGER = Recipient
FOLLOWERS = (FACILITATOR, OFFICER)
BUYING = (OFFICER, PURCHASER)

TOLD: Mapping[Code, Mapping[Level, tuple[Recipient, ...]]] = {
    Code.AL01: {Level.INFO: (HOLDER, STRUCTURE), Level.WARNING: (HOLDER, STRUCTURE, *FOLLOWERS)},
    Code.AL02: {Level.WARNING: FOLLOWERS},
    Code.AL03: {Level.CRITICAL: (*FOLLOWERS, PROJECT_LEAD, PURCHASER)},
    Code.AL04: {Level.WARNING: (HOLDER, *FOLLOWERS), Level.CRITICAL: (HOLDER, *FOLLOWERS)},
    Code.AL05: {Level.WARNING: (FACILITATOR, STRUCTURE)},
    Code.AL06: {Level.BLOCKING: (FACILITATOR,)},
    Code.AL07: {Level.ANOMALY: (FACILITATOR,)},
    Code.AL08: {Level.BLOCKING: FOLLOWERS},
    Code.AL09: {Level.WARNING: (OFFICER,)},
    Code.AL10: {Level.WARNING: (FACILITATOR,)},
    Code.AL11: {Level.INFO: (FACILITATOR,)},
    Code.AL12: {Level.CRITICAL: BUYING},
    Code.AL13: {Level.CRITICAL: BUYING},
    Code.AL14: {Level.BLOCKING: BUYING},
    Code.AL15: {Level.WARNING: (PURCHASER,)},
    Code.AL16: {Level.BLOCKING: (FACILITATOR,)},
    Code.AL17: {Level.INFO: (FACILITATOR,)},
    Code.AL18: {Level.CRITICAL: (MANAGER,)},
    Code.AL19: {Level.ANOMALY: (FACILITATOR,)},
    Code.AL20: {Level.INFO: (OFFICER,)},
}
"""Who is told of what. The body that has to act always is; a facilitator keeps AL02 once it is AL03."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Something to look at: the figures that make it true, one next act, one owner, one date.

    `key` tells it apart among those of its code in the scheme, and stays the same as long as the cause lasts.
    `owner_id` is the body that has to act, `concerned_id` a company or a structure that reads it too.
    `page` and `place` lead to where the act is done. Words and working name no person: numbers only.
    """

    code: Code
    level: Level
    key: str
    words: Words
    act: Words
    owner_id: int
    page: str
    place: Mapping[str, int] = field(default_factory=dict)
    working: tuple[tuple[Words, object], ...] = ()
    due_on: date | None = None
    buyer_id: int | None = None
    facilitator_id: int | None = None
    concerned_id: int | None = None
    obligation_id: int | None = None
    lot_id: int | None = None


type Limits = Mapping[PolicyKey, PolicyValue]


class AlertSource(Protocol):
    """Looks for some codes in a whole scheme on a day, in a constant number of queries."""

    def __call__(self, scheme: Scheme, on: date, limits: Limits) -> Iterable[Seen]: ...


_sources: dict[tuple[Code, ...], AlertSource] = {}


def register(source: AlertSource, *codes: Code) -> None:
    """Name the source that looks for these codes; a code has one source."""
    taken = {code for known, other in _sources.items() if other is not source for code in known} & set(codes)
    if taken:
        raise ValueError(f"{', '.join(sorted(taken))} already has a source")
    _sources[codes] = source


def sources() -> Mapping[tuple[Code, ...], AlertSource]:
    return _sources


def codes_watched() -> list[Code]:
    """The codes that some source looks for: those that pages offer."""
    return sorted({code for codes in _sources for code in codes})


def told_to(recipient: Recipient) -> list[tuple[Code, Level]]:
    """What a recipient is told of."""
    return [(code, level) for code, levels in TOLD.items() for level, to in levels.items() if recipient in to]
