"""What the page of a contract says: its facts, its amendments read both ways, its oddities in words."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from relais.core.words import Words
from relais.kit.components import Fact
from relais.kit.words import ABSENT, day, euros, number
from relais.organisations.identifiers import shown_siret
from relais.procurement.decp import Readings, meaning, readings
from relais.procurement.enums import Social
from relais.procurement.models import Amendment, Contract, ContractFlag, SourceRecord
from relais.procurement.reports import place_said


@dataclass(frozen=True, slots=True)
class AmendmentLine:
    """An amendment and the two totals its amount may mean."""

    amendment: Amendment
    reading: Readings | None


@dataclass(frozen=True, slots=True)
class FlagLine:
    """An oddity: its code, its meaning and what shows it."""

    code: str
    meaning: Words
    details: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version of the record, and its place in its file."""

    source: SourceRecord
    place: str


def version_lines(contract: Contract) -> list[VersionLine]:
    """The versions of the record, newest first."""
    return [VersionLine(source, place_said(source.position)) for source in contract.sources.all()]


def facts_of(contract: Contract) -> list[Fact]:
    """The facts of the contract and of its lot, in the order people look for them."""
    lot = contract.lot
    code = f"{lot.get_place_type_display()} {lot.place_code}" if lot.place_type and lot.place_code else ""
    place = ", ".join(str(part) for part in (lot.commune or lot.department, code) if part)
    pairs = [
        (_("Buyer"), f"{contract.buyer.name} ({shown_siret(contract.buyer.siret) or ABSENT})"),
        (_("Identifier given by the buyer"), contract.source_id),
        (_("Nature"), contract.nature or lot.get_nature_display() or ABSENT),
        (_("Procedure"), contract.procedure_kind or ABSENT),
        (_("CPV code"), lot.cpv or ABSENT),
        (_("Place of performance"), place or ABSENT),
        (_("Notified on"), day(contract.notified_on)),
        (_("Published on"), day(contract.published_on)),
        (
            _("Duration"),
            _("%(number)s months") % {"number": number(lot.duration_months)}
            if lot.duration_months is not None
            else ABSENT,
        ),
        (_("Amount excluding tax"), amount_said(contract)),
        (_("Form of price"), contract.price_form or ABSENT),
        (_("Framework agreement"), contract.framework_id or (_("yes") if contract.is_framework else _("no"))),
        (_("General conditions (CCAG)"), contract.ccag or ABSENT),
        (_("Offers received"), number(contract.offers_received)),
        (_("Social considerations"), social_said(contract)),
        (_("Type of consortium"), contract.consortium_type or ABSENT),
    ]
    return [Fact(label, value) for label, value in pairs]


def amount_said(contract: Contract) -> str:
    """The amount, or what was written in its place."""
    if contract.amount is None:
        return contract.amount_text or ABSENT
    said = euros(contract.amount)
    return said if contract.counts_in_totals else _("%(amount)s, kept apart from totals") % {"amount": said}


def social_said(contract: Contract) -> str:
    """The social considerations published, in words."""
    told = [
        str(social.label)
        for social, there in (
            (Social.CLAUSE, contract.has_social_clause),
            (Social.CRITERION, contract.has_social_criterion),
            (Social.RESERVED, contract.is_reserved),
        )
        if there
    ]
    if told:
        return ", ".join(told)
    return _("none") if contract.social_published else _("not published")


def amendment_lines(contract: Contract) -> list[AmendmentLine]:
    """The amendments by date, each read as a new amount and as an increase."""
    amendments = list(contract.amendments.all())
    initial: Decimal | None = contract.amount if contract.counts_in_totals else None
    both = readings(initial, tuple(amendment.amount for amendment in amendments))
    return [AmendmentLine(amendment, reading) for amendment, reading in zip(amendments, both, strict=True)]


def flag_lines(contract: Contract) -> list[FlagLine]:
    """The oddities of a contract, one line a code."""
    by_code: dict[str, list[ContractFlag]] = {}
    for flag in contract.flags.all():
        by_code.setdefault(flag.code, []).append(flag)
    return [
        FlagLine(code, meaning(code), tuple(flag.detail for flag in flags if flag.detail))
        for code, flags in by_code.items()
    ]
