"""Pooling agreements: propose a job found, read the agreements, answer, withdraw, end, download."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from relais.clauses.queries import bodies_with
from relais.clauses.views.clauses import BODIES, READERS
from relais.execution.actions import pooling as actions
from relais.execution.agreement_document import agreement_document
from relais.execution.enums import ConsentDecision
from relais.execution.forms.pooling import AnswerForm, JobTermsForm, PoolingForm, StopForm, sentence_in
from relais.execution.models import PoolingAgreement
from relais.execution.queries.agreements import AgreementSheet, agreements_read, sheet_of
from relais.execution.queries.pooling import Proposal
from relais.execution.rules import pooling as rules
from relais.execution.views.pooling import WHOLE_READERS, asked_of, found_by
from relais.kit import audit
from relais.kit.access import concerning, open_to, require
from relais.kit.actor import ActorRequest
from relais.kit.documents import KINDS, document_file, file_name
from relais.kit.forms import attempt
from relais.kit.models import Outcome
from relais.kit.paging import paginate
from relais.organisations.enums import Capacity


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*READERS, capacity=WHOLE_READERS)
def pooling_propose(request: ActorRequest, job: str) -> HttpResponse:
    """Propose a job of the search, found again by the sentence of the address: nothing is taken on trust."""
    sentence, crumbs = asked_of(request, sentence_in(request.GET))
    found = found_by(sentence, crumbs)
    proposal = next((one for one in found.proposals if one.key == job), None) if found else None
    scheme = sentence.scheme_asked
    if proposal is None or scheme is None:
        raise Http404
    require(rules.can_propose(request.actor, [share.debtor.obligation for share in proposal.shares]))
    bodies = bodies_with(scheme.pk, request.actor.on, Capacity.COMPANY, Capacity.STRUCTURE).order_by("name")
    form = JobTermsForm(request.POST or None, bodies=bodies, initial={"job": proposal.trades[0][:120]})

    def act() -> None:
        made = actions.propose_agreement(
            scheme,
            terms_of(form, sentence, proposal),
            [
                actions.Part(share.debtor, proposal.plan_of(rank))
                for rank, share in enumerate(proposal.shares)
            ],
            actor=request.actor,
            at=timezone.now(),
        )
        proposed.append(made)

    proposed: list[PoolingAgreement] = []
    if request.method == "POST" and form.is_valid() and attempt(form, act):
        messages.success(request, _("The agreement is proposed: each body may answer."))
        return redirect("agreement-detail", request.organisation.slug, proposed[0].pk)
    context = {"form": form, "job": proposal, "query": f"?{request.GET.urlencode()}" if request.GET else ""}
    return render(request, "execution/agreement_form.html", context, status=422 if form.errors else 200)


def terms_of(form: JobTermsForm, sentence: PoolingForm, proposal: Proposal) -> actions.JobTerms:
    """The job as typed, with the figures of the sentence that found it."""
    told = sentence.cleaned_data
    names = ("most_hours", "radius", "least_months", "least_month", "full_month", "most_parts")
    return actions.JobTerms(
        employer=form.cleaned_data["employer"],
        job=form.cleaned_data["job"],
        trade=", ".join(proposal.trades),
        department=proposal.department,
        working={name: str(told[name]) for name in names},
    )


@require_safe
@open_to(*READERS, capacity=BODIES)
def agreement_list(request: ActorRequest) -> HttpResponse:
    page = paginate(agreements_read(request.actor), request.GET.get("page"))
    return render(request, "execution/agreement_list.html", {"page": page})


def agreement_asked(request: ActorRequest, pk: int) -> PoolingAgreement:
    agreements = PoolingAgreement.objects.visible_to(request.actor).select_related("employer", "proposer")
    return concerning(request, get_object_or_404(agreements, pk=pk))


def shown(request: ActorRequest, agreement: PoolingAgreement, **forms_sent: forms.Form) -> HttpResponse:
    """The sheet, with the form of each act that the actor may do; a form sent back keeps what was typed."""
    sheet = sheet_of(agreement)
    version = {"version": agreement.version}
    context: dict[str, Any] = {
        "agreement": agreement,
        "sheet": sheet,
        "job": sheet.job,
        "kinds": list(KINDS),
        "answer": AnswerForm(initial=version),
        "stop": StopForm(initial=version),
        **verdicts(request, sheet),
        **forms_sent,
    }
    failed = any(form.errors for form in forms_sent.values())
    return render(request, "execution/agreement_detail.html", context, status=422 if failed else 200)


def verdicts(request: ActorRequest, sheet: AgreementSheet) -> dict[str, Any]:
    agreement, actor = sheet.agreement, request.actor
    return {
        "can_answer": rules.can_answer(actor, agreement, sheet.consents),
        "can_withdraw": rules.can_withdraw(actor, agreement),
        "can_end": rules.can_end(actor, agreement, sheet.consents),
    }


@require_safe
@open_to(*READERS, capacity=BODIES)
def agreement_detail(request: ActorRequest, pk: int) -> HttpResponse:
    return shown(request, agreement_asked(request, pk))


@require_safe
@open_to(*READERS, capacity=BODIES)
def agreement_file(request: ActorRequest, pk: int, kind: str) -> HttpResponse:
    """The agreement as docx, odt or pdf; the download is traced."""
    agreement = agreement_asked(request, pk)
    if kind not in KINDS:
        raise Http404
    at = timezone.now()
    document = agreement_document(sheet_of(agreement), at=at)
    audit.record(
        "execution.agreement.downloaded",
        agreement,
        actor=request.actor,
        at=at,
        owner_id=agreement.proposer_id,
        scope_id=agreement.scheme_id,
        outcome=Outcome.EXPORTED,
        detail=kind,
    )
    return document_file(document, kind, file_name("convention", agreement.reference, kind=kind))


@require_POST
@open_to(*READERS, capacity=BODIES)
def agreement_answer(request: ActorRequest, pk: int) -> HttpResponse:
    agreement = agreement_asked(request, pk)
    require(rules.can_answer(request.actor, agreement, list(agreement.consents.all())))
    form = AnswerForm(request.POST)

    def act() -> None:
        actions.answer_agreement(
            agreement,
            ConsentDecision(form.cleaned_data["decision"]),
            reason=form.cleaned_data["reason"],
            version=form.cleaned_data["version"],
            actor=request.actor,
            at=timezone.now(),
        )

    return acted(request, agreement, form, act, name="answer", done=_("The answer of your body is kept."))


@require_POST
@open_to(*READERS, capacity=BODIES)
def agreement_withdraw(request: ActorRequest, pk: int) -> HttpResponse:
    agreement = agreement_asked(request, pk)
    require(rules.can_withdraw(request.actor, agreement))
    return stopped(request, agreement, actions.withdraw_agreement, done=_("The agreement is withdrawn."))


@require_POST
@open_to(*READERS, capacity=BODIES)
def agreement_end(request: ActorRequest, pk: int) -> HttpResponse:
    agreement = agreement_asked(request, pk)
    require(rules.can_end(request.actor, agreement, list(agreement.consents.all())))
    return stopped(request, agreement, actions.end_agreement, done=_("The agreement is ended."))


def stopped(
    request: ActorRequest, agreement: PoolingAgreement, stop: Callable[..., None], *, done: str
) -> HttpResponse:
    form = StopForm(request.POST)
    return acted(
        request,
        agreement,
        form,
        lambda: stop(agreement, **form.cleaned_data, actor=request.actor, at=timezone.now()),
        name="stop",
        done=done,
    )


def acted(
    request: ActorRequest,
    agreement: PoolingAgreement,
    form: forms.Form,
    act: Callable[[], None],
    *,
    name: str,
    done: str,
) -> HttpResponse:
    """Do the act and go back to the sheet, or tell on the form what is wrong."""
    if form.is_valid() and attempt(form, act):
        messages.success(request, done)
        return redirect("agreement-detail", request.organisation.slug, agreement.pk)
    return shown(request, agreement, **{name: form})
