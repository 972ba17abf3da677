"""Send a link to declare a month without account, withdraw it, declare by it."""

import secrets
from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from relais.core.months import Month
from relais.execution.actions.statements import declare_month, save_draft
from relais.execution.models import DeclarationLink, Obligation, Statement
from relais.execution.queries import links as queries
from relais.execution.queries.claims import Worked
from relais.execution.queries.people import is_assigned
from relais.execution.queries.submissions import asked_digest, replayed
from relais.execution.rules import links as rules
from relais.kit import audit
from relais.kit.access import Stale, require
from relais.kit.actor import Actor
from relais.organisations.models import Organisation
from relais.organisations.queries import token_hash

TOKEN_BYTES = 32

Address = Callable[[str], str]
"""Builds the full address of a link from its token."""


@transaction.atomic
def send_links(
    obligation: Obligation,
    *,
    declarant: Organisation,
    months: Sequence[Month],
    email: str,
    address: Address,
    actor: Actor,
    at: datetime,
) -> list[DeclarationLink]:
    """Send a link for each month, in one mail; older open ones for the same months are withdrawn."""
    parties = queries.parties_of(obligation, actor.on)
    has_jobs = queries.bodies_with_jobs(obligation, actor).filter(pk=declarant.pk).exists()
    require(rules.can_send_links(actor, obligation, parties, declarant.pk, has_jobs=has_jobs))
    closed = queries.months_closed(obligation, months)
    sent = queries.months_sent(obligation, declarant.pk, months)
    for month in months:
        require(rules.month_can_be_asked(obligation, month, closed=month in closed, sent=month in sent))
    made = [_link(obligation, declarant, month, email, actor, at) for month in months]
    addresses = [(Month.of(link.month), address(token)) for link, token in made]
    transaction.on_commit(partial(_mail, made[0][0], addresses), robust=True)
    return [link for link, _token in made]


def _link(
    obligation: Obligation, declarant: Organisation, month: Month, email: str, actor: Actor, at: datetime
) -> tuple[DeclarationLink, str]:
    same = DeclarationLink.objects.filter(obligation=obligation, declarant=declarant, month=month.first_day)
    same.open(at).update(revoked_at=at)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    link = DeclarationLink.objects.create(
        obligation=obligation,
        declarant=declarant,
        month=month.first_day,
        email=email.strip().lower(),
        token_hash=token_hash(token),
        sent_by_body_id=actor.organisation_id,
        sent_by_id=actor.user_id,
        sent_at=at,
        expires_at=rules.expiry(month, timezone.localdate(at)),
    )
    _record("execution.link.sent", link, actor, at)
    return link, token


def _record(verb: str, link: DeclarationLink, actor: Actor, at: datetime, detail: str = "") -> None:
    month = Month.of(link.month)
    audit.record(
        verb,
        link,
        actor=actor,
        at=at,
        owner_id=link.obligation.buyer_id,
        scope_id=link.obligation.scheme_id,
        detail=f"month={month} body={link.declarant_id} {detail}".strip(),
    )


def _mail(link: DeclarationLink, addresses: Sequence[tuple[Month, str]]) -> None:
    context = {"link": link, "obligation": link.obligation, "addresses": addresses}
    send_mail(
        _("Hours to declare for the clause %(clause)s") % {"clause": link.obligation.clause.reference},
        render_to_string("execution/link_mail.txt", context),
        settings.DEFAULT_FROM_EMAIL,
        [link.email],
    )


@transaction.atomic
def withdraw_link(link: DeclarationLink, *, actor: Actor, at: datetime) -> None:
    """The link opens nothing any more."""
    assigned = is_assigned(actor, link.obligation.clause_id)
    require(rules.can_withdraw(actor, link, is_assigned=assigned, at=at))
    if not DeclarationLink.objects.filter(pk=link.pk).open(at).update(revoked_at=at):
        raise Stale(link)
    _record("execution.link.withdrawn", link, actor, at)


@transaction.atomic
def draft_by_link(
    link: DeclarationLink, *, lines: Sequence[Worked], version: int, on: date, at: datetime
) -> Statement:
    """Keep what is typed; the link still serves."""
    require(rules.is_open(link, at))
    bearer = link.bearer(on)
    statement = save_draft(
        link.obligation, month=Month.of(link.month), lines=lines, version=version, actor=bearer, at=at
    )
    _record("execution.link.drafted", link, bearer, at, f"link={link.pk}")
    return statement


@transaction.atomic
def submit_by_link(
    link: DeclarationLink, *, lines: Sequence[Worked], on: date, at: datetime, **signed: Any
) -> Statement:
    """Send the month of the link and use it up; `signed` is what `declare_month` takes of the signature.

    The same act arriving again gives the statement back. Raises `Stale` when the link served another one.
    """
    require(rules.says_quality(signed["signed_as"]))
    month, bearer = Month.of(link.month), link.bearer(on)
    if not DeclarationLink.objects.filter(pk=link.pk).open(at).update(used_at=at):
        already = sent_before(link, lines, signed)
        if already is not None:
            return already
        link.refresh_from_db(fields=["used_at", "revoked_at", "expires_at"])
        require(rules.is_open(link, at))
        raise Stale(link)
    statement = declare_month(link.obligation, month=month, lines=lines, actor=bearer, at=at, **signed)
    DeclarationLink.objects.filter(pk=link.pk).update(statement=statement)
    _record("execution.link.used", link, bearer, at, f"link={link.pk}")
    transaction.on_commit(partial(_receipt, link, statement), robust=True)
    return statement


def sent_before(link: DeclarationLink, lines: Sequence[Worked], signed: dict[str, Any]) -> Statement | None:
    """The statement that this very act has sent, if it arrived before."""
    asked = asked_digest(
        lines, nothing=signed["nothing"], signed_by=signed["signed_by"], signed_as=signed["signed_as"]
    )
    return replayed(link.obligation, Month.of(link.month), link.declarant_id, key=signed["key"], asked=asked)


def _receipt(link: DeclarationLink, statement: Statement) -> None:
    """Confirm by mail, without the name of a person."""
    sent = statement.submissions.order_by("-rank").first()
    context = {"link": link, "statement": statement, "sent": sent, "obligation": link.obligation}
    send_mail(
        _("Receipt %(number)s") % {"number": statement.number},
        render_to_string("execution/link_receipt_mail.txt", context),
        settings.DEFAULT_FROM_EMAIL,
        [link.email],
    )
