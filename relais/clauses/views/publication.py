"""The approved texts for everybody: read and take away, without an account, when their scheme opens them."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from relais.clauses import actions, publication, queries
from relais.clauses.models import LibraryOpening
from relais.clauses.views.library import READERS
from relais.kit.access import open_to, public
from relais.kit.actor import ActorRequest
from relais.kit.documents import KINDS, file_name, write
from relais.kit.documents.files import attached
from relais.organisations.enums import Capacity
from relais.organisations.models import Scheme
from relais.organisations.queries import kept_scheme


def _opening(slug: str) -> LibraryOpening:
    """The texts that are public now. A closed library and one that never was are told alike."""
    opening = queries.open_library_of(slug)
    if opening is None:
        raise Http404
    return opening


@require_safe
@public
def public_texts(request: HttpRequest, scheme: str) -> HttpResponse:
    opening = _opening(scheme)
    versions = queries.approved_texts(opening.scheme)
    context = {
        "scheme": opening.scheme,
        "opening": opening,
        "documents": publication.public_documents(versions),
        "count": len(versions),
        "at": publication.freshest(opening, versions),
        "kinds": publication.KINDS,
    }
    return render(request, "clauses/public_texts.html", context)


@require_safe
@public
def public_texts_file(request: HttpRequest, scheme: str, kind: str) -> HttpResponse:
    """Every approved text in one file."""
    opening = _opening(scheme)
    versions = queries.approved_texts(opening.scheme)
    if kind not in publication.KINDS or not versions:
        raise Http404
    content = write(publication.office_document(opening, versions), kind)
    return attached(content, file_name("textes", opening.scheme.slug, kind=kind), KINDS[kind])


def _own_scheme(request: ActorRequest) -> Scheme:
    scheme = kept_scheme(request.actor)
    if scheme is None:
        raise Http404
    return scheme


@require_POST
@open_to(*READERS, capacity=Capacity.COORDINATOR)
def library_open(request: ActorRequest) -> HttpResponse:
    actions.open_library(_own_scheme(request), actor=request.actor, at=timezone.now())
    messages.success(request, _("The approved texts are public from now on."))
    return redirect("text-list", request.organisation.slug)


@require_POST
@open_to(*READERS, capacity=Capacity.COORDINATOR)
def library_close(request: ActorRequest) -> HttpResponse:
    actions.close_library(_own_scheme(request), actor=request.actor, at=timezone.now())
    messages.success(request, _("The approved texts are closed to the public: their address finds nothing."))
    return redirect("text-list", request.organisation.slug)
