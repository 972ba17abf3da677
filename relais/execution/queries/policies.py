"""The rules of eligibility in force, and decisions computed again from what they kept."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from relais.core.eligibility_policy import Job, Terms, assess, default_at
from relais.execution.enums import JobKind
from relais.execution.models import Assessment, Eligibility, EligibilityPolicy, JobContract, Person
from relais.kit.actor import Actor
from relais.organisations.models import Scheme


def policy_at(scheme_id: int, on: date) -> EligibilityPolicy | None:
    """The version of the rules of the scheme in force that day; None when it has chosen none."""
    started = EligibilityPolicy.objects.filter(scheme=scheme_id, starts_on__lte=on)
    return started.order_by("-starts_on").first()


def terms_at(scheme_id: int, on: date) -> Terms:
    """The rules in force that day, chosen or by default."""
    policy = policy_at(scheme_id, on)
    return policy.as_terms() if policy else default_at(on)


def jobs_of(person: Person) -> tuple[Job, ...]:
    """The jobs of a person under clauses, by every record that their body decided to be the same person."""
    root = person.same_as_id or person.pk
    records = Person.objects.filter(pk=root) | Person.objects.filter(same_as=root)
    rows = JobContract.objects.filter(person__in=records.values("pk")).order_by("starts_on", "pk")
    return tuple(
        Job(starts_on, ends_on, kind == JobKind.PERMANENT)
        for starts_on, ends_on, kind in rows.values_list("starts_on", "ends_on", "kind")
    )


def policies_visible(actor: Actor) -> QuerySet[EligibilityPolicy]:
    return EligibilityPolicy.objects.visible_to(actor).select_related("scheme", "entered_by")


def schemes_coordinated(actor: Actor) -> QuerySet[Scheme]:
    """The schemes whose rules the actor's body writes."""
    return Scheme.objects.filter(coordinator_id=actor.organisation_id)


@dataclass(frozen=True, slots=True)
class Recomputed:
    """One decision computed again: the checks whose answer is no longer the one kept."""

    decision: int
    number: str
    changed: tuple[str, ...]


def recomputed(scheme_id: int | None = None) -> Iterator[Recomputed]:
    """Every decision that kept its working, computed again under the version of the rules it kept."""
    kept = Assessment.objects.select_related("policy", "decision__person").order_by("pk")
    if scheme_id is not None:
        kept = kept.filter(decision__person__scheme=scheme_id)
    for one in kept.iterator(chunk_size=500):
        terms = (
            one.policy.as_terms() if one.policy else default_at(one.default_on or one.situation.decided_on)
        )
        found = {line.check.value: line.holds for line in assess(terms, one.situation).lines}
        told = {str(line.check): line.holds for line in one.told}
        changed = tuple(check for check in {**told, **found} if told.get(check) != found.get(check))
        yield Recomputed(one.decision_id, one.decision.person.number, changed)


def decided_without_working(scheme_id: int | None = None) -> int:
    """Decisions older than the dated rules: they kept no inputs."""
    older = Eligibility.objects.filter(assessment=None)
    return (older if scheme_id is None else older.filter(person__scheme=scheme_id)).count()
