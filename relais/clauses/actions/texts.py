"""The library of a scheme: load the shipped texts, write a version, propose it, approve it, withdraw it."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.text import slugify

from relais.clauses import rules
from relais.clauses.actions.placing import Placing, fields_of, follow
from relais.clauses.enums import TextState
from relais.clauses.library.pieces import SHIPPED, Piece, parsed, shipped
from relais.clauses.models import LibraryText, TextVersion
from relais.core.verdict import Verdict, no
from relais.core.words import BadValue, gettext_noop
from relais.kit import audit
from relais.kit.access import Stale, require
from relais.kit.actor import Actor
from relais.organisations.models import Scheme

MOST_SIGNS = 20_000
"""Characters of one text."""
OWN = "own-"
"""How the keys of a scheme's own texts begin: none of those shipped does."""
SHIPPED_NOTE = "Texte livré avec Relais ; à faire relire par un juriste"


@transaction.atomic
def load_library(scheme: Scheme, *, actor: Actor, at: datetime) -> int:
    """Bring the shipped texts into the library of a scheme, as versions proposed; gives how many came.

    A text that the scheme has not got is added; one whose shipped wording or conditions changed gets a new
    version to approve. What the scheme approved is never touched. Doing it twice changes nothing.
    """
    require(rules.can_load_library(actor, scheme))
    known = {text.key: text for text in LibraryText.objects.filter(scheme=scheme)}
    last = {
        version.text_id: version
        for version in TextVersion.objects.filter(text__scheme=scheme, is_shipped=True).order_by("number")
    }
    came = 0
    for piece in shipped():
        text = known.get(piece.key) or _entry(scheme, piece)
        held = last.get(text.pk)
        if held is None or not _says(held, piece):
            version = TextVersion.objects.create(
                text=text,
                number=_next_number(text),
                body=piece.body,
                state=TextState.PROPOSED,
                is_shipped=True,
                source=piece.source,
                note=f"{SHIPPED_NOTE} ({SHIPPED})",
                organisation_id=actor.organisation_id,
                author_id=actor.user_id,
                created_at=at,
                proposed_at=at,
                **_place_of(piece),
            )
            if piece.key in known:
                follow(text, version)
            came += 1
    if came:
        audit.record(
            "clauses.text.loaded", scheme, actor=actor, at=at, scope_id=scheme.pk, detail=f"{came} {SHIPPED}"
        )
    return came


def _says(version: TextVersion, piece: Piece) -> bool:
    """Whether the version holds the words and the conditions of the piece; its rank may have moved."""
    wanted = {**_place_of(piece), "rank": version.rank}
    return version.body == piece.body and version.place() == wanted


def _place_of(piece: Piece) -> dict[str, Any]:
    return {
        "document": piece.document.value,
        "rank": piece.rank,
        "title": piece.title,
        "modalities": " ".join(sorted(piece.modalities)),
        "regimes": " ".join(sorted(piece.regimes)),
        "ccags": " ".join(sorted(piece.ccags)),
    }


def _entry(scheme: Scheme, piece: Piece) -> LibraryText:
    return LibraryText.objects.create(scheme=scheme, key=piece.key, **_place_of(piece))


def _next_number(text: LibraryText) -> int:
    last = TextVersion.objects.filter(text=text).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


@transaction.atomic
def write_version(
    text: LibraryText,
    *,
    body: str,
    note: str,
    source: str = "",
    placing: Placing | None = None,
    actor: Actor,
    at: datetime,
) -> TextVersion:
    """Write a version of a text, or go on with the draft that one's body has of it.

    `placing` changes the title, the document, the order or the clauses served, once the version is approved.
    Raises `Refused` for who may not propose, for a place that cannot be, and for a text that cannot be read,
    with the line at fault.
    """
    require(rules.can_write_version(actor, text))
    if placing is not None:
        require(rules.coordinates_texts(actor, text.scheme))
    body = body.replace("\r\n", "\n").strip()
    require(body_verdict(body))
    fields: dict[str, Any] = {
        "body": body,
        "note": note.strip(),
        "source": source.strip(),
        "author_id": actor.user_id,
    }
    if placing is not None:
        fields |= fields_of(placing, text.scheme, text=text)
    draft = text.versions.filter(state=TextState.DRAFT, organisation_id=actor.organisation_id).first()
    if draft:
        as_read = TextVersion.objects.filter(pk=draft.pk, state=TextState.DRAFT, body=draft.body)
        if not as_read.update(**fields, created_at=at):
            raise Stale(draft)
        draft.refresh_from_db()
    else:
        try:
            with transaction.atomic():
                draft = TextVersion.objects.create(
                    text=text,
                    number=_next_number(text),
                    organisation_id=actor.organisation_id,
                    created_at=at,
                    **{**text.place(), **fields},
                )
        except IntegrityError as error:  # a colleague took the same number a moment ago
            raise Stale(text) from error
    if draft.organisation_id == text.scheme.coordinator_id:
        follow(text, draft)
    _trace("written", draft, actor=actor, at=at)
    return draft


