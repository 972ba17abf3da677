"""Notices of the European journal before eForms: TED_EXPORT, releases R2.0.8 and R2.0.9."""

from decimal import Decimal

from relais.core.words import gettext_noop
from relais.procurement.decp.errors import BadRecord
from relais.procurement.notices import values
from relais.procurement.notices.flags import NoticeFlag
from relais.procurement.notices.record import (
    ClauseText,
    Criterion,
    Form,
    LotRecord,
    Marker,
    NamedBuyer,
    Notes,
    NoticeRecord,
    NoticeShape,
)
from relais.procurement.notices.tree import Node

FORMS = {
    "F01": Form.PRIOR_INFORMATION,
    "F02": Form.CALL,
    "F03": Form.AWARD,
    "F04": Form.PRIOR_INFORMATION,
    "F05": Form.CALL,
    "F06": Form.AWARD,
    "F07": Form.CALL,
    "F12": Form.CALL,
    "F13": Form.AWARD,
    "F15": Form.AWARD,
    "F20": Form.MODIFICATION,
    "F24": Form.CALL,
    "F25": Form.AWARD,
}
CONCESSIONS = frozenset({"F23", "F24", "F25"})
TYPES = {
    "CONTRACT": Form.CALL,
    "AWARD_CONTRACT": Form.AWARD,
    "CONCESSION": Form.CALL,
    "CONCESSION_AWARD_CONTRACT": Form.AWARD,
    "PRI_CALL_COMPETITION": Form.CALL,
    "PER_CALL_COMPETITION": Form.CALL,
    "QSU_CALL_COMPETITION": Form.CALL,
    "PRI_ONLY": Form.PRIOR_INFORMATION,
    "PER_ONLY": Form.PRIOR_INFORMATION,
    "PRI_REDUCING_TIME_LIMITS": Form.PRIOR_INFORMATION,
    "PER_REDUCING_TIME_LIMITS": Form.PRIOR_INFORMATION,
    "PRI": Form.PRIOR_INFORMATION,
}
"""What the type of a notice says, when a form serves several."""
RESERVED = (
    "RESTRICTED_SHELTERED_WORKSHOP",
    "RESTRICTED_SHELTERED_PROGRAM",
    "RESERVED_ORGANISATIONS_SERVICE_MISSION",
)
NATURES = {"WORKS": "works", "SUPPLIES": "supplies", "SERVICES": "services"}


def read_ted(root: Node, raw: str) -> NoticeRecord:
    """The notice of a TED export. Raises `BadRecord` when it holds no form we know."""
    form = _form(root)
    coded = root.first("CODED_DATA_SECTION") or Node("")
    notes = Notes()
    number = values.line(root.attributes.get("DOC_ID", "") or coded.value("NOTICE_DATA", "NO_DOC_OJS"), 60)
    if not number:
        raise BadRecord(gettext_noop("The notice has no number, so it could never be recognised again."))
    code = form.attributes.get("FORM", form.name[:3])
    body = form.first("CONTRACTING_BODY", "ADDRESS_CONTRACTING_BODY") or Node("")
    object_ = form.first("OBJECT_CONTRACT") or Node("")
    texts = _texts(form, object_)
    others = list(form.all("CONTRACTING_BODY", "ADDRESS_CONTRACTING_BODY_ADDITIONAL"))
    if others:
        notes.flag(NoticeFlag.NOTICE_SEVERAL_BUYERS, str(len(others) + 1))
    total = object_.first("VAL_ESTIMATED_TOTAL") or object_.first("VAL_TOTAL")
    value = values.amount(total, notes)
    lots = _lots(form, object_, value, texts, notes)
    return NoticeRecord(
        shape=NoticeShape.TED,
        key=f"ted:{number}",
        number=number,
        form=_kind(form, code),
        form_code=code,
        published_on=values.day(coded.value("REF_OJS", "DATE_PUB")),
        launched_on=values.day(form.value("COMPLEMENTARY_INFO", "DATE_DISPATCH_NOTICE"))
        or values.day(coded.value("CODIF_DATA", "DS_DATE_DISPATCH")),
        buyer_name=_named(body).name,
        buyer_id=_named(body).number,
        partners=tuple(_named(other) for other in others),
        buyer_country=(body.first("COUNTRY") or Node("")).attributes.get("VALUE", ""),
        title=values.line(object_.value("TITLE"), 1000),
        procedure=_procedure(form),
        reference=values.line(object_.value("REFERENCE_NUMBER"), 100),
        is_concession=code in CONCESSIONS,
        estimated_value=value,
        texts=tuple(texts),
        lots=values.checked(lots, notes),
        flags=tuple(notes.flags),
        raw=raw,
    )


def _named(body: Node) -> NamedBuyer:
    return NamedBuyer(
        values.line(body.value("OFFICIALNAME"), 200), values.buyer_number(body.value("NATIONALID"))
    )


def _form(root: Node) -> Node:
    forms = [form for section in root.all("FORM_SECTION") for form in section.children]
    original = [form for form in forms if form.attributes.get("CATEGORY") == "ORIGINAL"]
    french = [form for form in forms if form.attributes.get("LG") == "FR"]
    for form in (*french, *original, *forms):
        if form.name.startswith("F") and form.name[1:3].isdigit():
            return form
    raise BadRecord(gettext_noop("The export holds no form of a notice that can be read."))


