"""The file of a breach and each of its steps; the causes outside the company; the letters."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from relais.clauses.queries import WHOLE, stands_of
from relais.clauses.views.clauses import BODIES, READERS
from relais.core.calibration import Step as WorkingStep
from relais.execution.actions import sanctions as actions
from relais.execution.enums import BreachAct, BreachStage
from relais.execution.forms import sanctions as sanction_forms
from relais.execution.models import Breach, Cause
from relais.execution.queries.sanctions import BreachFile, file_of, gap_of, hands_of
from relais.execution.rules import sanctions as rules
from relais.execution.sanction_letters import LETTERS, letter
from relais.kit import audit
from relais.kit.access import concerning, open_to, require
from relais.kit.actor import ActorRequest
from relais.kit.documents import KINDS, document_file, file_name
from relais.kit.forms import attempt
from relais.kit.models import Outcome

EDIT = ["GET", "HEAD", "POST"]


def breach_asked(request: ActorRequest, pk: int) -> Breach:
    breaches = Breach.objects.visible_to(request.actor).with_file()
    return concerning(request, get_object_or_404(breaches, pk=pk))


@require_safe
@open_to(*READERS, capacity=BODIES)
def breach_detail(request: ActorRequest, pk: int) -> HttpResponse:
    breach = breach_asked(request, pk)
    file = file_of(breach, request.actor, request.actor.on)
    whole = bool(stands_of(request.actor, breach.obligation.clause) & WHOLE)
    context = {
        **framed(breach),
        "file": file,
        "whole": whole,
        "acts": acts_of(request, breach, file),
        "tell_cause": rules.can_tell_cause(request.actor, breach),
        "causes": [
            (cause, rules.can_answer_cause(request.actor, told(cause, breach))) for cause in file.causes
        ],
        "steps": [(step, workings(step.working), step.act in LETTERS) for step in reversed(file.steps)],
        "kinds": list(KINDS),
    }
    return render(request, "execution/breach_detail.html", context)


def framed(breach: Breach) -> dict[str, Any]:
    return {"breach": breach, "obligation": breach.obligation, "clause": breach.obligation.clause}


def told(cause: Cause, breach: Breach) -> Cause:
    cause.breach = breach
    return cause


def workings(working: dict[str, Any]) -> list[WorkingStep]:
    """The working of a penalty, as it was kept."""
    return [WorkingStep.from_dict(kept) for kept in working.get("steps", ())]


DOING = {
    BreachAct.REMINDER: gettext_lazy("Send the reminder"),
    BreachAct.MEETING: gettext_lazy("Keep the minutes of the meeting"),
    BreachAct.REGULARISED: gettext_lazy("Record that it is put right"),
    BreachAct.ADVICE: gettext_lazy("Give an opinion"),
    BreachAct.NO_REPLY: gettext_lazy("Record the absence of a reply"),
    BreachAct.REPLY: gettext_lazy("Answer the buyer"),
    BreachAct.NOTICE_PROPOSED: gettext_lazy("Propose a formal notice"),
    BreachAct.PENALTY_PROPOSED: gettext_lazy("Propose a penalty"),
    BreachAct.WAIVER_PROPOSED: gettext_lazy("Propose to waive the penalty"),
    BreachAct.ACCOUNTED: gettext_lazy("Take the penalty into account"),
}
"""What the button of each step says; a proposal has one for who decides."""
PAGES_OF = {
    **{form.act: ("breach-warn", name) for name, form in sanction_forms.WARNING_FORMS.items()},
    **{form.act: ("breach-propose", name) for name, form in sanction_forms.PROPOSAL_FORMS.items()},
}
"""The page of each step, and its name in the address when the page has several."""


def acts_of(request: ActorRequest, breach: Breach, file: BreachFile) -> list[dict[str, Any]]:
    """The steps open to the actor today, with their page; those that follow but are refused say why."""
    hands = hands_of(request.actor, breach, file.steps)
    found = []
    for act, (page, name) in PAGES_OF.items():
        verdict = rules.can_take(request.actor, breach, act, hands=hands)
        if verdict or (rules.stands_for(request.actor, breach, act) and is_next(breach, act)):
            found.append({"label": DOING[act], "verdict": verdict, "page": page, "name": name})
    accepting = sanction_forms.ACCEPTING.get(breach.get_stage())
    for act, page in ((BreachAct.REPLY, "breach-reply"), (BreachAct.ACCOUNTED, "breach-account")):
        verdict = rules.can_take(request.actor, breach, act, hands=hands)
        if verdict:
            found.append({"label": DOING[act], "verdict": verdict, "page": page, "name": ""})
    if accepting and rules.stands_for(request.actor, breach, accepting):
        verdict = rules.can_take(request.actor, breach, BreachAct.RETURNED, hands=hands)
        label = _("Decide on the proposal")
        found.append({"label": label, "verdict": verdict, "page": "breach-decide", "name": ""})
    return found


NEXT = {
    BreachStage.NOTICE: (BreachAct.NO_REPLY,),
    BreachStage.HEARD: (BreachAct.PENALTY_PROPOSED,),
}
"""Steps that come next and may have to wait: the page says until when."""


def is_next(breach: Breach, act: BreachAct) -> bool:
    return act in NEXT.get(breach.get_stage(), ())


def step_page(
    request: ActorRequest,
    breach: Breach,
    form: forms.Form,
    act: Callable[[], object],
    *,
    heading: str,
    done: str,
    lead: str = "",
) -> HttpResponse:
    """Show the form of a step, or take it and go back to the file; a refusal is told on the form."""
    if request.method == "POST" and form.is_valid() and attempt(form, act):
        messages.success(request, done)
        return redirect("breach-detail", request.organisation.slug, breach.pk)
    context = {**framed(breach), "form": form, "step_heading": heading, "step_lead": lead}
    return render(request, "execution/breach_form.html", context, status=422 if form.errors else 200)


def step_taken(
    request: ActorRequest, breach: Breach, form: Any, *, heading: str, lead: str = ""
) -> HttpResponse:
    return step_page(
        request,
        breach,
        form,
        lambda: actions.take_step(breach, form.doing(), actor=request.actor, at=timezone.now()),
        heading=heading,
        lead=lead,
        done=_("The step is kept in the file of the breach."),
    )


@require_http_methods(EDIT)
@open_to(*READERS, capacity=BODIES)
def breach_warn(request: ActorRequest, pk: int, step: str) -> HttpResponse:
    """Reminder, meeting, opinion, absence of reply, regularisation."""
    breach = breach_asked(request, pk)
    kind = sanction_forms.WARNING_FORMS.get(step)
    if kind is None:
        raise Http404
    require(rules.can_take(request.actor, breach, kind.act))
    extra: dict[str, Any] = (
        {"breach": breach, "today": request.actor.on} if kind.act == BreachAct.REMINDER else {}
    )
    form = kind(request.POST or None, initial={"on": request.actor.on}, **extra)
    lead = ""
    if kind.act == BreachAct.REMINDER and breach.missing:
        lead = _("The hours asked month by month add up to those missing when the gap was observed.")
    return step_taken(request, breach, form, heading=str(DOING[kind.act]), lead=lead)


@require_http_methods(EDIT)
@open_to(*READERS, capacity=BODIES)
def breach_reply(request: ActorRequest, pk: int) -> HttpResponse:
    """The right of reply of the company."""
    breach = breach_asked(request, pk)
    require(rules.can_take(request.actor, breach, BreachAct.REPLY))
    form = sanction_forms.ReplyForm(request.POST or None, initial={"on": request.actor.on})
    return step_taken(request, breach, form, heading=str(DOING[BreachAct.REPLY]))


@require_http_methods(EDIT)
@open_to(*READERS, capacity=BODIES)
def breach_propose(request: ActorRequest, pk: int, step: str) -> HttpResponse:
    """Formal notice, penalty, waiver: proposed to a manager."""
    breach = breach_asked(request, pk)
    kind = sanction_forms.PROPOSAL_FORMS.get(step)
    if kind is None:
        raise Http404
    require(rules.can_take(request.actor, breach, kind.act))
    initial: dict[str, Any] = {"on": request.actor.on}
    if kind.act == BreachAct.PENALTY_PROPOSED:
        initial |= sanction_forms.initial_penalty(gap_of(breach.debtor, breach.obligation, request.actor.on))
    form = kind(request.POST or None, initial=initial)
    lead = _("Nothing is sent to the company before a manager, another person than you, decides.")
    return step_taken(request, breach, form, heading=str(DOING[kind.act]), lead=lead)


@require_http_methods(EDIT)
@open_to(*READERS, capacity=BODIES)
def breach_decide(request: ActorRequest, pk: int) -> HttpResponse:
    """A manager signs or decides what another person proposed, or sends it back."""
    breach = breach_asked(request, pk)
    require(rules.can_take(request.actor, breach, BreachAct.RETURNED))
    file = file_of(breach, request.actor, request.actor.on)
    form = sanction_forms.DecisionForm(request.POST or None, breach=breach, initial={"on": request.actor.on})
    return step_taken(request, breach, form, heading=_("Decide on the proposal"), lead=proposed(file))


def proposed(file: BreachFile) -> str:
    """The text proposed, for who decides."""
    step = file.step(BreachAct.NOTICE_PROPOSED, BreachAct.PENALTY_PROPOSED, BreachAct.WAIVER_PROPOSED)
    return step.text if step else ""


@require_http_methods(EDIT)
@open_to(*READERS, capacity=BODIES)
def breach_account(request: ActorRequest, pk: int) -> HttpResponse:
    """The penalty decided, on a payment account or by a revenue order."""
    breach = breach_asked(request, pk)
    require(rules.can_take(request.actor, breach, BreachAct.ACCOUNTED))
    form = sanction_forms.AccountForm(request.POST or None, initial={"on": request.actor.on})
    return step_taken(request, breach, form, heading=str(DOING[BreachAct.ACCOUNTED]))


@require_http_methods(EDIT)
@open_to(*READERS, capacity=BODIES)
def cause_tell(request: ActorRequest, pk: int) -> HttpResponse:
    breach = breach_asked(request, pk)
    require(rules.can_tell_cause(request.actor, breach))
    form = sanction_forms.CauseForm(request.POST or None)
    return step_page(
        request,
        breach,
        form,
        lambda: actions.tell_cause(form.cause(breach), actor=request.actor, at=timezone.now()),
        heading=_("Put forward a cause outside the company"),
        lead=_("The facilitator accepts it or not; hours accepted are taken off any penalty."),
        done=_("The cause is in the file: the facilitator answers it."),
    )


@require_http_methods(EDIT)
@open_to(*READERS, capacity=BODIES)
def cause_answer(request: ActorRequest, pk: int) -> HttpResponse:
    causes = Cause.objects.visible_to(request.actor).select_related("body")
    cause = get_object_or_404(causes, pk=pk)
    breach = breach_asked(request, cause.breach_id)
    cause.breach = breach
    require(rules.can_answer_cause(request.actor, cause))
    form = sanction_forms.AnswerForm(request.POST or None)
    return step_page(
        request,
        breach,
        form,
        lambda: actions.answer_cause(cause, **form.reply(), actor=request.actor, at=timezone.now()),
        heading=str(cause.get_kind_display()),
        lead=f"{cause.body.name} · {cause.evidence}" + (f" · {cause.text}" if cause.text else ""),
        done=_("The answer is in the file."),
    )


@require_safe
@open_to(*READERS, capacity=BODIES)
def breach_letter(request: ActorRequest, pk: int, number: int, kind: str) -> HttpResponse:
    """The letter of a step as docx, odt or pdf; the download is traced."""
    breach = breach_asked(request, pk)
    at = timezone.now()
    file = file_of(breach, request.actor, request.actor.on)
    step = next((one for one in file.steps if one.number == number and one.act in LETTERS), None)
    if kind not in KINDS or step is None:
        raise Http404
    document = letter(file, step, at=at)
    audit.record(
        "execution.breach.letter",
        breach.obligation,
        actor=request.actor,
        at=at,
        owner_id=breach.obligation.buyer_id,
        scope_id=breach.obligation.scheme_id,
        outcome=Outcome.EXPORTED,
        detail=f"{step.act} {breach.number} {kind}",
    )
    return document_file(document, kind, file_name(LETTERS[step.get_act()], breach.number, kind=kind))