@transaction.atomic
def add_text(
    scheme: Scheme, *, placing: Placing, body: str, note: str, source: str = "", actor: Actor, at: datetime
) -> TextVersion:
    """A new entry of the library, with its first version as a draft to propose and approve.

    Raises `Refused` for who does not keep the library, for a place that cannot be and for a text that
    cannot be read; nothing is stored then.
    """
    require(rules.coordinates_texts(actor, scheme))
    place = fields_of(placing, scheme)
    try:
        with transaction.atomic():
            text = LibraryText.objects.create(scheme=scheme, key=_new_key(scheme, placing.title), **place)
    except IntegrityError as error:  # a colleague took the same key a moment ago
        raise Stale(scheme) from error
    audit.record("clauses.text.added", text, actor=actor, at=at, scope_id=scheme.pk, detail=text.key)
    return write_version(text, body=body, note=note, source=source, actor=actor, at=at)


def _new_key(scheme: Scheme, title: str) -> str:
    stem = OWN + (slugify(title)[:40].strip("-") or "texte")
    taken = set(LibraryText.objects.filter(scheme=scheme, key__startswith=stem).values_list("key", flat=True))
    key, number = stem, 1
    while key in taken:
        number += 1
        key = f"{stem}-{number}"
    return key


def body_verdict(body: str) -> Verdict:
    """Whether a text can be read: not empty, not endless, every name and condition right."""
    if not body:
        return no(gettext_noop("Write the text: it is empty."))
    if len(body) > MOST_SIGNS:
        return no(
            gettext_noop("This text has %(count)s characters, %(most)s at most. Split it into two texts."),
            count=len(body),
            most=MOST_SIGNS,
        )
    try:
        parsed(body)
    except BadValue as error:
        return Verdict(False, error.words)
    return Verdict(True)


@transaction.atomic
def propose_version(version: TextVersion, *, actor: Actor, at: datetime) -> None:
    """Hand a draft to the people who approve."""
    require(rules.can_propose_version(actor, version))
    _move(version, TextState.DRAFT, state=TextState.PROPOSED, proposed_at=at)
    _trace("proposed", version, actor=actor, at=at)


@transaction.atomic
def approve_version(version: TextVersion, *, actor: Actor, at: datetime) -> None:
    """Approve a proposed version: kits are made of it from now on; the former one is withdrawn.

    Written clauses keep the words they were written with.
    """
    require(rules.can_approve_version(actor, version))
    require(body_verdict(version.body))
    TextVersion.objects.filter(text_id=version.text_id, state=TextState.APPROVED).update(
        state=TextState.WITHDRAWN, withdrawn_at=at, answer=f"→ {version.number}"
    )
    _move(version, TextState.PROPOSED, state=TextState.APPROVED, decided_at=at, approver_id=actor.user_id)
    follow(version.text, version)
    _trace("approved", version, actor=actor, at=at)


@transaction.atomic
def approve_shipped(scheme: Scheme, document: str, *, actor: Actor, at: datetime) -> int:
    """Approve the shipped texts of one document, once they are read over; gives how many.

    Texts that have an approved version are left alone. Raises `Refused` for who loaded one of them.
    """
    require(rules.coordinates_texts(actor, scheme))
    waiting = TextVersion.objects.filter(
        text__scheme=scheme, text__document=document, state=TextState.PROPOSED, is_shipped=True
    ).exclude(text__versions__state=TextState.APPROVED)
    newest: dict[int, TextVersion] = {}
    for version in waiting.select_related("text__scheme").order_by("number"):
        newest[version.text_id] = version
    if not newest:
        require(no(gettext_noop("No shipped text of this document waits for an approval.")))
    for version in newest.values():
        approve_version(version, actor=actor, at=at)
    return len(newest)


@transaction.atomic
def withdraw_version(version: TextVersion, *, reason: str, actor: Actor, at: datetime) -> None:
    """Take a version out: a proposal that is declined or taken back, an approved text that serves no more."""
    require(rules.can_withdraw_version(actor, version))
    if not reason.strip():
        require(no(gettext_noop("Say why this version is withdrawn.")))
    _move(
        version,
        TextState(version.state),
        state=TextState.WITHDRAWN,
        withdrawn_at=at,
        answer=reason.strip()[:500],
    )
    follow(version.text, version)
    _trace("withdrawn", version, actor=actor, at=at)


def _move(version: TextVersion, before: TextState, **fields: object) -> None:
    """Write the fields if the version is still where it was read; `Stale` otherwise."""
    if not TextVersion.objects.filter(pk=version.pk, state=before, body=version.body).update(**fields):
        raise Stale(version)
    for name, value in fields.items():
        setattr(version, name, value)


def _trace(act: str, version: TextVersion, *, actor: Actor, at: datetime) -> None:
    audit.record(
        f"clauses.text.{act}",
        version,
        actor=actor,
        at=at,
        scope_id=version.text.scheme_id,
        detail=f"{version.text.key} v{version.number}",
    )
