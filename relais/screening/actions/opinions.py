"""Ask a facilitator body what its territory can offer for a lot, and give that opinion."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial

from django.conf import settings
from django.core.mail import send_mail
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from relais.core.verdict import no
from relais.core.words import gettext_noop
from relais.kit import audit
from relais.kit.access import Refused, Stale, require
from relais.kit.actor import Actor
from relais.kit.words import day
from relais.organisations.enums import PolicyKey, Role
from relais.organisations.models import Organisation, Scheme
from relais.organisations.policies import policy
from relais.organisations.queries import addresses_of
from relais.procurement.models import Lot
from relais.screening import rules
from relais.screening.actions.sheet import open_sheet
from relais.screening.models import OpinionRequest, Opportunity, SheetMessage
from relais.screening.rules import GIVERS

Link = Callable[[], str]
"""Gives the full address of the page where the opinion is given."""


@transaction.atomic
def ask_opinion(
    lot: Lot,
    facilitator: Organisation,
    *,
    question: str,
    version: int,
    actor: Actor,
    at: datetime,
    on: date,
) -> OpinionRequest:
    """Ask once; the clock starts now, with the delay of the scheme."""
    sheet = Opportunity.objects.filter(lot=lot).first()
    require(rules.can_ask_opinion(actor, lot, sheet))
    sheet = open_sheet(lot, version=version, at=at)
    try:
        with transaction.atomic():
            asked = OpinionRequest.objects.create(
                opportunity=sheet,
                facilitator=facilitator,
                question=question.strip(),
                asked_at=at,
                asked_by_id=actor.user_id,
                due_on=on + timedelta(days=int(policy(lot.scheme, PolicyKey.OPINION_DAYS, on).value)),
            )
    except IntegrityError:
        raise Refused(no(gettext_noop("This body was already asked for its opinion."))) from None
    _trace("asked", asked, lot, actor, at)
    return asked


def ask_opinions(
    lot: Lot,
    facilitators: Sequence[Organisation],
    *,
    question: str,
    version: int,
    actor: Actor,
    at: datetime,
    on: date,
) -> list[OpinionRequest]:
    """Ask several bodies the same question, all or none: a lot may cover several territories."""
    with transaction.atomic():
        return [
            ask_opinion(lot, body, question=question, version=version, actor=actor, at=at, on=on)
            if not position
            else _ask_also(lot, body, question=question, actor=actor, at=at, on=on)
            for position, body in enumerate(facilitators)
        ]


def _ask_also(
    lot: Lot, facilitator: Organisation, *, question: str, actor: Actor, at: datetime, on: date
) -> OpinionRequest:
    """The next body of the same act: the sheet is open by now, in a version of its own."""
    version = Opportunity.objects.values_list("version", flat=True).get(lot=lot)
    return ask_opinion(lot, facilitator, question=question, version=version, actor=actor, at=at, on=on)


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a facilitator body says of a lot: a verdict, its grounds, and what the territory can offer."""

    answer: str
    text: str
    people_available: int | None = None
    hours_feasible: Decimal | None = None
    structures: str = ""
    conditions: str = ""


@transaction.atomic
def answer_opinion(
    request: OpinionRequest, opinion: Opinion, *, actor: Actor, at: datetime
) -> OpinionRequest:
    """Give the opinion, once."""
    require(rules.can_answer_opinion(actor, request))
    waiting = OpinionRequest.objects.unanswered().filter(pk=request.pk)
    if not waiting.update(
        answer=opinion.answer,
        text=opinion.text.strip(),
        people_available=opinion.people_available,
        hours_feasible=opinion.hours_feasible,
        structures=opinion.structures.strip(),
        conditions=opinion.conditions.strip(),
        answered_at=at,
        answered_by_id=actor.user_id,
    ):
        raise Stale(request)
    request.refresh_from_db()
    _trace("answered", request, request.opportunity.lot, actor, at, opinion.answer)
    return request


