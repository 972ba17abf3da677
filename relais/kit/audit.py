"""Write the trail: acts done, refusals, readings of a person's file, exports."""

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import DatabaseError, models, transaction
from django.utils.text import capfirst

from relais.kit.actor import Actor
from relais.kit.models import AuditEntry, Outcome

log = logging.getLogger(__name__)

OWNERS = ("buyer_id", "body_id", "organisation_id")
"""How models name the body a thing belongs to."""

MOST_READ = 40
"""Things looked at around the one refused, to find whose it is, even when they point at each other."""

_labels: dict[str, Any] = {}


def name_verbs(labels: Mapping[str, Any]) -> None:
    """Give a verb of the trail its words for people; each room names its own, translated lazily."""
    _labels.update(labels)


def labels() -> Mapping[str, Any]:
    """The words of the verbs, not yet in a language."""
    return _labels


def subject_label(entry: AuditEntry) -> str:
    """What a line is about, in words: “Statement 12”; the type itself when nothing knows it any more."""
    if not entry.subject_type:
        return ""
    try:
        name = capfirst(apps.get_model(entry.subject_type)._meta.verbose_name)
    except (LookupError, ValueError):
        name = entry.subject_type
    return f"{name} {entry.subject_id}".strip()


def named_verbs() -> dict[str, str]:
    """Every verb that has words, in the reader's language."""
    return {verb: str(label) for verb, label in _labels.items()}


def record(
    verb: str,
    subject: models.Model | None,
    *,
    actor: Actor | None,
    at: datetime,
    owner_id: int | None = None,
    scope_id: int | None = None,
    outcome: Outcome = Outcome.DONE,
    detail: str = "",
    user_id: int | None = None,
) -> AuditEntry:
    """Append one line. `owner_id`: organisation that owns the thing; `scope_id`: the circle that may read it.

    `user_id` tells who, when no organisation is acted for. `detail` holds codes and figures only, never the
    name of a person.
    """
    return AuditEntry.objects.create(
        at=at,
        user_id=actor.user_id if actor else user_id,
        organisation_id=actor.organisation_id if actor else None,
        role=actor.role if actor else "",
        owner_id=owner_id if owner_id is not None else (actor.organisation_id if actor else None),
        scope_id=scope_id,
        verb=verb,
        outcome=outcome,
        subject_type=subject._meta.label_lower if subject is not None else "",
        subject_id=str(subject.pk) if subject is not None else "",
        detail=detail[:500],
    )


def whose(thing: models.Model | None) -> tuple[int | None, int | None]:
    """The body that owns a thing and the circle of the thing, from what is already read: no query."""
    owner_id = scope_id = None
    things, seen = [thing] if thing is not None else [], 0
    while seen < len(things) < MOST_READ and scope_id is None:
        one = things[seen]
        seen += 1
        if owner_id is None:
            owner_id = next((pk for name in OWNERS if (pk := getattr(one, name, None)) is not None), None)
        scope_id = getattr(one, "scheme_id", None)
        things += [kept for kept in one._state.fields_cache.values() if isinstance(kept, models.Model)]
    return owner_id, scope_id


def refused(
    verb: str,
    subject: models.Model | None,
    *,
    actor: Actor | None,
    at: datetime,
    owner_id: int | None = None,
    detail: str = "",
    user_id: int | None = None,
) -> None:
    """Append the line of a refusal, once the refused act is undone; the answer never fails for it."""
    owner, scope_id = whose(subject)
    try:
        with transaction.atomic():
            record(
                verb,
                subject,
                actor=actor,
                at=at,
                owner_id=owner if owner_id is None else owner_id,
                scope_id=scope_id,
                outcome=Outcome.REFUSED,
                detail=detail,
                user_id=user_id,
            )
    except DatabaseError:
        log.exception("The refusal of %s could not be written to the trail", verb)


def record_read(
    subject: models.Model,
    *,
    actor: Actor,
    at: datetime,
    owner_id: int | None = None,
    scope_id: int | None = None,
) -> None:
    """Trace that a person's file was read."""
    record(
        f"{subject._meta.label_lower}.read",
        subject,
        actor=actor,
        at=at,
        owner_id=owner_id,
        scope_id=scope_id,
        outcome=Outcome.READ,
    )
