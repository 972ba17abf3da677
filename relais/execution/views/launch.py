"""The kick-off file: contacts, split of the hours, plan by month and trade, minutes; print and files."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from relais.clauses.models import Correspondent, Minutes
from relais.clauses.queries import parties_in_force
from relais.clauses.views.clauses import BODIES, READERS
from relais.execution.actions import launch as actions
from relais.execution.forms.launch import CorrespondentForm, MinutesForm, PlanForm, SpreadForm
from relais.execution.launch_document import launch_document
from relais.execution.models import Obligation
from relais.execution.queries.launch import launch_of, plan_of
from relais.execution.rules import launch as rules
from relais.execution.rules.ledger import can_record_kick_off
from relais.execution.views.ledger import obligation_asked
from relais.kit import audit
from relais.kit.access import concerning, open_to, require
from relais.kit.actor import ActorRequest
from relais.kit.documents import KINDS, document_file, file_name
from relais.kit.forms import attempt
from relais.kit.models import Outcome
from relais.organisations.models import Membership, Organisation


def shown(request: ActorRequest, obligation: Obligation) -> dict[str, Any]:
    """What the page and its print show."""
    actor = request.actor
    return {
        "obligation": obligation,
        "clause": obligation.clause,
        "launch": launch_of(obligation, actor),
        "read_plan": rules.can_read_plan(actor, obligation),
        "name": rules.can_name_correspondents(actor, obligation),
        "name_all": can_record_kick_off(actor, obligation),
        "write_plan": rules.can_write_plan(actor, obligation),
        "write_minutes": rules.can_write_minutes(actor, obligation),
        "kinds": list(KINDS),
    }


@require_safe
@open_to(*READERS, capacity=BODIES)
def launch_detail(request: ActorRequest, pk: int) -> HttpResponse:
    return render(request, "execution/launch.html", shown(request, obligation_asked(request, pk=pk)))


@require_safe
@open_to(*READERS, capacity=BODIES)
def launch_print(request: ActorRequest, pk: int) -> HttpResponse:
    return render(request, "execution/launch_print.html", shown(request, obligation_asked(request, pk=pk)))


@require_safe
@open_to(*READERS, capacity=BODIES)
def launch_file(request: ActorRequest, pk: int, kind: str) -> HttpResponse:
    """The file as docx, odt or pdf; the download is traced."""
    obligation = obligation_asked(request, pk=pk)
    if kind not in KINDS:
        raise Http404
    at = timezone.now()
    document = launch_document(launch_of(obligation, request.actor), at=at)
    audit.record(
        "execution.launch.downloaded",
        obligation,
        actor=request.actor,
        at=at,
        owner_id=obligation.buyer_id,
        scope_id=obligation.scheme_id,
        outcome=Outcome.EXPORTED,
        detail=kind,
    )
    return document_file(document, kind, file_name("lancement", obligation.clause.reference, kind=kind))


def act_page(
    request: ActorRequest,
    obligation: Obligation,
    form: forms.Form,
    act: Callable[[], object],
    *,
    template: str,
    done: str,
    **extra: Any,
) -> HttpResponse:
    """Show the form of an act, or do the act and go back to the file; a refusal is told on the form."""
    if request.method == "POST" and form.is_valid() and attempt(form, act):
        messages.success(request, done)
        return redirect("launch-detail", request.organisation.slug, obligation.pk)
    context = {"obligation": obligation, "clause": obligation.clause, "form": form, **extra}
    return render(request, template, context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*READERS, capacity=BODIES)
def correspondent_add(request: ActorRequest, pk: int) -> HttpResponse:
    obligation = obligation_asked(request, pk=pk)
    require(rules.can_name_correspondents(request.actor, obligation))
    members = Membership.objects.visible_to(request.actor).active(request.actor.on)
    form = CorrespondentForm(
        request.POST or None,
        bodies=bodies_to_name(request, obligation),
        members=members.select_related("user").order_by("user__full_name", "pk"),
        own_id=request.actor.organisation_id,
    )
    return act_page(
        request,
        obligation,
        form,
        lambda: actions.name_correspondent(
            obligation, form.contact(), actor=request.actor, at=timezone.now()
        ),
        template="execution/correspondent_form.html",
        done=_("The correspondent is named."),
    )


def bodies_to_name(request: ActorRequest, obligation: Obligation) -> list[Organisation]:
    """The bodies that the actor may name a correspondent of: all that take part, or its own."""
    parties = parties_in_force(obligation.clause, request.actor.on)
    found = [obligation.buyer, *(party.organisation for party in parties)]
    bodies = {body.pk: body for body in found if rules.can_name_for(request.actor, obligation, body.pk)}
    own = request.actor.organisation_id
    return sorted(bodies.values(), key=lambda body: (body.pk != own, body.search_name))


@require_POST
@open_to(*READERS, capacity=BODIES)
def correspondent_end(request: ActorRequest, pk: int, correspondent: int) -> HttpResponse:
    obligation = obligation_asked(request, pk=pk)
    known = Correspondent.objects.visible_to(request.actor).filter(clause_id=obligation.clause_id)
    found = concerning(request, get_object_or_404(known, pk=correspondent))
    actions.end_correspondent(obligation, found, actor=request.actor, at=timezone.now())
    messages.success(request, _("The correspondent is taken off the list."))
    return redirect("launch-detail", request.organisation.slug, obligation.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*READERS, capacity=BODIES)
def launch_spread(request: ActorRequest, pk: int) -> HttpResponse:
    obligation = obligation_asked(request, pk=pk)
    require(rules.can_write_plan(request.actor, obligation))
    form = SpreadForm(request.POST or None, trade=obligation.clause.trade or _("All trades"))
    return act_page(
        request,
        obligation,
        form,
        lambda: actions.spread_hours(obligation, form.trades(), actor=request.actor, at=timezone.now()),
        template="execution/spread_form.html",
        done=_("The plan is made: change it by hand where the work asks for it."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*READERS, capacity=BODIES)
def launch_plan(request: ActorRequest, pk: int) -> HttpResponse:
    obligation = obligation_asked(request, pk=pk)
    require(rules.can_write_plan(request.actor, obligation))
    table = plan_of(obligation, request.actor)
    if table is None:
        return redirect("launch-spread", request.organisation.slug, obligation.pk)
    table = table.covering(obligation.starts_on, obligation.ends_on)
    form = PlanForm(request.POST or None, table=table)
    return act_page(
        request,
        obligation,
        form,
        lambda: actions.write_plan(
            obligation,
            form.lines(),
            actor=request.actor,
            at=timezone.now(),
            version=form.cleaned_data["version"],
        ),
        template="execution/plan_form.html",
        done=_("The plan is kept."),
        table=table,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*READERS, capacity=BODIES)
def launch_minutes(request: ActorRequest, pk: int) -> HttpResponse:
    obligation = obligation_asked(request, pk=pk)
    require(rules.can_write_minutes(request.actor, obligation))
    written = Minutes.objects.visible_to(request.actor)
    known = written.filter(clause_id=obligation.clause_id, replaced_at=None).first()
    form = MinutesForm(request.POST or None, initial=initial_minutes(request, obligation, known))
    return act_page(
        request,
        obligation,
        form,
        lambda: actions.write_minutes(obligation, form.meeting(), actor=request.actor, at=timezone.now()),
        template="execution/minutes_form.html",
        done=_("The minutes are kept and the day of the meeting is recorded."),
        known=known,
    )


def initial_minutes(request: ActorRequest, obligation: Obligation, known: Minutes | None) -> dict[str, Any]:
    """The minutes kept, to be corrected; or else the day recorded and the bodies that take part."""
    if known is not None:
        names = ("held_on", "attendees", "decisions", "next_steps")
        return {name: getattr(known, name) for name in names}
    parties = parties_in_force(obligation.clause, request.actor.on)
    bodies = [obligation.buyer.name, *(party.organisation.name for party in parties)]
    return {
        "held_on": obligation.kicked_off_on or request.actor.on,
        "attendees": "\n".join(f"{body} : " for body in dict.fromkeys(bodies)),
    }
