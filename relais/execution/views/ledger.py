"""The follow-up of an obligation: its page, its files, and every act on what is owed."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from relais.clauses.views.clauses import BODIES, READERS
from relais.execution.actions import ledger as actions
from relais.execution.exports.ledger import ledger_table
from relais.execution.forms.ledger import (
    AsOfForm,
    ClosingForm,
    ContactForm,
    EntryForm,
    KickOffForm,
    ReopeningForm,
    ResumingForm,
    TransferForm,
)
from relais.execution.models import Debtor, Obligation
from relais.execution.queries.ledger import book_of, statement_of_account
from relais.execution.rules import ledger as rules
from relais.execution.views.amendments import agreed
from relais.execution.views.follow_up import follow_up
from relais.kit import audit
from relais.kit.access import concerning, open_to, require
from relais.kit.actor import ActorRequest
from relais.kit.exports import table_file
from relais.kit.forms import attempt
from relais.kit.models import Outcome


def obligation_asked(request: ActorRequest, **key: int) -> Obligation:
    obligations = Obligation.objects.visible_to(request.actor).with_file()
    return concerning(request, get_object_or_404(obligations.with_parties(), **key))


def debtors_of(request: ActorRequest, obligation: Obligation) -> list[Debtor]:
    shares = Debtor.objects.visible_to(request.actor).filter(obligation=obligation)
    found = list(shares.select_related("organisation"))
    for debtor in found:
        debtor.obligation = obligation
    return found


@require_safe
@open_to(*READERS, capacity=BODIES)
def obligation_detail(request: ActorRequest, pk: int) -> HttpResponse:
    obligation = obligation_asked(request, pk=pk)
    form = AsOfForm(request.GET if "au" in request.GET else None)
    context = follow_up(request, obligation, form.day(request.actor.on))
    context |= {"as_of_form": form, "acts": acts_of(request, obligation)}
    context |= agreed(request, obligation, context["shares"])
    return render(request, "execution/obligation_detail.html", context)


def acts_of(request: ActorRequest, obligation: Obligation) -> dict[str, Any]:
    """The verdict of each act on the ledger."""
    actor = request.actor
    return {
        "entry": rules.can_write_ledger(actor, obligation),
        "transfer": rules.can_transfer(actor, obligation),
        "kick_off": rules.can_record_kick_off(actor, obligation),
        "contact": rules.can_name_contact(actor, obligation),
        "resume": rules.can_resume(actor, obligation),
        "close": rules.can_close(actor, obligation),
        "reopen": rules.can_reopen(actor, obligation),
    }


@require_safe
@open_to(*READERS, capacity=BODIES)
def obligation_print(request: ActorRequest, pk: int) -> HttpResponse:
    obligation = obligation_asked(request, pk=pk)
    context = follow_up(request, obligation, request.actor.on)
    return render(request, "execution/obligation_print.html", context)


@require_safe
@open_to(*READERS, capacity=BODIES)
def clause_follow(request: ActorRequest, pk: int) -> HttpResponse:
    obligation = concerning(
        request, get_object_or_404(Obligation.objects.visible_to(request.actor), clause_id=pk)
    )
    return redirect("obligation-detail", request.organisation.slug, obligation.pk)


@require_safe
@open_to(*READERS, capacity=BODIES)
def ledger_export(request: ActorRequest, pk: int) -> HttpResponseBase:
    obligation = obligation_asked(request, pk=pk)
    day = AsOfForm(request.GET if "au" in request.GET else None).day(request.actor.on)
    lines = statement_of_account(book_of(obligation, actor=request.actor), as_of=day)
    kind = request.GET.get("format", "csv")
    audit.record(
        "execution.ledger.exported",
        obligation,
        actor=request.actor,
        at=timezone.now(),
        owner_id=obligation.buyer_id,
        scope_id=obligation.scheme_id,
        outcome=Outcome.EXPORTED,
        detail=f"{kind} rows={len(lines)}",
    )
    return table_file(ledger_table(obligation.clause.reference, lines), kind)


def act_page(
    request: ActorRequest,
    obligation: Obligation,
    form: forms.Form,
    act: Callable[[], object],
    *,
    template: str,
    done: str,
) -> HttpResponse:
    """Show the form of an act, or do the act and go back to the follow-up; a refusal is told on the form."""
    if request.method == "POST" and form.is_valid() and attempt(form, act):
        messages.success(request, done)
        return redirect("obligation-detail", request.organisation.slug, obligation.pk)
    context = {"obligation": obligation, "clause": obligation.clause, "form": form}
    return render(request, template, context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*READERS, capacity=BODIES)
def entry_add(request: ActorRequest, pk: int) -> HttpResponse:
    obligation = obligation_asked(request, pk=pk)
    require(rules.can_write_ledger(request.actor, obligation))
    form = EntryForm(request.POST or None, debtors=debtors_of(request, obligation))
    return act_page(
        request,
        obligation,
        form,
        lambda: actions.record_entry(obligation, form.wanted(), actor=request.actor, at=timezone.now()),
        template="execution/entry_form.html",
        done=_("The entry is recorded."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*READERS, capacity=BODIES)
def transfer_add(request: ActorRequest, pk: int) -> HttpResponse:
    obligation = obligation_asked(request, pk=pk)
    require(rules.can_transfer(request.actor, obligation))
    form = TransferForm(request.POST or None, debtors=debtors_of(request, obligation))
    return act_page(
        request,
        obligation,
        form,
        lambda: actions.transfer_between_debtors(**form.transfer(), actor=request.actor, at=timezone.now()),
        template="execution/transfer_form.html",
        done=_("The hours are transferred; the whole has not changed."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*READERS, capacity=BODIES)
def kick_off(request: ActorRequest, pk: int) -> HttpResponse:
    obligation = obligation_asked(request, pk=pk)
    require(rules.can_record_kick_off(request.actor, obligation))
    form = KickOffForm(request.POST or None, initial={"held_on": request.actor.on})
    return act_page(
        request,
        obligation,
        form,
        lambda: actions.record_kick_off(
            obligation, **form.cleaned_data, actor=request.actor, at=timezone.now()
        ),
        template="execution/kick_off_form.html",
        done=_("The kick-off meeting is recorded."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*READERS, capacity=BODIES)
def contact_name(request: ActorRequest, pk: int) -> HttpResponse:
    obligation = obligation_asked(request, pk=pk)
    require(rules.can_name_contact(request.actor, obligation))
    known = {"name": obligation.contact_name, "email": obligation.contact_email}
    form = ContactForm(request.POST or None, initial=known)
    return act_page(
        request,
        obligation,
        form,
        lambda: actions.name_contact(obligation, **form.cleaned_data, actor=request.actor, at=timezone.now()),
        template="execution/contact_form.html",
        done=_("The correspondent is named."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*READERS, capacity=BODIES)
def obligation_resume(request: ActorRequest, pk: int) -> HttpResponse:
    obligation = obligation_asked(request, pk=pk)
    require(rules.can_resume(request.actor, obligation))
    form = ResumingForm(request.POST if request.method == "POST" else None)
    return act_page(
        request,
        obligation,
        form,
        lambda: actions.resume_obligation(
            obligation, **form.cleaned_data, actor=request.actor, at=timezone.now()
        ),
        template="execution/resume_form.html",
        done=_("The obligation runs again."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*READERS, capacity=BODIES)
def obligation_close(request: ActorRequest, pk: int) -> HttpResponse:
    obligation = obligation_asked(request, pk=pk)
    require(rules.can_close(request.actor, obligation))
    form = ClosingForm(request.POST or None)
    return act_page(
        request,
        obligation,
        form,
        lambda: actions.close_obligation(obligation, **form.ending(), actor=request.actor, at=timezone.now()),
        template="execution/closing_form.html",
        done=_("The obligation is closed."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*READERS, capacity=BODIES)
def obligation_reopen(request: ActorRequest, pk: int) -> HttpResponse:
    obligation = obligation_asked(request, pk=pk)
    require(rules.can_reopen(request.actor, obligation))
    form = ReopeningForm(request.POST or None)
    return act_page(
        request,
        obligation,
        form,
        lambda: actions.reopen_obligation(
            obligation, **form.cleaned_data, actor=request.actor, at=timezone.now()
        ),
        template="execution/reopening_form.html",
        done=_("The obligation is open again."),
    )
