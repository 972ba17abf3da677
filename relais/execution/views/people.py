"""People as the facilitator keeps them, and the people of a clause as their employers see them."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from relais.execution.actions import people as actions
from relais.execution.exports.people import people_table
from relais.execution.forms.people import (
    EligibilityForm,
    JobEndForm,
    JobForm,
    ObligationChoice,
    PeopleFilter,
    PersonForm,
    SchemeForm,
    identity_of,
    proofs_expected,
    sorted_people,
)
from relais.execution.models import JobContract, Obligation, Person
from relais.execution.queries import people as queries
from relais.execution.queries.policies import terms_at
from relais.execution.rules import people as rules
from relais.kit import audit
from relais.kit.access import Refused, concerning, open_to, require
from relais.kit.actor import ActorRequest
from relais.kit.exports import table_file
from relais.kit.models import Outcome
from relais.kit.paging import paginate
from relais.kit.words import say
from relais.organisations.enums import Capacity, Role

READERS = (Role.MANAGER, Role.OFFICER, Role.READER)
WRITERS = (Role.MANAGER, Role.OFFICER)


def person_of(request: ActorRequest, pk: int) -> Person:
    """A person the actor's own body follows; a file that left use opens to a manager only."""
    followed = Person.objects.visible_to(request.actor).followed_by(request.actor.organisation_id)
    if request.actor.role != Role.MANAGER:
        followed = followed.in_use()
    return concerning(request, get_object_or_404(followed.select_related("scheme", "commune"), pk=pk))


@require_safe
@open_to(*READERS, capacity=Capacity.FACILITATOR)
def person_list(request: ActorRequest) -> HttpResponse:
    filters = PeopleFilter(request.GET)
    people = sorted_people(filters.apply(queries.people_of(request.actor)), request.GET.get("sort", ""))
    context = {
        "filters": filters,
        "page": paginate(people, request.GET.get("page")),
        "can_register": rules.writes(request.actor),
    }
    return render(request, "execution/person_list.html" + ("#rows" if request.htmx else ""), context)


@require_safe
@open_to(*READERS, capacity=Capacity.FACILITATOR)
def person_export(request: ActorRequest) -> HttpResponseBase:
    people = PeopleFilter(request.GET).apply(queries.people_of(request.actor))
    rows = list(people[: rules.MOST_EXPORTED + 1])
    require(rules.can_export(len(rows)))
    counts = Counter(person.scheme_id for person in rows)
    for scheme_id, count in counts.items() or [(None, 0)]:
        audit.record(
            "execution.people.exported",
            None,
            actor=request.actor,
            at=timezone.now(),
            scope_id=scheme_id,
            outcome=Outcome.EXPORTED,
            detail=f"rows={count} {chosen_of(request)}".strip(),
        )
    return table_file(people_table(rows), request.GET.get("format", ""))


def chosen_of(request: ActorRequest) -> str:
    """The filters of the address, but for the words looked for: they may be somebody's name."""
    asked = request.GET.copy()
    asked.pop("q", None)
    return asked.urlencode()


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*WRITERS, capacity=Capacity.FACILITATOR)
def person_create(request: ActorRequest) -> HttpResponse:
    form = PersonForm(request.POST or None, today=request.actor.on)
    schemes = SchemeForm(
        request.POST or None, schemes=queries.schemes_facilitated(request.actor), auto_id="scheme_%s"
    )
    if form.is_valid() and schemes.is_valid():
        try:
            person = actions.register_person(
                schemes.cleaned_data["scheme"], **form.identity, actor=request.actor, at=timezone.now()
            )
        except Refused as refusal:
            form.add_error(None, say(refusal.verdict.reason))
        else:
            messages.success(request, _("%(number)s is registered.") % {"number": person.number})
            return to_person(request, person)
    return render(
        request,
        "execution/person_form.html",
        {"form": form, "schemes": schemes},
        status=422 if form.errors or schemes.errors else 200,
    )


def to_person(request: ActorRequest, person: Person) -> HttpResponse:
    return redirect("person-detail", organisation=request.organisation.slug, pk=person.pk)


