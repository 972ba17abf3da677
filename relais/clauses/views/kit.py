"""The kit of a clause: read it, download it, see what does not agree."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from django.views.decorators.http import require_safe

from relais.clauses import kit, rules, wording
from relais.clauses.models import Clause, TextVersion
from relais.clauses.views.clauses import BODIES, READERS, clause_asked
from relais.core.coherence import Contradiction, Where
from relais.kit import audit
from relais.kit.access import open_to, require
from relais.kit.actor import ActorRequest
from relais.kit.documents import KINDS, bundle, file_name, write
from relais.kit.documents.files import ARCHIVE, attached
from relais.organisations.policies import policies

WHOLE, ARCHIVED = "ensemble", "archive"
"""What the address names for the whole kit in one file, and for all its files in an archive."""


@require_safe
@open_to(*READERS, capacity=BODIES)
def clause_kit(request: ActorRequest, pk: int) -> HttpResponse:
    clause = clause_asked(request, pk)
    require(rules.can_read_kit(request.actor, clause))
    in_force = policies(clause.scheme, request.actor.on)
    documents = wording.read(clause, in_force)
    found = kit.contradictions_of(clause, in_force, documents)
    with override("fr"):
        entries = kit.entries_of(clause)
    context = {
        "clause": clause,
        "parts": _parts(request, clause, documents),
        "contradictions": [_shown(request, clause, one) for one in found],
        "blocking": sum(one.blocking for one in found),
        "entries": entries,
        "kinds": list(KINDS),
        "keep": rules.can_mark_written(request.actor, clause),
        "is_own": clause.buyer_id == request.actor.organisation_id,
    }
    return render(request, "clauses/clause_kit.html", context)


def _parts(
    request: ActorRequest, clause: Clause, documents: Sequence[wording.Document]
) -> list[dict[str, Any]]:
    """The documents with the version of each text they are made of."""
    kept = {}
    if clause.wording:
        versions = TextVersion.objects.visible_to(request.actor).filter(clauses=clause)
        kept = {(version.document, version.title): version for version in versions}
    rows = []
    for part in kit.parts_of(clause, documents):
        sections = part.document.sections if part.document else ()
        rows.append({"part": part, "texts": [_text_used(part.key, section, kept) for section in sections]})
    return rows


def _text_used(document: str, section: wording.Section, kept: dict[Any, TextVersion]) -> dict[str, Any]:
    """The passage, its text in the library and its version; none when the words came with the product."""
    piece, version = section.piece, kept.get((document, section.heading))
    if piece is not None:
        return {
            "heading": section.heading,
            "source": piece.source,
            "text_id": piece.text_id,
            "number": piece.number,
            "approved": piece.approved,
        }
    return {
        "heading": section.heading,
        "source": version.source if version else "",
        "text_id": version.text_id if version else None,
        "number": version.number if version else 0,
        "approved": bool(version and version.decided_at),
    }


def _shown(request: ActorRequest, clause: Clause, found: Contradiction) -> dict[str, Any]:
    """A contradiction with the page that mends it, for those who may."""
    own = clause.buyer_id == request.actor.organisation_id
    slug = request.organisation.slug
    urls = {
        Where.TERMS: reverse("clause-edit", args=[slug, clause.pk]) if clause.state == "draft" else "",
        Where.SHEET: reverse("opportunity-detail", args=[slug, clause.lot_id]),
        Where.LOT: reverse("opportunity-detail", args=[slug, clause.lot_id]),
        Where.PARTIES: reverse("party-add", args=[slug, clause.pk]),
        Where.LIBRARY: reverse("text-list", args=[slug]),
        Where.CONTRACT: reverse("contract-detail", args=[slug, clause.contract_id])
        if clause.contract_id
        else reverse("clause-detail", args=[slug, clause.pk]),
        Where.LEDGER: reverse("clause-follow", args=[slug, clause.pk]),
        Where.NOTICE: reverse("notice-detail", args=[slug, found.about])
        if found.about
        else reverse("notice-list", args=[slug]),
    }
    return {
        "found": found,
        "label": kit.where_label(found.where),
        "url": urls[found.where] if own else "",
    }


@require_safe
@open_to(*READERS, capacity=BODIES)
def clause_kit_file(request: ActorRequest, pk: int, part: str, kind: str) -> HttpResponse:
    """One document, the whole kit in one file, or an archive of all its files; the download is traced."""
    clause = clause_asked(request, pk)
    require(rules.can_read_kit(request.actor, clause))
    if kind not in KINDS:
        raise Http404
    documents = wording.read(clause, policies(clause.scheme, request.actor.on))
    parts = kit.parts_of(clause, documents)
    at = timezone.now()
    if part == ARCHIVED:
        content = bundle(kit.archive_parts(clause, parts, kind, at=at), at=at)
        name, content_type = file_name("dossier", clause.reference, kind, kind="zip"), ARCHIVE
    elif part == WHOLE:
        content = write(kit.whole_document(clause, parts, at=at), kind)
        name, content_type = file_name("dossier", clause.reference, kind=kind), KINDS[kind]
    else:
        asked = next((one for one in parts if one.key == part), None)
        if asked is None:
            raise Http404
        content = write(kit.office_document(clause, asked, at=at), kind)
        name, content_type = file_name(clause.reference, asked.title, kind=kind), KINDS[kind]
    audit.record(
        "clauses.kit.downloaded",
        clause,
        actor=request.actor,
        at=at,
        owner_id=clause.buyer_id,
        scope_id=clause.scheme_id,
        detail=f"{part} {kind}",
    )
    return attached(content, name, content_type)
