"""What an obligation waits for: the acts to come, the most pressing first, with owner and date."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from relais.clauses.enums import Part
from relais.clauses.queries import parties_in_force
from relais.core.ledger import Balance, expected_on
from relais.core.months import Month
from relais.core.words import Words, gettext_noop
from relais.execution.enums import LineState, ObligationState
from relais.execution.models import Obligation
from relais.execution.queries.ledger import Book
from relais.execution.queries.standing import (
    USUAL,
    Pace,
    PaceLimits,
    Standing,
    first_hours_due,
    pace_of,
    standings,
    statement_due,
)
from relais.organisations.enums import PolicyKey
from relais.organisations.policies import PolicyValue

VALIDATION_DAYS = 15
"""Usual time given to the facilitator to decide on declared hours."""
ENDING_DAYS = 60
"""Days before the end of performance when hours left become pressing (alert AL04)."""


class Kind(StrEnum):
    """What there is to do; pages give each its link."""

    CLOSE = "close"
    DECIDE_END = "decide_end"
    KICK_OFF = "kick_off"
    FIRST_HOURS = "first_hours"
    ANSWER = "answer"
    DECLARE = "declare"
    STAFF = "staff"
    VALIDATE = "validate"
    ENDING = "ending"
    CATCH_UP = "catch_up"
    NAME_CONTACT = "name_contact"
    RESUME = "resume"


@dataclass(frozen=True, slots=True)
class Act:
    """Something to do, by whom, before when."""

    kind: Kind
    words: Words
    owner: str
    due: date | None = None
    late: bool = False


@dataclass(frozen=True, slots=True)
class Situation:
    """Where an obligation stands on a day: what the acts to come are found from."""

    obligation: Obligation
    balance: Balance
    today: date
    facilitator: str
    holder: str
    buyer: str
    notified_on: date | None
    standing: Standing
    oldest_declared_on: date | None
    kickoff_days: int
    declaration_day: int
    first_hours_days: int
    planned_from: date | None = None
    pace: PaceLimits = USUAL

    @property
    def expected(self) -> Decimal:
        owed = self.obligation
        return expected_on(self.balance.owed, owed.starts_on, owed.ends_on, self.today)


def situation_of(
    obligation: Obligation,
    book: Book,
    policies: dict[PolicyKey, PolicyValue],
    today: date,
    body_id: int | None = None,
) -> Situation:
    """Read what is missing in one query; the rest comes from the clause, its parties and the book.

    The obligation comes `with_file`. With `body_id`, what is missing is what that body owes or declares.
    """
    clause = obligation.clause
    names: dict[Part, str] = {}
    for party in parties_in_force(clause, today, Part.FACILITATOR, Part.HOLDER):
        names.setdefault(Part(party.part), party.organisation.name)
    contract = clause.contract
    standing = standings([obligation], today, body_id)[obligation.pk]
    return Situation(
        obligation=obligation,
        balance=book.balance(today),
        today=today,
        facilitator=names.get(Part.FACILITATOR, obligation.buyer.name),
        holder=names.get(Part.HOLDER, ""),
        buyer=obligation.buyer.name,
        notified_on=contract.notified_on if contract else None,
        standing=standing,
        oldest_declared_on=_oldest_declared(book),
        kickoff_days=_whole(policies, PolicyKey.KICKOFF_DAYS),
        declaration_day=_whole(policies, PolicyKey.DECLARATION_DAY),
        first_hours_days=_whole(policies, PolicyKey.FIRST_HOURS_DAYS),
        planned_from=obligation.planned_from,
        pace=PaceLimits.of(policies),
    )


def _oldest_declared(book: Book) -> date | None:
    latest = {move.line_id: move for move in book.moves}
    return min((move.on for move in latest.values() if move.state == LineState.DECLARED), default=None)


def _whole(policies: dict[PolicyKey, PolicyValue], key: PolicyKey) -> int:
    return int(policies[key].value)


def acts_to_come(situation: Situation) -> list[Act]:
    """What is late first, then in the order of the life of a contract; nothing once closed."""
    if situation.obligation.is_closed:
        return []
    if situation.obligation.state == ObligationState.SUSPENDED:
        words = Words(gettext_noop("Resume the obligation, or waive what is left"))
        return [Act(Kind.RESUME, words, situation.buyer)]
    acts = [act for find in FINDERS for act in find(situation)]
    return sorted(acts, key=lambda act: not act.late)


def _kick_off(now: Situation) -> Iterable[Act]:
    if now.obligation.kicked_off_on is None and now.today <= now.obligation.ends_on:
        start = now.notified_on or now.obligation.starts_on
        due = start + timedelta(now.kickoff_days)
        words = Words(gettext_noop("Hold the kick-off meeting with the holder"))
        yield Act(Kind.KICK_OFF, words, now.facilitator, due, late=now.today > due)


def _first_hours(now: Situation) -> Iterable[Act]:
    if not now.standing.is_unheard:
        return
    notified = now.notified_on or now.obligation.starts_on
    due = first_hours_due(
        notified,
        now.obligation.starts_on,
        now.planned_from,
        days=now.first_hours_days,
        declaration_day=now.declaration_day,
    )
    if now.today > due:
        words = Words(
            gettext_noop("No hour declared since the award of %(day)s: call the holder"), {"day": notified}
        )
        yield Act(Kind.FIRST_HOURS, words, now.facilitator, due, late=True)


def _answers(now: Situation) -> Iterable[Act]:
    if now.balance.queried:
        words = Words(
            gettext_noop("Answer the questions of the facilitator on %(hours)s h"),
            {"hours": now.balance.queried},
        )
        yield Act(Kind.ANSWER, words, now.holder)


def _statements(now: Situation) -> Iterable[Act]:
    missing = now.standing.months
    if not missing:
        return
    month = missing[0]
    words = (
        Words(gettext_noop("Declare the hours of %(month)s"), {"month": month})
        if len(missing) == 1
        else Words(
            gettext_noop("Declare %(number)s months not declared yet, from %(month)s"),
            {"number": len(missing), "month": month},
        )
    )
    yield Act(
        Kind.DECLARE,
        words,
        now.standing.gaps[0].body,
        statement_due(month, now.declaration_day),
        late=now.standing.is_silent(now.today, now.declaration_day),
    )


def _posts(now: Situation) -> Iterable[Act]:
    since = now.standing.idle_since
    if since is not None:
        words = Words(
            gettext_noop("Nobody in post since %(day)s: propose candidates and hire"), {"day": since}
        )
        due = statement_due(Month.of(since), now.declaration_day)
        yield Act(
            Kind.STAFF, words, now.holder, due, late=now.standing.is_idle(now.today, now.declaration_day)
        )


def _validation(now: Situation) -> Iterable[Act]:
    if now.balance.declared and now.oldest_declared_on:
        due = now.oldest_declared_on + timedelta(VALIDATION_DAYS)
        words = Words(gettext_noop("Validate %(hours)s h declared"), {"hours": now.balance.declared})
        yield Act(Kind.VALIDATE, words, now.facilitator, due, late=now.today > due)


def _ending(now: Situation) -> Iterable[Act]:
    end, waiting = now.obligation.ends_on, now.balance.declared + now.balance.queried
    left = {"hours": now.balance.remaining, "day": end}
    if now.today > end:
        if now.balance.remaining == 0 and not waiting:
            yield Act(
                Kind.CLOSE, Words(gettext_noop("Close the obligation: all hours are done")), now.buyer, end
            )
        elif not waiting:
            text = gettext_noop("Performance ended on %(day)s with %(hours)s h left: extend it or close it")
            yield Act(Kind.DECIDE_END, Words(text, left), now.buyer, end, late=True)
    elif now.balance.remaining and (end - now.today).days <= ENDING_DAYS:
        text = gettext_noop("Decide what to do with %(hours)s h left before the end on %(day)s")
        yield Act(Kind.ENDING, Words(text, left), now.facilitator, end)


def _gap(now: Situation) -> Iterable[Act]:
    owed, validated = now.balance.owed, now.balance.validated
    span = (now.obligation.starts_on, now.obligation.ends_on, now.today)
    if pace_of(owed, validated, *span, now.pace) != Pace.STEADY:
        words = Words(
            gettext_noop("Meet the holder: %(hours)s h behind the plan"),
            {"hours": max(now.expected - validated, Decimal(0)).quantize(Decimal(1), ROUND_HALF_UP)},
        )
        yield Act(Kind.CATCH_UP, words, now.facilitator)


def _contact(now: Situation) -> Iterable[Act]:
    if not now.obligation.contact_name and now.today <= now.obligation.ends_on:
        words = Words(gettext_noop("Name the correspondent for the clause"))
        yield Act(Kind.NAME_CONTACT, words, now.holder)


def _next_month(now: Situation) -> Iterable[Act]:
    """The month that runs, once nothing older is missing and somebody is in post."""
    month = Month.of(now.today)
    runs = now.obligation.starts_on <= now.today <= now.obligation.ends_on
    waits = now.standing.gaps or now.standing.idle_since or now.standing.is_month_sent
    if runs and now.balance.remaining and not waits:
        words = Words(gettext_noop("Declare the hours of %(month)s"), {"month": month})
        yield Act(Kind.DECLARE, words, now.holder, statement_due(month, now.declaration_day))


FINDERS = (
    *(_ending, _kick_off, _answers, _statements, _posts),
    *(_first_hours, _validation, _gap, _contact, _next_month),
)
