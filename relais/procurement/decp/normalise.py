"""From a raw record, whatever its format, to a `Record`: lenient, every oddity kept as a flag."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from relais.core.dated import Dated
from relais.core.words import gettext_noop
from relais.procurement.decp import parts, values, vocabulary
from relais.procurement.decp.errors import BadRecord
from relais.procurement.decp.flags import FlagCode
from relais.procurement.decp.record import CONCESSION, CONTRACT, NONE, Flag, Record
from relais.procurement.decp.values import Notes

LATE_DAYS = 60
LONG_AGO_DAYS = 3653
LONGEST_ID = 100
LONGEST_OBJECT = 4000

#: Value from which the decree requires essential data to be published (€ excluding tax).
PUBLICATION_FLOOR = Dated(
    {date(1990, 1, 1): Decimal(25_000), date(2020, 1, 1): Decimal(40_000)},
    source="code de la commande publique, art. R. 2196-1; arrêté du 22 décembre 2022",
    verified=False,
)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a raw record lies and what its container promises."""

    position: str
    text: str = ""
    listed_as: str = ""
    """`contract` or `concession` when the container says so."""
    wrapped: parts.Wrapped = None
    """True when the format wraps the members of its lists (2.x), False when it does not (1.5)."""
    flags: tuple[Flag, ...] = ()
    """Oddities seen by the reader itself."""


def normalise(raw: Mapping[str, Any], source: Source) -> Record:
    """Read one record. Raises `BadRecord` when it has no key: no buyer, or no identifier."""
    notes = Notes()
    notes.flags.extend(source.flags)
    kind = _kind(raw, source, notes)
    buyer_id, buyer_name = _buyer(raw, notes)
    source_id = _source_id(raw, buyer_id, notes)
    amount, amount_text = values.euros(parts.first(raw, *_AMOUNT[kind]), notes)
    notified_on = values.day(parts.first(raw, *_NOTIFIED[kind]), notes, _NOTIFIED[kind][0])
    published_on = values.day(raw.get("datePublicationDonnees"), notes, "datePublicationDonnees")
    if amount is not None and kind == CONTRACT:
        _check_floor(amount, notified_on, notes)
    holders = parts.holders(parts.first(raw, *_HOLDERS[kind]), notes, source.wrapped)
    if not holders:
        notes.flag(FlagCode.HOLDER_MISSING)
    amendments = parts.amendments(raw.get("modifications"), notes, initial=amount, wrapped=source.wrapped)
    place_code, place_type = _place(raw, notes)
    record = Record(
        kind=kind,
        buyer_id=buyer_id,
        source_id=source_id,
        object=_object(raw, notes),
        buyer_name=buyer_name,
        nature=_listed(raw.get("nature"), vocabulary.NATURES, notes, 80),
        cpv=values.cpv(raw.get("codeCPV"), notes),
        procedure=_listed(raw.get("procedure"), vocabulary.PROCEDURES, notes, 120),
        place_code=place_code,
        place_type=place_type,
        duration_months=values.months(raw.get("dureeMois"), notes),
        notified_on=notified_on,
        published_on=published_on,
        amount=amount,
        amount_text=amount_text,
        price_form=_listed(raw.get("formePrix"), vocabulary.PRICE_FORMS, notes, 80),
        framework_id=""
        if values.is_empty(raw.get("idAccordCadre"))
        else values.text(raw["idAccordCadre"], notes, limit=100),
        techniques=_many(raw, ("techniques", "technique"), vocabulary.TECHNIQUES, notes),
        modalities=_many(raw, ("modalitesExecution", "modaliteExecution"), vocabulary.MODALITIES, notes),
        ccag=_listed(raw.get("ccag"), vocabulary.CCAGS, notes, 80),
        offers=values.count(raw.get("offresRecues")),
        social=_considerations(raw, "considerationsSociales", "considerationSociale", notes),
        environmental=_considerations(
            raw, "considerationsEnvironnementales", "considerationEnvironnementale", notes
        ),
        holders=holders,
        consortium_type=_listed(raw.get("typeGroupementOperateurs"), vocabulary.CONSORTIA, notes, 60),
        subcontracting_declared=_yes_no(raw.get("sousTraitanceDeclaree")),
        amendments=amendments,
        subcontracts=parts.subcontracts(
            raw.get("actesSousTraitance"), raw.get("modificationsActesSousTraitance"), notes, source.wrapped
        ),
        raw=source.text.encode("utf-8", "replace").decode(),
        position=source.position,
    )
    _check_dates(record, notes)
    _check_subcontracting(record, notes)
    object.__setattr__(record, "flags", tuple(notes.flags))  # the checks read the record they flag
    return record


