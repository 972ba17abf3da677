"""Import files of contracts or notices into a scheme: each file whole or not at all, all of it reported."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from itertools import batched
from pathlib import Path
from typing import BinaryIO

from django.db import transaction

from relais.kit import audit, events
from relais.kit.access import require
from relais.kit.actor import Actor
from relais.kit.planner import count_anew
from relais.organisations.models import Organisation, Scheme
from relais.procurement.actions.notices import NoticeStore, link_awards
from relais.procurement.actions.places import Places
from relais.procurement.actions.same_lots import propose_same_lots
from relais.procurement.actions.storing import Store
from relais.procurement.decp import ReadError, Rejection, read
from relais.procurement.events import ContractsImported
from relais.procurement.models import (
    Contract,
    Holder,
    ImportedFile,
    ImportFlagCount,
    ImportRejection,
    ImportRun,
    SubcontractingAct,
)
from relais.procurement.notices import recognise
from relais.procurement.rules import can_import

Source = str | Path | BinaryIO

LINK_BATCH = 500
REJECTION_BATCH = 500
MANY = 1_000
"""Contracts created from which a database just filled would link them by the plans of an empty one."""


def import_files(
    files: Iterable[tuple[str, Source]], *, scheme: Scheme, actor: Actor, at: datetime
) -> ImportRun:
    """Import several files in turn; a file that cannot be read stores nothing and stops no other.

    Raises `Refused` when the actor may not import into the scheme.
    """
    require(can_import(actor, scheme))
    run = ImportRun.objects.create(
        scheme=scheme, organisation_id=actor.organisation_id, user_id=actor.user_id, started_at=at
    )
    places = Places()
    imported = [import_file(source, name=name, run=run, at=at, places=places) for name, source in files]
    if sum(file.created for file in imported) > MANY:
        count_anew(Contract, Holder, SubcontractingAct, Organisation)
    _finish(run, imported, actor=actor, at=at)
    return run


def import_file(
    source: Source, *, name: str, run: ImportRun, at: datetime, places: Places | None = None
) -> ImportedFile:
    """Import one file in one transaction; the row that reports it is kept whatever happens."""
    try:
        with transaction.atomic():
            return _import(source, name=name, run=run, at=at, places=places)
    except ReadError as error:
        params = error.words.as_dict()["params"]
        return ImportedFile.objects.create(
            run=run, name=name[:300], failure=error.words.text[:500], failure_params=params
        )


def _import(
    source: Source, *, name: str, run: ImportRun, at: datetime, places: Places | None
) -> ImportedFile:
    notices = recognise(source)
    with notices or read(source, name=name) as reading:
        file = ImportedFile.objects.create(
            run=run,
            name=name[:300],
            shape=reading.shape.value,
            encoding=reading.encoding,
            replaced=reading.replaced,
        )
        kind = NoticeStore if notices else Store
        store = kind(run.scheme, file, at=at, places=places)
        rejected: list[ImportRejection] = []
        for refused in store.take(reading):
            rejected.append(_rejection(file, refused))
            if len(rejected) >= REJECTION_BATCH:
                ImportRejection.objects.bulk_create(rejected)
                rejected.clear()
    ImportRejection.objects.bulk_create(rejected)
    tally = store.tally
    file.read, file.created, file.updated = tally.read, tally.created, tally.updated
    file.unchanged, file.rejected = tally.unchanged, tally.rejected
    file.save()
    ImportFlagCount.objects.bulk_create(
        ImportFlagCount(file=file, code=code, number=number) for code, number in sorted(tally.flags.items())
    )
    return file


def _rejection(file: ImportedFile, item: Rejection) -> ImportRejection:
    kept = item.reason.as_dict()
    return ImportRejection(
        file=file, position=item.position[:60], reason_text=kept["text"][:500], reason_params=kept["params"]
    )


@transaction.atomic
def _finish(run: ImportRun, files: list[ImportedFile], *, actor: Actor, at: datetime) -> None:
    run.finished_at = at
    run.save(update_fields=["finished_at"])
    changed = sum(file.created + file.updated for file in files)
    audit.record(
        "procurement.contracts.imported",
        run,
        actor=actor,
        at=at,
        scope_id=run.scheme_id,
        detail=f"files={len(files)} read={sum(file.read for file in files)} changed={changed}",
    )
    if changed or _was_interrupted(run):
        _link_organisations(run.scheme)
        link_awards(run.scheme)
        propose_same_lots(run.scheme, at=at)
        events.emit(ContractsImported(scheme_id=run.scheme_id, at=at, actor=actor))


def _was_interrupted(run: ImportRun) -> bool:
    """Whether the import before this one stored files but never told the rooms above."""
    before = ImportRun.objects.filter(scheme=run.scheme, pk__lt=run.pk).order_by("-pk").first()
    return before is not None and before.finished_at is None


def _link_organisations(scheme: Scheme) -> None:
    """Holders and subcontractors whose SIRET is that of a known body become that body.

    Keys are read first and updated by body: one statement over all of them, its bodies looked for row by row,
    took minutes on tables whose sizes the planner did not know yet.
    """
    known = dict(Organisation.objects.exclude(siret="").order_by("-pk").values_list("siret", "pk"))
    for batch in batched(sorted(known), LINK_BATCH):
        for model in (Holder, SubcontractingAct):
            rows = model.objects.filter(organisation=None, contract__scheme=scheme, identifier__in=batch)
            found: dict[str, list[int]] = defaultdict(list)
            for identifier, pk in rows.values_list("identifier", "pk"):
                found[identifier].append(pk)
            for identifier, keys in found.items():
                for some in batched(keys, LINK_BATCH):
                    model.objects.filter(pk__in=some).update(organisation_id=known[identifier])
