"""The alerts: their list and file, one alert with its notes, the rules of escalation."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from relais.insight import rules
from relais.insight.actions import alerts as actions
from relais.insight.escalation import rules_in_force
from relais.insight.exports import alerts_table
from relais.insight.forms.alerts import AlertFilter, EscalationForm, NoteForm, SnoozeForm, WakeForm
from relais.insight.models import Alert, AlertNote, AlertQuerySet, EscalationRule
from relais.insight.queries.alerts import in_order, names_around, shown
from relais.kit import audit
from relais.kit.access import concerning, open_to, require
from relais.kit.actor import ActorRequest
from relais.kit.exports import MOST_ROWS, table_file
from relais.kit.forms import attempt
from relais.kit.models import Outcome
from relais.kit.paging import Page, paginate
from relais.organisations.alerting import codes_watched
from relais.organisations.enums import Role
from relais.organisations.models import Scheme

ROLES = (Role.MANAGER, Role.OFFICER, Role.PROJECT_LEAD, Role.PURCHASER, Role.READER)


def asked(request: ActorRequest) -> tuple[AlertFilter, AlertQuerySet]:
    """The filters of the address, and the alerts they keep in the order asked."""
    visible = Alert.objects.visible_to(request.actor)
    form = AlertFilter(request.GET, codes=codes_watched(), names=names_around(visible))
    found = form.apply(visible, request.actor.on, request.actor.organisation_id)
    return form, in_order(found.with_bodies(), request.GET.get("sort", ""))


@require_safe
@open_to(*ROLES)
def alert_list(request: ActorRequest) -> HttpResponse:
    form, alerts = asked(request)
    page = paginate(alerts, request.GET.get("page"), size=25)
    rows = [shown(alert, request.actor, request.organisation.slug) for alert in page.items]
    context = {"form": form, "page": Page(rows, page.number, page.has_next, page.size)}
    template = "insight/alert_list.html#rows" if request.htmx else "insight/alert_list.html"
    return render(request, template, context)


@require_safe
@open_to(*ROLES)
def alert_export(request: ActorRequest) -> HttpResponseBase:
    _form, alerts = asked(request)
    kept = list(alerts[:MOST_ROWS])
    kind = request.GET.get("format", "csv")
    audit.record(
        "insight.alerts.exported",
        None,
        actor=request.actor,
        at=timezone.now(),
        outcome=Outcome.EXPORTED,
        detail=f"{kind} rows={len(kept)}",
    )
    return table_file(alerts_table(kept), kind)


def alert_asked(request: ActorRequest, pk: int) -> Alert:
    alerts = Alert.objects.visible_to(request.actor).with_bodies().select_related("scheme")
    return concerning(request, get_object_or_404(alerts, pk=pk))


def page_of(request: ActorRequest, alert: Alert, **forms: Any) -> HttpResponse:
    notes = AlertNote.objects.visible_to(request.actor).filter(alert=alert)
    snooze = forms.get("snooze_form") or SnoozeForm(initial={"version": alert.version})
    context = {
        "shown": shown(alert, request.actor, request.organisation.slug),
        "alert": alert,
        "is_asleep": alert.is_asleep(request.actor.on),
        "notes": notes.select_related("organisation", "author"),
        "can_note": rules.can_note(request.actor, alert),
        "can_snooze": rules.can_snooze(request.actor, alert),
        "can_wake": rules.can_wake(request.actor, alert),
        "note_form": forms.get("note_form") or NoteForm(),
        "snooze_form": snooze,
    }
    wrong = any(form.errors for form in forms.values())
    return render(request, "insight/alert_detail.html", context, status=422 if wrong else 200)


@require_safe
@open_to(*ROLES)
def alert_detail(request: ActorRequest, pk: int) -> HttpResponse:
    return page_of(request, alert_asked(request, pk))


@require_POST
@open_to(*ROLES)
def alert_note(request: ActorRequest, pk: int) -> HttpResponse:
    alert, form = alert_asked(request, pk), NoteForm(request.POST)

    def act() -> None:
        actions.note(alert, form.cleaned_data["text"], actor=request.actor, at=timezone.now())

    if form.is_valid() and attempt(form, act):
        messages.success(request, _("Note written."))
        return redirect("alert-detail", request.organisation.slug, pk)
    return page_of(request, alert, note_form=form)


@require_POST
@open_to(*ROLES)
def alert_snooze(request: ActorRequest, pk: int) -> HttpResponse:
    alert, form = alert_asked(request, pk), SnoozeForm(request.POST)

    def act() -> None:
        actions.snooze(alert, **form.cleaned_data, actor=request.actor, at=timezone.now())

    if form.is_valid() and attempt(form, act):
        messages.success(request, _("The alert is put off."))
        return redirect("alert-detail", request.organisation.slug, pk)
    return page_of(request, alert_asked(request, pk), snooze_form=form)


@require_POST
@open_to(*ROLES)
def alert_wake(request: ActorRequest, pk: int) -> HttpResponse:
    alert, form = alert_asked(request, pk), WakeForm(request.POST)
    version = form.cleaned_data["version"] if form.is_valid() else alert.version
    actions.wake(alert, version=version, actor=request.actor, at=timezone.now())
    messages.success(request, _("The alert is shown again."))
    return redirect("alert-detail", request.organisation.slug, pk)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*ROLES)
def alert_rules(request: ActorRequest, scheme: str) -> HttpResponse:
    """When alerts go higher, and to whom: what is in force, what comes, who may choose."""
    found = concerning(request, get_object_or_404(Scheme.objects.visible_to(request.actor), slug=scheme))
    allowed = rules.can_set_escalation(request.actor, found)
    form = EscalationForm(request.POST or None)
    if request.method == "POST":
        require(allowed)

    def act() -> None:
        actions.set_escalation(found, **form.cleaned_data, actor=request.actor, at=timezone.now())

    if request.method == "POST" and form.is_valid() and attempt(form, act):
        messages.success(request, _("Rule added."))
        return redirect("alert-rules", request.organisation.slug, scheme)
    kept = EscalationRule.objects.visible_to(request.actor).filter(scheme=found)
    context = {
        "scheme": found,
        "rules": rules_in_force(found, request.actor.on).items(),
        "history": list(kept),
        "allowed": allowed,
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "insight/alert_rules.html", context, status=status)
