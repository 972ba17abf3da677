"""What the pages of notices say: facts with their field, marks in words, texts with the passages found."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import F, Prefetch, Q
from django.utils.translation import gettext as _

from relais.core.clause_text import Doubt, Finding, FindingKind, Passage, Tranche, doubt_words, hours_by_lot
from relais.core.words import Words, gettext_noop
from relais.kit.actor import Actor, ActorRequest
from relais.kit.components import Fact
from relais.kit.words import ABSENT, day, euros, hours, number, percent
from relais.organisations.enums import Capacity
from relais.organisations.identifiers import shown_siret
from relais.procurement.models import (
    Contract,
    Lot,
    Notice,
    NoticeBuyer,
    NoticeLot,
    NoticeQuerySet,
    NoticeVersion,
)
from relais.procurement.notices import flag_meaning, shape_words
from relais.procurement.reports import place_said

MARKS = {
    "res-ws": gettext_noop("Reserved for sheltered work and insertion"),
    "res-pub-ser": gettext_noop("Reserved for public service missions"),
    "reserved-execution": gettext_noop("Performance within sheltered employment"),
    "RESTRICTED_SHELTERED_WORKSHOP": gettext_noop("Reserved for sheltered work and insertion"),
    "RESTRICTED_SHELTERED_PROGRAM": gettext_noop("Performance within sheltered employment"),
    "RESERVED_ORGANISATIONS_SERVICE_MISSION": gettext_noop("Reserved for public service missions"),
    "ATELIER_PROTEGE": gettext_noop("Reserved for sheltered work and insertion"),
    "EMPLOI_PROTEGE": gettext_noop("Performance within sheltered employment"),
    "soc-obj": gettext_noop("Social objectives"),
    "acc-all": gettext_noop("Accessibility for all"),
    "et-eq": gettext_noop("Ethnic equality"),
    "gen-eq": gettext_noop("Equality of women and men"),
    "hum-right": gettext_noop("Human rights in supply chains"),
    "opp": gettext_noop("Jobs for people far from employment"),
    "work-cond": gettext_noop("Fair working conditions"),
    "other": gettext_noop("Another social objective"),
    "SOCIAUX": gettext_noop("Social criteria"),
}
"""Codes of TED, eForms (BT-71, BT-736, BT-06, BT-775) and BOAMP."""
PROCEDURES = {
    "open": gettext_noop("Open procedure"),
    "restricted": gettext_noop("Restricted procedure"),
    "negotiated": gettext_noop("Negotiated procedure"),
    "adapted": gettext_noop("Adapted procedure"),
    "dialogue": gettext_noop("Competitive dialogue"),
}
_PROCEDURE_CODES = {
    "open": ("open", "PT_OPEN", "OUVERT"),
    "restricted": ("restricted", "PT_RESTRICTED", "RESTREINT"),
    "negotiated": (
        *("neg-w-call", "neg-wo-call", "PT_COMPETITIVE_NEGOTIATION", "PT_NEGOTIATED_WITH_PRIOR_CALL"),
        *("PT_INVOLVING_NEGOTIATION", "NEGOCIE", "PT_NEGOTIATED_WITHOUT_PUBLICATION"),
    ),
    "adapted": ("PROCEDURE_ADAPTE",),
    "dialogue": ("comp-dial", "PT_COMPETITIVE_DIALOGUE", "DIALOGUE_COMPETITIF"),
}
FIELDS = {
    "notice-ted": {
        "number": "DOC_ID",
        "published": "REF_OJS/DATE_PUB",
        "launched": "DATE_DISPATCH_NOTICE",
        "buyer": "OFFICIALNAME, NATIONALID",
        "procedure": "PROCEDURE",
        "reference": "REFERENCE_NUMBER",
        "value": "VAL_ESTIMATED_TOTAL",
        "form": "FORM",
    },
    "notice-eforms": {
        "number": "BT-701, OPP-010",
        "published": "OPP-012",
        "launched": "BT-05",
        "buyer": "BT-500, BT-501",
        "procedure": "BT-105",
        "reference": "BT-22",
        "value": "BT-27",
        "form": "OPP-070",
    },
    "notice-boamp": {
        "number": "IDWEB",
        "published": "DATE_PUBLICATION",
        "launched": "DATE_PUBLICATION",
        "buyer": "IDENTITE",
        "procedure": "TYPE_PROCEDURE",
        "reference": "REF_MARCHE",
        "value": "VALEUR_TOTALE",
        "form": "TYPE_AVIS",
    },
}
FIELDS["notice-boamp-json"] = {**FIELDS["notice-eforms"], "number": "idweb", "published": "dateparution"}


@dataclass(frozen=True, slots=True)
class Piece:
    """A slice of a text, marked when something was found in it."""

    text: str
    marked: bool


@dataclass(frozen=True, slots=True)
class TextShown:
    """A clause text whole, the field it comes from and the lot it belongs to."""

    source: str
    lot: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class FindingShown:
    """Hours or a rule in words, with the passage that says it and the doubts of the reader."""

    said: str
    quote: str
    source: str
    doubts: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class MarkShown:
    """A coded mark in words, its code and its field."""

    words: Words
    code: str
    source: str


@dataclass(frozen=True, slots=True)
class LotShown:
    """A lot of a notice, with the hours found for it."""

    row: NoticeLot
    place: str
    hours: str
    reserved: tuple[MarkShown, ...]
    social: tuple[MarkShown, ...]
    may_open: bool


@dataclass(slots=True)
class NoticeShown:
    """Everything the page of a notice shows."""

    notice: Notice
    facts: list[Fact]
    lots: list[LotShown]
    texts: list[TextShown] = field(default_factory=list)
    findings: list[FindingShown] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A notice in a list, with its hours in a few words."""

    notice: Notice
    lots: int
    partners: int
    """Other buyers of a joint purchase."""
    hours: str


