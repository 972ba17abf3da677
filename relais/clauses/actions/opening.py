"""Open the approved texts of a scheme to the public, and close them."""

from datetime import datetime

from django.db import IntegrityError, transaction

from relais.clauses import rules
from relais.clauses.models import LibraryOpening
from relais.core.verdict import no
from relais.core.words import gettext_noop
from relais.kit import audit
from relais.kit.access import Stale, require
from relais.kit.actor import Actor
from relais.organisations.models import Scheme


@transaction.atomic
def open_library(scheme: Scheme, *, actor: Actor, at: datetime) -> LibraryOpening:
    """From now on anybody reads the approved texts of the scheme. Raises `Refused` when they are open."""
    require(rules.can_open_library(actor, scheme))
    if LibraryOpening.objects.running().filter(scheme=scheme).exists():
        require(no(gettext_noop("These texts are open to the public already.")))
    try:
        with transaction.atomic():
            opening = LibraryOpening.objects.create(scheme=scheme, opened_at=at, opened_by_id=actor.user_id)
    except IntegrityError as error:  # a colleague opened them a moment ago
        raise Stale(scheme) from error
    audit.record("clauses.library.opened", scheme, actor=actor, at=at, scope_id=scheme.pk)
    return opening


@transaction.atomic
def close_library(scheme: Scheme, *, actor: Actor, at: datetime) -> None:
    """From now on the public finds nothing. Raises `Refused` when the texts are not open."""
    require(rules.can_open_library(actor, scheme))
    running = LibraryOpening.objects.running().filter(scheme=scheme)
    if not running.update(closed_at=at, closed_by_id=actor.user_id):
        require(no(gettext_noop("These texts are not open to the public.")))
    audit.record("clauses.library.closed", scheme, actor=actor, at=at, scope_id=scheme.pk)