def _kind(form: Node, code: str) -> Form:
    told = TYPES.get((form.first("NOTICE") or Node("")).attributes.get("TYPE", ""))
    return told or FORMS.get(code, Form.OTHER)


def _procedure(form: Node) -> str:
    steps = (form.first("PROCEDURE") or Node("")).children
    return next((step.name for step in steps if step.name.startswith("PT_")), "")[:120]


def _texts(form: Node, object_: Node) -> list[ClauseText]:
    """What the notice says for all its lots."""
    found = values.clause("OBJECT_CONTRACT/SHORT_DESCR", object_.first("SHORT_DESCR"))
    for node in (form.first("LEFTI") or Node("")).children:
        told = node.name == "PERFORMANCE_CONDITIONS"
        found += values.clause(f"LEFTI/{node.name}", node, always=told, strict=not told)
    found += values.clause("COMPLEMENTARY_INFO/INFO_ADD", form.first("COMPLEMENTARY_INFO", "INFO_ADD"))
    return found


def _lots(
    form: Node, object_: Node, total: Decimal | None, texts: list[ClauseText], notes: Notes
) -> list[LotRecord]:
    described = list(object_.all("OBJECT_DESCR"))
    if not described:
        notes.flag(NoticeFlag.NOTICE_NO_LOT)
        described = [Node("OBJECT_DESCR")]
    lefti = form.first("LEFTI") or Node("")
    markers = [Marker(code, f"LEFTI/{code}") for code in RESERVED if lefti.first(code)]
    several = len(described) > 1
    numbers = [_number(lot, several) for lot in described]
    marked = values.spread(markers, texts, numbers, notes)
    awarded = _awarded(form, several)
    return [
        _lot(lot, number, object_, marked[number], awarded, total if not several else None, notes)
        for lot, number in zip(described, numbers, strict=True)
    ]


def _number(lot: Node, several: bool) -> str:
    return values.lot_number(lot.value("LOT_NO") or (lot.attributes.get("ITEM", "") if several else ""))


def _lot(
    lot: Node,
    number: str,
    object_: Node,
    reserved: list[Marker],
    awarded: dict[str, str],
    total: Decimal | None,
    notes: Notes,
) -> LotRecord:
    own_cpv = [node.attributes.get("CODE", "") for node in lot.all("CPV_ADDITIONAL", "CPV_CODE")]
    main = (object_.first("CPV_MAIN", "CPV_CODE") or Node("")).attributes.get("CODE", "")
    nature = (object_.first("TYPE_CONTRACT") or Node("")).attributes.get("CTYPE", "")
    texts = values.clause("OBJECT_DESCR/SHORT_DESCR", lot.first("SHORT_DESCR"))
    texts += values.clause("OBJECT_DESCR/INFO_ADD", lot.first("INFO_ADD"))
    texts += values.clause("OBJECT_DESCR/OPTIONS_DESCR", lot.first("OPTIONS_DESCR"))
    value = values.amount(lot.first("VAL_OBJECT"), notes)
    nuts = next((node.attributes.get("CODE", "") for node in lot.all("NUTS")), "")
    return LotRecord(
        number=number,
        title=values.line(lot.value("TITLE") or object_.value("TITLE"), 1000),
        description=values.line(lot.value("SHORT_DESCR"), 4000),
        cpv=values.cpv(own_cpv[0] if number and own_cpv else main, notes),
        nature=NATURES.get(nature, ""),
        estimated_value=value if value is not None else total,
        duration_months=_duration(lot),
        nuts=nuts[:8],
        reserved=tuple(reserved),
        texts=tuple(texts),
        criteria=tuple(_criteria(lot)),
        contract_number=awarded.get(number, ""),
    )


def _duration(lot: Node) -> int | None:
    told = lot.first("DURATION")
    if told is not None:
        return values.months(told.text.strip(), told.attributes.get("TYPE", "MONTH"))
    return values.months_between(values.day(lot.value("DATE_START")), values.day(lot.value("DATE_END")))


def _criteria(lot: Node) -> list[Criterion]:
    holders = [lot, *lot.all("AC"), *lot.all("DIRECTIVE_2014_24_EU"), *lot.all("DIRECTIVE_2014_24_EU", "AC")]
    found = []
    for holder in holders:
        for name, kind in (("AC_QUALITY", "quality"), ("AC_COST", "cost"), ("AC_PRICE", "price")):
            found += [
                Criterion(
                    kind,
                    values.line(node.value("AC_CRITERION"), 1000),
                    values.line(node.value("AC_WEIGHTING"), 60),
                )
                for node in holder.all(name)
            ]
        found += [Criterion("", values.line(node.prose(), 1000)) for node in holder.all("AC_CRITERION")]
    return [one for one in found if one.text or one.weight or one.kind == "price"]


def _awarded(form: Node, several: bool) -> dict[str, str]:
    """The number of the contract awarded, by lot."""
    found: dict[str, str] = {}
    for award in form.all("AWARD_CONTRACT"):
        contract = values.line(award.value("CONTRACT_NO"), 100)
        number = values.lot_number(award.value("LOT_NO"))
        if contract and (number or not several):
            found.setdefault(number, contract)
    return found
