"""What an obligation waits for: the acts to come, the most pressing first, with owner and date."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from relais.clauses.enums import Part
from relais.clauses.queries import parties_in_force
from relais.core.ledger import Balance, expected_on
from relais.core.months import Month, months_between
from relais.core.words import Words, gettext_noop
from relais.execution.enums import LineState, ObligationState, StatementState
from relais.execution.models import Obligation, Statement
from relais.execution.queries.ledger import Book
from relais.organisations.enums import PolicyKey
from relais.organisations.policies import PolicyValue

VALIDATION_DAYS = 15
"""Usual time given to the facilitator to decide on declared hours."""
ENDING_DAYS = 60
"""Days before the end of performance when hours left become pressing (alert AL04)."""
BEHIND_SHARE = Decimal("0.7")
"""Below this share of the hours expected, the obligation is behind (alert AL02)."""
BEHIND_FROM = Decimal("0.25")
"""Share of the period from which lateness is told (alert AL02)."""


class Kind(StrEnum):
    """What there is to do; pages give each its link."""

    CLOSE = "close"
    DECIDE_END = "decide_end"
    KICK_OFF = "kick_off"
    ANSWER = "answer"
    DECLARE = "declare"
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
    said_months: frozenset[Month]
    oldest_declared_on: date | None
    kickoff_days: int
    declaration_day: int

    @property
    def expected(self) -> Decimal:
        owed = self.obligation
        return expected_on(self.balance.owed, owed.starts_on, owed.ends_on, self.today)

    @property
    def elapsed(self) -> Decimal:
        """Share of the period of performance gone by."""
        whole = (self.obligation.ends_on - self.obligation.starts_on).days + 1
        gone = min(max((self.today - self.obligation.starts_on).days + 1, 0), whole)
        return Decimal(gone) / whole


def situation_of(
    obligation: Obligation, book: Book, policies: dict[PolicyKey, PolicyValue], today: date
) -> Situation:
    """Read the months said in one query; the rest comes from the clause, its parties and the book."""
    clause = obligation.clause
    names: dict[Part, str] = {}
    for party in parties_in_force(clause, today, Part.FACILITATOR, Part.HOLDER):
        names.setdefault(Part(party.part), party.organisation.name)
    contract = clause.contract
    return Situation(
        obligation=obligation,
        balance=book.balance(today),
        today=today,
        facilitator=names.get(Part.FACILITATOR, obligation.buyer.name),
        holder=names.get(Part.HOLDER, ""),
        buyer=obligation.buyer.name,
        notified_on=contract.notified_on if contract else None,
        said_months=frozenset(_months_said(obligation)),
        oldest_declared_on=_oldest_declared(book),
        kickoff_days=_whole(policies, PolicyKey.KICKOFF_DAYS),
        declaration_day=_whole(policies, PolicyKey.DECLARATION_DAY),
    )


def _months_said(obligation: Obligation) -> Iterator[Month]:
    sent = Statement.objects.filter(obligation=obligation, state=StatementState.SUBMITTED)
    for month in sent.order_by("month").values_list("month", flat=True).distinct():
        yield Month.of(month)


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


def _answers(now: Situation) -> Iterable[Act]:
    if now.balance.queried:
        words = Words(
            gettext_noop("Answer the questions of the facilitator on %(hours)s h"),
            {"hours": now.balance.queried},
        )
        yield Act(Kind.ANSWER, words, now.holder)


def months_missing(now: Situation) -> list[Month]:
    """Months of performance gone by that nobody declared, while hours are left."""
    if now.obligation.starts_on > now.today or now.balance.remaining == 0:
        return []
    last = min(Month.of(now.today).previous(), Month.of(now.obligation.ends_on))
    gone = months_between(Month.of(now.obligation.starts_on), last)
    return [month for month in gone if month not in now.said_months]


def _statements(now: Situation) -> Iterable[Act]:
    missing = months_missing(now)
    if not missing:
        return
    month = missing[0]
    due = month.next().first_day + timedelta(now.declaration_day - 1)
    words = (
        Words(gettext_noop("Declare the hours of %(month)s"), {"month": month})
        if len(missing) == 1
        else Words(
            gettext_noop("Declare %(number)s months not declared yet, from %(month)s"),
            {"number": len(missing), "month": month},
        )
    )
    yield Act(Kind.DECLARE, words, now.holder, due, late=now.today > due)


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
    behind = now.expected - now.balance.validated
    if now.today <= now.obligation.ends_on and is_behind(now.balance.validated, now.expected, now.elapsed):
        words = Words(
            gettext_noop("Meet the holder: %(hours)s h behind the plan"), {"hours": max(behind, Decimal(0))}
        )
        yield Act(Kind.CATCH_UP, words, now.facilitator)


def is_behind(validated: Decimal, expected: Decimal, elapsed: Decimal) -> bool:
    """Whether the hours validated are well below the plan, once the work has really begun."""
    return elapsed >= BEHIND_FROM and validated < expected * BEHIND_SHARE


def _contact(now: Situation) -> Iterable[Act]:
    if not now.obligation.contact_name and now.today <= now.obligation.ends_on:
        words = Words(gettext_noop("Name the correspondent for the clause"))
        yield Act(Kind.NAME_CONTACT, words, now.holder)


def _next_month(now: Situation) -> Iterable[Act]:
    month = Month.of(now.today)
    runs = now.obligation.starts_on <= now.today <= now.obligation.ends_on
    if runs and now.balance.remaining and month not in now.said_months and not months_missing(now):
        words = Words(gettext_noop("Declare the hours of %(month)s"), {"month": month})
        yield Act(
            Kind.DECLARE, words, now.holder, month.next().first_day + timedelta(now.declaration_day - 1)
        )


FINDERS = (_ending, _kick_off, _answers, _statements, _validation, _gap, _contact, _next_month)
