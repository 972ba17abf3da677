"""The library of texts: read it, compare versions, propose, approve, withdraw."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from relais.clauses import actions, queries, rules, wording
from relais.clauses.enums import Ccag, KitDocument, Modality, Regime, TextState
from relais.clauses.forms import ReasonForm, TextFilterForm
from relais.clauses.library.variables import sample_values, values_of
from relais.clauses.models import Clause, LibraryText, TextVersion
from relais.clauses.places import labels, place_changes
from relais.core.verdict import Verdict, first_refusal
from relais.kit.access import open_to, require
from relais.kit.actor import ActorRequest
from relais.kit.compare import changes
from relais.kit.documents import Block, blocks_of
from relais.organisations.enums import Capacity
from relais.organisations.policies import policies
from relais.organisations.queries import kept_scheme

READERS, BODIES = rules.TEXT_READERS, rules.TEXT_BODIES
MOST_CLAUSES = 50
"""Clauses offered to try a text on."""


def text_asked(request: ActorRequest, pk: int) -> Any:
    return get_object_or_404(queries.texts_of(request.actor), pk=pk)


def version_asked(request: ActorRequest, pk: int, version: int) -> TextVersion:
    read = TextVersion.objects.visible_to(request.actor).select_related("text__scheme")
    return get_object_or_404(read, pk=version, text_id=pk)


@require_safe
@open_to(*READERS, capacity=BODIES)
def text_list(request: ActorRequest) -> HttpResponse:
    form = TextFilterForm(request.GET)
    every: list[Any] = list(queries.texts_of(request.actor))
    kept = [text for text in every if form.keeps(text, {version.state for version in text.read})]
    order = {document.value: rank for rank, document in enumerate(KitDocument)}
    kept.sort(key=lambda text: (text.scheme_id, order[text.document], text.rank, text.pk))
    scheme = kept_scheme(request.actor)
    context = {
        "form": form,
        "rows": [_row(text) for text in kept],
        "total": len(every),
        "load": rules.can_load_library(request.actor, scheme) if scheme else None,
        "opening": queries.opening_of(scheme) if scheme else None,
        "publish": rules.can_open_library(request.actor, scheme) if scheme else None,
        "scheme": scheme,
        "keeps": bool(scheme and rules.coordinates_texts(request.actor, scheme)),
        "shipped": _shipped_waiting(kept, form.chosen.get("document", "")) if scheme else [],
        "approve": _approves(request, kept),
    }
    return render(request, "clauses/text_list.html", context)


def _shipped_waiting(texts: Iterable[Any], document: str) -> list[Any]:
    """Shipped texts of the document shown that wait for an approval; none before one document is chosen."""
    used = [queries.version_in_use(text.read) for text in texts if document]
    return [version for version in used if version and version.state == TextState.PROPOSED]


def _approves(request: ActorRequest, texts: Iterable[Any]) -> Verdict | None:
    """Whether the actor may approve the shipped texts shown: the first refusal, if any."""
    waiting = [queries.version_in_use(text.read) for text in texts]
    verdicts = [
        rules.can_approve_version(request.actor, version)
        for version in waiting
        if version and version.state == TextState.PROPOSED
    ]
    return first_refusal(*verdicts) if verdicts else None


def _row(text: Any) -> dict[str, Any]:
    return {
        "text": text,
        "used": queries.version_in_use(text.read),
        "waiting": sum(
            version.state == TextState.PROPOSED and not version.is_shipped for version in text.read
        ),
        "modalities": labels(text.modalities, Modality),
        "regimes": labels(text.regimes, Regime),
    }


@require_POST
@open_to(*READERS, capacity=Capacity.COORDINATOR)
def text_load(request: ActorRequest) -> HttpResponse:
    scheme = kept_scheme(request.actor)
    if scheme is None:
        raise Http404
    came = actions.load_library(scheme, actor=request.actor, at=timezone.now())
    if came:
        messages.success(
            request, _("Texts brought into the library, to be approved: %(count)s.") % {"count": came}
        )
    else:
        messages.info(request, _("The library already holds the shipped texts: nothing changed."))
    return redirect("text-list", request.organisation.slug)


@require_POST
@open_to(*READERS, capacity=Capacity.COORDINATOR)
def text_approve(request: ActorRequest, document: str) -> HttpResponse:
    """Approve the shipped texts of one document together, once they are read over."""
    scheme = kept_scheme(request.actor)
    if scheme is None or document not in KitDocument.values:
        raise Http404
    count = actions.approve_shipped(scheme, document, actor=request.actor, at=timezone.now())
    messages.success(request, _("Texts approved: %(count)s.") % {"count": count})
    return redirect("text-list", request.organisation.slug)


@require_safe
@open_to(*READERS, capacity=BODIES)
def text_detail(request: ActorRequest, pk: int) -> HttpResponse:
    text = text_asked(request, pk)
    used = queries.version_in_use(text.read)
    shown = next((v for v in text.read if str(v.pk) == request.GET.get("version")), used or _first(text))
    clauses = list(queries.clauses_for_preview(request.actor, text).select_related("lot")[:MOST_CLAUSES])
    clause = _clause_asked(request, text)
    writer = rules.can_write_version(request.actor, text)
    context = {
        "text": text,
        "used": used,
        "shown": shown,
        "blocks": preview(request, shown.body, clause) if shown else (),
        "clauses": clauses,
        "clause": clause,
        "versions": [
            {**_acts(request, version), "moves": place_changes(text, version)} for version in text.read
        ],
        "write": writer,
        "modalities": labels(text.modalities, Modality),
        "regimes": labels(text.regimes, Regime),
        "ccags": labels(text.ccags, Ccag) if text.ccags else "",
    }
    return render(request, "clauses/text_detail.html", context)


def _first(text: Any) -> TextVersion | None:
    return next(iter(text.read), None)


def _acts(request: ActorRequest, version: TextVersion) -> dict[str, Any]:
    """A version and what the actor may do with it; the scheme is already read with its text."""
    actor = request.actor
    return {
        "version": version,
        "propose": rules.can_propose_version(actor, version) if version.state == TextState.DRAFT else None,
        "approve": rules.can_approve_version(actor, version) if version.state == TextState.PROPOSED else None,
        "withdraw": rules.can_withdraw_version(actor, version)
        if version.state != TextState.WITHDRAWN
        else None,
    }


def _clause_asked(request: ActorRequest, text: LibraryText) -> Clause | None:
    """The clause on which the text is tried, when the address names one that is read."""
    wanted = request.GET.get("clause", "")
    if not wanted.isdecimal() or len(wanted) > 18:
        return None
    found = queries.with_file(queries.clauses_for_preview(request.actor, text))
    return found.filter(pk=int(wanted)).first()


def preview(request: ActorRequest, body: str, clause: Clause | None) -> tuple[Block, ...]:
    values = sample_values()
    if clause is not None:
        values = values_of(clause, policies(clause.scheme, request.actor.on))
    return blocks_of("\n\n".join(wording.paragraphs_of(body, values)))


@require_safe
@open_to(*READERS, capacity=BODIES)
def text_compare(request: ActorRequest, pk: int) -> HttpResponse:
    text = text_asked(request, pk)
    by_number = {str(version.number): version for version in text.read}
    newest = _first(text)
    after = by_number.get(request.GET.get("to", ""), newest)
    before = by_number.get(request.GET.get("from", ""), queries.version_in_use(text.read) or after)
    context = {
        "text": text,
        "before": before,
        "after": after,
        "changes": changes(before.body, after.body) if before and after else [],
        "moves": place_changes(before, after) if before and after else [],
    }
    return render(request, "clauses/text_compare.html", context)


@require_POST
@open_to(*READERS, capacity=BODIES)
def version_propose(request: ActorRequest, pk: int, version: int) -> HttpResponse:
    found = version_asked(request, pk, version)
    actions.propose_version(found, actor=request.actor, at=timezone.now())
    messages.success(request, _("The version is proposed; another person approves it."))
    return redirect("text-detail", request.organisation.slug, pk)


@require_POST
@open_to(*READERS, capacity=BODIES)
def version_approve(request: ActorRequest, pk: int, version: int) -> HttpResponse:
    found = version_asked(request, pk, version)
    actions.approve_version(found, actor=request.actor, at=timezone.now())
    messages.success(request, _("The version is approved: kits are made of it from now on."))
    return redirect("text-detail", request.organisation.slug, pk)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*READERS, capacity=BODIES)
def version_withdraw(request: ActorRequest, pk: int, version: int) -> HttpResponse:
    found = version_asked(request, pk, version)
    require(rules.can_withdraw_version(request.actor, found))
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        when, reason = timezone.now(), form.cleaned_data["reason"]
        actions.withdraw_version(found, reason=reason, actor=request.actor, at=when)
        messages.success(request, _("The version is withdrawn."))
        return redirect("text-detail", request.organisation.slug, pk)
    context = {"text": found.text, "version": found, "form": form}
    return render(request, "clauses/text_withdraw.html", context, status=422 if form.errors else 200)
