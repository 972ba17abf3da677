"""Where a passage of the library stands and which clauses it serves.

A place travels with a version, so that it too is written by one person and approved by another.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from relais.clauses.enums import Ccag, KitDocument, Modality, Regime, TextState
from relais.clauses.library.pieces import RANK_STEP
from relais.clauses.models import LibraryText, TextVersion
from relais.clauses.queries import version_in_use
from relais.core.verdict import YES, Verdict, no
from relais.core.words import gettext_noop
from relais.kit.access import Refused, require
from relais.organisations.models import Scheme

LONGEST_TITLE = 120


@dataclass(frozen=True, slots=True)
class Placing:
    """What a person asks for a passage: its title, its document, which passage it follows, what it serves.

    `after` is None for the first passage of the document. An empty set means all of them.
    """

    title: str
    document: KitDocument
    after: LibraryText | None = None
    modalities: frozenset[Modality] = frozenset()
    regimes: frozenset[Regime] = frozenset()
    ccags: frozenset[Ccag] = frozenset()


def placing_verdict(placing: Placing, scheme: Scheme) -> Verdict:
    """Whether the passage can stand there: a title of one line, a neighbour of the same document."""
    title = placing.title.strip()
    if not title or "\n" in title:
        return no(gettext_noop("Give the text a title of one line: it is the heading of the passage."))
    if len(title) > LONGEST_TITLE:
        return no(
            gettext_noop("This title has %(count)s characters, %(most)s at most. Shorten it."),
            count=len(title),
            most=LONGEST_TITLE,
        )
    after = placing.after
    if after is not None and (after.scheme_id != scheme.pk or after.document != placing.document):
        return no(
            gettext_noop("“%(text)s” stands in another document. Choose a passage of the document named."),
            text=after.title,
        )
    return YES


def fields_of(placing: Placing, scheme: Scheme, *, text: LibraryText | None = None) -> dict[str, object]:
    """The fields of the place asked. Raises `Refused` when it cannot be."""
    require(placing_verdict(placing, scheme))
    return {
        "title": placing.title.strip(),
        "document": placing.document.value,
        "rank": _rank_after(placing, scheme, text),
        "modalities": " ".join(sorted(placing.modalities)),
        "regimes": " ".join(sorted(placing.regimes)),
        "ccags": " ".join(sorted(placing.ccags)),
    }


def neighbours_of(scheme: Scheme, document: str, *, but: LibraryText | None = None) -> Sequence[LibraryText]:
    """The passages of a document in their order, without the one that is being placed."""
    texts = LibraryText.objects.filter(scheme=scheme, document=document).order_by("rank", "key")
    return list(texts.exclude(pk=but.pk) if but else texts)


def _rank_after(placing: Placing, scheme: Scheme, text: LibraryText | None) -> int:
    """A rank between the passage to follow and the next one; the rank held when it is there already."""
    around = neighbours_of(scheme, placing.document, but=text)
    before = placing.after.rank if placing.after else 0
    later = [one.rank for one in around if placing.after is None or _follows(one, placing.after)]
    held = text.rank if text is not None and text.document == placing.document else None
    if held is not None and before < held and (not later or held < later[0]):
        return held
    if not later:
        return before + RANK_STEP
    rank = (before + later[0]) // 2
    if rank == before:
        raise Refused(
            no(gettext_noop("No place is left between these two passages. Put the text before or after."))
        )
    return rank


def _follows(one: LibraryText, other: LibraryText) -> bool:
    return (one.rank, one.key) > (other.rank, other.key)


def follow(text: LibraryText, version: TextVersion) -> None:
    """Put the entry where the version in use puts it; where this one does while none is in use."""
    known = text.versions.filter(state__in=(TextState.APPROVED, TextState.PROPOSED)).order_by("-number")
    place = (version_in_use(known) or version).place()
    if place != text.place():
        LibraryText.objects.filter(pk=text.pk).update(**place)
        for name, value in place.items():
            setattr(text, name, value)
