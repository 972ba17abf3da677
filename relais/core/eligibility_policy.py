"""The dated rules of a territory on who is eligible, and a decision explained line by line.

The same inputs under the same rules give the same lines: a decision can be computed again years later.

# source: domain rules of time (assessment at hiring, counting period, break, former employer); values of
parameters/eligibility_policy.toml or chosen by the scheme, each with its source.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any

from relais.core.eligibility import CATEGORY_RULES, Category, CategoryRule, proof_verdict
from relais.core.months import add_months
from relais.core.parameters import load
from relais.core.words import NotInForce, Words, gettext_noop


class Check(StrEnum):
    """What is looked at, in this order."""

    CATEGORY = "category"
    PROOF = "proof"
    MOMENT = "moment"
    COUNTING = "counting"
    EMPLOYER = "employer"
    FAMILIES = "families"


@dataclass(frozen=True, slots=True)
class Terms:
    """The rules in force from a day. None: the rule does not apply; `accepted` None: every category.

    `is_chosen` tells rules chosen by a scheme: those of usage warn, they do not refuse.
    """

    starts_on: date
    source: str
    verified: bool
    is_chosen: bool
    counting_months: int | None = None
    permanent_months: int | None = None
    break_months: int | None = None
    employer_months: int | None = None
    families_combine: bool = True
    accepted: frozenset[str] | None = None
    max_age_months: Mapping[str, int] = field(default_factory=dict, hash=False)

    def rules(self) -> Mapping[Category, CategoryRule]:
        """The table of categories with the ages of proofs of these rules."""
        ages = self.max_age_months
        return {
            category: replace(rule, max_age_months=ages[category]) if category in ages else rule
            for category, rule in CATEGORY_RULES.items()
        }


@cache
def default_terms() -> tuple[Terms, ...]:
    """The rules of a territory that has chosen none, oldest first."""
    rows = sorted(load("eligibility_policy")["policy"], key=lambda row: row["starts_on"])
    return tuple(Terms(**row, is_chosen=False) for row in rows)


def default_at(on: date) -> Terms:
    """The default rules in force that day. Raises `NotInForce` before the first."""
    started = [terms for terms in default_terms() if terms.starts_on <= on]
    if not started:
        raise NotInForce(gettext_noop("No rule of eligibility is known on %(day)s. Check the date."), day=on)
    return started[-1]


@dataclass(frozen=True, slots=True)
class Job:
    """Days of a former job under a clause; no end: it goes on."""

    starts_on: date
    ends_on: date | None = None
    is_permanent: bool = False


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything a decision looks at; `employed_until`: last day of a former job in the hiring company."""

    category: str
    proof_on: date
    starts_on: date
    decided_on: date
    also: str = ""
    valid_until: date | None = None
    employed_until: date | None = None
    from_temp: bool = False
    jobs: tuple[Job, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """JSON-safe form, kept with the decision."""
        days = {name: getattr(self, name) for name in DAYS}
        return {
            "category": self.category,
            "also": self.also,
            "from_temp": self.from_temp,
            **{name: day.isoformat() if day else None for name, day in days.items()},
            "jobs": [
                [
                    job.starts_on.isoformat(),
                    job.ends_on.isoformat() if job.ends_on else None,
                    job.is_permanent,
                ]
                for job in self.jobs
            ],
        }

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> "Situation":
        """The inverse of `as_dict`."""
        days: dict[str, Any] = {name: date.fromisoformat(kept[name]) if kept[name] else None for name in DAYS}
        jobs = tuple(
            Job(date.fromisoformat(start), date.fromisoformat(end) if end else None, permanent)
            for start, end, permanent in kept["jobs"]
        )
        return cls(
            category=kept["category"], also=kept["also"], from_temp=kept["from_temp"], jobs=jobs, **days
        )


DAYS = ("proof_on", "starts_on", "decided_on", "valid_until", "employed_until")


@dataclass(frozen=True, slots=True)
class Line:
    """One rule looked at: whether it holds, why, and whether failing it refuses the person."""

    check: Check
    holds: bool
    words: Words
    refuses: bool = True


@dataclass(frozen=True, slots=True)
class Assessment:
    """The whole working of a decision."""

    lines: tuple[Line, ...]

    @property
    def is_eligible(self) -> bool:
        return all(line.holds or not line.refuses for line in self.lines)

    @property
    def refusal(self) -> Words | None:
        """The first reason that refuses."""
        return next((line.words for line in self.lines if line.refuses and not line.holds), None)


def assess(terms: Terms, situation: Situation) -> Assessment:
    """Look at a situation under the rules of a territory, rule by rule."""
    return Assessment(
        (
            _category(terms, situation),
            _proof(terms, situation),
            _moment(situation),
            _counting(terms, situation),
            _employer(terms, situation),
            _families(terms, situation),
        )
    )


def _category(terms: Terms, situation: Situation) -> Line:
    words = {"category": Category(situation.category).words}
    if terms.accepted is not None and situation.category not in terms.accepted:
        text = gettext_noop("%(category)s: this scheme does not count this category.")
        return Line(Check.CATEGORY, False, Words(text, words))
    return Line(
        Check.CATEGORY, True, Words(gettext_noop("%(category)s: a category that the scheme counts."), words)
    )


def _proof(terms: Terms, situation: Situation) -> Line:
    rules, category = terms.rules(), Category(situation.category)
    verdict = proof_verdict(
        category,
        proof_on=situation.proof_on,
        hired_on=situation.starts_on,
        valid_until=situation.valid_until,
        rules=rules,
    )
    if verdict.reason is not None:
        return Line(Check.PROOF, False, verdict.reason)
    months = rules[category].max_age_months
    if months is None:
        text = gettext_noop("Proof of %(proof_on)s: its age does not matter for this category.")
        return Line(Check.PROOF, True, Words(text, {"proof_on": situation.proof_on}))
    text = gettext_noop("Proof of %(proof_on)s: at most %(months)s months before %(starts_on)s.")
    params = {"proof_on": situation.proof_on, "months": months, "starts_on": situation.starts_on}
    return Line(Check.PROOF, True, Words(text, params))


def _moment(situation: Situation) -> Line:
    params = {"decided_on": situation.decided_on, "starts_on": situation.starts_on}
    if situation.starts_on < situation.decided_on:
        text = gettext_noop(
            "Decided on %(decided_on)s for a start on %(starts_on)s: no hour counts before the decision."
        )
        return Line(Check.MOMENT, False, Words(text, params))
    text = gettext_noop("Decided on %(decided_on)s, before or at the start on %(starts_on)s.")
    return Line(Check.MOMENT, True, Words(text, params))


def _spell(terms: Terms, situation: Situation) -> tuple[date, bool] | None:
    """The first day counted without a long enough break, and whether a permanent job lies in it."""
    first: date | None = None
    last, permanent = date.min, False
    for job in sorted(situation.jobs, key=lambda job: job.starts_on):
        if first is None or _broken(terms, last, job.starts_on):
            first, permanent, last = job.starts_on, False, date.min
        permanent = permanent or job.is_permanent
        last = max(last, job.ends_on or date.max)
    if first is None or _broken(terms, last, situation.starts_on):
        return None
    return first, permanent


def _broken(terms: Terms, last: date, starts_on: date) -> bool:
    if terms.break_months is None or last >= starts_on:
        return False
    return add_months(last, terms.break_months) < starts_on


def _counting(terms: Terms, situation: Situation) -> Line:
    if terms.counting_months is None:
        text = gettext_noop("This scheme limits no counting period.")
        return Line(Check.COUNTING, True, Words(text))
    spell = _spell(terms, situation)
    if spell is None:
        text = gettext_noop("No former job counts: the counting period starts anew.")
        return Line(Check.COUNTING, True, Words(text))
    first, permanent = spell
    months = terms.counting_months + (terms.permanent_months or 0 if permanent else 0)
    end = add_months(first, months)
    params = {"first": first, "months": months, "end": end, "starts_on": situation.starts_on}
    if situation.starts_on > end:
        text = gettext_noop(
            "Counted since %(first)s: the %(months)s months ended on %(end)s, before %(starts_on)s."
        )
        return Line(Check.COUNTING, False, Words(text, params), refuses=terms.is_chosen)
    text = gettext_noop("Counted since %(first)s: the %(months)s months end on %(end)s.")
    return Line(Check.COUNTING, True, Words(text, params))


def _employer(terms: Terms, situation: Situation) -> Line:
    until, months = situation.employed_until, terms.employer_months
    if until is None or months is None:
        text = gettext_noop("No former job in the hiring company stands against it.")
        return Line(Check.EMPLOYER, True, Words(text))
    params = {"until": until, "months": months}
    if situation.from_temp:
        text = gettext_noop("In the company until %(until)s as a temp: from temp work to hire is allowed.")
        return Line(Check.EMPLOYER, True, Words(text, params))
    if situation.starts_on < add_months(until, months):
        text = gettext_noop("In the company until %(until)s: less than %(months)s months before.")
        return Line(Check.EMPLOYER, False, Words(text, params), refuses=terms.is_chosen)
    text = gettext_noop("In the company until %(until)s: at least %(months)s months before.")
    return Line(Check.EMPLOYER, True, Words(text, params))


def _families(terms: Terms, situation: Situation) -> Line:
    families = {
        CATEGORY_RULES[Category(code)].family for code in (situation.category, situation.also) if code
    }
    if len(families) > 1 and not terms.families_combine:
        text = gettext_noop(
            "This scheme does not combine the status of a structure and a personal criterion."
        )
        return Line(Check.FAMILIES, False, Words(text), refuses=terms.is_chosen)
    if situation.also:
        text = gettext_noop("Also: %(also)s.")
        return Line(Check.FAMILIES, True, Words(text, {"also": Category(situation.also).words}))
    return Line(Check.FAMILIES, True, Words(gettext_noop("One category only.")))
