"""Notices of BOAMP: XML of schema 2.3.0, and JSON of its interface, each notice being JSON or XML inside."""

import json
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

from relais.core.words import gettext_noop
from relais.procurement.decp.errors import BadRecord, ReadError
from relais.procurement.notices import values
from relais.procurement.notices.eforms import ROOTS, read_eforms
from relais.procurement.notices.record import (
    ClauseText,
    Criterion,
    Form,
    LotRecord,
    Marker,
    Notes,
    NoticeRecord,
    NoticeShape,
)
from relais.procurement.notices.tree import Node, from_json, from_xml

KINDS = {
    "APPEL_OFFRE": Form.CALL,
    "QUALIFICATION": Form.CALL,
    "ATTRIBUTION": Form.AWARD,
    "INTENTION_CONCLURE": Form.AWARD,
    "PRE-INFORMATION": Form.PRIOR_INFORMATION,
    "PERIODIQUE": Form.PRIOR_INFORMATION,
    "MODIFICATION": Form.MODIFICATION,
}
NATURES = {"SERVICE": "services", "SERVICES": "services", "FOURNITURES": "supplies", "TRAVAUX": "works"}
TEXTS = frozenset(
    {
        *("OBJET_COMPLET", "INFO_COMPL", "RENS_COMPLEMENT", "CARACTERISTIQUES", "FINANCEMENT"),
        *("AUTRES_CONDITIONS_PART_OUI", "CRITERE_SELECTION", "SITUATION_JURIDIQUE", "CAP_ECO", "CAP_TECH"),
    }
)
OF_CANDIDATES = frozenset({"SITUATION_JURIDIQUE", "CAP_ECO", "CAP_TECH", "CRITERE_SELECTION"})
"""Fields about who may apply: they speak of disabled workers without asking anything."""
ENVELOPES = ("raw_fields", "record", "fields")
CONDITIONS = "CONDITION_PARTICULIERE_EXECUTION"
FORMER = frozenset({"IDENTITE", "OBJET"})
"""Parts of a notice of before eForms, by which it is known."""
MOST_STRINGS = 3
"""How many times JSON may be written inside a JSON string before it is refused."""


def read_boamp(notice: Node, raw: str) -> NoticeRecord:
    """One <ANNONCE>. Raises `BadRecord` when it has no number."""
    reference = notice.first("GESTION", "REFERENCE") or Node("")
    number = values.line(reference.value("IDWEB"), 60)
    if not number:
        raise BadRecord(gettext_noop("The notice has no number, so it could never be recognised again."))
    notes = Notes()
    data = notice.first("DONNEES") or Node("")
    object_ = data.first("OBJET") or Node("")
    status = _name(reference.first("TYPE_AVIS", "STATUT"))
    former = notice.value("GESTION", "MARCHE", "ANNONCE_ANTERIEUR", "REFERENCE", "IDWEB")
    corrected = former if status not in ("", "INITIAL") else ""
    published = values.day(notice.value("GESTION", "INDEXATION", "DATE_PUBLICATION"))
    value = values.amount(object_.first("CARACTERISTIQUES", "VALEUR_TOTALE"), notes)
    texts = _texts(data)
    social = [Marker("SOCIAUX", "CRITERES_SOCIAUX_ENV")] if any(notice.below("SOCIAUX")) else []
    return NoticeRecord(
        shape=NoticeShape.BOAMP,
        key=f"boamp:{number}",
        number=number,
        form=KINDS.get(_name(reference.first("TYPE_AVIS", "NATURE")), Form.OTHER),
        form_code=_name(reference.first("TYPE_AVIS", "FAMILLE"))[:20],
        corrects=f"boamp:{corrected}" if corrected else "",
        is_cancellation=status == "ANNULATION",
        published_on=published,
        launched_on=published,
        buyer_name=values.line(data.value("IDENTITE", "DENOMINATION"), 200),
        buyer_id=values.buyer_number(data.value("IDENTITE", "CODE_IDENT_NATIONAL")),
        buyer_country="FR",
        title=values.line(_title(notice, object_), 1000),
        procedure=_name(data.first("PROCEDURE", "TYPE_PROCEDURE"))[:120],
        reference=values.line(object_.value("REF_MARCHE"), 100),
        is_concession=_name(reference.first("TYPE_AVIS", "FAMILLE")) == "DSP",
        estimated_value=value,
        texts=tuple(texts),
        lots=values.checked(_lots(notice, data, object_, value, texts, social, notes), notes),
        flags=tuple(notes.flags),
        raw=raw,
    )


def _name(node: Node | None) -> str:
    """The name of the only child: BOAMP says its codes with empty elements."""
    return node.children[0].name if node is not None and node.children else ""


def _title(notice: Node, object_: Node) -> str:
    return (
        object_.value("TITRE_MARCHE")
        or notice.value("GESTION", "INDEXATION", "RESUME_OBJET")
        or object_.value("OBJET_COMPLET")
    )


