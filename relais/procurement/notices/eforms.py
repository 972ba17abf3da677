"""European notices in eForms (UBL), from XML or from the JSON of BOAMP."""

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

ROOTS = {
    "ContractNotice": Form.CALL,
    "ContractAwardNotice": Form.AWARD,
    "PriorInformationNotice": Form.PRIOR_INFORMATION,
}
EXTENSION = ("UBLExtensions", "UBLExtension", "ExtensionContent", "EformsExtension")
RESERVED = frozenset({"res-ws", "res-pub-ser"})
NOT_RESERVED = frozenset({"none", ""})
SOCIAL = frozenset({"acc-all", "et-eq", "gen-eq", "hum-right", "opp", "other", "work-cond"})
CONCESSIONS = frozenset({"14", "19", "32", "35", "40"})
"""Subtypes of notices for concessions: prior information, call, transparency, award, change."""


def read_eforms(root: Node, raw: str) -> NoticeRecord:
    """The notice of an eForms document. Raises `BadRecord` without an identifier or with an unknown root."""
    if root.name not in ROOTS:
        raise BadRecord(
            gettext_noop("“%(name)s” is not a notice of a purchase: it is left out."),
            name=values.line(root.name, 60),
        )
    key = values.line(root.value("ID").lower(), 60)
    if not key:
        raise BadRecord(gettext_noop("The notice has no number, so it could never be recognised again."))
    notes = Notes()
    extension = root.first(*EXTENSION) or Node("")
    buyer, *others = _buyers(root, extension, notes)
    named = _named(buyer)
    project = root.first("ProcurementProject") or Node("")
    subtype = extension.value("NoticeSubType", "SubTypeCode")
    changed = extension.first("Changes")
    issued = values.day(root.value("IssueDate"))
    return NoticeRecord(
        shape=NoticeShape.EFORMS,
        key=f"eforms:{key}",
        number=values.line(extension.value("Publication", "NoticePublicationID"), 60) or key,
        form=_kind(root),
        form_code=subtype[:20],
        version=_version(root),
        corrects=_changed(changed, key),
        is_cancellation=changed is not None and changed.value("ChangeReason", "ReasonCode") == "cancel",
        published_on=values.day(extension.value("Publication", "PublicationDate")) or issued,
        launched_on=issued,
        buyer_name=named.name,
        buyer_id=named.number,
        partners=tuple(_named(other) for other in others),
        buyer_country=buyer.value("PostalAddress", "Country", "IdentificationCode")[:3],
        title=values.line(project.value("Name"), 1000),
        procedure=values.line(root.value("TenderingProcess", "ProcedureCode"), 120),
        reference=values.line(project.value("ID") or root.value("ContractFolderID"), 100),
        is_concession=subtype in CONCESSIONS,
        estimated_value=_estimate(project, notes),
        texts=tuple(_texts(root, project)),
        lots=values.checked(_lots(root, extension, project, notes), notes),
        flags=tuple(notes.flags),
        raw=raw,
    )


def _kind(root: Node) -> Form:
    code = root.value("NoticeTypeCode")
    if code == "can-modif":
        return Form.MODIFICATION
    if code.startswith(("pin-cfc", "cn-", "qu-sy", "subco")):
        return Form.CALL
    if code.startswith(("can-", "veat")):
        return Form.AWARD
    if code.startswith(("pin-", "planning")):
        return Form.PRIOR_INFORMATION
    return Form.OTHER if code else ROOTS[root.name]


def _version(root: Node) -> int:
    written = root.value("VersionID")
    return int(written) if written.isascii() and written.isdigit() and len(written) < 5 else 1


def _changed(changed: Node | None, key: str) -> str:
    """The key of the notice that is corrected: `uuid-01`, or a publication number for older notices."""
    written = values.line(changed.value("ChangedNoticeIdentifier").lower(), 60) if changed is not None else ""
    if len(written) == 39:
        written = written[:36]
    return f"eforms:{written}" if written and written != key else ""


