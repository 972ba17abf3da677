"""The rules of owing of an obligation: what they give, hours worked, true-ups, tranches and renewals."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from relais.clauses.views.clauses import BODIES, READERS
from relais.execution.actions import options
from relais.execution.actions import owing as actions
from relais.execution.forms.owing import (
    LeavingForm,
    OptionForm,
    RuleForm,
    TakingForm,
    TrueUpForm,
    WorkedForm,
    years_until,
)
from relais.execution.models import ContractOption, Obligation
from relais.execution.queries.owing import owing_page
from relais.execution.rules import owing as rules
from relais.kit.access import concerning, open_to, require
from relais.kit.actor import ActorRequest
from relais.kit.forms import attempt


def owing_asked(request: ActorRequest, pk: int) -> Obligation:
    """The obligation, for who reads its rule."""
    obligations = Obligation.objects.visible_to(request.actor).with_file()
    obligation = concerning(
        request, get_object_or_404(obligations.prefetch_related("clause__parties"), pk=pk)
    )
    require(rules.can_read_owing(request.actor, obligation))
    return obligation


def act_page(
    request: ActorRequest,
    obligation: Obligation,
    form: forms.Form,
    act: Callable[[], object],
    *,
    template: str,
    done: str,
    back: str = "owing-detail",
    **extra: Any,
) -> HttpResponse:
    """Show the form of an act, or do the act and go back; a refusal is told on the form."""
    if request.method == "POST" and form.is_valid() and attempt(form, act):
        messages.success(request, done)
        return redirect(back, request.organisation.slug, obligation.pk)
    context = {"obligation": obligation, "clause": obligation.clause, "form": form, "back": back, **extra}
    return render(request, template, context, status=422 if form.errors else 200)


@require_safe
@open_to(*READERS, capacity=BODIES)
def owing_detail(request: ActorRequest, pk: int) -> HttpResponse:
    obligation = owing_asked(request, pk)
    actor = request.actor
    context = {
        "obligation": obligation,
        "clause": obligation.clause,
        "owing": owing_page(obligation, actor),
        "acts": {
            "rule": rules.can_set_rule(actor, obligation),
            "calls": rules.can_record_calls(actor, obligation),
            "worked": rules.can_declare_worked(actor, obligation),
            "true_up": rules.can_true_up(actor, obligation),
            "option": rules.can_plan_option(actor, obligation),
        },
    }
    return render(request, "execution/owing.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*READERS, capacity=BODIES)
def rule_add(request: ActorRequest, pk: int) -> HttpResponse:
    obligation = owing_asked(request, pk)
    require(rules.can_set_rule(request.actor, obligation))
    form = RuleForm(request.POST or None, initial={"starts_on": obligation.starts_on})

    def act() -> None:
        rule, terms = form.wanted()
        actions.set_rule(obligation, rule, **terms, actor=request.actor, at=timezone.now())

    return act_page(
        request, obligation, form, act, template="execution/rule_form.html", done=_("The rule is recorded.")
    )


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*READERS, capacity=BODIES)
def worked_add(request: ActorRequest, pk: int) -> HttpResponse:
    obligation = owing_asked(request, pk)
    require(rules.can_declare_worked(request.actor, obligation))
    form = WorkedForm(request.POST or None)
    return act_page(
        request,
        obligation,
        form,
        lambda: actions.declare_worked(
            obligation, **form.cleaned_data, actor=request.actor, at=timezone.now()
        ),
        template="execution/worked_form.html",
        done=_("The hours worked are counted."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*READERS, capacity=BODIES)
def true_up(request: ActorRequest, pk: int) -> HttpResponse:
    obligation = owing_asked(request, pk)
    require(rules.can_true_up(request.actor, obligation))
    form = TrueUpForm(request.POST or None, years=years_until(obligation.starts_on, request.actor.on))
    return act_page(
        request,
        obligation,
        form,
        lambda: actions.true_up(
            obligation, form.cleaned_data["year"], actor=request.actor, at=timezone.now()
        ),
        template="execution/true_up_form.html",
        done=_("The year is settled."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*READERS, capacity=BODIES)
def option_add(request: ActorRequest, pk: int) -> HttpResponse:
    obligation = owing_asked(request, pk)
    require(rules.can_plan_option(request.actor, obligation))
    form = OptionForm(request.POST or None)
    return act_page(
        request,
        obligation,
        form,
        lambda: options.plan_option(obligation, form.wanted(), actor=request.actor, at=timezone.now()),
        template="execution/option_form.html",
        done=_("Written down: nothing is owed of it yet."),
    )


def option_asked(request: ActorRequest, obligation: Obligation, pk: int) -> ContractOption:
    own = ContractOption.objects.visible_to(request.actor).filter(obligation=obligation)
    option = concerning(request, get_object_or_404(own, pk=pk))
    option.obligation = obligation
    require(rules.can_decide_option(request.actor, option))
    return option


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*READERS, capacity=BODIES)
def option_take(request: ActorRequest, pk: int, option: int) -> HttpResponse:
    obligation = owing_asked(request, pk)
    found = option_asked(request, obligation, option)
    form = TakingForm(request.POST or None, initial={"decided_on": request.actor.on})
    return act_page(
        request,
        obligation,
        form,
        lambda: options.take_option(found, **form.cleaned_data, actor=request.actor, at=timezone.now()),
        template="execution/option_take.html",
        done=_("Its hours are owed."),
        option=found,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*READERS, capacity=BODIES)
def option_leave(request: ActorRequest, pk: int, option: int) -> HttpResponse:
    obligation = owing_asked(request, pk)
    found = option_asked(request, obligation, option)
    form = LeavingForm(request.POST or None, initial={"decided_on": request.actor.on})
    return act_page(
        request,
        obligation,
        form,
        lambda: options.leave_option(found, **form.cleaned_data, actor=request.actor, at=timezone.now()),
        template="execution/option_leave.html",
        done=_("It is left aside: nothing is owed of it."),
        option=found,
    )
