"""Read the ledger of an obligation: its balance at any day, its account, its curve, its people as numbers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from relais.clauses.queries import WHOLE, Stand, stands_of
from relais.core import ledger as core
from relais.core.ledger import Balance, Point
from relais.core.months import Month
from relais.core.words import Words, gettext_noop
from relais.execution.enums import Category, EntryKind, LineState
from relais.execution.models import Debtor, Entry, LineMove, Obligation
from relais.kit.actor import Actor

COUNTED = (LineState.VALIDATED, LineState.LOCKED)
FOREVER = date.max


@dataclass(frozen=True, slots=True)
class Move:
    """One change of state of one line, as the ledger reads it."""

    line_id: int
    debtor_id: int
    month: Month
    state: str
    hours: Decimal
    on: date
    job_id: int
    number: str
    category: str


@dataclass(frozen=True, slots=True)
class Book:
    """The whole history of one obligation, read once, in the order it was written.

    `debtor_id` tells that only the part of one debtor was read.
    """

    obligation: Obligation
    entries: tuple[Entry, ...]
    moves: tuple[Move, ...]
    debtor_id: int | None = None

    def owed_lines(self) -> tuple[core.Entry, ...]:
        return tuple(
            core.Entry(
                debtor=str(entry.debtor_id),
                kind=core.EntryKind(entry.kind),
                effective_on=entry.effective_on,
                recorded_on=timezone.localdate(entry.recorded_at),
                hours=entry.hours,
            )
            for entry in self.entries
        )

    def done_lines(self) -> tuple[core.Done, ...]:
        return tuple(
            core.Done(
                debtor=str(move.debtor_id),
                state=core.LineState(move.state),
                month=move.month,
                hours=move.hours,
                recorded_on=move.on,
                line=str(move.line_id),
                step=step,
            )
            for step, move in enumerate(self.moves)
        )

    def balance(self, as_of: date = FOREVER, debtor: Debtor | None = None) -> Balance:
        """The balance as it was known at the end of that day; all that was ever recorded by default."""
        name = str(debtor.pk) if debtor else None
        return core.balance(self.owed_lines(), self.done_lines(), as_of=as_of, debtor=name)


def book_of(obligation: Obligation, *, actor: Actor | None = None, debtor: Debtor | None = None) -> Book:
    """Read the history in two queries: the whole of it, or the part that the actor or a debtor has."""
    entries = Entry.objects.filter(obligation=obligation)
    moves = LineMove.objects.filter(line__obligation=obligation)
    stands = stands_of(actor, obligation.clause) if actor is not None else WHOLE
    if actor is not None and not stands & WHOLE:
        entries = entries.filter(debtor__organisation_id=actor.organisation_id)
        moves = moves.filter(_own_moves(actor, is_debtor=Stand.HOLDER in stands))
    if debtor is not None:
        entries, moves = entries.filter(debtor=debtor), moves.filter(line__job_contract__debtor=debtor)
    return Book(
        obligation,
        tuple(entries.select_related("debtor__organisation").order_by("recorded_at", "pk")),
        tuple(_moves(moves)),
        debtor.pk if debtor else None,
    )


def _own_moves(actor: Actor, *, is_debtor: bool) -> Q:
    """The hours of one's own debt; for a structure or a subcontractor, those it declares or employs for."""
    if is_debtor:
        return Q(line__job_contract__debtor__organisation_id=actor.organisation_id)
    return Q(line__statement__declarant_id=actor.organisation_id) | Q(
        line__job_contract__employer_id=actor.organisation_id
    )


MOVE_COLUMNS = (
    "line_id",
    "line__job_contract__debtor_id",
    "line__month",
    "state",
    "hours",
    "at",
    "line__job_contract_id",
    "line__job_contract__person__number",
    "line__job_contract__eligibility__category",
)


def _moves(rows: QuerySet[LineMove]) -> Iterable[Move]:
    for line, debtor, month, state, hours, at, *job in rows.order_by("at", "pk").values_list(*MOVE_COLUMNS):
        yield Move(line, debtor, Month.of(month), state, hours, timezone.localdate(at), *job)


def balance_as_of(obligation: Obligation, day: date, debtor: Debtor | None = None) -> Balance:
    """The balance of an obligation, or of one debtor, as it was known at the end of that day."""
    return book_of(obligation, debtor=debtor).balance(day)


@dataclass(frozen=True, slots=True)
class AccountLine:
    """A line of the account: hours owed more or less, or hours validated, and what remains after it.

    `on` is the day it counts from; `recorded_on` differs when it was written before or after.
    """

    on: date
    recorded_on: date
    wording: Any
    owed: Decimal | None
    validated: Decimal | None
    balance: Decimal
    number: int | None = None
    kind: EntryKind | None = None
    document: str = ""
    working: Sequence[Any] = ()
    reason: str = ""
    parts: tuple[tuple[str, Decimal], ...] = ()
    new_end: date | None = None
    corrected_number: int | None = None

    @property
    def effective_on(self) -> date:
        return self.on

    @property
    def kind_label(self) -> str:
        return str(self.kind.label) if self.kind else ""


