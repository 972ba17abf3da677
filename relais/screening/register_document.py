"""The register of the social duty as a document, for the file of the buyer and the control of legality."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from relais.kit.documents import Bullets, Document, Heading, Note, Paragraph, Table
from relais.kit.words import day, euros, number, percent, say
from relais.organisations.models import Organisation
from relais.screening.models import ScreeningResult
from relais.screening.queries import register


def register_document(
    rows: Iterable[ScreeningResult],
    indicators: register.Indicators,
    buyer: Organisation,
    year: int,
    at: datetime,
) -> Document:
    """What the printed page shows: the indicators of the year, then each lot with its answer."""
    return Document(
        title=_("Register of the social duty"),
        subtitle=f"{buyer.name} · {year}",
        blocks=(
            Heading(_("Indicators"), 1),
            _indicator_table(indicators, year),
            *_remarks(indicators),
            Heading(_("Lots"), 1),
            _lot_table(rows),
        ),
        written_at=at,
        header=buyer.name,
        footer=_("Register of the social duty"),
        author=buyer.name,
        language=(get_language() or "fr")[:2],
    )


def _indicator_table(indicators: register.Indicators, year: int) -> Table:
    heads = (_("Indicator"), _("Contracts"), _("Share in number"), _("Amount (€)"), _("Share in amount"))
    whole = indicators.whole
    rows = [(_("All"), number(whole.contracts), "–", number(whole.amount), "–")]
    rows += [
        (
            str(line.label),
            number(line.part.contracts),
            _share(line.share),
            number(line.part.amount),
            _share(line.amount_share),
        )
        for line in indicators.lines
    ]
    caption = _("Contracts notified in %(year)s") % {"year": year}
    return Table(heads, tuple(rows), caption, frozenset({1, 2, 3, 4}))


def _remarks(indicators: register.Indicators) -> tuple[Note | Paragraph | Bullets, ...]:
    told: list[Note | Paragraph | Bullets] = []
    if indicators.floor:
        words = _("Contracts counted from %(floor)s excluding tax: %(source)s.")
        told.append(Note(words % {"floor": euros(indicators.floor.value), "source": indicators.floor.source}))
    if indicators.target and indicators.social_share is not None:
        words = _("%(share)s of contracts have a social consideration, for %(target)s aimed at.")
        shares = {"share": percent(indicators.social_share), "target": percent(indicators.target.value)}
        told.append(Paragraph(words % shares))
        told.append(Note(indicators.target.source))
    if indicators.rejections:
        told.append(Bullets(tuple(f"{label} : {count}" for label, count in indicators.rejections)))
    return tuple(told)


def _lot_table(rows: Iterable[ScreeningResult]) -> Table:
    heads = (_("Lot"), _("Launch"), _("Amount (€)"), _("Answer to the duty"), _("Decision"))
    return Table(heads, tuple(_lot(row) for row in rows), _("Lots launched in the year"), frozenset({2}))


def _lot(row: ScreeningResult) -> tuple[str, ...]:
    sheet = row.opportunity
    decision = [say(register.words_of_answer(row)) if sheet else ""]
    if sheet is not None:
        decision += [sheet.derogation_reasons or sheet.decision_reason, sheet.derogation_evidence]
        decision.append(day(sheet.decided_at) if sheet.decided_at else "")
    return (
        " ".join(row.lot.object.split()),
        day(row.launched_on),
        number(row.amount),
        str(dict(register.ANSWERS)[register.answer_of(row)]),
        " · ".join(part for part in decision if part) or "–",
    )


def _share(value: Decimal | None) -> str:
    return percent(value) if value is not None else "–"