def _texts(data: Node) -> list[ClauseText]:
    found = []
    for node in _leaves(data):
        if node.name == CONDITIONS or node.name in TEXTS:
            found += values.clause(
                node.name, node, always=node.name == CONDITIONS, strict=node.name in OF_CANDIDATES
            )
    return found


def _leaves(data: Node) -> Iterator[Node]:
    """The fields that speak for the whole notice: those of lots and of other bodies are left out."""
    for child in data.children:
        if child.name not in ("LOTS", "ADRESSES_COMPLEMENTAIRES", "ATTRIBUTION"):
            yield child
            yield from _leaves(child)


def _lots(
    notice: Node,
    data: Node,
    object_: Node,
    value: Decimal | None,
    texts: list[ClauseText],
    social: list[Marker],
    notes: Notes,
) -> list[LotRecord]:
    described = list(object_.all("LOTS", "LOT")) or list(data.all("ATTRIBUTION", "DECISION")) or [Node("LOT")]
    several = len(described) > 1
    numbers = [
        values.lot_number(lot.value("NUM") or lot.value("NUM_LOT") or (str(rank) if several else ""))
        for rank, lot in enumerate(described, 1)
    ]
    marked = values.spread(_reserved(data), texts, numbers, notes)
    department = notice.value("GESTION", "INDEXATION", "DEP_PRESTATION")
    shared = tuple(_criteria(data.first("PROCEDURE") or Node("")))
    return [
        _lot(
            lot,
            number,
            object_,
            value if not several else None,
            marked[number],
            social,
            shared,
            department,
            notes,
        )
        for lot, number in zip(described, numbers, strict=True)
    ]


def _reserved(data: Node) -> list[Marker]:
    """`MARCHE_RESERVE_OUI` and its kin; `PRESTATION_RESERVEE` is about professions, not about insertion."""
    found = []
    for node in data.all("CONDITION_PARTICIPATION"):
        for child in node.children:
            if child.name.startswith("MARCHE_RESERVE") and not child.name.endswith("_NON"):
                codes = [inner.name for inner in child.children] or [child.name]
                found += [Marker(code, child.name) for code in codes]
    return found


def _lot(
    lot: Node,
    number: str,
    object_: Node,
    value: Decimal | None,
    reserved: list[Marker],
    social: list[Marker],
    shared: tuple[Criterion, ...],
    department: str,
    notes: Notes,
) -> LotRecord:
    nature = _name(object_.first("TYPE_MARCHE"))
    own = values.amount(lot.first("VALEUR"), notes)
    place = object_.first("LIEU_EXEC_LIVR") or Node("")
    nuts = lot.value("CODE_NUTS") or place.value("CODE_NUTS")
    texts = values.clause("LOT/DESCRIPTION", lot.first("DESCRIPTION"))
    texts += values.clause("LOT/INFO_COMPL", lot.first("INFO_COMPL"))
    title = lot.value("INTITULE") or lot.value("DESCRIPTION") or object_.value("TITRE_MARCHE")
    return LotRecord(
        number=number,
        title=values.line(title or object_.value("OBJET_COMPLET"), 1000),
        description=values.line(lot.value("DESCRIPTION"), 4000),
        cpv=values.cpv(lot.value("CPV", "PRINCIPAL") or object_.value("CPV", "PRINCIPAL"), notes),
        nature=NATURES.get(nature, ""),
        estimated_value=own if own is not None else value,
        duration_months=_duration(lot) or _duration(object_.first("DUREE_DELAI") or Node("")),
        nuts=(nuts or (f"DEP-{department}" if department else ""))[:8],
        postcode=place.value("CP") if len(place.value("CP")) == 5 and place.value("CP").isdigit() else "",
        reserved=tuple(reserved),
        social=tuple(social),
        texts=tuple(texts),
        criteria=tuple(_criteria(lot)) or shared,
    )


def _duration(node: Node) -> int | None:
    for name, unit in (("DUREE_MOIS", "MONTH"), ("DUREE_JOUR", "DAY"), ("DUREE_JOURS", "DAY")):
        if written := node.value(name):
            return values.months(written, unit)
    return values.months_between(values.day(node.value("DATE_DEBUT")), values.day(node.value("DATE_FIN")))


def _criteria(holder: Node) -> list[Criterion]:
    found = []
    for node in holder.all("CRITERES_ATTRIBUTION"):
        for criterion in node.below("CRITERE"):
            weight = criterion.attributes.get("POIDS", "")
            found.append(Criterion("", values.line(criterion.prose(), 1000), values.line(weight, 60)))
        found += [Criterion("price", "") for _ in node.all("CRITERES_PRIX")]
        found += [Criterion("", values.line(free.prose(), 1000)) for free in node.all("CRITERES_LIBRE")]
    return found