_AMOUNT = {CONTRACT: ("montant", "valeurGlobale"), CONCESSION: ("valeurGlobale", "montant")}
_NOTIFIED = {
    CONTRACT: ("dateNotification", "dateSignature"),
    CONCESSION: ("dateSignature", "dateNotification", "dateDebutExecution"),
}
_HOLDERS = {CONTRACT: ("titulaires", "concessionnaires"), CONCESSION: ("concessionnaires", "titulaires")}


def _kind(raw: Mapping[str, Any], source: Source, notes: Notes) -> str:
    nature = vocabulary.fold(str(raw.get("nature") or ""))
    said = vocabulary.fold(str(raw.get("_type") or ""))
    is_concession = (
        nature.startswith(("concession", "delegation de service"))
        or (not values.is_empty(raw.get("autoriteConcedante")) and values.is_empty(raw.get("acheteur")))
        or (not nature and "concession" in said)
    )
    kind = CONCESSION if is_concession else CONTRACT
    contract_list = source.listed_as == CONTRACT or said.startswith("marche")
    if kind == CONCESSION and contract_list:
        notes.flag(FlagCode.CONCESSION_IN_CONTRACTS)
    if kind == CONTRACT and source.listed_as == CONCESSION:
        return CONCESSION
    return kind


def _buyer(raw: Mapping[str, Any], notes: Notes) -> tuple[str, str]:
    for field in ("acheteur", "autoriteConcedante"):
        body = raw.get(field)
        if isinstance(body, Mapping) and values.identifier(body.get("id")):
            name = values.text(body.get("nom"), notes, limit=200, field="acheteur.nom")
            return _buyer_id(body["id"], notes), name
        if isinstance(body, str | int) and values.identifier(body):
            notes.flag(FlagCode.WRONG_WRAPPER, field)
            return _buyer_id(body, notes), ""
    flat = parts.first(raw, "acheteur.id", "acheteur_id", "idAcheteur")
    if flat is None:
        raise BadRecord(
            gettext_noop("The buyer is missing: a contract is known by its buyer and its identifier.")
        )
    return _buyer_id(flat, notes), values.text(
        parts.first(raw, "acheteur.nom", "acheteur_nom"), notes, limit=200
    )


def _buyer_id(value: object, notes: Notes) -> str:
    found = values.siret_of(value, notes, FlagCode.BUYER_ID_BAD)
    if not 9 <= len(found) <= 14 or not found.isascii() or not found.isalnum():
        raise BadRecord(
            gettext_noop("“%(value)s” is not the number of a buyer. Give the 14 digits of its SIRET."),
            value=found[:60],
        )
    return found


def _source_id(raw: Mapping[str, Any], buyer_id: str, notes: Notes) -> str:
    found = (
        values.text(raw.get("id"), notes)
        if not isinstance(raw.get("id"), float)
        else values.identifier(raw["id"])
    )
    if not found and not values.is_empty(raw.get("uid")):
        found = values.text(raw["uid"], notes).removeprefix(buyer_id)
    if not found:
        raise BadRecord(
            gettext_noop("The identifier of the contract is missing: without it no update could be told.")
        )
    if len(found) > LONGEST_ID:
        raise BadRecord(
            gettext_noop("The identifier has %(length)s characters; it cannot have more than %(most)s."),
            length=len(found),
            most=LONGEST_ID,
        )
    return found