def _buyers(root: Node, extension: Node, notes: Notes) -> list[Node]:
    """The buyers in the order of the notice, each as described among its organisations."""
    parties = list(root.all("ContractingParty"))
    companies: dict[str, Node] = {}
    for company in extension.all("Organizations", "Organization", "Company"):
        companies.setdefault(company.value("PartyIdentification", "ID"), company)
    found: dict[str, Node] = {}
    for rank, party in enumerate(parties):
        key = party.value("Party", "PartyIdentification", "ID")
        described = companies.get(key) if key else None
        found.setdefault(key or str(rank), described or party.first("Party") or Node(""))
    if len(found) > 1:
        notes.flag(NoticeFlag.NOTICE_SEVERAL_BUYERS, str(len(found)))
    return list(found.values()) or [Node("")]


def _named(buyer: Node) -> NamedBuyer:
    return NamedBuyer(
        values.line(buyer.value("PartyName", "Name"), 200),
        values.buyer_number(buyer.value("PartyLegalEntity", "CompanyID")),
    )


def _estimate(project: Node, notes: Notes) -> Decimal | None:
    return values.amount(project.first("RequestedTenderTotal", "EstimatedOverallContractAmount"), notes)


def _texts(root: Node, project: Node) -> list[ClauseText]:
    found = values.clause("BT-24-Procedure", project.first("Description"))
    for note in project.all("Note"):
        found += values.clause("BT-300-Procedure", note)
    for terms in root.all("TenderingTerms", "ContractExecutionRequirement", "Description"):
        found += values.clause("BT-70-Procedure", terms)
    return found


def _lots(root: Node, extension: Node, project: Node, notes: Notes) -> list[LotRecord]:
    lots = [node for node in root.all("ProcurementProjectLot") if _is_lot(node)]
    if not lots:
        notes.flag(NoticeFlag.NOTICE_NO_LOT)
        lots = [Node("ProcurementProjectLot", children=[project])]
    awarded = _awarded(extension)
    return [_lot(lot, project, awarded, notes) for lot in lots]


def _is_lot(node: Node) -> bool:
    identity = node.first("ID")
    return identity is not None and identity.attributes.get("schemeName", "Lot") in ("Lot", "Part")


def _lot(lot: Node, whole: Node, awarded: dict[str, str], notes: Notes) -> LotRecord:
    project = lot.first("ProcurementProject") or Node("")
    identity = lot.value("ID")
    place = (
        project.first("RealizedLocation", "Address") or whole.first("RealizedLocation", "Address") or Node("")
    )
    code = project.value("MainCommodityClassification", "ItemClassificationCode")
    return LotRecord(
        number=values.lot_number(identity),
        title=values.line(project.value("Name") or whole.value("Name"), 1000),
        description=values.line(project.value("Description"), 4000),
        cpv=values.cpv(code or whole.value("MainCommodityClassification", "ItemClassificationCode"), notes),
        nature=_nature(project) or _nature(whole),
        estimated_value=_estimate(project, notes),
        duration_months=_duration(project),
        nuts=place.value("CountrySubentityCode")[:8],
        postcode=_postcode(place),
        reserved=tuple(_reserved(lot, notes)),
        social=tuple(_social(project, notes)),
        texts=tuple(_lot_texts(lot, project)),
        criteria=tuple(_criteria(lot)),
        contract_number=awarded.get(identity, ""),
    )


def _nature(project: Node) -> str:
    codes = (node for node in project.all("ProcurementTypeCode") if _list(node) in ("", "contract-nature"))
    return next(
        (node.text.strip() for node in codes if node.text.strip() in ("works", "supplies", "services")), ""
    )


def _list(node: Node) -> str:
    return node.attributes.get("listName", "")


def _postcode(place: Node) -> str:
    written = place.value("PostalZone")
    return written if len(written) == 5 and written.isascii() and written.isdigit() else ""