def read_api(item: Any) -> NoticeRecord:
    """One record of the interface of BOAMP, or eForms JSON alone. Raises `BadRecord` for another format."""
    fields = _fields(item)
    raw = json.dumps(item, ensure_ascii=False)
    data = fields.get("donnees", fields)
    if isinstance(data, str) and data.lstrip().startswith("<"):
        return _completed(_former(_from_xml(data), fields, raw), fields)
    data = unwrapped(data)
    if not isinstance(data, dict):
        raise BadRecord(gettext_noop("This is not a record: an object with fields was expected."))
    document = data.get("EFORMS", data)
    name = (
        next((key for key in document if key.rpartition(":")[2] in ROOTS), "")
        if isinstance(document, dict)
        else ""
    )
    if name:
        return _completed(read_eforms(from_json(name, document[name]), raw), fields)
    inner = data.get("ANNONCE", data)
    inner = inner.get("DONNEES", inner) if isinstance(inner, dict) else inner
    if isinstance(inner, dict) and FORMER.intersection(inner):
        return _completed(_former([from_json("DONNEES", inner)], fields, raw), fields)
    format_ = next(iter(data), "")
    raise BadRecord(
        gettext_noop(
            "The notice is written in the format “%(name)s”: only eForms and the former notices of BOAMP "
            "are read from such a file."
        ),
        name=values.line(str(format_), 60),
    )


def _from_xml(text: str) -> list[Node]:
    """The parts of a notice kept as XML inside the record."""
    try:
        root = from_xml(text)
    except ReadError:
        raise BadRecord(gettext_noop("The notice inside the record is not valid XML.")) from None
    return [root] if root.name == "DONNEES" else root.children


def _former(parts: list[Node], fields: dict[str, Any], raw: str) -> NoticeRecord:
    """A notice of before eForms: what the record says around it stands for the management part it lacks."""
    if not any(part.name == "GESTION" for part in parts):
        management = unwrapped(fields.get("gestion") or "null")
        told = management if isinstance(management, dict) else _management(fields)
        parts = [from_json("GESTION", told.get("GESTION", told)), *parts]
    return read_boamp(Node("ANNONCE", children=parts), raw)


def _management(fields: dict[str, Any]) -> dict[str, Any]:
    """The management part of a notice, from the flat fields of its record."""
    linked = fields.get("annonce_lie") or []
    departments = fields.get("code_departement_prestation") or []
    codes = {"NATURE": "nature", "STATUT": "etat", "FAMILLE": "famille"}
    return {
        "REFERENCE": {
            "IDWEB": fields.get("idweb"),
            "TYPE_AVIS": {name: {str(fields[key]): ""} for name, key in codes.items() if fields.get(key)},
        },
        "INDEXATION": {
            "DATE_PUBLICATION": fields.get("dateparution"),
            "RESUME_OBJET": fields.get("objet"),
            "DEP_PRESTATION": _only(departments),
        },
        "MARCHE": {"ANNONCE_ANTERIEUR": {"REFERENCE": {"IDWEB": _only(linked)}}},
    }


def _only(value: Any) -> Any:
    """The value of a field that may be a list; a list of several says nothing sure."""
    if not isinstance(value, list):
        return value
    return value[0] if len(value) == 1 else None


def _completed(notice: NoticeRecord, fields: dict[str, Any]) -> NoticeRecord:
    """The notice with what the record says around it."""
    published = values.day(str(fields.get("dateparution") or "")) or notice.published_on
    return replace(
        notice,
        shape=NoticeShape.BOAMP_JSON,
        number=values.line(str(fields.get("idweb") or ""), 60) or notice.number,
        published_on=published,
        buyer_name=notice.buyer_name or values.line(str(fields.get("nomacheteur") or ""), 200),
        title=notice.title or values.line(str(fields.get("objet") or ""), 1000),
        is_cancellation=notice.is_cancellation or fields.get("etat") == "ANNULATION",
        lots=tuple(_with_social(lot, str(fields.get("criteres") or "")) for lot in notice.lots),
    )


def _fields(item: Any) -> dict[str, Any]:
    """The fields of a record, whatever the envelope the interface or a tool put around."""
    for _ in range(4):
        if not isinstance(item, dict):
            break
        around = (item.get(key) for key in ENVELOPES)
        inner = next((value for value in around if isinstance(value, dict)), None)
        if inner is None:
            return item
        item = inner
    raise BadRecord(gettext_noop("This is not a record: an object with fields was expected."))


def unwrapped(value: Any) -> Any:
    """The object inside a JSON string. Raises `BadRecord` when unreadable or wrapped without end."""
    for _ in range(MOST_STRINGS):
        if not isinstance(value, str):
            return value
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            raise BadRecord(gettext_noop("The notice inside the record is not valid JSON.")) from None
    if isinstance(value, str):
        raise BadRecord(
            gettext_noop("The notice is JSON inside JSON more than %(most)s times."), most=MOST_STRINGS
        )
    return value


def _with_social(lot: LotRecord, criteria: str) -> LotRecord:
    if "sociaux" not in criteria.lower() or any(mark.code == "SOCIAUX" for mark in lot.social):
        return lot
    return replace(lot, social=(*lot.social, Marker("SOCIAUX", "criteres")))
