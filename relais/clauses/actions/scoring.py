"""Write the published grid, record the offers, score them with a reason: each step leaves its trace."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from relais.clauses import queries, rules
from relais.clauses.actions.drafting import trace
from relais.clauses.enums import ScoringMethod, TenderState
from relais.clauses.models import Clause, GridLine, Score, ScoringGrid, Tender
from relais.core.money import hundredths
from relais.core.scoring_grid import Grid, Method, SubCriterion, points_fit
from relais.core.verdict import YES, Verdict, no
from relais.core.words import gettext_noop
from relais.kit import audit
from relais.kit.access import Stale, require
from relais.kit.actor import Actor
from relais.organisations.models import Organisation

SIRET_DIGITS = 14


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the grid to write."""

    title: str
    points: Decimal
    wording: str = ""
    method: str = ScoringMethod.JUDGED


@dataclass(frozen=True, slots=True)
class Promise:
    """What an offer says: who makes it and what it promises; `years` add up to `hours` when given."""

    name: str
    identifier: str = ""
    hours: Decimal | None = None
    years: tuple[Decimal, ...] = ()
    commitments: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """Points for a line and why; no points when they follow the volume."""

    rationale: str
    points: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Scoring:
    """The marks of an offer by number of line; `reason` is needed to change a mark already given."""

    marks: Mapping[int, Mark] = field(default_factory=dict)
    reason: str = ""


@transaction.atomic
def write_grid(
    clause: Clause, lines: Sequence[Line], *, decimals: int = 1, source: str = "", actor: Actor, at: datetime
) -> ScoringGrid:
    """Write the grid as published, or write it again while nothing is scored.

    Raises `BadValue` for a grid that cannot be applied, `Refused` with the reason, `Stale` when another
    person wrote it meanwhile.
    """
    grid = ScoringGrid.objects.filter(clause_id=clause.pk).first()
    require(rules.can_write_grid(actor, clause, grid))
    Grid(
        tuple(
            SubCriterion(line.title.casefold(), line.title, line.points, Method(line.method))
            for line in lines
        ),
        clause.criterion_weight,
        decimals,
    )
    fields = {"decimals": decimals, "source": source[:200], "written_at": at, "written_by_id": actor.user_id}
    if grid is None:
        try:
            with transaction.atomic():
                grid = ScoringGrid.objects.create(clause=clause, **fields)
        except IntegrityError as error:
            raise Stale(clause) from error
    else:
        as_read = ScoringGrid.objects.filter(pk=grid.pk, version=grid.version, frozen_at=None)
        if not as_read.update(version=F("version") + 1, **fields):
            raise Stale(clause)
        grid.lines.all().delete()
        grid.refresh_from_db()
    GridLine.objects.bulk_create(
        GridLine(
            grid=grid,
            position=position,
            title=line.title.strip(),
            wording=line.wording.strip(),
            points=line.points,
            method=line.method,
        )
        for position, line in enumerate(lines, 1)
    )
    trace("clauses.grid.written", clause, actor=actor, at=at, detail=f"lines={len(lines)}")
    return grid


@transaction.atomic
def record_tender(clause: Clause, promise: Promise, *, actor: Actor, at: datetime) -> Tender:
    """Record an offer received."""
    require(rules.can_record_tenders(actor, clause))
    require(promise_verdict(clause, promise, None))
    try:
        with transaction.atomic():
            tender = Tender.objects.create(
                clause=clause, recorded_at=at, recorded_by_id=actor.user_id, **fields_of(promise)
            )
    except IntegrityError as error:
        raise Stale(clause) from error
    trace_tender("clauses.tender.recorded", tender, actor=actor, at=at)
    return tender


@transaction.atomic
def correct_tender(tender: Tender, promise: Promise, *, reason: str, actor: Actor, at: datetime) -> None:
    """Correct what was recorded of an offer; the reason and the hours before stay on the page."""
    clause = tender.clause
    require(rules.can_record_tenders(actor, clause))
    require(promise_verdict(clause, promise, tender))
    if not reason.strip():
        require(
            no(
                gettext_noop(
                    "Say why what was recorded changes: a slip of the pen, an answer of the tenderer."
                )
            )
        )
    former = tender.hours
    move_tender(
        tender,
        (TenderState.RECEIVED, TenderState.ASIDE),
        **fields_of(promise),
        former_hours=former,
        correction=reason.strip()[:300],
        corrected_at=at,
    )
    trace_tender(
        "clauses.tender.corrected", tender, actor=actor, at=at, detail=f"before={former} after={tender.hours}"
    )


@transaction.atomic
def set_aside(tender: Tender, *, reason: str, actor: Actor, at: datetime) -> None:
    """Take an offer out of the ranking: irregular, withdrawn, abnormally low. It stays on the page."""
    require(rules.can_record_tenders(actor, tender.clause))
    if not reason.strip():
        require(no(gettext_noop("Say why the offer is set aside.")))
    move_tender(tender, (TenderState.RECEIVED,), state=TenderState.ASIDE, aside_reason=reason.strip()[:300])
    trace_tender("clauses.tender.set_aside", tender, actor=actor, at=at)


@transaction.atomic
def take_back(tender: Tender, *, actor: Actor, at: datetime) -> None:
    """Put an offer set aside into the ranking again."""
    require(rules.can_record_tenders(actor, tender.clause))
    move_tender(tender, (TenderState.ASIDE,), state=TenderState.RECEIVED, aside_reason="")
    trace_tender("clauses.tender.taken_back", tender, actor=actor, at=at)


