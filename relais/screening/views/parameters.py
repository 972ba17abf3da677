"""Figures by trade and rules of the screening: read by all, dated anew by the coordinator."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from relais.kit.access import open_to, require
from relais.kit.actor import ActorRequest
from relais.kit.paging import paginate
from relais.kit.words import number
from relais.organisations.models import Scheme
from relais.screening import actions, rules
from relais.screening.enums import RuleCode
from relais.screening.forms import ProfileForm, RuleForm, SearchForm
from relais.screening.models import ScreeningRule, Trade, TradeProfile
from relais.screening.queries import listing
from relais.screening.queries import parameters as reading
from relais.screening.queries.what_if import TO_STUDY, effect_of
from relais.screening.views.listing import READERS, READING

HUNDRED = 100


def scheme_kept(request: ActorRequest) -> Scheme | None:
    """The scheme whose parameters the actor sets: that of its coordinator."""
    own = Scheme.objects.visible_to(request.actor).filter(coordinator_id=request.actor.organisation_id)
    return next((scheme for scheme in own if rules.can_set_parameters(request.actor, scheme)), None)


@require_safe
@open_to(*READERS, capacity=READING)
def trade_list(request: ActorRequest) -> HttpResponse:
    form = SearchForm(request.GET)
    page = paginate(form.apply(listing.trades()), request.GET.get("page"), size=100)
    context = {"form": form, "page": page, "rows": reading.trade_rows(page, request.actor)}
    return render(request, "screening/trade_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*READERS, capacity=READING)
def trade_detail(request: ActorRequest, code: str) -> HttpResponse:
    trade, scheme = get_object_or_404(Trade, code=code), scheme_kept(request)
    dated = TradeProfile.objects.visible_to(request.actor).filter(trade=trade)
    history = list(dated.select_related("scheme", "entered_by"))
    form, effect = ProfileForm(request.POST or None, initial=figures_of(history)), None
    if request.method == "POST":
        require(rules.can_set_parameters(request.actor, scheme))
        if scheme is not None and form.is_valid() and is_preview(request):
            proposed = TradeProfile(scheme=scheme, trade=trade, **form.cleaned_data)
            effect = effect_of(proposed, scheme, request.actor)
        elif scheme is not None and form.is_valid():
            actions.add_profile(scheme, trade, form.cleaned_data, actor=request.actor, at=timezone.now())
            messages.success(request, _("The new figures are added. Screen the lots again to use them."))
            return redirect("trade-detail", organisation=request.organisation.slug, code=code)
    context = {
        "trade": trade,
        "history": history,
        "form": form if scheme else None,
        "scheme": scheme,
        "effect": effect,
        "to_study": TO_STUDY,
    }
    return render(request, "screening/trade_detail.html", context, status=422 if form.errors else 200)


def is_preview(request: ActorRequest) -> bool:
    """Whether the form asks to see the effect of its value, without saving it."""
    return request.POST.get("act") == "preview"


def figures_of(history: list[TradeProfile]) -> dict[str, Any]:
    """The newest figures, as the form shows them: shares in percent."""
    if not history:
        return {}
    newest = history[0]
    shares = {name: getattr(newest, name) for name in ("labour_share", "effort", "openness")}
    shown = {name: number(share * HUNDRED) for name, share in shares.items() if share is not None}
    others = {name: getattr(newest, name) for name in ("hourly_cost", "hours_per_10k", "season_months")}
    return shown | {name: number(value) for name, value in others.items() if value is not None}


@require_safe
@open_to(*READERS, capacity=READING)
def rule_list(request: ActorRequest) -> HttpResponse:
    rows = reading.rules_in_force(request.actor)
    context = {"rows": rows, "scheme": scheme_kept(request)}
    return render(request, "screening/rule_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*READERS, capacity=READING)
def rule_detail(request: ActorRequest, code: str) -> HttpResponse:
    dated = ScreeningRule.objects.visible_to(request.actor).filter(code=code)
    history = list(dated.select_related("scheme", "entered_by"))
    if not history:
        raise Http404
    former = history[0]
    scheme = scheme_kept(request)
    form, effect = RuleForm(request.POST or None, former=former, initial=rule_figures(former)), None
    if request.method == "POST":
        require(rules.can_set_parameters(request.actor, scheme))
        if scheme is not None and form.is_valid() and is_preview(request):
            proposed = ScreeningRule(scheme=scheme, code=code, unit=former.unit, **form.cleaned_data)
            effect = effect_of(proposed, scheme, request.actor)
        elif scheme is not None and form.is_valid():
            actions.add_rule(scheme, former, form.cleaned_data, actor=request.actor, at=timezone.now())
            messages.success(request, _("The new value is added. Screen the lots again to use it."))
            return redirect("rule-detail", organisation=request.organisation.slug, code=code)
    context = {
        "name": RuleCode(former.code).label,
        "rule": former,
        "history": history,
        "form": form if scheme else None,
        "effect": effect,
        "to_study": TO_STUDY,
    }
    return render(request, "screening/rule_detail.html", context, status=422 if form.errors else 200)


def rule_figures(rule: ScreeningRule) -> dict[str, Any]:
    times = HUNDRED if rule.unit == "share" else 1
    return {
        "weight": rule.weight,
        "threshold": "" if rule.threshold is None else number(rule.threshold * times),
        "comfortable": "" if rule.comfortable is None else number(rule.comfortable * times),
    }


@require_http_methods(["POST"])
@open_to(*rules.PARAMETER_WRITERS, capacity=READING)
def screen_again(request: ActorRequest) -> HttpResponse:
    """Screen all lots of the scheme with the parameters of today."""
    scheme = scheme_kept(request)
    require(rules.can_set_parameters(request.actor, scheme))
    assert scheme is not None  # the line above refused otherwise
    done = actions.screen_scheme(scheme, actor=request.actor, at=timezone.now(), on=request.actor.on)
    text = _("%(read)s lots read, %(screened)s screened, %(unchanged)s unchanged.")
    messages.success(
        request, text % {"read": done.read, "screened": done.screened, "unchanged": done.unchanged}
    )
    return redirect("rule-list", organisation=request.organisation.slug)
