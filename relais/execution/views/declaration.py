"""The month of a body without account, opened by a link received by mail: nothing acts before a POST."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from relais.core.months import Month
from relais.core.verdict import Verdict, no
from relais.core.words import gettext_noop
from relais.execution.actions import links as actions
from relais.execution.actions.double_claims import tell_other_side
from relais.execution.forms.links import LinkStatementForm
from relais.execution.forms.statements import periods_of
from relais.execution.models import DeclarationLink, Obligation
from relais.execution.queries import links as queries
from relais.execution.queries import statements as sheets
from relais.execution.queries.statements import MonthSheet, Period
from relais.execution.queries.submissions import attestation_words, both_sides
from relais.execution.rules import links as rules
from relais.execution.rules.statements import can_declare
from relais.execution.views.statements import check, refuse, summary_of
from relais.kit.access import Refused, Stale, public
from relais.kit.words import say

GONE = 410
OPENED = "declared_by_link"
"""Session key: the links this browser has declared with, whose receipts it may read."""
UNKNOWN = gettext_noop("No link has this address: it may have been cut in the message.")
ELSEWHERE = gettext_noop("The receipt is shown in the browser that sent the statement.")
LEFT = gettext_noop("This organisation declares no hours for this clause any more.")

View = Callable[[HttpRequest, DeclarationLink], HttpResponse]


def by_link(view: View) -> Callable[..., HttpResponseBase]:
    """Find the link by the hash of its token; keep its pages out of caches and of search engines."""

    @public
    @wraps(view)
    def opened(request: HttpRequest, token: str) -> HttpResponse:
        link = queries.links_for(token).first()
        answer = view(request, link) if link else closed(request, no(UNKNOWN), status=404)
        answer.headers["X-Robots-Tag"] = "noindex"
        add_never_cache_headers(answer)
        return answer

    return opened


def closed(request: HttpRequest, verdict: Verdict, status: int = GONE) -> HttpResponse:
    """Why the link opens nothing, and what to do; not a word of what it was for."""
    return render(request, "execution/declaration_closed.html", {"reason": verdict.reason}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def declaration(request: HttpRequest, link: DeclarationLink) -> HttpResponse:
    """The statement of the month: shown, then checked, kept as a draft or sent by a POST."""
    verdict = rules.is_open(link, timezone.now())
    sending = request.method == "POST"
    if not verdict and not sending:
        return closed(request, verdict)
    sheet = sheet_of(link, periods_of(request.POST.getlist("row")))
    if sheet is None:
        return closed(request, no(LEFT))
    if sending:
        form = LinkStatementForm(request.POST, sheet=sheet)
        return acted_on(request, link, sheet, form, verdict) or page_of(request, link, sheet, form)
    copied = {f"hours-{row.key}": row.before for row in sheet.rows if request.GET.get("copy") and row.before}
    return page_of(request, link, sheet, LinkStatementForm(sheet=sheet, initial=copied))


def sheet_of(link: DeclarationLink, periods: list[Period]) -> MonthSheet | None:
    """The month as the body that declares reads it; none once it takes no part in the clause."""
    bearer, month = link.bearer(timezone.localdate()), Month.of(link.month)
    visible = sheets.with_month(Obligation.objects.visible_to(bearer), month, bearer)
    obligation = visible.filter(pk=link.obligation_id).first()
    sheet = sheets.month_sheet(obligation, month, bearer, periods) if obligation else None
    return sheet if sheet and sheet.takes_part else None


def page_of(
    request: HttpRequest, link: DeclarationLink, sheet: MonthSheet, form: LinkStatementForm
) -> HttpResponse:
    bearer = link.bearer(timezone.localdate())
    verdict = can_declare(
        bearer, sheet.obligation, sheet.month, takes_part=sheet.takes_part, closed=sheet.closed
    )
    words = attestation_words(sheet.obligation, sheet.month, link.declarant.name)
    context = {"link": link, "sheet": sheet, "form": form, "can_declare": verdict, "words": words}
    return render(request, "execution/declaration.html", context | summary_of(sheet, form))


def acted_on(
    request: HttpRequest,
    link: DeclarationLink,
    sheet: MonthSheet,
    form: LinkStatementForm,
    verdict: Verdict,
) -> HttpResponse | None:
    """The answer of an act that was done; none when the page must be shown again."""
    act = request.POST.get("act", "check")
    valid = form.is_valid()
    if valid and act == "submit" and actions.sent_before(link, form.worked, signed_of(form)):
        return receipt_of(request, link)
    if not verdict:
        return closed(request, verdict)
    if not valid:
        return None
    if form.cleaned_data["version"] != sheet.version and act != "check":
        return conflict(request, link, sheet, form)
    checks = check(sheet, form)
    if not form.keep_checks(checks):
        if act == "submit":
            typed = [item.worked for item in checks]  # before the checks took wrong fields away
            if actions.sent_before(link, typed, signed_of(form)):
                return receipt_of(request, link)
            refuse(checks)
            tell_other_side(
                sheet.obligation,
                checks,
                declarant=link.declarant,
                actor=link.bearer(timezone.localdate()),
                at=timezone.now(),
            )
        return None
    return act_on(request, link, form, act)


def act_on(
    request: HttpRequest, link: DeclarationLink, form: LinkStatementForm, act: str
) -> HttpResponse | None:
    terms: dict[str, Any] = {"lines": form.worked, "on": timezone.localdate(), "at": timezone.now()}
    try:
        if act == "save":
            actions.draft_by_link(link, version=form.cleaned_data["version"], **terms)
            messages.success(request, _("The draft is kept. Come back by the same link to send it."))
            return redirect(request.path)
        if act == "submit":
            actions.submit_by_link(link, **terms, **signed_of(form))
            return receipt_of(request, link)
    except Stale:
        fresh = sheet_of(link, periods_of(request.POST.getlist("row")))
        return conflict(request, link, fresh, form) if fresh else closed(request, no(LEFT))
    except Refused as refusal:
        form.add_error(None, say(refusal.verdict.reason))
    return None


def signed_of(form: LinkStatementForm) -> dict[str, Any]:
    names = ("signed_by", "signed_as", "nothing", "version", "key")
    return {name: form.cleaned_data[name] for name in names}


def conflict(
    request: HttpRequest, link: DeclarationLink, sheet: MonthSheet, form: LinkStatementForm
) -> HttpResponse:
    """Both versions side by side, with the choice."""
    rows = both_sides(sheet, form.worked)
    context = {"link": link, "sheet": sheet, "form": form, "rows": rows}
    return render(request, "execution/declaration_conflict.html", context, status=409)


def receipt_of(request: HttpRequest, link: DeclarationLink) -> HttpResponse:
    """Let this browser read the receipt, and lead it there."""
    opened = [pk for pk in request.session.get(OPENED, []) if pk != link.pk]
    request.session[OPENED] = [*opened[-9:], link.pk]
    assert request.resolver_match is not None
    return redirect("declaration-receipt", token=request.resolver_match.kwargs["token"])


@require_safe
@by_link
def declaration_receipt(request: HttpRequest, link: DeclarationLink) -> HttpResponse:
    """What was sent, for the browser that sent it."""
    if link.pk not in request.session.get(OPENED, []) or link.statement is None:
        return closed(request, no(ELSEWHERE))
    bearer = link.bearer(timezone.localdate())
    lines = sheets.lines_of_statement(link.statement, bearer)
    context = {
        "link": link,
        "statement": link.statement,
        "sent": link.statement.submissions.order_by("-rank").first(),
        "lines": lines,
        "total": sum((line.hours for line in lines), 0),
    }
    return render(request, "execution/declaration_receipt.html", context)