@transaction.atomic
def score_tender(tender: Tender, scoring: Scoring, *, actor: Actor, at: datetime) -> int:
    """Give the marks that are new or changed; the first one freezes the grid. Returns how many were given.

    Raises `BadValue` for points that do not fit their line, `Refused` when a reason is missing, `Stale` when
    the offer or the grid moved meanwhile.
    """
    grid = ScoringGrid.objects.filter(clause_id=tender.clause_id).prefetch_related("lines").first()
    require(rules.can_score(actor, tender.clause, grid, tender))
    assert grid is not None, "the rule refuses without a grid"
    lines = {line.pk: line for line in grid.lines.all()}
    known = {score.line_id: score for score in tender.scores.filter(replaced_at=None)}
    given = {pk: mark for pk, mark in scoring.marks.items() if pk in lines and _is_new(known.get(pk), mark)}
    for pk, mark in given.items():
        require(_mark_verdict(lines[pk], mark))
        points_fit(
            SubCriterion(str(pk), lines[pk].title, lines[pk].points, Method(lines[pk].method)), mark.points
        )
    if not given:
        require(no(gettext_noop("Nothing is scored: give points and their rationale.")))
    if any(pk in known for pk in given) and not scoring.reason.strip():
        require(no(gettext_noop("Say why a score already given changes: the former one stays visible.")))
    _freeze(grid, tender.clause, at)
    move_tender(tender, (TenderState.RECEIVED,))
    Score.objects.filter(tender=tender, line_id__in=given, replaced_at=None).update(replaced_at=at)
    Score.objects.bulk_create(
        Score(
            tender=tender,
            line_id=pk,
            points=None if lines[pk].follows_volume else mark.points,
            rationale=mark.rationale.strip(),
            correction=scoring.reason.strip()[:300] if pk in known else "",
            scored_at=at,
            scored_by_id=actor.user_id,
        )
        for pk, mark in given.items()
    )
    trace_tender("clauses.tender.scored", tender, actor=actor, at=at, detail=f"lines={len(given)}")
    return len(given)


def _is_new(known: Score | None, mark: Mark) -> bool:
    """Whether a mark says something else than what is kept; an empty line is not scored yet."""
    if known is None:
        return bool(mark.rationale.strip()) or mark.points is not None
    return (known.points, known.rationale) != (mark.points, mark.rationale.strip())


def _mark_verdict(line: GridLine, mark: Mark) -> Verdict:
    if not mark.rationale.strip():
        return no(
            gettext_noop("Write why “%(name)s” has these points: a score without reason is none."),
            name=line.title,
        )
    return YES


def _freeze(grid: ScoringGrid, clause: Clause, at: datetime) -> None:
    """From the first score on, the grid and the hours asked of every offer change no more."""
    as_read = ScoringGrid.objects.filter(pk=grid.pk, version=grid.version)
    if grid.frozen_at is not None:
        return
    if not as_read.filter(frozen_at=None).update(frozen_at=at, asked=queries.asked_of_all(clause)):
        raise Stale(grid)


def promise_verdict(clause: Clause, promise: Promise, tender: Tender | None) -> Verdict:
    """Whether an offer can be recorded: a name, once in the consultation, years that make the hours."""
    if not promise.name.strip():
        return no(gettext_noop("Give the name of the tenderer."))
    others = Tender.objects.filter(clause_id=clause.pk)
    if tender is not None:
        others = others.exclude(pk=tender.pk)
    same = Q(name__iexact=promise.name.strip())
    if promise.identifier:
        same |= Q(identifier=promise.identifier)
    if others.filter(same).exists():
        return no(gettext_noop("This tenderer already made an offer here: correct the one recorded."))
    if promise.hours is not None and promise.hours < 0:
        return no(gettext_noop("Hours promised cannot be negative."))
    total = sum(promise.years, Decimal(0))
    if promise.years and total != (promise.hours or 0):
        return no(
            gettext_noop("Hours by year add up to %(total)s h, the offer promises %(hours)s h."),
            total=total,
            hours=promise.hours or Decimal(0),
        )
    return YES


def fields_of(promise: Promise) -> dict[str, Any]:
    return {
        "name": promise.name.strip(),
        "identifier": promise.identifier,
        "organisation": known_body(promise.identifier),
        "hours": None if promise.hours is None else hundredths(promise.hours),
        "by_year": [str(hundredths(hours)) for hours in promise.years],
        "commitments": promise.commitments.strip(),
    }


def known_body(identifier: str) -> Organisation | None:
    """The body that bears this SIRET, or the only one of this SIREN."""
    if not identifier:
        return None
    if len(identifier) == SIRET_DIGITS:
        return Organisation.objects.filter(siret=identifier).first()
    found = list(Organisation.objects.filter(siret__startswith=identifier)[:2])
    return found[0] if len(found) == 1 else None


def move_tender(tender: Tender, states: Sequence[TenderState], **fields: Any) -> None:
    """Write the fields if the offer is still as it was read; `Stale` otherwise."""
    as_read = Tender.objects.filter(pk=tender.pk, version=tender.version, state__in=list(states))
    try:
        with transaction.atomic():
            moved = as_read.update(version=F("version") + 1, **fields)
    except IntegrityError as error:
        raise Stale(tender) from error
    if not moved:
        raise Stale(tender)
    tender.refresh_from_db()


def trace_tender(verb: str, tender: Tender, *, actor: Actor, at: datetime, detail: str = "") -> None:
    clause = tender.clause
    audit.record(
        verb, tender, actor=actor, at=at, owner_id=clause.buyer_id, scope_id=clause.scheme_id, detail=detail
    )
