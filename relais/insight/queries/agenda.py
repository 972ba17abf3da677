"""The dates of a person for their agenda: what is due, the ends of performance, the meetings.

Nobody is named: references of clauses and bodies only, never what somebody typed.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from relais.clauses.models import Minutes
from relais.execution.models import Obligation
from relais.execution.queries.statements import declaration_day, duties, obligations_declared
from relais.insight.models import AgendaKey, Alert
from relais.insight.queries.alerts import address
from relais.insight.queries.desks import OPEN_STATES
from relais.kit.actor import Actor
from relais.kit.icalendar import Event
from relais.kit.words import month
from relais.organisations.enums import Role
from relais.organisations.models import Membership, Organisation, User
from relais.organisations.queries import token_hash
from relais.screening.models import OpinionRequest, Opportunity

BACK = timedelta(60)
"""How long what is past stays in the agenda."""
MOST = 300
"""Dates of one kind and one body."""
DECLARED = 60
"""Contracts whose months to declare are read."""


@dataclass(frozen=True, slots=True)
class Reader:
    """A member who reads, and the site of the links."""

    actor: Actor
    body: Organisation
    site: str

    def event(self, name: str, day: date, summary: str, description: str, path: str) -> Event:
        host = self.site.partition("://")[2].partition(":")[0]
        return Event(f"{name}@{host}", day, summary, description, self.site + path if path else "")


def key_of(user: User) -> AgendaKey | None:
    return AgendaKey.objects.filter(user=user).first()


def person_behind(token: str) -> QuerySet[User]:
    """The account whose agenda has this address, while it is open."""
    keys = AgendaKey.objects.filter(token_hash=token_hash(token))
    return User.objects.filter(is_active=True, pk__in=keys.values("user_id"))


def events_of(user: User, *, site: str, on: date) -> list[Event]:
    """Every date of the person, body by body, each once, in order; a constant number of queries by body."""
    found: dict[str, Event] = {}
    members = Membership.objects.active(on).filter(user=user).select_related("organisation").order_by("pk")
    for member in members:
        reader = Reader(Actor(user.pk, member.organisation_id, member.role, on), member.organisation, site)
        if member.role == Role.ELECTED:
            continue
        for source in SOURCES:
            for event in source(reader):
                found.setdefault(event.uid, event)
    return sorted(found.values(), key=lambda event: (event.day, event.uid))


def due_acts(reader: Reader) -> Iterator[Event]:
    """What the alerts ask of the body, on the day it is due."""
    alerts = Alert.objects.visible_to(reader.actor).awake(reader.actor.on).with_bodies()
    ours = alerts.filter(owner_id=reader.body.pk, due_on__gte=reader.actor.on - BACK)
    for alert in ours.order_by("due_on", "pk").distinct()[:MOST]:
        path = address("alert-detail", reader.body.slug, {"pk": alert.pk})
        summary = f"{alert.act_words} ({alert.reference})" if alert.reference else alert.act_words
        assert alert.due_on is not None
        yield reader.event(f"alert-{alert.pk}", alert.due_on, summary, alert.get_code_display(), path)


def ends_of_performance(reader: Reader) -> Iterator[Event]:
    running = Obligation.objects.visible_to(reader.actor).running()
    rows = running.filter(ends_on__gte=reader.actor.on - BACK).select_related("clause", "buyer")
    for row in rows.order_by("ends_on", "pk").distinct()[:MOST]:
        summary = _("End of performance of %(reference)s") % {"reference": row.clause.reference}
        path = reverse("obligation-detail", args=[reader.body.slug, row.pk])
        yield reader.event(f"end-{row.pk}", row.ends_on, summary, row.buyer.name, path)


def meetings(reader: Reader) -> Iterator[Event]:
    """The kick-off meetings held, by the minutes in force."""
    held = Minutes.objects.visible_to(reader.actor).filter(
        replaced_at=None, held_on__gte=reader.actor.on - BACK, clause__obligation__isnull=False
    )
    for row in held.select_related("clause__obligation", "clause__buyer").order_by("held_on", "pk")[:MOST]:
        summary = _("Kick-off meeting of %(reference)s") % {"reference": row.clause.reference}
        path = reverse("launch-detail", args=[reader.body.slug, row.clause.obligation.pk])
        yield reader.event(f"meeting-{row.clause_id}", row.held_on, summary, row.clause.buyer.name, path)


def opinions(reader: Reader) -> Iterator[Event]:
    asked = OpinionRequest.objects.visible_to(reader.actor).filter(facilitator_id=reader.body.pk)
    rows = asked.unanswered().filter(due_on__gte=reader.actor.on - BACK)
    for row in rows.select_related("opportunity__lot__buyer").order_by("due_on", "pk")[:MOST]:
        lot = row.opportunity.lot
        path = reverse("opinion-answer", args=[reader.body.slug, row.pk])
        yield reader.event(f"opinion-{row.pk}", row.due_on, _("Opinion to give"), lot.buyer.name, path)


def sheets(reader: Reader) -> Iterator[Event]:
    """The next acts planned on opportunity sheets; what was typed there may name people: it stays there."""
    open_ones = Opportunity.objects.visible_to(reader.actor).filter(state__in=OPEN_STATES)
    rows = open_ones.filter(next_act_on__gte=reader.actor.on - BACK).select_related("lot__buyer")
    for row in rows.order_by("next_act_on", "pk").distinct()[:MOST]:
        assert row.next_act_on is not None
        path = reverse("opportunity-detail", args=[reader.body.slug, row.lot_id])
        summary = _("Act planned on an opportunity sheet")
        yield reader.event(f"sheet-{row.pk}", row.next_act_on, summary, row.lot.buyer.name, path)


def statements(reader: Reader) -> Iterator[Event]:
    """The oldest month that the body has to declare, contract by contract."""
    obligations = list(obligations_declared(reader.actor).running()[:DECLARED])
    if not obligations:
        return
    for duty in duties(obligations, reader.actor, declaration_day(obligations, reader.actor)):
        if duty.due is None or duty.due_on is None:
            continue
        told = {"month": month(duty.due), "reference": duty.obligation.clause.reference}
        summary = _("Declare the hours of %(month)s (%(reference)s)") % told
        path = reverse("obligation-detail", args=[reader.body.slug, duty.obligation.pk])
        name = f"statement-{duty.obligation.pk}-{duty.body_id}-{duty.due.first_day:%Y%m}"
        yield reader.event(name, duty.due_on, summary, duty.obligation.buyer.name, path)


SOURCES: Iterable[Callable[[Reader], Iterator[Event]]] = (
    *(due_acts, ends_of_performance, meetings),
    *(opinions, sheets, statements),
)
