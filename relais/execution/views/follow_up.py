"""What the page of an obligation shows, made from its book: bar, curve, account, months, people, timeline."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from relais.clauses.queries import WHOLE, Stand, stands_of
from relais.core.forecast import Forecast
from relais.execution.enums import EntryKind
from relais.execution.models import Debtor, Obligation
from relais.execution.queries.forecast import foretold
from relais.execution.queries.ledger import (
    Book,
    Move,
    book_of,
    curve,
    months_of,
    people_of,
    reads_people,
    statement_of_account,
)
from relais.execution.queries.next_act import Act, Kind, acts_to_come, situation_of
from relais.kit import charts
from relais.kit.actor import ActorRequest
from relais.kit.components import Event, NextAction, Tone
from relais.kit.words import hours, month
from relais.organisations.policies import policies

LINKS = {
    Kind.CLOSE: ("obligation-close", "pk"),
    Kind.DECIDE_END: ("entry-add", "pk"),
    Kind.ENDING: ("entry-add", "pk"),
    Kind.KICK_OFF: ("kick-off", "pk"),
    Kind.NAME_CONTACT: ("contact-name", "pk"),
    Kind.FIRST_HOURS: ("launch-detail", "pk"),
    Kind.STAFF: ("obligation-people", "pk"),
    Kind.RESUME: ("obligation-resume", "pk"),
}
"""The page of each act that the follow-up itself holds."""


@dataclass(frozen=True, slots=True)
class Share:
    """What one debtor owes and has done, as known on the day shown."""

    name: str
    share: Decimal
    is_lead: bool
    owed: Decimal
    validated: Decimal
    declared: Decimal


def follow_up(request: ActorRequest, obligation: Obligation, day: date) -> dict[str, Any]:
    """The context of the page, in a constant number of queries; a past `day` replays the ledger."""
    actor, clause = request.actor, obligation.clause
    stands = stands_of(actor, clause)
    book = book_of(obligation, actor=actor)
    own = None if stands & WHOLE else actor.organisation_id
    now = situation_of(obligation, book, policies(obligation.scheme, actor.on), day, own)
    owes_or_follows = bool(stands & (WHOLE | {Stand.HOLDER}))
    to_come = acts_to_come(now) if day == actor.on and owes_or_follows else []
    account = statement_of_account(book, as_of=day)
    said = foretold(book, day)
    return {
        "obligation": obligation,
        "clause": clause,
        "day": day,
        "is_replay": day != actor.on,
        "whole": bool(stands & WHOLE),
        "owes_or_follows": owes_or_follows,
        "is_buyer": Stand.BUYER in stands,
        "declares": Stand.HOLDER in stands or Stand.STRUCTURE in stands or Stand.SUBCONTRACTOR in stands,
        "balance": now.balance,
        "waiting": now.balance.declared + now.balance.queried,
        "expected": None if obligation.is_closed else now.expected,
        "next_act": next_action(request, obligation, to_come[0]) if to_come else None,
        "other_acts": to_come[1:],
        "account": list(reversed(account)),
        "shares": shares_of(book, day),
        "months": months_of(book, as_of=day),
        "people": people_of(book, as_of=day) if reads_people(stands) else [],
        "reads_people": reads_people(stands),
        "foretold": said,
        "chart": chart_of(book, day, said),
        "events": events_of(obligation, book, day),
    }


def next_action(request: ActorRequest, obligation: Obligation, act: Act) -> NextAction:
    """The act on top of the page; its link is there for who owns it."""
    mine = act.owner == request.organisation.name
    label, url = "", ""
    if mine and act.kind in LINKS:
        url = reverse(LINKS[act.kind][0], args=[request.organisation.slug, obligation.pk])
        label = pgettext("act", "Do it")
    elif mine and act.kind in OUTSIDE:
        url, label = _outside(request, act.kind), _("Go there")
    return NextAction(act.words, act.owner, act.due, url, label, late=act.late)


OUTSIDE = {Kind.DECLARE: "hours-home", Kind.ANSWER: "hours-home", Kind.VALIDATE: "hours-home"}


def _outside(request: ActorRequest, kind: Kind) -> str:
    try:
        return reverse(OUTSIDE[kind], args=[request.organisation.slug])
    except NoReverseMatch:
        return ""


def shares_of(book: Book, day: date) -> list[Share]:
    """The debtors of the book with their balance; each has an entry since the award."""
    debtors: dict[int, Debtor] = {}
    for entry in book.entries:
        debtors.setdefault(entry.debtor_id, entry.debtor)
    found = []
    for debtor in sorted(debtors.values(), key=lambda one: (not one.is_lead, one.pk)):
        balance = book.balance(day, debtor)
        found.append(
            Share(
                name=debtor.organisation.name,
                share=debtor.share,
                is_lead=debtor.is_lead,
                owed=balance.owed,
                validated=balance.validated,
                declared=balance.declared + balance.queried,
            )
        )
    return found


def chart_of(book: Book, day: date, said: Forecast | None) -> Any:
    """The burn-up of the part read, with its plan, the forecast and its band."""
    obligation = book.obligation
    owed = book.balance(day).owed
    points = curve(book, until=day)
    ends_on = obligation.ends_on
    reaches = said.reaches if said else ()
    return charts.burn_up(
        _("Do validated hours follow the plan?"),
        actual=[(point.day, point.validated) for point in points],
        plan=[(obligation.starts_on, Decimal(0)), (ends_on, owed)],
        forecast=[(reach.day, Decimal(round(reach.middle))) for reach in reaches],
        band=[(reach.day, Decimal(round(reach.low)), Decimal(round(reach.high))) for reach in reaches],
        owed=owed,
        today=day if obligation.starts_on <= day <= ends_on else None,
    )


def events_of(obligation: Obligation, book: Book, day: date) -> list[Event]:
    """The acts of the obligation known that day, newest first."""
    found: list[Event] = []
    if obligation.kicked_off_on:
        found.append(Event(obligation.kicked_off_on, _("Kick-off meeting"), tone=Tone.GOOD))
    seen = set()
    for entry in book.entries:
        if entry.number in seen:
            continue
        seen.add(entry.number)
        whole = sum((row.hours for row in book.entries if row.number == entry.number), Decimal(0))
        found.append(
            Event(
                entry.recorded_at,
                entry.wording or EntryKind(entry.kind).label,
                tone=Tone.INFO,
                detail=hours(whole) if whole else "",
            )
        )
    found += _declarations(book.moves)
    if obligation.closed_on:
        found.append(
            Event(
                obligation.closed_on,
                obligation.get_state_display(),
                obligation.buyer.name,
                Tone.DONE,
                detail=obligation.closing_reason,
            )
        )
    known = [event for event in found if date(event.at.year, event.at.month, event.at.day) <= day]
    return sorted(known, key=lambda event: (event.at.year, event.at.month, event.at.day), reverse=True)


def _declarations(moves: Sequence[Move]) -> list[Event]:
    """One event per day and month declared or validated."""
    texts = {"DECLARED": _("Hours of %(month)s declared"), "VALIDATED": _("Hours of %(month)s validated")}
    sums: dict[tuple[date, str, Any], Decimal] = {}
    for move in moves:
        if move.state in texts:
            key = (move.on, move.state, move.month)
            sums[key] = sums.get(key, Decimal(0)) + move.hours
    return [
        Event(
            on,
            texts[state] % {"month": month(of.first_day)},
            tone=Tone.GOOD if state == "VALIDATED" else Tone.WAIT,
            detail=hours(total),
        )
        for (on, state, of), total in sums.items()
    ]
