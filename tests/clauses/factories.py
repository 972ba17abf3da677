"""Retained opportunities, written clauses and awarded ones, made by the real acts."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count
from zoneinfo import ZoneInfo

from relais.clauses.actions import Award, Held, Terms, mark_written, record_award, write_clause
from relais.clauses.actions.scoring import (
    Line,
    Mark,
    Promise,
    Scoring,
    record_tender,
    score_tender,
    write_grid,
)
from relais.clauses.enums import Consortium, ScoringMethod
from relais.clauses.models import Clause
from relais.core.calibration import from_amount
from relais.core.regime import Modality
from relais.organisations.models import Organisation
from relais.procurement.enums import LotNature, Origin
from relais.procurement.models import Lot
from relais.screening.enums import OpportunityState
from relais.screening.models import Opportunity, SavedAssumptions

PARIS = ZoneInfo("Europe/Paris")
LAUNCHED = date(2025, 3, 3)
NUMBERS = count(1)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=PARIS)


def a_lot(cast, **fields) -> Lot:
    number = next(NUMBERS)
    return Lot.objects.create(
        **{
            "scheme": cast.scheme,
            "buyer": cast["clara"].organisation,
            "origin": Origin.TYPED,
            "number": str(number),
            "object": f"Peinture intérieure du lycée Jean-Moulin, tranche {number}",
            "cpv": "45442100",
            "nature": LotNature.WORKS,
            "estimated_amount": Decimal(480_000),
            "duration_months": 18,
            "launched_on": LAUNCHED,
            **fields,
        }
    )


def a_retained(cast, *, modality=Modality.EXEC_CONDITION, **fields) -> Opportunity:
    """An opportunity retained with the calculation 480 000 € × 40 % × 7 % ÷ 36 €/h = 373 h."""
    lot = a_lot(cast, **fields)
    calibration = from_amount(
        amount=Decimal(480_000),
        labour_share=Decimal("0.40"),
        insertion_rate=Decimal("0.07"),
        hourly_cost=Decimal(36),
    )
    opportunity = Opportunity.objects.create(
        lot=lot,
        state=OpportunityState.RETAINED,
        modality=modality,
        decided_at=noon(LAUNCHED),
        created_at=noon(LAUNCHED),
    )
    opportunity.assumptions = SavedAssumptions.objects.create(
        opportunity=opportunity,
        formula=calibration.formula,
        amount=Decimal(480_000),
        labour_share=Decimal("0.40"),
        effort=Decimal("0.07"),
        hourly_cost=Decimal(36),
        rounding=calibration.rounding,
        hours=calibration.hours,
        working=calibration.as_dict(),
        saved_at=noon(LAUNCHED),
    )
    opportunity.save()
    return opportunity


def terms(**fields) -> Terms:
    return Terms(
        **{
            "modality": Modality.EXEC_CONDITION,
            "launched_on": LAUNCHED,
            "hours": Decimal(373),
            "unit_penalty": Decimal(45),
            **fields,
        }
    )


def a_draft(cast, *, by="clara", on=LAUNCHED, facilitators=None, lot=None, **fields) -> Clause:
    opportunity = a_retained(cast, modality=fields.get("modality", Modality.EXEC_CONDITION), **(lot or {}))
    bodies = [cast["fanny"].organisation] if facilitators is None else facilitators
    return write_clause(
        opportunity, terms=terms(**fields), facilitators=bodies, actor=cast[by].actor(on), at=noon(on)
    )


def a_written(cast, *, by="clara", on=LAUNCHED, **fields) -> Clause:
    clause = a_draft(cast, by=by, on=on, **fields)
    mark_written(clause, actor=cast[by].actor(on), at=noon(on))
    return clause


def an_award(cast, *, shares=None, notified_on=LAUNCHED + timedelta(90), **fields) -> Award:
    """`shares`: share by person of the cast whose body holds; the first one leads."""
    held = shares or {"corinne": Decimal(1)}
    return Award(
        **{
            "source_id": f"2025-{next(NUMBERS):04d}",
            "notified_on": notified_on,
            "starts_on": notified_on + timedelta(14),
            "ends_on": notified_on + timedelta(14 + 540),
            "holders": tuple(
                Held(cast[name].organisation, share, is_lead=rank == 0)
                for rank, (name, share) in enumerate(held.items())
            ),
            "hours": Decimal(373),
            "amount": Decimal(480_000),
            "consortium": Consortium.ALONE if len(held) == 1 else Consortium.JOINT,
            **fields,
        }
    )


def an_awarded(cast, *, by="clara", shares=None, on=LAUNCHED + timedelta(92), award=None, **fields) -> Clause:
    """An awarded clause, whose obligation is open in execution."""
    clause = a_written(cast, by=by, **fields)
    signed = an_award(cast, shares=shares, **{"hours": clause.hours, **(award or {})})
    record_award(clause, signed, actor=cast[by].actor(on), at=noon(on))
    return clause


def body(name: str, slug: str) -> Organisation:
    return Organisation.objects.create(name=name, slug=slug)


GRID = (
    Line("Volume proposé", Decimal(40), "Heures au-delà de la condition", ScoringMethod.VOLUME),
    Line("Accueil et tutorat", Decimal(60), "Tuteur désigné, temps donné"),
)


def a_scored_clause(cast, **fields) -> Clause:
    """A clause with a condition and a criterion of 15 %, its text kept: offers may be recorded and scored."""
    return a_written(cast, **{"modality": Modality.MIXED, "criterion_weight": Decimal(15), **fields})


def a_grid(cast, clause, *, by="clara", lines=GRID, on=LAUNCHED + timedelta(40), **fields):
    source = "Règlement de la consultation, article 8"
    return write_grid(clause, lines, source=source, actor=cast[by].actor(on), at=noon(on), **fields)


def an_offer(cast, clause, name="Bâtisseurs du Mad", hours="500", *, by="clara", **fields):
    on = LAUNCHED + timedelta(50)
    promise = Promise(name=name, hours=None if hours is None else Decimal(hours), **fields)
    return record_tender(clause, promise, actor=cast[by].actor(on), at=noon(on))


def score(cast, tender, points="30", *, by="clara", rationale="Réponse précise, tuteur nommé", **fields):
    """Score the offer on both lines of the grid: the volume by itself, the welcome as given."""
    on = LAUNCHED + timedelta(60)
    volume, welcome = tender.clause.scoring_grid.lines.all()
    marks = {
        volume.pk: Mark("Volume cohérent avec les postes du lot"),
        welcome.pk: Mark(rationale, Decimal(points)),
    }
    return score_tender(tender, Scoring(marks, **fields), actor=cast[by].actor(on), at=noon(on))
