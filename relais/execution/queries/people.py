"""What the pages and rules read of people, their eligibility and their jobs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Prefetch, Q, QuerySet

from relais.clauses.enums import Part
from relais.clauses.models import Clause, Party
from relais.execution.models import (
    Eligibility,
    JobContract,
    JobContractQuerySet,
    Obligation,
    ObligationQuerySet,
    Person,
    PersonQuerySet,
)
from relais.kit.actor import Actor
from relais.organisations.enums import Capacity
from relais.organisations.models import CapacityHeld, Organisation, Scheme, SchemeBody, in_force

DECLARING_PARTS = (Part.HOLDER, Part.PARTNER, Part.SUBCONTRACTOR, Part.STRUCTURE)
"""Parts of a body that employs people or declares their hours."""

ENDING_SOON = timedelta(days=60)
"""Days before the end of an eligibility when the facilitator is told (alert AL05)."""


def facilitates(actor: Actor, scheme: Scheme) -> bool:
    """Whether the actor's body is a facilitator body of the scheme that day."""
    bodies = SchemeBody.objects.filter(
        in_force(actor.on), scheme=scheme, organisation_id=actor.organisation_id
    )
    held = CapacityHeld.objects.filter(
        in_force(actor.on), organisation_id=actor.organisation_id, capacity=Capacity.FACILITATOR
    )
    return bodies.exists() and held.exists()


def schemes_facilitated(actor: Actor) -> QuerySet[Scheme]:
    """Schemes in which the actor's body takes part, where it may register people."""
    bodies = SchemeBody.objects.filter(in_force(actor.on), organisation_id=actor.organisation_id)
    return Scheme.objects.filter(pk__in=bodies.values("scheme_id"))


def is_assigned(actor: Actor, clause_id: int) -> bool:
    """Whether the actor's body is the facilitator of the clause that day."""
    return Clause.objects.followed_by(actor.organisation_id, actor.on).filter(pk=clause_id).exists()


def declaring_bodies(clause_id: int, on: date) -> QuerySet[Organisation]:
    """Bodies that may employ people for a clause, and declare their hours."""
    parts = Party.objects.filter(in_force(on), clause_id=clause_id, part__in=DECLARING_PARTS)
    return Organisation.objects.filter(pk__in=parts.values("organisation_id"))


def obligations_followed(actor: Actor) -> ObligationQuerySet:
    """Running obligations that the actor's body follows as facilitator."""
    followed = Clause.objects.followed_by(actor.organisation_id, actor.on)
    return Obligation.objects.visible_to(actor).running().filter(clause__in=followed)


def known_in_body(body_id: int, pseudonym: str, *, but: int | None = None) -> bool:
    """Whether the body already follows somebody of the same name and birth date.

    `but`: a record set aside, with those decided to be the same person.
    """
    same = Person.objects.followed_by(body_id).filter(Q(pseudonym=pseudonym) | Q(own_key=pseudonym))
    return (same if but is None else same.exclude(Q(pk=but) | Q(same_as=but))).exists()


def followed_elsewhere(person: Person) -> bool:
    """Whether another body of the scheme follows somebody of this name and birth date; never says which."""
    return (
        Person.objects.filter(scheme_id=person.scheme_id, pseudonym=person.pseudonym)
        .exclude(body_id=person.body_id)
        .exists()
    )


def people_of(actor: Actor) -> PersonQuerySet:
    """People the actor's body follows, with the last decision on each."""
    followed = Person.objects.visible_to(actor).followed_by(actor.organisation_id).in_use()
    return followed.select_related("commune").with_eligibility()


def valid_eligibility(person: Person, on: date) -> Eligibility | None:
    """The last positive decision that holds that day."""
    return Eligibility.objects.filter(person=person).valid_on(on).first()


def has_job_between(
    person: Person, obligation: Obligation, employer: Organisation, first: date, last: date | None
) -> bool:
    """Whether the person already has a job with this employer, for this obligation, on one of these days."""
    jobs = JobContract.objects.filter(person=person, obligation=obligation, employer=employer)
    return jobs.running_in(first, last or date.max).exists()


@dataclass(frozen=True, slots=True)
class PersonFile:
    """Everything the file of a person shows."""

    person: Person
    eligibilities: list[Eligibility]
    jobs: list[JobContract]
    followed_elsewhere: bool

    def current(self, on: date) -> Eligibility | None:
        """The positive decision in force that day."""
        return next((item for item in self.eligibilities if item.is_valid_on(on)), None)


def person_file(person: Person, actor: Actor) -> PersonFile:
    """The decisions and jobs of a person, as far as the actor reads them, hours of each job summed."""
    decisions = (
        Eligibility.objects.visible_to(actor)
        .filter(person=person)
        .select_related("decided_by", "assessment__policy")
    )
    jobs = (
        JobContract.objects.visible_to(actor)
        .filter(person=person)
        .with_hours()
        .select_related("employer", "declared_by", "obligation__clause", "debtor__organisation")
        .order_by("-starts_on", "-pk")
    )
    return PersonFile(person, list(decisions), list(jobs), followed_elsewhere(person))


def people_on(obligation: Obligation, actor: Actor) -> JobContractQuerySet:
    """Jobs of an obligation with names, for the bodies that may read them: name and job, no category."""
    return (
        JobContract.objects.visible_to(actor)
        .filter(obligation=obligation)
        .with_hours()
        .select_related("person", "employer", "declared_by")
        .order_by("-starts_on", "person__last_name", "pk")
    )


def with_spans(jobs: JobContractQuerySet) -> JobContractQuerySet:
    """Jobs with what tells the days on which their hours count: obligation, eligibilities of the person."""
    decisions = Eligibility.objects.order_by("starts_on", "pk")
    return jobs.select_related("person", "employer", "obligation", "eligibility").prefetch_related(
        Prefetch("person__eligibilities", decisions, to_attr="decisions")
    )


def eligible_span(job: JobContract) -> tuple[date | None, date | None]:
    """First and last day of eligibility of a job: the decision it was opened with, and those that prolong it.

    A decision prolongs another when no day is lost between the two. A missing end is open.
    """
    if not job.eligibility.is_positive:
        return None, None
    start, end = job.eligibility.starts_on, job.eligibility.ends_on
    known: Iterable[Eligibility] = getattr(job.person, "decisions", None) or [job.eligibility]
    for decision in known:
        if end is None:
            break
        if decision.is_positive and decision.starts_on <= end + timedelta(days=1):
            end = None if decision.ends_on is None else max(end, decision.ends_on)
    return start, end


def ending_soon(actor: Actor) -> JobContractQuerySet:
    """Jobs that go on after an eligibility ending within sixty days (AL05), in what the body follows."""
    soon = actor.on + ENDING_SOON
    followed = obligations_followed(actor)
    return (
        JobContract.objects.visible_to(actor)
        .filter(obligation__in=followed, eligibility__ends_on__range=(actor.on, soon))
        .outliving_eligibility()
        .select_related("person", "obligation__clause", "eligibility")
        .order_by("eligibility__ends_on", "pk")
    )
