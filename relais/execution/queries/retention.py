"""When the files of people are due, by record and for all the records of a person."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import DateField, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from relais.core.retention import Due, Life, Stage, due, together
from relais.execution.models import Eligibility, JobContract, Person, PersonQuerySet, RetentionExtension
from relais.kit.actor import Actor


@dataclass(frozen=True, slots=True)
class Kept:
    """A person by one record, when it is due, and where it stands."""

    person: Person
    due: Due
    stage: Stage


def with_clocks(people: PersonQuerySet) -> PersonQuerySet:
    """People with what starts their clocks: last decision, last day of a job, last extension."""
    return people.annotate(
        last_decision=_last(Eligibility.objects.all(), "decided_at"),
        job_ends_on=_last(
            JobContract.objects.annotate(
                day=Coalesce("ends_on", "obligation__ends_on", output_field=DateField())
            ),
            "day",
        ),
        kept_until=_last(RetentionExtension.objects.all(), "until"),
    )


def _last(rows: QuerySet[Any], column: str) -> Subquery:
    return Subquery(
        rows.filter(person=OuterRef("pk"))
        .order_by()
        .values("person")
        .annotate(last=Max(column))
        .values("last")
    )


def life_of(person: Any) -> Life:
    """The life of one record read by `with_clocks`."""
    moments: Iterable[datetime | None] = (person.created_at, person.last_decision)
    contacts = [timezone.localdate(moment) for moment in moments if moment is not None]
    return Life(max(contacts), person.job_ends_on, person.kept_until)


def kept_files(people: PersonQuerySet, on: date) -> Iterator[Kept]:
    """Each person not yet anonymous, by every record, due when the last of their records is."""
    groups: dict[int, list[Person]] = defaultdict(list)
    for person in with_clocks(people.filter(anonymised_on=None)).order_by("pk"):
        groups[person.same_as_id or person.pk].append(person)
    for records in groups.values():
        found = due(together(life_of(person) for person in records), on)
        for person in records:
            yield Kept(person, found, found.stage(on))


def files_to_look_at(actor: Actor) -> list[Kept]:
    """The files of the body that are due or soon will be, the first due first; archived ones last."""
    mine = Person.objects.visible_to(actor).followed_by(actor.organisation_id)
    found = [
        kept
        for kept in kept_files(mine, actor.on)
        if kept.stage != Stage.IN_USE or kept.person.archived_on is not None
    ]
    return sorted(
        found,
        key=lambda kept: (kept.person.archived_on is not None, kept.due.archive_on, kept.person.pk),
    )


def last_extension(person: Person) -> RetentionExtension | None:
    return person.extensions.order_by("-until", "-pk").first()  # type: ignore[attr-defined,no-any-return]
