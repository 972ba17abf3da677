"""Apply the clocks: archive what left use, make anonymous what is no longer evidence; totals never move."""

import secrets
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.db.models import F, Q

from relais.core.retention import Stage
from relais.execution.enums import EligibilityState
from relais.execution.events import PersonCorrected
from relais.execution.models import (
    Eligibility,
    LineMove,
    PathStep,
    Person,
    PersonQuerySet,
    RetentionExtension,
    StatementLine,
)
from relais.execution.queries.retention import kept_files
from relais.execution.rules import retention as rules
from relais.kit import audit
from relais.kit.access import require
from relais.kit.actor import Actor
from relais.kit.events import emit

ERASED = "–"
"""Put where a text was required and told something of a person."""


@dataclass
class Applied:
    """The numbers of the records touched, or that would be; `warned`: those that will be soon."""

    warned: list[str] = field(default_factory=list)
    archived: list[str] = field(default_factory=list)
    anonymised: list[str] = field(default_factory=list)


@transaction.atomic
def apply_retention(people: PersonQuerySet, *, on: date, at: datetime, dry_run: bool = False) -> Applied:
    """Archive and make anonymous what is due on `on` among `people`. A second run changes nothing."""
    done = Applied()
    for kept in list(kept_files(people.select_related("scheme"), on)):
        person = kept.person
        if kept.stage == Stage.TO_ANONYMISE:
            done.anonymised.append(person.number)
            if not dry_run:
                anonymise(person, on=on, at=at)
        elif kept.stage == Stage.TO_ARCHIVE and person.archived_on is None:
            done.archived.append(person.number)
            if not dry_run:
                _archive(person, on=on, at=at)
        elif kept.stage == Stage.WARNED:
            done.warned.append(person.number)
    return done


def _archive(person: Person, *, on: date, at: datetime) -> None:
    if Person.objects.filter(pk=person.pk, archived_on=None).update(archived_on=on, version=F("version") + 1):
        _trace("execution.person.archived", person, actor=None, at=at)


def anonymise(person: Person, *, on: date, at: datetime) -> None:
    """Take away whatever tells who a record is about; its hours, category, sex and year of birth stay.

    The key that counts the person changes once no record under it tells who it was: until then the person,
    still followed under it, must count once.
    """
    erased = Person.objects.filter(pk=person.pk, anonymised_on=None).update(
        first_name="",
        last_name="",
        search_name="",
        own_key="",
        birth_date=person.birth_date.replace(month=1, day=1),
        commune=None,
        anonymised_on=on,
        archived_on=person.archived_on or on,
        version=F("version") + 1,
    )
    if not erased:
        return
    _erase_texts(person)
    _change_key(person.scheme_id, person.pseudonym, at=at)
    _trace("execution.person.anonymised", person, actor=None, at=at)


def _erase_texts(person: Person) -> None:
    """Words typed by people may name somebody: they go with the name."""
    decisions = Eligibility.objects.filter(person=person)
    decisions.update(proof=ERASED, certifier=ERASED)
    decisions.filter(state=EligibilityState.REFUSED).update(reason=ERASED)
    decisions.exclude(state=EligibilityState.REFUSED).update(reason="")
    StatementLine.objects.filter(job_contract__person=person).update(note="")
    LineMove.objects.filter(line__job_contract__person=person).update(note="")
    RetentionExtension.objects.filter(person=person).update(reason="")
    PathStep.objects.filter(person=person).update(label="")


def _change_key(scheme_id: int, former: str, *, at: datetime) -> None:
    """Give the records of a person a key drawn by lot, when none of them tells who it was any more."""
    records = list(
        Person.objects.select_for_update().filter(scheme_id=scheme_id, pseudonym=former).order_by("pk")
    )
    if any(record.anonymised_on is None for record in records):
        return
    key = secrets.token_hex(32)
    Person.objects.filter(pk__in=[record.pk for record in records]).update(pseudonym=key)
    for record in records:
        emit(PersonCorrected(record.pk, record.sex, former, at))


@transaction.atomic
def extend_retention(
    person: Person, *, until: date, reason: str, actor: Actor, at: datetime
) -> RetentionExtension:
    """Keep the file of a person in use until a day, with the reason; an archived one comes back in use."""
    require(rules.can_extend(actor, person))
    require(rules.extension_verdict(until, reason, actor.on))
    extension = RetentionExtension.objects.create(
        person=person, until=until, reason=reason.strip(), decided_by_id=actor.user_id, decided_at=at
    )
    _back_in_use(person)
    _trace("execution.person.extended", person, actor=actor, at=at, detail=until.isoformat())
    return extension


def _back_in_use(person: Person) -> None:
    root = person.same_as_id or person.pk
    group = Person.objects.filter(Q(pk=root) | Q(same_as=root))
    group.filter(anonymised_on=None).update(archived_on=None)
    person.archived_on = None


def _trace(verb: str, person: Person, *, actor: Actor | None, at: datetime, detail: str = "") -> None:
    audit.record(
        verb,
        person,
        actor=actor,
        at=at,
        owner_id=person.body_id,
        scope_id=person.scheme_id,
        detail=f"{person.number} {detail}".strip(),
    )
