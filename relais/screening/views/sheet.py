"""The opportunity sheet: its calculation follows the address; saving and going back are acts."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from relais.core.words import BadValue
from relais.kit.access import concerning, open_to
from relais.kit.actor import ActorRequest
from relais.kit.words import say
from relais.procurement.models import Lot
from relais.screening import actions, guide, rules
from relais.screening.enums import OpportunityState
from relais.screening.forms import MessageForm, MoveForm, NextActForm, NumbersForm, SheetFileForm, VersionForm
from relais.screening.models import SavedAssumptions
from relais.screening.queries import sheet as reading
from relais.screening.scoring import Screened, screen
from relais.screening.showing import facts_shown, moves_of, sentence_of, stages_of, unshown
from relais.screening.views.listing import BUYING, READERS, READING


def lot_asked(request: ActorRequest, pk: int) -> Lot:
    return concerning(request, get_object_or_404(reading.lots_for_sheet(request.actor), pk=pk))


def calculated(sheet: reading.Sheet, address: Any) -> tuple[NumbersForm, Screened | None]:
    """The form of the numbers and their answer; None while a number is wrong."""
    form = NumbersForm(address, sheet.base, modalities=sheet.modalities)
    if not form.is_valid():
        return form, None
    try:
        return form, screen(sheet.facts, sheet.parameters, form.numbers())
    except BadValue as error:
        form.add_error(None, say(error.words))
        return form, None


@require_safe
@open_to(*READERS, capacity=READING)
def opportunity_detail(request: ActorRequest, lot: int) -> HttpResponse:
    sheet = reading.read_sheet(lot_asked(request, lot), request.actor.on)
    form, answer = calculated(sheet, request.GET)
    context = calculation(request, sheet, form, answer)
    if request.htmx and request.htmx.trigger == "typed-numbers":
        return render(request, "screening/_answer.html", context | {"typed": True})
    if request.htmx:
        return render(request, "screening/opportunity_detail.html#calculation", context)
    context |= surroundings(request, sheet, answer)
    return render(request, "screening/opportunity_detail.html", context)


def calculation(
    request: ActorRequest, sheet: reading.Sheet, form: NumbersForm, answer: Screened | None
) -> dict[str, Any]:
    """What the middle column shows; it changes with the numbers."""
    lot, opportunity, actor = sheet.lot, sheet.opportunity, request.actor
    return {
        "lot": lot,
        "sheet": sheet,
        "opportunity": opportunity,
        "form": form,
        "answer": answer,
        "sentence": sentence_of(form),
        "unshown": unshown(form),
        "advice": advice_of(sheet, answer),
        "can_save": rules.can_save(actor, lot, opportunity),
        "can_go_back": rules.can_go_back(actor, lot, opportunity),
        "has_saved": bool(opportunity and opportunity.assumptions),
        "cases": sheet.cases(answer.nature, actor.on)
        if answer and answer.duty and answer.duty.applies
        else (),
    }


def advice_of(sheet: reading.Sheet, answer: Screened | None) -> guide.Entry | None:
    """The advice on the modality chosen on the sheet, else on the one proposed, for the day of the lot."""
    if answer is None:
        return None
    chosen = answer.assumptions.modality or answer.lever
    return guide.entry(chosen, sheet.facts.day, concession=sheet.facts.concession) if chosen else None


def surroundings(request: ActorRequest, sheet: reading.Sheet, answer: Screened | None) -> dict[str, Any]:
    """What stands around the calculation: facts, comparable lots, parameters, history, next acts."""
    lot, opportunity, actor = sheet.lot, sheet.opportunity, request.actor
    state = OpportunityState(opportunity.state) if opportunity else OpportunityState.DETECTED
    opinions = reading.opinions_of(opportunity)
    asked = any(opinion.facilitator_id == actor.organisation_id for opinion in opinions)
    return {
        "state": state,
        "stages": stages_of(state),
        "facts": facts_shown(sheet),
        "parameters": sheet.parameters_used(),
        "comparable": reading.comparable(sheet, actor),
        "versions": reading.versions_of(opportunity),
        "opinions": opinions,
        "thread": reading.thread_of(opportunity),
        "files": (files := reading.files_of(opportunity)),
        "withdrawable": {file.pk for file in files if rules.can_withdraw_file(actor, lot, file)},
        "file_form": SheetFileForm(auto_id="file_%s"),
        "message": MessageForm(auto_id="message_%s"),
        "can_write": rules.can_write_message(actor, lot, asked),
        "can_send_file": rules.can_send_file(actor, lot, asked),
        "can_analyse": rules.can_analyse(actor, lot),
        "can_decide": rules.can_decide(actor, lot, opportunity),
        "can_reopen": rules.can_reopen(actor, lot, opportunity),
        "can_ask": rules.can_ask_opinion(actor, lot, opportunity),
        "can_edit": rules.can_edit_lot(actor, lot, opportunity),
        "moves": moves_of(actor, lot, opportunity),
        "next_act": NextActForm(
            initial={
                "version": sheet.version,
                "what": opportunity.next_act if opportunity else "",
                "due_on": opportunity.next_act_on if opportunity else None,
            },
            auto_id="next_%s",
        ),
        "clause_url": clause_url(request, sheet),
    }


def clause_url(request: ActorRequest, sheet: reading.Sheet) -> str:
    """The page that writes the clause of a retained opportunity, when the room of clauses is there."""
    if not rules.can_draft(request.actor, sheet.lot, sheet.opportunity) or sheet.opportunity is None:
        return ""
    try:
        return reverse("clause-create", args=[request.organisation.slug, sheet.opportunity.pk])
    except NoReverseMatch:
        return ""


@require_safe
@open_to(*READERS, capacity=READING)
def opportunity_print(request: ActorRequest, lot: int) -> HttpResponse:
    sheet = reading.read_sheet(lot_asked(request, lot), request.actor.on)
    form, answer = calculated(sheet, request.GET)
    return render(
        request,
        "screening/opportunity_print.html",
        {
            "lot": sheet.lot,
            "sheet": sheet,
            "opportunity": sheet.opportunity,
            "form": form,
            "answer": answer,
            "facts": facts_shown(sheet),
            "parameters": sheet.parameters_used(),
            "opinions": reading.opinions_of(sheet.opportunity),
            "day": request.actor.on,
        },
    )


@require_POST
@open_to(*rules.WRITERS, capacity=BUYING)
def opportunity_save(request: ActorRequest, lot: int) -> HttpResponse:
    sheet = reading.read_sheet(lot_asked(request, lot), request.actor.on)
    form, answer = calculated(sheet, request.POST)
    seen = VersionForm(request.POST)
    if answer is None or not seen.is_valid():
        context = calculation(request, sheet, form, answer) | surroundings(request, sheet, answer)
        return render(request, "screening/opportunity_detail.html", context, status=422)
    actions.save_numbers(
        sheet.lot,
        form.numbers(),
        version=seen.cleaned_data["version"],
        actor=request.actor,
        at=timezone.now(),
        on=request.actor.on,
    )
    messages.success(request, _("The numbers are saved. The former version stays within reach."))
    return back_to(request, lot)


@require_POST
@open_to(*rules.WRITERS, capacity=BUYING)
def opportunity_back(request: ActorRequest, lot: int) -> HttpResponse:
    found, seen = lot_asked(request, lot), version_of(request)
    actions.go_back(found, version=seen, actor=request.actor, at=timezone.now(), on=request.actor.on)
    messages.success(request, _("The former numbers are back."))
    return back_to(request, lot)


@require_POST
@open_to(*rules.WRITERS, capacity=BUYING)
def opportunity_restore(request: ActorRequest, lot: int, pk: int) -> HttpResponse:
    found = lot_asked(request, lot)
    saved = concerning(
        request,
        get_object_or_404(
            SavedAssumptions.objects.visible_to(request.actor).filter(opportunity__lot=found), pk=pk
        ),
    )
    seen = version_of(request)
    actions.restore(saved, version=seen, actor=request.actor, at=timezone.now(), on=request.actor.on)
    messages.success(request, _("The former numbers are back."))
    return back_to(request, lot)


@require_POST
@open_to(*rules.WRITERS, capacity=BUYING)
def opportunity_plan(request: ActorRequest, lot: int) -> HttpResponse:
    found, form = lot_asked(request, lot), NextActForm(request.POST)
    if form.is_valid():
        actions.plan_next_act(found, **form.cleaned_data, actor=request.actor, at=timezone.now())
        messages.success(request, _("The next act is noted."))
    else:
        messages.error(request, _("The next act was not noted: check its date."))
    return back_to(request, lot)


@require_POST
@open_to(*rules.WRITERS, capacity=BUYING)
def opportunity_move(request: ActorRequest, lot: int) -> HttpResponse:
    found, form = lot_asked(request, lot), MoveForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        state, day = OpportunityState(data["state"]), data["day"]
        actions.move_on(
            found,
            state,
            day=day,
            version=data["version"],
            actor=request.actor,
            at=timezone.now(),
            on=request.actor.on,
        )
        messages.success(request, _("The step is noted."))
    else:
        messages.error(request, _("The step was not noted: give the date."))
    return back_to(request, lot)


def version_of(request: ActorRequest) -> int:
    """The version of the sheet the person saw; one that no sheet has when the field is missing."""
    form = VersionForm(request.POST)
    return form.cleaned_data["version"] if form.is_valid() else -1


def back_to(request: ActorRequest, lot: int) -> HttpResponse:
    return redirect("opportunity-detail", organisation=request.organisation.slug, lot=lot)
