"""Writing a text of the library: a new entry, a new version, and how it reads before anything is kept."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from relais.clauses import actions, queries, rules
from relais.clauses.enums import TextState
from relais.clauses.library.variables import VARIABLES
from relais.clauses.models import Clause, LibraryText, TextVersion
from relais.clauses.text_forms import EntryForm, TextForm, entry_values
from relais.clauses.views.library import BODIES, MOST_CLAUSES, READERS, preview, text_asked
from relais.kit.access import open_to, require
from relais.kit.actor import ActorRequest
from relais.kit.documents import Block
from relais.kit.forms import attempt
from relais.organisations.enums import Capacity
from relais.organisations.models import Scheme
from relais.organisations.queries import kept_scheme


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*READERS, capacity=Capacity.COORDINATOR)
def text_add(request: ActorRequest) -> HttpResponse:
    """A new entry of the library, as a draft."""
    scheme = kept_scheme(request.actor)
    if scheme is None:
        raise Http404
    require(rules.coordinates_texts(request.actor, scheme))
    form = EntryForm(
        request.POST or None, texts=queries.texts_in_order(scheme), clauses=_clauses(request, scheme)
    )
    made: list[TextVersion] = []
    when = timezone.now()

    def add() -> None:
        words, placing = form.words(), form.placing()
        made.append(actions.add_text(scheme, placing=placing, **words, actor=request.actor, at=when))

    blocks = _answered(request, form, add)
    if made:
        messages.success(request, _("The text is in the library as a draft. Propose it when it is ready."))
        return redirect("text-detail", request.organisation.slug, made[0].text_id)
    context = {"form": form, "blocks": blocks, "variables": VARIABLES}
    return render(request, "clauses/text_write.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*READERS, capacity=BODIES)
def text_write(request: ActorRequest, pk: int) -> HttpResponse:
    """A version of a text; those who keep the library write its place as well."""
    text = text_asked(request, pk)
    require(rules.can_write_version(request.actor, text))
    form = _form_of(request, text)
    made: list[TextVersion] = []
    when = timezone.now()

    def write() -> None:
        placing = form.placing() if isinstance(form, EntryForm) else None
        words = form.words()
        made.append(actions.write_version(text, **words, placing=placing, actor=request.actor, at=when))

    blocks = _answered(request, form, write)
    if made:
        messages.success(request, _("The draft is saved. Propose it when it is ready."))
        return redirect("text-detail", request.organisation.slug, text.pk)
    context = {"text": text, "form": form, "blocks": blocks, "variables": VARIABLES}
    return render(request, "clauses/text_write.html", context, status=422 if form.errors else 200)


def _form_of(request: ActorRequest, text: Any) -> TextForm:
    """The form on the draft that one's body has of the text, or on the version in use."""
    own = request.actor.organisation_id
    drafts = [one for one in text.read if one.state == TextState.DRAFT and one.organisation_id == own]
    base = next(iter(drafts), queries.version_in_use(text.read) or next(iter(text.read), None))
    first = {"body": base.body, "source": base.source} if base else {}
    if drafts:
        first["note"] = drafts[0].note
    clauses = _clauses(request, text.scheme)
    if not rules.coordinates_texts(request.actor, text.scheme):
        return TextForm(request.POST or None, initial=first, clauses=clauses)
    others = queries.texts_in_order(text.scheme, but=text)
    if base:
        first |= entry_values(base, others)
    return EntryForm(request.POST or None, initial=first, texts=others, clauses=clauses)


def _clauses(request: ActorRequest, scheme: Scheme) -> Iterable[Clause]:
    """Clauses of the scheme on which the text may be tried."""
    text = LibraryText(scheme=scheme)
    return queries.clauses_for_preview(request.actor, text).select_related("lot")[:MOST_CLAUSES]


def _answered(request: ActorRequest, form: Any, act: Any) -> tuple[Block, ...]:
    """Do what was asked: keep the draft, or show how the text reads and store nothing."""
    if request.method != "POST" or not form.is_valid():
        return ()
    if "preview" not in request.POST:
        attempt(form, act)
        return ()
    return preview(request, form.words()["body"], _whole(request, form.tried_on()))


def _whole(request: ActorRequest, clause: Clause | None) -> Clause | None:
    """The clause with all that fills a text."""
    if clause is None:
        return None
    found = queries.with_file(Clause.objects.visible_to(request.actor).filter(pk=clause.pk))
    return found.first()
