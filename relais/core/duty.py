"""The social duty: since 21 August 2026 a large contract takes social matters into account, or says why not.

# source: loi n° 2021-1104 du 22 août 2021, art. 35; code de la commande publique, art. L. 2112-2-1 and
L. 3114-2-1; the state of each fact is in parameters/duty.toml.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from relais.core.money import exact
from relais.core.parameters import load
from relais.core.regime import BuyerKind, Nature
from relais.core.thresholds import Threshold, european_threshold, known_until
from relais.core.verdict import YES, Verdict
from relais.core.words import BadValue, Words, gettext_noop


class DerogationCase(StrEnum):
    """The cases in which the law lets a buyer do without a social consideration."""

    IMMEDIATE_SOLUTION = "IMMEDIATE_SOLUTION"
    NO_LINK = "NO_LINK"
    RESTRICTS_COMPETITION = "RESTRICTS_COMPETITION"
    SHORT_WORKS = "SHORT_WORKS"

    @property
    def words(self) -> Words:
        return Words(_CASE_NAMES[self])


_CASE_NAMES = {
    DerogationCase.IMMEDIATE_SOLUTION: gettext_noop(
        "The need can be met by an immediately available solution"
    ),
    DerogationCase.NO_LINK: gettext_noop(
        "A social consideration has no sufficient link with the subject-matter"
    ),
    DerogationCase.RESTRICTS_COMPETITION: gettext_noop(
        "It would restrict competition or make performance technically or economically difficult"
    ),
    DerogationCase.SHORT_WORKS: gettext_noop("Works that last less than six months"),
}


_TOO_EARLY = gettext_noop(
    "The social duty does not apply: the consultation is launched on %(day)s, before %(since)s."
)
_DEFENCE = gettext_noop("The social duty does not apply to defence and security contracts.")
_IMPOSSIBLE = gettext_noop("An estimated value of %(value)s € is impossible. Check the amount.")
_BELOW = gettext_noop(
    "The social duty does not apply: the estimated value of %(value)s € excluding tax is under the European "
    "threshold of %(threshold)s €."
)
_ALONE = gettext_noop(
    "Alone, the %(value)s € excluding tax of this lot is under the European threshold of %(threshold)s €. "
    "Enter the value of the whole consultation: all lots together decide whether the social duty applies."
)
_ABOVE = gettext_noop(
    "The social duty applies: the estimated value of %(value)s € excluding tax reaches the European "
    "threshold of %(threshold)s €."
)


@dataclass(frozen=True, slots=True)
class Duty:
    """Whether the duty applies, whether it is met, and why, in sentences; `threshold` is the amount compared.

    When the estimated value is missing nothing can be said: `applies` and `satisfied` are both false.
    """

    applies: bool
    satisfied: bool
    threshold: Threshold | None
    reasons: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class CaseOfLaw:
    """A derogation case in the table of the law: since when, its source, whether somebody read the text."""

    case: DerogationCase
    since: date
    source: str
    verified: bool


def cases_of_law() -> tuple[CaseOfLaw, ...]:
    """The cases of the table, in its order."""
    table = load("duty")
    since: date = table["duty"]["since"]
    return tuple(
        CaseOfLaw(DerogationCase(row["case"]), since, row["source"], row["verified"])
        for row in table["derogation"]
    )


def derogation_cases(
    *, nature: Nature, concession: bool, duration_months: Decimal | int | None
) -> tuple[DerogationCase, ...]:
    """The cases a buyer may invoke: two for concessions, four for contracts, one being short works.

    An unknown duration (`None`) leaves the short works case open: the recorded reasons then state it.
    """
    found = []
    for row in load("duty")["derogation"]:
        if concession and not row["concession"]:
            continue
        limit = row.get("works_under_months")
        if limit is not None and (
            nature is not Nature.WORKS or (duration_months is not None and duration_months >= limit)
        ):
            continue
        found.append(DerogationCase(row["case"]))
    return tuple(found)


def social_duty(
    *,
    launched_on: date,
    estimated_value: Decimal | None,
    nature: Nature,
    buyer_kind: BuyerKind,
    concession: bool = False,
    consideration_planned: bool,
    derogation: DerogationCase | None = None,
    derogation_reasons: str = "",
    defence: bool = False,
    duration_months: Decimal | int | None = None,
    lot_alone: bool = False,
) -> Duty:
    """The duty of a consultation whose whole estimated value, all lots together, is given excluding tax.

    `lot_alone`: only the value of one lot is known; under the threshold, the reason asks for the whole.
    Any social consideration meets the duty, an insertion clause being the usual one. Raises `BadValue` (a
    ValueError) for a negative value.
    """
    since: date = load("duty")["duty"]["since"]
    if launched_on < since:
        return _free(Words(_TOO_EARLY, {"day": launched_on, "since": since}))
    threshold = european_threshold(launched_on, nature, buyer_kind, concession=concession)
    if defence:
        return _free(Words(_DEFENCE), threshold)
    if estimated_value is None:
        return _unknown(threshold, consideration_planned)
    value = exact(estimated_value)
    if value < 0:
        raise BadValue(_IMPOSSIBLE, value=value)
    provisional = _provisional(launched_on, threshold)
    amounts = {"value": value, "threshold": threshold.value}
    if value < threshold.value:
        return _free(Words(_ALONE if lot_alone else _BELOW, amounts), threshold, provisional)
    met, reason = _answer(
        consideration_planned,
        derogation,
        derogation_reasons,
        derogation_cases(nature=nature, concession=concession, duration_months=duration_months),
    )
    return Duty(True, met, threshold, (Words(_ABOVE, amounts), *provisional, reason))


def blocks_closing(duty: Duty) -> Verdict:
    """Whether the opportunity sheet may be closed: refused, with the reason, until the duty is met (AL14)."""
    return YES if duty.satisfied else Verdict(False, duty.reasons[-1])


def _answer(
    planned: bool, derogation: DerogationCase | None, reasons: str, open_cases: tuple[DerogationCase, ...]
) -> tuple[bool, Words]:
    if planned:
        return True, Words(gettext_noop("A social consideration is planned: the duty is met."))
    if derogation is None:
        return False, Words(
            gettext_noop("Plan a social consideration, or choose a derogation case and write its reasons.")
        )
    if derogation not in open_cases:
        return False, Words(
            gettext_noop(
                "This derogation case is not open to this contract: check its nature and duration, or choose "
                "another case."
            )
        )
    if not reasons.strip():
        return False, Words(
            gettext_noop("Write the reasons of the derogation: the buyer must be able to show them.")
        )
    return True, Words(gettext_noop("A derogation is invoked and its reasons are recorded: the duty is met."))


def _free(reason: Words, threshold: Threshold | None = None, more: tuple[Words, ...] = ()) -> Duty:
    return Duty(False, True, threshold, (reason, *more))


def _unknown(threshold: Threshold, planned: bool) -> Duty:
    if planned:
        return _free(
            Words(gettext_noop("A social consideration is planned: the duty is met whatever the value.")),
            threshold,
        )
    missing = gettext_noop(
        "The estimated value is missing, so the social duty cannot be assessed. Enter the value excluding "
        "tax of the whole consultation (European threshold: %(threshold)s €)."
    )
    return Duty(False, False, threshold, (Words(missing, {"threshold": threshold.value}),))


def _provisional(launched_on: date, threshold: Threshold) -> tuple[Words, ...]:
    if launched_on <= known_until():
        return ()
    text = gettext_noop(
        "The European threshold of %(day)s is not published yet: the one in force since %(since)s is used."
    )
    return (Words(text, {"day": launched_on, "since": threshold.since}),)
