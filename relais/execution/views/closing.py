"""The end of a contract: what is left to settle, the final balance, the evaluations, the certificate."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from relais.clauses.views.clauses import BODIES, READERS
from relais.execution.actions import closing as actions
from relais.execution.certificate import certificate
from relais.execution.forms.closing import AccountDayForm, EvaluationForm
from relais.execution.models import Debtor, Evaluation, Obligation
from relais.execution.models.closing import QUESTIONS
from relais.execution.queries.closing import closing_of
from relais.execution.rules import closing as rules
from relais.execution.rules.ledger import can_close, can_reopen
from relais.execution.views.ledger import obligation_asked
from relais.kit import audit
from relais.kit.access import open_to, require
from relais.kit.actor import ActorRequest
from relais.kit.documents import KINDS, document_file, file_name
from relais.kit.forms import attempt
from relais.kit.models import Outcome

EDIT = ["GET", "HEAD", "POST"]


@require_safe
@open_to(*READERS, capacity=BODIES)
def closing_detail(request: ActorRequest, pk: int) -> HttpResponse:
    obligation = obligation_asked(request, pk=pk)
    actor = request.actor
    context = {
        "obligation": obligation,
        "clause": obligation.clause,
        "closing": closing_of(obligation, actor),
        "date_account": rules.can_date_account(actor, obligation),
        "evaluate": rules.can_evaluate(actor, obligation),
        "has_side": rules.side_of(actor, obligation) is not None,
        "certify": rules.can_certify(obligation),
        "close": can_close(actor, obligation),
        "reopen": can_reopen(actor, obligation),
        "is_buyer": obligation.buyer_id == actor.organisation_id,
        "kinds": list(KINDS),
    }
    return render(request, "execution/closing.html", context)


def act_page(
    request: ActorRequest, obligation: Obligation, form: Any, act: Any, *, heading: str, done: str
) -> HttpResponse:
    """Show the form, or do the act and go back to the page of the closing."""
    if request.method == "POST" and form.is_valid() and attempt(form, act):
        messages.success(request, done)
        return redirect("closing-detail", request.organisation.slug, obligation.pk)
    context = {"obligation": obligation, "clause": obligation.clause, "form": form, "act_heading": heading}
    return render(request, "execution/closing_act.html", context, status=422 if form.errors else 200)


@require_http_methods(EDIT)
@open_to(*READERS, capacity=BODIES)
def account_date(request: ActorRequest, pk: int) -> HttpResponse:
    obligation = obligation_asked(request, pk=pk)
    require(rules.can_date_account(request.actor, obligation))
    form = AccountDayForm(request.POST or None, initial={"day": obligation.final_account_on})
    return act_page(
        request,
        obligation,
        form,
        lambda: actions.date_final_account(
            obligation, **form.cleaned_data, actor=request.actor, at=timezone.now()
        ),
        heading=_("Day of the final account"),
        done=_("The day of the final account is recorded."),
    )


@require_http_methods(EDIT)
@open_to(*READERS, capacity=BODIES)
def evaluation_give(request: ActorRequest, pk: int) -> HttpResponse:
    obligation = obligation_asked(request, pk=pk)
    require(rules.can_evaluate(request.actor, obligation))
    given = Evaluation.objects.visible_to(request.actor).in_force()
    own = given.filter(obligation=obligation, body_id=request.actor.organisation_id).first()
    known = {name: getattr(own, name) for name in (*QUESTIONS, "kept", "changed")} if own else {}
    form = EvaluationForm(request.POST or None, initial=known)
    return act_page(
        request,
        obligation,
        form,
        lambda: actions.give_evaluation(
            obligation, form.cleaned_data, actor=request.actor, at=timezone.now()
        ),
        heading=_("Evaluate the clause"),
        done=_("Your evaluation is given: the other sides read it."),
    )


@require_safe
@open_to(*READERS, capacity=BODIES)
def closing_certificate(request: ActorRequest, pk: int, debtor: int, kind: str) -> HttpResponse:
    """The certificate of a company as docx, odt or pdf; the download is traced."""
    obligation = obligation_asked(request, pk=pk)
    shares = Debtor.objects.visible_to(request.actor).filter(obligation=obligation)
    share = get_object_or_404(shares.select_related("organisation"), pk=debtor)
    if kind not in KINDS:
        raise Http404
    require(rules.can_certify(obligation))
    share.obligation = obligation
    at = timezone.now()
    document = certificate(share, at=at)
    audit.record(
        "execution.certificate.downloaded",
        obligation,
        actor=request.actor,
        at=at,
        owner_id=obligation.buyer_id,
        scope_id=obligation.scheme_id,
        outcome=Outcome.EXPORTED,
        detail=f"{kind} body={share.organisation_id}",
    )
    name = file_name("attestation", obligation.clause.reference, kind=kind)
    return document_file(document, kind, name)