@transaction.atomic
def remind_opinion(request: OpinionRequest, *, link: Link, actor: Actor, at: datetime) -> OpinionRequest:
    """Write again to the officers of the body that owes the opinion; told once the act is committed."""
    require(rules.can_remind_opinion(actor, request.opportunity.lot, request))
    if not OpinionRequest.objects.unanswered().filter(pk=request.pk).update(reminded_at=at):
        raise Stale(request)
    request.refresh_from_db()
    _trace("reminded", request, request.opportunity.lot, actor, at)
    _tell(request, GIVERS, "screening/opinion_reminder_mail.txt", link, actor.on)
    return request


@dataclass(frozen=True, slots=True)
class Reminders:
    """How many opinions were reminded, and of how many the managers were told."""

    reminded: int
    escalated: int


def remind_due_opinions(*, link: Callable[[OpinionRequest], Link], at: datetime, on: date) -> Reminders:
    """Remind bodies of opinions near their date, tell their managers of those that stay late; once each."""
    reminded = escalated = 0
    for scheme in Scheme.objects.order_by("pk"):
        ours = OpinionRequest.objects.filter(opportunity__lot__scheme=scheme)
        ours = ours.select_related("opportunity__lot__buyer", "facilitator").order_by("pk")
        days = int(policy(scheme, PolicyKey.OPINION_REMINDER, on).value)
        for request in ours.to_remind(on, days):
            template = "screening/opinion_reminder_mail.txt"
            reminded += _once(request, "reminded_at", GIVERS, template, link, at, on)
        late = int(policy(scheme, PolicyKey.OPINION_ESCALATION, on).value)
        for request in ours.to_escalate(on, late):
            template = "screening/opinion_escalation_mail.txt"
            escalated += _once(request, "escalated_at", (Role.MANAGER,), template, link, at, on)
    return Reminders(reminded, escalated)


@transaction.atomic
def _once(
    request: OpinionRequest,
    stamp: str,
    roles: Sequence[str],
    template: str,
    link: Callable[[OpinionRequest], Link],
    at: datetime,
    on: date,
) -> int:
    waiting = OpinionRequest.objects.unanswered().filter(pk=request.pk, **{stamp: None})
    if not waiting.update(**{stamp: at}):
        return 0
    verb = "reminded" if stamp == "reminded_at" else "escalated"
    _trace(verb, request, request.opportunity.lot, None, at)
    _tell(request, roles, template, link(request), on)
    return 1


def _tell(request: OpinionRequest, roles: Sequence[str], template: str, link: Link, on: date) -> None:
    """Write to the people of the body who bear these roles, once the transaction is committed."""
    addresses = addresses_of(request.facilitator, roles, on)
    if not addresses:
        return
    context = {"asked": request, "lot": request.opportunity.lot, "link": link()}
    text = render_to_string(template, context).strip()
    subject = _("Opinion expected by %(day)s") % {"day": day(request.due_on)}
    transaction.on_commit(partial(_send, subject, text, addresses))


def _send(subject: str, text: str, addresses: list[str]) -> None:
    """One message for each, so that nobody reads the address of another."""
    for address in addresses:
        send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, [address])


@transaction.atomic
def write_message(lot: Lot, *, text: str, actor: Actor, at: datetime) -> SheetMessage:
    """Add a message to the thread of the sheet; the sheet opens with the first one."""
    asked = OpinionRequest.objects.filter(opportunity__lot=lot, facilitator_id=actor.organisation_id).exists()
    require(rules.can_write_message(actor, lot, asked))
    if not text.strip():
        raise Refused(no(gettext_noop("Write the message before sending it.")))
    sheet = Opportunity.objects.filter(lot=lot).first() or open_sheet(lot, version=0, at=at)
    message = SheetMessage.objects.create(
        opportunity=sheet,
        organisation_id=actor.organisation_id,
        author_id=actor.user_id,
        text=text.strip(),
        written_at=at,
    )
    audit.record(
        "screening.message.written",
        message,
        actor=actor,
        at=at,
        owner_id=lot.buyer_id,
        scope_id=lot.scheme_id,
    )
    return message


def _trace(
    verb: str, request: OpinionRequest, lot: Lot, actor: Actor | None, at: datetime, detail: str = ""
) -> None:
    audit.record(
        f"screening.opinion.{verb}",
        request,
        actor=actor,
        at=at,
        owner_id=lot.buyer_id,
        scope_id=lot.scheme_id,
        detail=detail,
    )