def _duration(project: Node) -> int | None:
    told = project.first("PlannedPeriod", "DurationMeasure")
    if told is not None:
        return values.months(told.text.strip(), told.attributes.get("unitCode", "MONTH"))
    start, end = project.value("PlannedPeriod", "StartDate"), project.value("PlannedPeriod", "EndDate")
    return values.months_between(values.day(start), values.day(end))


def _reserved(lot: Node, notes: Notes) -> list[Marker]:
    """BT-71, who may take part; BT-736, who must perform."""
    terms = lot.first("TenderingTerms") or Node("")
    found = []
    for node in terms.all(
        "TendererQualificationRequest", "SpecificTendererRequirement", "TendererRequirementTypeCode"
    ):
        code = node.text.strip()
        if _list(node) == "reserved-procurement" and code not in NOT_RESERVED:
            if code not in RESERVED:
                notes.flag(NoticeFlag.NOTICE_UNKNOWN_CODE, f"BT-71: {code}")
            found.append(Marker(code, "BT-71"))
    execution = terms.all("ContractExecutionRequirement", "ExecutionRequirementCode")
    if any(_list(node) == "reserved-execution" and node.text.strip() == "yes" for node in execution):
        found.append(Marker("reserved-execution", "BT-736"))
    return list(dict.fromkeys(found))


def _social(project: Node, notes: Notes) -> list[Marker]:
    """BT-06 when it says social, and the objectives of BT-775."""
    found: list[Marker] = []
    for node in project.all("ProcurementAdditionalType", "ProcurementTypeCode"):
        code = node.text.strip()
        if _list(node) == "strategic-procurement" and code == "soc-obj":
            found.append(Marker(code, "BT-06"))
        if _list(node) == "social-objective" and code:
            if code not in SOCIAL:
                notes.flag(NoticeFlag.NOTICE_UNKNOWN_CODE, f"BT-775: {code}")
            found.append(Marker(code, "BT-775"))
    return list(dict.fromkeys(found))


def _lot_texts(lot: Node, project: Node) -> list[ClauseText]:
    found = values.clause("BT-24", project.first("Description"))
    for note in project.all("Note"):
        found += values.clause("BT-300", note)
    for node in project.all("ProcurementAdditionalType", "ProcurementType"):
        found += values.clause("BT-777", node, always=True)
    for requirement in lot.all("TenderingTerms", "ContractExecutionRequirement"):
        code = requirement.first("ExecutionRequirementCode") or Node("")
        found += values.clause("BT-70", requirement.first("Description"), always=_list(code) == "conditions")
    return found


def _criteria(lot: Node) -> list[Criterion]:
    found = []
    for node in lot.all(
        "TenderingTerms", "AwardingTerms", "AwardingCriterion", "SubordinateAwardingCriterion"
    ):
        text = ": ".join(part for part in (node.value("Name"), node.value("Description")) if part)
        parameter = node.first(*EXTENSION, "AwardCriterionParameter") or Node("")
        weight = parameter.value("ParameterNumeric")
        if weight and parameter.value("ParameterCode").startswith("per-"):
            weight = f"{weight} %"
        found.append(
            Criterion(node.value("AwardingCriterionTypeCode")[:20], values.line(text, 1000), weight[:60])
        )
    return found


def _awarded(extension: Node) -> dict[str, str]:
    """The number of the contract signed, by identifier of lot."""
    result = extension.first("NoticeResult") or Node("")
    contracts = {
        node.value("ID"): node.value("ContractReference", "ID") for node in result.all("SettledContract")
    }
    found = {}
    for lot in result.all("LotResult"):
        number = next(
            (
                contracts[node.value("ID")]
                for node in lot.all("SettledContract")
                if contracts.get(node.value("ID"))
            ),
            "",
        )
        if number:
            found[lot.value("TenderLot", "ID")] = values.line(number, 100)
    return found
