"""The pathway of a person over contracts, bodies and trainings; what ends soon among those a body follows."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import DateField, Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from relais.core.months import Month
from relais.execution.enums import EligibilityState, EndKind, LineState, StepKind
from relais.execution.models import Eligibility, JobContract, PathStep, Person, PersonQuerySet, StatementLine
from relais.execution.queries.duplicates import linked_to
from relais.kit.actor import Actor
from relais.kit.components import Event, Tone
from relais.kit.fields import total
from relais.kit.words import day as in_day
from relais.kit.words import hours as in_hours
from relais.kit.words import month as in_month

VALIDATED = (LineState.VALIDATED, LineState.LOCKED)
WAITING = (LineState.DECLARED, LineState.QUERIED)


@dataclass(frozen=True, slots=True)
class Pathway:
    """The events of a person, the oldest first, and hours that never mix: of clauses, and of preparation."""

    events: list[Event]
    validated: Decimal
    waiting: Decimal
    preparation: Decimal
    contracts: int
    records: list[Person]


def pathway(person: Person, actor: Actor) -> Pathway:
    """The pathway by every record of the person in the actor's body."""
    others = linked_to(person)
    keys = [person.pk, *(other.pk for other in others)]
    jobs = list(
        JobContract.objects.visible_to(actor)
        .filter(person__in=keys)
        .select_related("employer", "obligation__clause", "obligation__buyer")
    )
    months = (
        StatementLine.objects.filter(
            job_contract__in=[job.pk for job in jobs], state__in=(*VALIDATED, *WAITING)
        )
        .order_by("month")
        .values("month")
        .annotate(
            validated=total("counted_hours", filter=Q(state__in=VALIDATED)),
            waiting=total("counted_hours", filter=Q(state__in=WAITING)),
        )
    )
    steps = list(PathStep.objects.visible_to(actor).filter(person__in=keys))
    rows = list(months)
    events = [
        *(event for job in jobs for event in _events_of_job(job)),
        *(_event_of_month(row["month"], row["validated"], row["waiting"]) for row in rows),
        *(_event_of_step(step) for step in steps),
        *_events_of_decisions(actor, keys),
    ]
    return Pathway(
        sorted(events, key=lambda event: _day(event.at)),
        validated=sum((row["validated"] for row in rows), Decimal(0)),
        waiting=sum((row["waiting"] for row in rows), Decimal(0)),
        preparation=sum((step.hours for step in steps if step.hours is not None), Decimal(0)),
        contracts=len({job.obligation_id for job in jobs}),
        records=others,
    )


def _day(at: date | datetime) -> date:
    return at.date() if isinstance(at, datetime) else at


def _events_of_job(job: JobContract) -> list[Event]:
    told = {"job": job.job, "clause": job.obligation.clause.reference}
    who, detail = job.employer.name, f"{job.get_kind_display()}, {job.get_mode_display()}"
    start = Event(
        job.starts_on,
        _("Hired as %(job)s under clause %(clause)s") % told,
        who=who,
        tone=Tone.GOOD,
        detail=detail,
    )
    if job.ends_on is None:
        return [start]
    end = Event(job.ends_on, _("End of the job %(job)s under clause %(clause)s") % told, who=who)
    return [start, end]


def _event_of_month(month: date, validated: Decimal, waiting: Decimal) -> Event:
    told = {"month": in_month(Month.of(month)), "validated": in_hours(validated)}
    text = _("%(month)s: %(validated)s validated") % told
    detail = _("%(waiting)s to validate") % {"waiting": in_hours(waiting)} if waiting else ""
    return Event(Month.of(month).last_day, text, tone=Tone.DONE, detail=detail)


def _event_of_step(step: PathStep) -> Event:
    text = f"{step.get_kind_display()} – {step.label}" if step.label else str(step.get_kind_display())
    parts = []
    if step.ends_on:
        parts.append(_("until %(day)s") % {"day": in_day(step.ends_on)})
    if step.hours is not None:
        parts.append(_("%(hours)s of preparation, outside the clause") % {"hours": in_hours(step.hours)})
    return Event(step.starts_on, text, tone=Tone.INFO, detail=", ".join(parts))


