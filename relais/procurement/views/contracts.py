"""The register of contracts: list, page, entry, correction, exports."""

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from relais.kit import audit
from relais.kit.access import Refused, concerning, open_to
from relais.kit.actor import ActorRequest
from relais.kit.exports import MOST_ROWS, table_file
from relais.kit.models import Outcome
from relais.kit.paging import paginate
from relais.kit.words import say
from relais.organisations.enums import Capacity, Role
from relais.procurement import actions, exports, noticeboard, queries, rules, sheet
from relais.procurement.forms import ContractFilter, CorrectionForm, EntryForm
from relais.procurement.models import Contract, ContractQuerySet, SourceRecord

READERS = (Role.MANAGER, Role.OFFICER, Role.PROJECT_LEAD, Role.PURCHASER, Role.READER)
CONCERNED = (Capacity.COORDINATOR, Capacity.BUYER, Capacity.COMPANY, Capacity.STRUCTURE)
EXPORT_BATCH = 500


@require_safe
@open_to(*READERS, capacity=CONCERNED)
def contract_list(request: ActorRequest) -> HttpResponse:
    form, contracts = shown(request)
    context = {
        "form": form,
        "page": paginate(contracts, request.GET.get("page")),
        "can_enter": rules.can_enter(request.actor, request.capacities),
        "may_read_notices": {Capacity.COORDINATOR, Capacity.BUYER} & set(request.capacities),
        "may_import": Capacity.COORDINATOR in request.capacities and request.actor.role in rules.IMPORTERS,
    }
    return render(request, "procurement/contract_list.html", context)


@require_safe
@open_to(*READERS, capacity=CONCERNED)
def contract_export(request: ActorRequest) -> HttpResponseBase:
    _form, contracts = shown(request)
    audit.record(
        "procurement.contracts.exported",
        None,
        actor=request.actor,
        at=timezone.now(),
        outcome=Outcome.EXPORTED,
        detail=request.GET.urlencode(),
    )
    rows = contracts[:MOST_ROWS].iterator(EXPORT_BATCH)
    return table_file(exports.contracts_table(rows), request.GET.get("format", ""))


def shown(request: ActorRequest) -> tuple[ContractFilter, ContractQuerySet]:
    """The filters of the address and the contracts they leave, sorted as it asks."""
    form = ContractFilter(request.GET, departments=queries.departments_of_contracts(request.actor))
    contracts = form.apply(queries.contracts_read_by(request.actor))
    return form, queries.sorted_contracts(contracts, request.GET.get("sort", ""))


@require_safe
@open_to(*READERS, capacity=CONCERNED)
def contract_detail(request: ActorRequest, pk: int) -> HttpResponse:
    contract = concerning(request, get_object_or_404(queries.contract_in_full(request.actor), pk=pk))
    context = {
        "contract": contract,
        "facts": sheet.facts_of(contract),
        "amendments": sheet.amendment_lines(contract),
        "flags": sheet.flag_lines(contract),
        "versions": sheet.version_lines(contract),
        "siblings": queries.siblings_of(contract, request.actor),
        "notices": noticeboard.notices_of(contract, request),
        "can_correct": rules.can_correct(request.actor, contract),
    }
    return render(request, "procurement/contract_detail.html", context)


@require_safe
@open_to(*READERS, capacity=CONCERNED)
def contract_source(request: ActorRequest, pk: int, version: int) -> HttpResponse:
    contract = concerning(request, get_object_or_404(Contract.objects.visible_to(request.actor), pk=pk))
    source = get_object_or_404(SourceRecord.objects.visible_to(request.actor), contract=contract, pk=version)
    response = HttpResponse(source.raw, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="marche-{contract.pk}-version-{source.pk}.json"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(Role.MANAGER, Role.OFFICER, Role.PURCHASER, capacity=Capacity.BUYER)
def contract_create(request: ActorRequest) -> HttpResponse:
    schemes = queries.schemes_joined(request.actor)
    if not schemes:
        raise Http404
    form = EntryForm(request.POST or None, schemes=schemes)
    if form.is_valid():
        values = dict(form.cleaned_data)
        try:
            contract = actions.enter_contract(
                values,
                scheme=values.pop("scheme"),
                capacities=request.capacities,
                actor=request.actor,
                at=timezone.now(),
            )
        except Refused as refusal:
            form.add_error("source_id", say(refusal.verdict.reason))
        else:
            return to_contract(request, contract)
    return render(
        request,
        "procurement/contract_form.html",
        {"form": form, "contract": None},
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*READERS, capacity=(Capacity.BUYER, Capacity.COORDINATOR))
def contract_correct(request: ActorRequest, pk: int) -> HttpResponse:
    contract = concerning(request, get_object_or_404(queries.contract_in_full(request.actor), pk=pk))
    verdict = rules.can_correct(request.actor, contract)
    if not verdict:
        raise Refused(verdict)
    initial = {**actions.values_of(contract), "seen": actions.state_of(contract)}
    form = CorrectionForm(request.POST or None, initial=initial, holders=len(contract.holders.all()))
    if form.is_valid():
        values: dict[str, Any] = dict(form.cleaned_data)
        reason, seen = values.pop("reason"), values.pop("seen")
        actions.correct_contract(
            contract, values, reason=reason, seen=seen, actor=request.actor, at=timezone.now()
        )
        return to_contract(request, contract)
    return render(
        request,
        "procurement/contract_form.html",
        {"form": form, "contract": contract},
        status=422 if form.errors else 200,
    )


def to_contract(request: ActorRequest, contract: Contract) -> HttpResponse:
    """Back to the page of the contract."""
    return redirect("contract-detail", organisation=request.organisation.slug, pk=contract.pk)
