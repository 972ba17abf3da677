"""Say that two records are one person, or two; undo it. No hour moves: only under which key people count."""

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction

from relais.core.verdict import no
from relais.core.words import gettext_noop
from relais.execution.events import PersonCorrected
from relais.execution.models import PairDecision, Person
from relais.execution.rules import duplicates as rules
from relais.kit import audit
from relais.kit.access import Refused, Stale, require
from relais.kit.actor import Actor
from relais.kit.events import emit


@transaction.atomic
def settle_pair(one: Person, other: Person, *, same: bool, actor: Actor, at: datetime) -> PairDecision:
    """Decide on two records of a body. The same person counts once, under the key of the oldest record.

    Both records keep their number, their decisions and their jobs. `Stale` when somebody decided meanwhile.
    """
    require(rules.can_settle(actor, one, other))
    first, second = sorted((one, other), key=lambda person: person.pk)
    try:
        with transaction.atomic():
            decision = PairDecision.objects.create(
                first=first, second=second, is_same=same, decided_by_id=actor.user_id, decided_at=at
            )
    except IntegrityError as error:
        raise Stale(first) from error
    if same:
        _count_anew(first, at=at)
    _trace("execution.pair.settled", decision, actor=actor, at=at)
    return decision


@transaction.atomic
def undo_pair(decision: PairDecision, *, actor: Actor, at: datetime) -> None:
    """Take a decision back: the pair is proposed again, each record counts as before."""
    require(rules.can_undo(actor, decision))
    standing = PairDecision.objects.filter(pk=decision.pk, undone_at=None)
    if not standing.update(undone_at=at, undone_by_id=actor.user_id):
        raise Stale(decision)
    if decision.is_same:
        _count_anew(decision.first, decision.second, at=at)
    _trace("execution.pair.undone", decision, actor=actor, at=at)


def follow(root: Person, *, at: datetime) -> None:
    """The identity of a record was corrected: those of the same person count under its new key."""
    for twin in Person.objects.filter(same_as=root):
        _move(twin, root.pseudonym, twin.own_key, root, at=at)


def _trace(verb: str, decision: PairDecision, *, actor: Actor, at: datetime) -> None:
    first, second = decision.first, decision.second
    audit.record(
        verb,
        decision,
        actor=actor,
        at=at,
        owner_id=first.body_id,
        scope_id=first.scheme_id,
        detail=f"{first.number} {second.number} {'same' if decision.is_same else 'two'}",
    )


def _count_anew(*people: Person, at: datetime) -> None:
    """Give every record linked to these the key of the oldest record of its own group."""
    done: set[int] = set()
    for person in people:
        group = _group(person.pk)
        if not group & done:
            done |= group
            _gather(group, at=at)


def _group(start: int) -> frozenset[int]:
    """The records linked to one by decisions that stand, through others when needed."""
    group, ahead = {start}, {start}
    same = PairDecision.objects.standing().filter(is_same=True)
    while ahead:
        links = same.filter(first__in=ahead) | same.filter(second__in=ahead)
        ahead = {pk for link in links.values_list("first_id", "second_id") for pk in link} - group
        group |= ahead
    return frozenset(group)


def _gather(group: Iterable[int], *, at: datetime) -> None:
    records = list(Person.objects.select_for_update().filter(pk__in=group).order_by("pk"))
    root, *twins = records
    own = root.own_key or root.pseudonym
    try:
        with transaction.atomic():
            _move(root, own, "", None, at=at)
    except IntegrityError as error:
        raise Refused(
            no(
                gettext_noop(
                    "Both records now have the same name and birth date: they are one person. "
                    "Correct one of them first."
                )
            )
        ) from error
    for twin in twins:
        _move(twin, own, twin.own_key or twin.pseudonym, root, at=at)


def _move(person: Person, key: str, own_key: str, root: Person | None, *, at: datetime) -> None:
    """Count a record under a key, and tell the rooms whose totals must follow."""
    former = person.pseudonym
    person.pseudonym, person.own_key, person.same_as = key, own_key, root
    Person.objects.filter(pk=person.pk).update(pseudonym=key, own_key=own_key, same_as=root)
    if key != former:
        emit(PersonCorrected(person.pk, person.sex, former, at))