def _events_of_decisions(actor: Actor, keys: list[int]) -> list[Event]:
    decisions = Eligibility.objects.visible_to(actor).filter(person__in=keys).select_related("decided_by")
    return [
        Event(
            decision.starts_on,
            f"{decision.get_state_display()} – {decision.get_category_display()}",
            tone=Tone.GOOD if decision.is_positive else Tone.BAD,
            detail=_("until %(day)s") % {"day": in_day(decision.ends_on)} if decision.ends_on else "",
        )
        for decision in decisions
    ]


@dataclass(frozen=True, slots=True)
class Ending:
    """Something that ends soon, and the act it calls for."""

    kind: EndKind
    on: date
    person: Person
    what: str
    act: str
    url_name: str


def endings(actor: Actor, days: int, kind: str = "") -> list[Ending]:
    """Eligibilities, PASS and jobs of the body's people that end within `days`, the first ones first."""
    last = actor.on + timedelta(days)
    found: list[Ending] = []
    if kind in ("", EndKind.ELIGIBILITY):
        found += _ending_eligibilities(actor, last)
    if kind in ("", EndKind.PASS):
        found += _ending_passes(actor, last)
    if kind in ("", EndKind.JOB):
        found += _ending_jobs(actor, last)
    return sorted(found, key=lambda end: (end.on, end.person.pk, end.kind))


def _ending_eligibilities(actor: Actor, last: date) -> list[Ending]:
    """Decisions that nothing later prolongs, of people whose job goes on after them or not."""
    later = Eligibility.objects.filter(
        Q(ends_on=None) | Q(ends_on__gt=OuterRef("ends_on")),
        person=OuterRef("person"),
        state=EligibilityState.VALIDATED,
    )
    after = JobContract.objects.filter(
        Q(ends_on=None) | Q(ends_on__gt=OuterRef("ends_on")),
        person=OuterRef("person"),
        obligation__ends_on__gt=OuterRef("ends_on"),
    )
    rows = (
        Eligibility.objects.visible_to(actor)
        .filter(
            ~Exists(later),
            person__in=_in_use(actor).values("pk"),
            state=EligibilityState.VALIDATED,
            ends_on__range=(actor.on, last),
        )
        .annotate(goes_on=Exists(after))
        .select_related("person")
    )
    return [
        Ending(
            EndKind.ELIGIBILITY,
            row.ends_on,
            row.person,
            str(row.get_category_display()),
            _("The job goes on: decide again before this day") if row.goes_on else _("Decide again if hired"),
            "person-eligibility",
        )
        for row in rows
        if row.ends_on is not None
    ]


def _ending_passes(actor: Actor, last: date) -> list[Ending]:
    later = PathStep.objects.filter(
        person=OuterRef("person"), kind=StepKind.PASS, ends_on__gt=OuterRef("ends_on")
    )
    rows = (
        PathStep.objects.visible_to(actor)
        .filter(~Exists(later), person__in=_in_use(actor).values("pk"), kind=StepKind.PASS)
        .filter(ends_on__range=(actor.on, last))
        .select_related("person")
    )
    return [
        Ending(
            EndKind.PASS,
            row.ends_on,
            row.person,
            row.label,
            _("Ask the structure whether the PASS is prolonged"),
            "path-step-add",
        )
        for row in rows
        if row.ends_on is not None
    ]


def _ending_jobs(actor: Actor, last: date) -> list[Ending]:
    rows = (
        JobContract.objects.visible_to(actor)
        .filter(person__in=_in_use(actor).values("pk"))
        .annotate(last_day=Coalesce("ends_on", "obligation__ends_on", output_field=DateField()))
        .filter(last_day__range=(actor.on, last))
        .select_related("person", "obligation__clause", "employer")
    )
    return [
        Ending(
            EndKind.JOB,
            row.last_day,
            row.person,
            f"{row.job}, {row.employer.name}, {row.obligation.clause.reference}",
            _("Prepare what comes next, and the exit"),
            "person-path",
        )
        for row in rows
    ]


def _in_use(actor: Actor) -> PersonQuerySet:
    return Person.objects.visible_to(actor).followed_by(actor.organisation_id).in_use()