def notices_read_by(actor: Actor) -> NoticeQuerySet:
    """The notices of a list, newest first, with what a row shows: two more queries however many rows."""
    lots = NoticeLot.objects.only("notice_id", "number", "texts", "position")
    return (
        Notice.objects.visible_to(actor)
        .select_related("buyer")
        .prefetch_related(Prefetch("lots", lots), "buyers")
        .order_by(F("published_on").desc(nulls_last=True), "-pk")
    )


def notice_in_full(actor: Actor) -> NoticeQuerySet:
    """A notice with everything its page shows."""
    lots = NoticeLot.objects.select_related("lot__department", "contract__lot")
    versions = NoticeVersion.objects.select_related("file").defer("raw")
    return (
        Notice.objects.visible_to(actor)
        .select_related("buyer", "scheme")
        .prefetch_related(
            Prefetch("lots", lots),
            Prefetch("versions", versions),
            Prefetch("buyers", NoticeBuyer.objects.select_related("organisation")),
        )
    )


def notices_of(contract: Contract, request: ActorRequest) -> list[Notice]:
    """The notices of a contract, for who may open their page."""
    if not {Capacity.BUYER, Capacity.COORDINATOR} & set(request.capacities):
        return []
    mine = NoticeLot.objects.filter(Q(contract=contract) | Q(lot=contract.lot_id))
    found = Notice.objects.visible_to(request.actor).filter(pk__in=mine.values("notice_id"))
    return list(found.order_by("published_on", "pk"))


def rows_of(notices: Iterable[Notice]) -> list[NoticeRow]:
    """The rows of a list."""
    return [
        NoticeRow(one, len(one.lots.all()), max(len(one.buyers.all()) - 1, 0), hours_of_notice(one))
        for one in notices
    ]


def shown(notice: Notice, actor: Actor) -> NoticeShown:
    """The page of a notice."""
    lots = list(notice.lots.all())
    ids = [one.lot_id for one in lots if one.lot_id]
    open_lots = (
        set(Lot.objects.visible_to(actor).filter(pk__in=ids).values_list("pk", flat=True)) if ids else set()
    )
    whole = findings_of(notice.texts)
    page = NoticeShown(
        notice, facts_of(notice), [_lot(one, whole, len(lots) == 1, open_lots) for one in lots]
    )
    for owner, texts in (("", notice.texts), *((one.number, one.texts) for one in lots)):
        for kept in texts:
            page.texts.append(_text(kept, owner))
            page.findings += [_finding(one, kept["source"], owner) for one in findings_of([kept])]
    return page


def findings_of(texts: list[dict[str, Any]]) -> tuple[Finding, ...]:
    """The findings kept with texts, as the core gave them."""
    return tuple(
        Finding(
            kind=FindingKind(one["kind"]),
            value=Decimal(one["value"]),
            passage=Passage(one["start"], one["end"], one["quote"]),
            lots=tuple(one["lots"]),
            per_euros=None if one["per_euros"] is None else Decimal(one["per_euros"]),
            tranche=Tranche(one["tranche"]) if one["tranche"] else None,
            tranche_number=one["tranche_number"],
            doubts=tuple(Doubt(code) for code in one["doubts"]),
        )
        for kept in texts
        for one in kept["findings"]
    )


def hours_of_notice(notice: Notice) -> str:
    """The hours and rules found, a few words each: at most three, the rest counted."""
    said = [_said(one) for one in findings_of(notice.texts)]
    for lot in notice.lots.all():
        said += [_said(one, lot.number) for one in findings_of(lot.texts)]
    said = list(dict.fromkeys(said))
    more = len(said) - 3
    return ", ".join([*said[:3], *([f"+{more}"] if more > 0 else [])])


