"""What the page of a clause shows, made from what was read: facts, timeline, the act that comes next."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from relais.clauses import rules
from relais.clauses.enums import ClauseState, Part
from relais.clauses.models import Clause
from relais.clauses.queries import parties_in_force
from relais.clauses.wording import Gap
from relais.kit.actor import Actor, ActorRequest
from relais.kit.components import Event, Fact, NextAction, Tone
from relais.kit.words import day, euros, hours, say


def facts_of(clause: Clause, *, whole: bool) -> list[Fact]:
    """What is known of the clause and of its lot; the buyer's own analysis only for who reads the whole."""
    lot, contract = clause.lot, clause.contract
    facts = [
        Fact(_("Buyer"), clause.buyer.name),
        Fact(_("Lot"), f"{lot.number} · {lot.object}" if lot.number else lot.object),
        Fact(_("Hours asked") if contract is None else _("Hours committed"), hours(clause.hours)),
        Fact(_("Modality"), clause.get_modality_display()),
        Fact(_("Article"), clause.article, source=clause.get_regime_display()),
        Fact(_("Launch date"), day(clause.launched_on)),
        Fact(_("Penalty per missing hour"), euros(clause.unit_penalty)),
    ]
    if clause.criterion_weight is not None:
        facts.append(Fact(_("Weight of the criterion"), f"{clause.criterion_weight:g} %"))
    if lot.commune:
        facts.append(Fact(_("Place"), str(lot.commune)))
    if whole:
        facts += [
            Fact(_("Trade"), clause.trade or "–", kind="computed"),
            Fact(_("CPV code"), lot.cpv or "–"),
            Fact(_("Estimated amount excluding tax"), euros(lot.estimated_amount), kind="reported"),
        ]
    if contract is not None:
        facts += [
            Fact(_("Contract"), contract.source_id),
            Fact(_("Notification date"), day(contract.notified_on)),
            Fact(_("Amount excluding tax"), euros(contract.amount)),
            Fact(_("Holders"), clause.get_consortium_display()),
        ]
    return facts


def events_of(clause: Clause, actor: Actor) -> list[Event]:
    """The acts of the clause, newest first; a company reads those that concern it."""
    found = [Event(clause.created_at, _("Clause opened"), clause.buyer.name, Tone.INFO)]
    if clause.written_at:
        found.append(Event(clause.written_at, _("Text of the clause kept"), clause.buyer.name, Tone.GOOD))
    if clause.awarded_at:
        found.append(Event(clause.awarded_at, _("Award recorded"), clause.buyer.name, Tone.DONE))
    if clause.abandoned_at:
        found.append(
            Event(
                clause.abandoned_at,
                _("Clause abandoned"),
                clause.buyer.name,
                Tone.WARN,
                detail=clause.abandon_reason,
            )
        )
    for party in clause.parties.all():
        who = f"{party.organisation.name} ({party.get_part_display()})"
        found.append(Event(party.starts_on, _("Takes part"), who))
        if party.ends_on and party.ends_on <= actor.on:
            found.append(Event(party.ends_on, _("Takes part no more"), who))
    return sorted(found, key=lambda event: (_day_of(event), event.has_hour), reverse=True)


def _day_of(event: Event) -> date:
    return date(event.at.year, event.at.month, event.at.day)


def next_act(request: ActorRequest, clause: Clause, gaps: Sequence[Gap]) -> NextAction | None:
    """The one act that the clause waits for, with its owner, and its link for who may do it."""
    slug = request.organisation.slug
    owner = clause.buyer.name
    if clause.state == ClauseState.DRAFT:
        blocking = [say(gap.words) for gap in gaps if gap.blocking]
        if blocking:
            url = _open(request, rules.can_amend_draft(request.actor, clause), "clause-edit", clause)
            return NextAction(
                _("Complete the draft"), owner, clause.launched_on, url, _("Amend"), detail=blocking[0]
            )
        url = _open(request, rules.can_mark_written(request.actor, clause), "clause-detail", clause)
        return NextAction(
            _("Read the text over and keep it for the tender documents"),
            owner,
            clause.launched_on,
            f"{url}#acts" if url else "",
            _("Go to the acts"),
            late=clause.launched_on < request.actor.on,
        )
    if clause.state == ClauseState.WRITTEN:
        url = _open(request, rules.can_record_award(request.actor, clause), "clause-award", clause)
        return NextAction(
            _("Record the award once the contract is notified"), owner, None, url, _("Record the award")
        )
    if clause.state == ClauseState.AWARDED:
        facilitators = parties_in_force(clause, request.actor.on, Part.FACILITATOR)
        return NextAction(
            _("Follow the hours of the contract"),
            _names(party.organisation.name for party in facilitators) or owner,
            None,
            reverse("clause-follow", args=[slug, clause.pk]),
            _("Open the follow-up"),
        )
    return None


def _open(request: ActorRequest, allowed: object, url_name: str, clause: Clause) -> str:
    return reverse(url_name, args=[request.organisation.slug, clause.pk]) if allowed else ""


def _names(names: Iterable[str]) -> str:
    return ", ".join(names)