@require_safe
@open_to(*READERS, capacity=Capacity.FACILITATOR)
def person_detail(request: ActorRequest, pk: int) -> HttpResponse:
    """The file of a person; each opening is traced."""
    person = person_of(request, pk)
    audit.record_read(
        person,
        actor=request.actor,
        at=timezone.now(),
        owner_id=person.body_id,
        scope_id=person.scheme_id,
    )
    file = queries.person_file(person, request.actor)
    context = {
        "person": person,
        "file": file,
        "current": file.current(request.actor.on),
        "can_write": rules.can_decide_eligibility(request.actor, person),
        "can_correct": rules.can_correct_person(request.actor, person),
        "end_form": JobEndForm(auto_id=False),
    }
    return render(request, "execution/person_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*WRITERS, capacity=Capacity.FACILITATOR)
def person_edit(request: ActorRequest, pk: int) -> HttpResponse:
    person = person_of(request, pk)
    form = PersonForm(request.POST or None, today=request.actor.on, initial=identity_of(person))
    if form.is_valid():
        try:
            actions.correct_person(
                person,
                **form.identity,
                version=form.cleaned_data["version"],
                actor=request.actor,
                at=timezone.now(),
            )
        except Refused as refusal:
            form.add_error(None, say(refusal.verdict.reason))
        else:
            messages.success(request, _("The identity is corrected."))
            return to_person(request, person)
    return render(
        request,
        "execution/person_form.html",
        {"form": form, "person": person},
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*WRITERS, capacity=Capacity.FACILITATOR)
def person_eligibility(request: ActorRequest, pk: int) -> HttpResponse:
    person = person_of(request, pk)
    today = request.actor.on
    terms = terms_at(person.scheme_id, today)
    form = EligibilityForm(request.POST or None, today=today, terms=terms, initial={"starts_on": today})
    if form.is_valid():
        try:
            decision = actions.decide_eligibility(
                person, **form.decided, actor=request.actor, at=timezone.now()
            )
        except Refused as refusal:
            form.add_error(None, say(refusal.verdict.reason))
        else:
            told = {"state": decision.get_state_display()}
            messages.success(request, _("Decision kept: %(state)s.") % told)
            return to_person(request, person)
    context = {"form": form, "person": person, "proofs": proofs_expected(terms)}
    return render(request, "execution/person_eligibility.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*WRITERS, capacity=Capacity.FACILITATOR)
def person_job(request: ActorRequest, pk: int) -> HttpResponse:
    """Choose the clause in the address, then describe the job."""
    person = person_of(request, pk)
    followed = queries.obligations_followed(request.actor).filter(scheme=person.scheme)
    said = request.POST if "obligation" in request.POST else request.GET
    choice = ObligationChoice(
        said if said.get("obligation") else None,
        obligations=followed.select_related("clause"),
    )
    form = job_form(request, choice.chosen) if choice.chosen else None
    if form is not None and form.is_valid():
        try:
            actions.register_job_contract(
                person, form.obligation, **form.cleaned_data, actor=request.actor, at=timezone.now()
            )
        except Refused as refusal:
            form.add_error(None, say(refusal.verdict.reason))
        else:
            messages.success(request, _("The job is recorded."))
            return to_person(request, person)
    context = {"form": form, "choice": choice, "person": person, "obligation": choice.chosen}
    return render(
        request, "execution/person_job.html", context, status=422 if (form or choice).errors else 200
    )


def job_form(request: ActorRequest, obligation: Obligation) -> JobForm:
    return JobForm(
        request.POST or None,
        obligation=obligation,
        bodies=queries.declaring_bodies(obligation.clause_id, request.actor.on),
        debtors=obligation.debtors.select_related("organisation"),
    )


@require_POST
@open_to(*WRITERS, capacity=Capacity.FACILITATOR)
def job_end(request: ActorRequest, pk: int) -> HttpResponse:
    jobs = JobContract.objects.visible_to(request.actor).select_related("person", "obligation")
    job = concerning(
        request, get_object_or_404(jobs.filter(person__body_id=request.actor.organisation_id), pk=pk)
    )
    form = JobEndForm(request.POST)
    if form.is_valid():
        try:
            actions.end_job(job, ends_on=form.cleaned_data["ends_on"], actor=request.actor, at=timezone.now())
            messages.success(request, _("The end of the job is recorded."))
        except Refused as refusal:
            messages.error(request, say(refusal.verdict.reason))
    else:
        messages.error(request, _("The last day of the job is missing or is not a date."))
    return to_person(request, job.person)


@require_safe
@open_to(*READERS, capacity=(Capacity.FACILITATOR, Capacity.COMPANY, Capacity.STRUCTURE))
def obligation_people(request: ActorRequest, pk: int) -> HttpResponse:
    """People working for a clause: name and job, for their employer and the facilitator."""
    obligations = Obligation.objects.visible_to(request.actor).with_file().prefetch_related("clause__parties")
    obligation = concerning(request, get_object_or_404(obligations, pk=pk))
    context: dict[str, Any] = {
        "obligation": obligation,
        "page": paginate(queries.people_on(obligation, request.actor), request.GET.get("page")),
    }
    return render(request, "execution/obligation_people.html", context)