def facts_of(notice: Notice) -> list[Fact]:
    """The facts of a notice, each with the field that says it."""
    fields = FIELDS.get(notice.shape, {})
    procedure = next((key for key, codes in _PROCEDURE_CODES.items() if notice.procedure_kind in codes), "")
    shape = shape_words(notice.shape)
    buyer = notice.buyer.name if notice.buyer else notice.buyer_name
    told = [
        (_("Number"), notice.number, "number"),
        (_("Kind of notice"), f"{notice.get_form_display()} ({notice.form_code or ABSENT})", "form"),
        (_("Published on"), day(notice.published_on), "published"),
        (_("Launched on"), day(notice.launched_on), "launched"),
        (_("Buyer"), f"{buyer or ABSENT} ({_siret(notice)})", "buyer"),
        (
            _("Procedure"),
            _(PROCEDURES[procedure]) if procedure else notice.procedure_kind or ABSENT,
            "procedure",
        ),
        (_("Reference of the buyer"), notice.reference or ABSENT, "reference"),
        (_("Estimated value excluding tax"), euros(notice.estimated_value), "value"),
    ]
    if joint := [str(one) for one in notice.buyers.all() if not one.is_lead]:
        told.insert(5, (_("Buys together with"), ", ".join(joint), "buyer"))
    facts = [Fact(label, value, fields.get(key, "")) for label, value, key in told]
    return [*facts, Fact(_("Format"), _(shape.text) if shape else notice.shape)]


def _siret(notice: Notice) -> str:
    if len(notice.buyer_number) == 14:
        return shown_siret(notice.buyer_number)
    return notice.buyer_number or _("no valid SIRET published")


def flag_lines(notice: Notice) -> list[tuple[Words, str]]:
    """The oddities of a notice in words, with their detail."""
    return [(flag_meaning(code), detail) for code, detail in notice.flags]


def version_lines(notice: Notice) -> list[tuple[NoticeVersion, str]]:
    """The versions, newest first, with their place in their file."""
    return [(version, place_said(version.position)) for version in notice.versions.all()]


def marks_of(pairs: list[list[str]]) -> tuple[MarkShown, ...]:
    """Marks in words; a code nobody knows is shown as it is."""
    return tuple(MarkShown(Words(MARKS.get(code, code)), code, source) for code, source in pairs)


def _lot(row: NoticeLot, whole: tuple[Finding, ...], alone: bool, open_lots: set[int]) -> LotShown:
    mine = tuple(one for one in whole if row.number in one.lots or alone) + findings_of(row.texts)
    amounts = hours_by_lot(mine)
    own = [one for one in amounts if one.lot in (row.number, "")]
    said = [hours(one.hours) for one in own[-1:] if one.hours is not None]
    said += [_amount_said(one) for one in mine if one.kind in RULES]
    department = row.lot.department if row.lot else None
    code = row.postcode or row.nuts.removeprefix("DEP-")
    place = f"{department}, {code}" if department and code else code
    return LotShown(
        row=row,
        place=place,
        hours=", ".join(dict.fromkeys(said)),
        reserved=marks_of(row.marks.get("reserved", [])),
        social=marks_of(row.marks.get("social", [])),
        may_open=row.lot_id in open_lots,
    )


RULES = frozenset({FindingKind.YEARLY_HOURS, FindingKind.HOURS_PER_EUROS, FindingKind.LABOUR_SHARE})


def _text(kept: dict[str, Any], lot: str) -> TextShown:
    spans = sorted((one["start"], one["end"]) for one in (*kept["findings"], *kept["reserved"]))
    return TextShown(kept["source"], lot, tuple(_pieces(kept["text"], spans)))


def _pieces(text: str, spans: list[tuple[int, int]]) -> Iterable[Piece]:
    """The text cut at the edges of the passages; passages that overlap are one."""
    at = 0
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    for start, end in merged:
        if start > at:
            yield Piece(text[at:start], False)
        yield Piece(text[start:end], True)
        at = end
    if at < len(text):
        yield Piece(text[at:], False)


def _finding(one: Finding, source: str, owner: str) -> FindingShown:
    doubts = tuple(doubt_words(doubt) for doubt in one.doubts)
    return FindingShown(_said(one, owner), one.passage.quote, source, doubts)


def _said(one: Finding, owner: str = "") -> str:
    """A finding as a short sentence; `owner` is the lot whose text says it."""
    lots = ", ".join(one.lots or ((owner,) if owner else ()))
    said = _amount_said(one)
    return _("lot %(lots)s: %(said)s") % {"lots": lots, "said": said} if lots else said


def _amount_said(one: Finding) -> str:
    if one.kind is FindingKind.LABOUR_SHARE:
        return _("%(share)s of the labour") % {"share": percent(one.value / 100)}
    told = hours(one.value)
    if one.kind is FindingKind.HOURS_PER_EUROS:
        return _("%(hours)s per slice of %(euros)s") % {"hours": told, "euros": euros(one.per_euros)}
    if one.kind is FindingKind.YEARLY_HOURS:
        return _("%(hours)s a year") % {"hours": told}
    if one.tranche is Tranche.FIRM:
        return _("%(hours)s (firm tranche)") % {"hours": told}
    if one.tranche is Tranche.OPTIONAL:
        nth = number(int(one.tranche_number)) if one.tranche_number else ""
        return (
            _("%(hours)s (optional tranche %(number)s)") % {"hours": told, "number": nth}
            if nth
            else _("%(hours)s (optional tranche)") % {"hours": told}
        )
    return told
