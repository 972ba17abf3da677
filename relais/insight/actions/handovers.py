"""Hand cases over to another facilitator body from a day on, and undo it until the eve."""

from collections.abc import Callable, Collection
from datetime import date, datetime, timedelta
from functools import partial

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from relais.clauses.enums import Part
from relais.clauses.models import Party
from relais.core.verdict import no
from relais.core.words import gettext_noop
from relais.insight import rules
from relais.insight.models import HandedCase, HandOver
from relais.insight.queries.load import facilitator_bodies, open_cases
from relais.kit import audit
from relais.kit.access import Stale, require
from relais.kit.actor import Actor
from relais.organisations.enums import Role
from relais.organisations.models import Organisation, Scheme
from relais.organisations.queries import addresses_of

TOLD = (Role.MANAGER, Role.OFFICER)
Link = Callable[[HandOver], str]


@transaction.atomic
def hand_over(
    scheme: Scheme,
    *,
    from_body: Organisation,
    to_body: Organisation,
    starts_on: date,
    note: str,
    parties: Collection[int],
    link: Link,
    actor: Actor,
    at: datetime,
) -> HandOver:
    """End the parts chosen on the eve and open those of the next body; `parties` are parts of `open_cases`.

    Raises `Stale` when one of them ended meanwhile: nothing is done then.
    """
    require(rules.can_hand_over(actor, scheme, from_body.pk))
    bodies = set(facilitator_bodies(scheme, actor.on).values_list("pk", flat=True))
    require(rules.hand_over_verdict(from_body.pk, to_body, bodies, starts_on, note, actor.on))
    ended = list(open_cases(scheme, from_body.pk, actor.on).filter(pk__in=parties))
    if not ended:
        require(no(gettext_noop("Tick the cases to hand over: one at least.")))
    if len(ended) != len(set(parties)):
        raise Stale(scheme)
    done = HandOver.objects.create(
        scheme=scheme,
        from_body=from_body,
        to_body=to_body,
        starts_on=starts_on,
        note=note.strip(),
        made_by_id=actor.user_id,
        made_at=at,
    )
    _move(done, ended)
    _trace("made", done, len(ended), actor, at)
    addresses = addresses_of(to_body, TOLD, actor.on)
    transaction.on_commit(partial(_tell, done, len(ended), link(done), addresses), robust=True)
    return done


def _move(done: HandOver, ended: list[Party]) -> None:
    """Write the ends and the new parts; a part that the next body has already is left as it is."""
    eve = done.starts_on - timedelta(1)
    still = Party.objects.filter(pk__in=[party.pk for party in ended], ends_on=None)
    if still.update(ends_on=eve) != len(ended):
        raise Stale(done.scheme)
    clauses = [party.clause_id for party in ended]
    there = Party.objects.filter(
        clause__in=clauses, organisation=done.to_body, part=Part.FACILITATOR, ends_on=None
    )
    taken = set(there.values_list("clause_id", flat=True))
    fresh = Party.objects.bulk_create(
        Party(clause_id=clause, organisation=done.to_body, part=Part.FACILITATOR, starts_on=done.starts_on)
        for clause in clauses
        if clause not in taken
    )
    opened = {party.clause_id: party for party in fresh}
    HandedCase.objects.bulk_create(
        HandedCase(hand_over=done, clause_id=party.clause_id, ended=party, opened=opened.get(party.clause_id))
        for party in ended
    )


@transaction.atomic
def undo_hand_over(done: HandOver, *, actor: Actor, at: datetime) -> None:
    """Give the cases back before the day: the former parts go on, the new ones never were."""
    require(rules.can_undo_hand_over(actor, done))
    if not HandOver.objects.filter(pk=done.pk, undone_at=None).update(undone_at=at):
        raise Stale(done)
    done.undone_at = at
    cases = list(done.cases.all())
    eve = done.starts_on - timedelta(1)
    Party.objects.filter(pk__in=[case.opened_id for case in cases if case.opened_id]).delete()
    again = Party.objects.filter(
        clause__in=[case.clause_id for case in cases],
        organisation=done.from_body,
        part=Part.FACILITATOR,
        ends_on=None,
    )
    open_again = set(again.values_list("clause_id", flat=True))
    kept = [case for case in cases if case.clause_id not in open_again]
    given = Party.objects.filter(pk__in=[case.ended_id for case in kept], ends_on=eve)
    _trace("undone", done, given.update(ends_on=None), actor, at)


def _trace(verb: str, done: HandOver, cases: int, actor: Actor, at: datetime) -> None:
    audit.record(
        f"insight.hand_over.{verb}",
        done,
        actor=actor,
        at=at,
        owner_id=done.from_body_id,
        scope_id=done.scheme_id,
        detail=f"body={done.to_body_id} from={done.starts_on.isoformat()} cases={cases}",
    )


def _tell(done: HandOver, cases: int, link: str, addresses: list[str]) -> None:
    """Write to the managers and officers of the next body, one mail each."""
    context = {"done": done, "cases": cases, "link": link}
    text = render_to_string("insight/hand_over_mail.txt", context).strip() + "\n"
    for address in addresses:
        send_mail(_("Cases handed over to your body"), text, settings.DEFAULT_FROM_EMAIL, [address])