def _object(raw: Mapping[str, Any], notes: Notes) -> str:
    published = raw.get("objet")
    if isinstance(published, str) and len(published) in (255, 256):
        notes.flag(FlagCode.OBJECT_CUT_255)
    found = values.text(published, notes, limit=LONGEST_OBJECT, field="objet")
    if not found:
        notes.flag(FlagCode.OBJECT_MISSING)
    return found


def _listed(value: object, allowed: dict[str, str], notes: Notes, limit: int) -> str:
    if values.is_empty(value):
        return ""
    return vocabulary.canonical(values.text(value, notes, limit=limit), allowed)


def _many(
    raw: Mapping[str, Any], names: tuple[str, ...], allowed: dict[str, str], notes: Notes
) -> tuple[str, ...]:
    texts = (values.text(text, notes, limit=60) for text in vocabulary.several(parts.first(raw, *names)))
    found = (vocabulary.canonical(text, allowed) for text in texts if vocabulary.fold(text) != "sans objet")
    return tuple(dict.fromkeys(found))[:10]


def _place(raw: Mapping[str, Any], notes: Notes) -> tuple[str, str]:
    place = raw.get("lieuExecution")
    if not isinstance(place, Mapping):
        return "", ""
    code = values.identifier(place.get("code")).upper()[:20]
    kind = vocabulary.place_type(values.text(place.get("typeCode"), notes))
    if code and not kind:
        notes.flag(FlagCode.PLACE_UNREADABLE, f"{place.get('typeCode') or ''} {code}".strip())
    return code, kind if code else ""


def _considerations(raw: Mapping[str, Any], field: str, inner: str, notes: Notes) -> tuple[str, ...]:
    found, unknown = vocabulary.considerations(vocabulary.several(parts.first(raw, field, inner)))
    incoherent = unknown or (NONE in found and len(found) > 1)
    if incoherent and field == "considerationsSociales":
        notes.flag(FlagCode.SOCIAL_INCOHERENT, ", ".join(unknown) or ", ".join(found))
    return found


def _yes_no(value: object) -> bool | None:
    if isinstance(value, bool):
        return value
    folded = vocabulary.fold(str(value or ""))
    return (
        True
        if folded in ("oui", "true", "1", "1.0")
        else False
        if folded in ("non", "false", "0", "0.0")
        else None
    )


def _check_floor(amount: Decimal, notified_on: date | None, notes: Notes) -> None:
    """Before the decree of 2018 nothing had to be published, so an old contract has no floor to be below."""
    if notified_on and notified_on.year >= 2018 and 1 < amount < PUBLICATION_FLOOR.at(notified_on):
        notes.flag(FlagCode.BELOW_PUBLICATION_FLOOR, amount)


def _check_dates(record: Record, notes: Notes) -> None:
    notified, published = record.notified_on, record.published_on
    if notified is None:
        if not any(flag.code == FlagCode.DATE_IMPOSSIBLE for flag in notes.flags):
            notes.flag(FlagCode.DATE_MISSING)
        return
    if published is not None:
        days = (published - notified).days
        if days > LATE_DAYS:
            notes.flag(FlagCode.PUBLISHED_LATE, days)
        elif days < 0:
            notes.flag(FlagCode.PUBLISHED_BEFORE, -days)
    last = record.last_published_on
    if last is not None and (last - notified).days > LONG_AGO_DAYS:
        notes.flag(FlagCode.NOTIFIED_LONG_AGO, notified.isoformat())


def _check_subcontracting(record: Record, notes: Notes) -> None:
    if record.subcontracts and record.subcontracting_declared is False:
        notes.flag(FlagCode.SUBCONTRACT_INCOHERENT, f"non, {len(record.subcontracts)}")
    elif record.subcontracting_declared and not record.subcontracts:
        notes.flag(FlagCode.SUBCONTRACT_INCOHERENT, "oui, 0")
