"""Put a file on an opportunity sheet, or withdraw one."""

from datetime import datetime
from functools import partial

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction

from relais.core.verdict import no
from relais.core.words import BadValue, gettext_noop
from relais.kit import audit
from relais.kit.access import Refused, Stale, require
from relais.kit.actor import Actor
from relais.kit.models import Outcome
from relais.kit.uploads import inspected
from relais.procurement.models import Lot
from relais.screening import rules
from relais.screening.actions.sheet import open_sheet
from relais.screening.models import OpinionRequest, Opportunity, SheetFile

MOST_FILES = 50
"""Files present on one sheet at most."""

ALREADY = gettext_noop("The file “%(name)s” is already on this sheet.")
TOO_MANY = gettext_noop("A sheet holds %(most)s files at most. Withdraw one that serves no more.")


def add_file(
    lot: Lot, file: UploadedFile, *, name: str, about: str, most: int, actor: Actor, at: datetime
) -> SheetFile:
    """Keep a file with its digest; the sheet opens with the first one. `most` is the largest size in bytes.

    Raises `BadValue` (a ValueError) for a file that is not taken, with what to do; nothing is stored then.
    """
    asked = OpinionRequest.objects.filter(opportunity__lot=lot, facilitator_id=actor.organisation_id).exists()
    require(rules.can_send_file(actor, lot, asked))
    found = inspected(file.open("rb"), name, most=most)  # type: ignore[arg-type]
    made = None
    try:
        with transaction.atomic():
            sheet = Opportunity.objects.filter(lot=lot).first() or open_sheet(lot, version=0, at=at)
            _room_for(sheet, found.sha256, found.name)
            made = SheetFile(
                opportunity=sheet,
                organisation_id=actor.organisation_id,
                name=found.name,
                about=about.strip(),
                content_type=found.content_type,
                size=found.size,
                sha256=found.sha256,
                sent_at=at,
                sent_by_id=actor.user_id,
            )
            made.content.save(found.name, file, save=False)
            made.save()
            _trace("added", made, lot, actor, at)
    except IntegrityError:
        _erase(made)
        raise BadValue(ALREADY, name=found.name) from None
    except Exception:
        _erase(made)
        raise
    return made


@transaction.atomic
def withdraw_file(file: SheetFile, *, reason: str, actor: Actor, at: datetime) -> None:
    """Take a file off the sheet: its content is erased once that is recorded; its line stays."""
    lot = file.opportunity.lot
    require(rules.can_withdraw_file(actor, lot, file))
    if not reason.strip():
        raise Refused(no(gettext_noop("Write why the file is withdrawn.")))
    storage, place = file.content.storage, file.content.name or ""
    present = SheetFile.objects.present().filter(pk=file.pk)
    gone = present.update(
        withdrawn_at=at, withdrawn_by_id=actor.user_id, withdrawal_reason=reason.strip()[:300], content=""
    )
    if not gone:
        raise Stale(file)
    file.refresh_from_db()
    _trace("withdrawn", file, lot, actor, at)
    transaction.on_commit(partial(storage.delete, place))


def trace_download(file: SheetFile, *, actor: Actor, at: datetime) -> None:
    """Record that somebody took the content of a file away."""
    _trace("downloaded", file, file.opportunity.lot, actor, at, outcome=Outcome.EXPORTED)


def _room_for(sheet: Opportunity, sha256: str, name: str) -> None:
    present = SheetFile.objects.present().filter(opportunity=sheet)
    if present.filter(sha256=sha256).exists():
        raise BadValue(ALREADY, name=name)
    if present.count() >= MOST_FILES:
        raise BadValue(TOO_MANY, most=MOST_FILES)


def _erase(made: SheetFile | None) -> None:
    """Leave nothing behind when the row could not be kept."""
    if made is not None and made.content.name:
        made.content.storage.delete(made.content.name)


def _trace(
    verb: str, file: SheetFile, lot: Lot, actor: Actor, at: datetime, outcome: Outcome = Outcome.DONE
) -> None:
    audit.record(
        f"screening.file.{verb}",
        file,
        actor=actor,
        at=at,
        owner_id=lot.buyer_id,
        scope_id=lot.scheme_id,
        outcome=outcome,
        detail=f"{file.name} sha256={file.sha256[:16]}",
    )
