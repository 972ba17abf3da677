"""Nested parts of a record: holders, amendments, subcontracting acts, wrapped once, twice or not at all."""

from collections.abc import Iterator, Mapping
from typing import Any

from relais.procurement.decp import values
from relais.procurement.decp.flags import FlagCode
from relais.procurement.decp.record import AmendmentRecord, HolderRecord, SubcontractRecord, readings
from relais.procurement.decp.values import Notes

DEEPEST = 8
HOLDER_WRAPPERS = ("titulaire", "concessionnaire")
AMENDMENT_WRAPPERS = ("modification",)
ACT_WRAPPERS = ("acteSousTraitance",)
CHANGE_WRAPPERS = ("modificationActeSousTraitance", "modificationActesSousTraitance")

#: How a format wraps its lists: None when it is not known or does not matter.
Wrapped = bool | None


def items(
    value: object, wrappers: tuple[str, ...], notes: Notes, wrapped: Wrapped, depth: int = 0
) -> Iterator[object]:
    """The members of a list however wrapped; anything that is not the expected wrapping raises a flag."""
    if value is None or value == "" or depth > DEEPEST:
        return
    if isinstance(value, list | tuple):
        if depth and value:
            notes.flag(FlagCode.WRONG_WRAPPER, wrappers[0])
        for item in value:
            if isinstance(item, list | tuple):
                yield from items(item, wrappers, notes, None, depth + 1)
            else:
                yield from _unwrapped(item, wrappers, notes, wrapped, depth)
        return
    if isinstance(value, Mapping):
        yield from _unwrapped(value, wrappers, notes, None, depth)
    elif not values.is_empty(value):
        notes.flag(FlagCode.WRONG_WRAPPER, wrappers[0])
        yield value


def _unwrapped(
    item: object, wrappers: tuple[str, ...], notes: Notes, wrapped: Wrapped, depth: int
) -> Iterator[object]:
    if not isinstance(item, Mapping):
        yield item
        return
    inner = next((item[name] for name in wrappers if name in item and len(item) == 1), None)
    if wrapped is not None and wrapped != (inner is not None):
        notes.flag(FlagCode.WRONG_WRAPPER, wrappers[0])
    if inner is None:
        yield item
    elif isinstance(inner, list | tuple):
        yield from items(inner, wrappers, notes, None, depth + 1)
    else:
        yield inner


def holders(value: object, notes: Notes, wrapped: Wrapped = None) -> tuple[HolderRecord, ...]:
    """The holders, each once, in the order published."""
    found: list[HolderRecord] = []
    for item in items(value, HOLDER_WRAPPERS, notes, wrapped):
        holder = _holder(item, notes) if isinstance(item, Mapping) else None
        if holder is None:
            notes.flag(FlagCode.HOLDER_UNREADABLE, item)
        elif holder not in found:
            found.append(holder)
    return tuple(found)


def _holder(item: Mapping[str, Any], notes: Notes) -> HolderRecord | None:
    kind = values.identifier_type(item.get("typeIdentifiant"))
    name = values.text(item.get("denominationSociale"), notes, limit=200, field="denominationSociale")
    written = values.identifier(item.get("id"))
    if not written and not name:
        return None
    if kind in ("SIRET", ""):
        number = values.siret_of(written, notes, FlagCode.HOLDER_ID_BAD)
        return HolderRecord("SIRET" if values.is_siret(number) else kind, number[:40], name)
    if kind != "SIREN" or not values.is_siren(written):
        notes.flag(FlagCode.HOLDER_ID_FOREIGN, f"{kind} {written}")
    return HolderRecord(kind, written[:40], name)


def amendments(
    value: object, notes: Notes, *, initial: Any, wrapped: Wrapped = None
) -> tuple[AmendmentRecord, ...]:
    """The published changes, in the order of the file; amounts that may be increases are flagged."""
    found = []
    for rank, item in enumerate(items(value, AMENDMENT_WRAPPERS, notes, wrapped), start=1):
        if isinstance(item, Mapping) and item:
            found.append(_amendment(item, rank, notes))
        else:
            notes.flag(FlagCode.AMENDMENT_UNREADABLE, item)
    amounts = tuple(change.amount for change in found)
    for change, reading in zip(found, readings(initial, amounts), strict=True):
        if reading and reading.doubtful:
            notes.flag(FlagCode.AMENDMENT_AMOUNT_AMBIGUOUS, f"{change.number}: {change.amount}")
    return tuple(found)


def _amendment(item: Mapping[str, Any], rank: int, notes: Notes) -> AmendmentRecord:
    number = values.count(item.get("id"))
    held = item.get("titulaires") if "titulaires" in item else item.get("concessionnaires")
    amount = item.get("montant") if "montant" in item else item.get("valeurGlobale")
    notified = first(item, "dateNotificationModification", "dateSignatureModification")
    return AmendmentRecord(
        number=rank if number is None else number,
        notified_on=values.day(notified, notes, "dateNotificationModification"),
        published_on=values.day(
            item.get("datePublicationDonneesModification"), notes, "datePublicationDonneesModification"
        ),
        amount=values.plain_euros(amount),
        duration_months=values.months(item.get("dureeMois"), notes),
        holders=holders(held, notes),
        object=values.text(item.get("objetModification"), notes, limit=2000, field="objetModification"),
    )


def subcontracts(
    acts: object, changes: object, notes: Notes, wrapped: Wrapped = None
) -> tuple[SubcontractRecord, ...]:
    """The subcontracting acts; the last published change of an act gives its amount and duration."""
    last: dict[int, Mapping[str, Any]] = {}
    for item in items(changes, CHANGE_WRAPPERS, notes, wrapped):
        number = values.count(item.get("id")) if isinstance(item, Mapping) else None
        if isinstance(item, Mapping) and number is not None:
            last[number] = item
    found = []
    for rank, item in enumerate(items(acts, ACT_WRAPPERS, notes, wrapped), start=1):
        if isinstance(item, Mapping) and item:
            found.append(_act(item, rank, last, notes))
        else:
            notes.flag(FlagCode.SUBCONTRACT_INCOHERENT, item)
    return tuple(found)


def _act(
    item: Mapping[str, Any], rank: int, last: Mapping[int, Mapping[str, Any]], notes: Notes
) -> SubcontractRecord:
    number = values.count(item.get("id"))
    change = last.get(number, {}) if number is not None else {}
    who = item.get("sousTraitant")
    who = who if isinstance(who, Mapping) else {}
    return SubcontractRecord(
        number=rank if number is None else number,
        id_type=values.identifier_type(who.get("typeIdentifiant")),
        identifier=values.identifier(who.get("id"))[:40],
        name=values.text(who.get("denominationSociale"), notes, limit=200),
        notified_on=values.day(item.get("dateNotification"), notes, "acteSousTraitance.dateNotification"),
        published_on=values.day(
            item.get("datePublicationDonnees"), notes, "acteSousTraitance.datePublicationDonnees"
        ),
        amount=values.plain_euros(first(change, "montant") or item.get("montant")),
        duration_months=values.months(first(change, "dureeMois") or item.get("dureeMois"), notes),
        price_variation=values.text(item.get("variationPrix"), notes, limit=40),
        changed_on=values.day(
            first(change, "dateNotificationModificationSousTraitance"), notes, "modificationActeSousTraitance"
        ),
    )


def first(item: Mapping[str, Any], *names: str) -> Any:
    """The first of the fields that holds something."""
    return next((item[name] for name in names if name in item and not values.is_empty(item[name])), None)