def statement_of_account(book: Book, *, as_of: date) -> list[AccountLine]:
    """The account as it was known at the end of that day, oldest first; the last balance is what remains.

    Unlike `Balance.remaining` the balance of a line goes below zero when more was done than owed.
    """
    drafts = [*_owed_drafts(book, as_of), *_validated_drafts(book, as_of)]
    drafts.sort(key=lambda draft: (draft["on"], draft["rank"], draft["number"] or 0))
    lines, running = [], Decimal(0)
    for draft in drafts:
        del draft["rank"]
        running += (draft["owed"] or Decimal(0)) - (draft["validated"] or Decimal(0))
        lines.append(AccountLine(balance=running, **draft))
    return lines


def _owed_drafts(book: Book, as_of: date) -> Iterable[dict[str, Any]]:
    ordered = sorted(book.entries, key=lambda entry: (entry.number, entry.pk))
    for number, group in groupby(ordered, key=lambda entry: entry.number):
        rows = list(group)
        first = rows[0]
        recorded_on = timezone.localdate(first.recorded_at)
        counts_on = max(first.effective_on, recorded_on)
        if counts_on > as_of:
            continue
        yield {
            "on": counts_on,
            "recorded_on": recorded_on,
            "rank": 0,
            "number": number,
            "kind": EntryKind(first.kind),
            "wording": first.wording or EntryKind(first.kind).label,
            "owed": sum((row.hours for row in rows), Decimal(0)),
            "validated": None,
            "document": first.document,
            "working": first.working.get("steps", ()),
            "reason": str(first.working.get("reason", "")),
            "parts": tuple((row.debtor.organisation.name, row.hours) for row in rows)
            if len(rows) > 1
            else (),
            "new_end": first.new_end,
            "corrected_number": first.corrected_number,
        }


def _validated_drafts(book: Book, as_of: date) -> Iterable[dict[str, Any]]:
    changes: dict[tuple[date, Month], Decimal] = {}
    standing: dict[int, Decimal] = {}
    for move in book.moves:
        if move.on > as_of:
            continue
        counted = move.hours if move.state in COUNTED else Decimal(0)
        change = counted - standing.get(move.line_id, Decimal(0))
        standing[move.line_id] = counted
        if change:
            key = (move.on, move.month)
            changes[key] = changes.get(key, Decimal(0)) + change
    for (on, month), hours in sorted(changes.items()):
        if hours:
            yield {
                "on": on,
                "recorded_on": on,
                "rank": 1,
                "number": None,
                "wording": Words(gettext_noop("Hours of %(month)s validated"), {"month": month}),
                "owed": None,
                "validated": hours,
                "working": (),
            }


def curve(book: Book, *, until: date) -> tuple[Point, ...]:
    """The progress curve, one point per month end, up to `until` or a little after the end of performance."""
    obligation = book.obligation
    last = max([obligation.ends_on, *(move.on for move in book.moves)])
    return core.burn_up(
        book.owed_lines(), book.done_lines(), obligation.starts_on, obligation.ends_on, min(until, last)
    )


@dataclass(frozen=True, slots=True)
class MonthRow:
    """Hours of one month by state; locked hours count as validated."""

    month: date
    declared: Decimal
    queried: Decimal
    validated: Decimal
    rejected: Decimal


def months_of(book: Book, *, as_of: date) -> list[MonthRow]:
    """Hours by month and state as they were known at the end of that day, newest month first."""
    latest = {move.line_id: move for move in book.moves if move.on <= as_of}
    months: dict[Month, dict[str, Decimal]] = {}
    for move in latest.values():
        if move.state != LineState.DRAFT:
            states = months.setdefault(move.month, {})
            states[move.state] = states.get(move.state, Decimal(0)) + move.hours
    return [
        MonthRow(
            month=month.first_day,
            declared=states.get(LineState.DECLARED, Decimal(0)),
            queried=states.get(LineState.QUERIED, Decimal(0)),
            validated=sum((states.get(state, Decimal(0)) for state in COUNTED), Decimal(0)),
            rejected=states.get(LineState.REJECTED, Decimal(0)),
        )
        for month, states in sorted(months.items(), reverse=True)
    ]


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person as the buyer reads them: a number, a category, jobs and hours, never a name."""

    number: str
    category: Category
    jobs: int
    validated: Decimal
    waiting: Decimal
    last_month: date


def reads_people(stands: frozenset[Stand]) -> bool:
    """The buyer and the facilitator read people as numbers; a coordinator reads totals only."""
    return bool(stands & {Stand.BUYER, Stand.FACILITATOR})


def people_of(book: Book, *, as_of: date) -> list[PersonRow]:
    """People with hours in the book as known that day, by number, with the category of their job."""
    latest = {move.line_id: move for move in book.moves if move.on <= as_of}
    sent = sorted((move for move in latest.values() if move.state != LineState.DRAFT), key=lambda m: m.number)
    rows = []
    for number, group in groupby(sent, key=lambda move: move.number):
        own = list(group)
        rows.append(
            PersonRow(
                number=number,
                category=Category(own[-1].category),
                jobs=len({move.job_id for move in own}),
                validated=_hours_in(own, COUNTED),
                waiting=_hours_in(own, (LineState.DECLARED, LineState.QUERIED)),
                last_month=max(move.month for move in own).first_day,
            )
        )
    return rows


def _hours_in(moves: Iterable[Move], states: Sequence[str]) -> Decimal:
    return sum((move.hours for move in moves if move.state in states), Decimal(0))
