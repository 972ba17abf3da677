"""Rows of a plan as purchases to come: sections, sub-totals, repeated headers set apart, faults located."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from relais.core.money import hundredths
from relais.core.words import BadValue, Words, gettext_noop
from relais.procurement.decp.values import storable
from relais.procurement.decp.vocabulary import fold
from relais.procurement.plans import values
from relais.procurement.plans.fields import LABELS, Field
from relais.procurement.plans.mapping import ColumnMapping, Table, years_counted

_TOTAL = re.compile(
    r"(?:sous|s)?[ \-/]*(?:total|totaux)\b|somme\b|montant (?:global|total)\b|cumul\b|total general"
)
_SERVICE = re.compile(
    r"(?:sous[- ])?(?:direction|service|pole|departement|mission|unite|secteur|delegation)\b"
)
_LOT = re.compile(r"\blots? ?n?[°o]? ?\d", re.IGNORECASE)
_YEARS = re.compile(r"(?<!\d)(20\d{2})(?!\d)")
LONGEST = {"reference": 100, "lot_number": 20, "operation": 300, "place": 200, "lead": 200, "service": 200}


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell that could not be used: where it is, what it says, why, and what to do."""

    sheet: str
    row: int
    column: str
    header: str
    value: str
    reason: Words

    def as_dict(self) -> dict[str, Any]:
        """JSON-safe form."""
        return {
            "sheet": self.sheet,
            "row": self.row,
            "column": self.column,
            "header": self.header,
            "value": self.value,
            "reason": self.reason.as_dict(),
        }


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One purchase of a plan. Amounts exclude tax; days that were quarters or months are their first day."""

    sheet: str
    row: int
    object: str
    reference: str = ""
    lot_number: str = ""
    operation: str = ""
    cpv: str = ""
    nature: str = ""
    amount: Decimal | None = None
    months: int | None = None
    launched_on: date | None = None
    notified_on: date | None = None
    place: str = ""
    lead: str = ""
    service: str = ""
    remark: str = ""
    notes: tuple[Words, ...] = ()
    raw: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class PlanReading:
    """What a file gives under a mapping: purchases, faults, and what was passed over on purpose."""

    rows: tuple[PlanRow, ...]
    faults: tuple[Fault, ...]
    totals: int = 0
    sections: tuple[str, ...] = ()
    repeated: int = 0
    title: str = ""
    first_year: int | None = None
    last_year: int | None = None

    @property
    def read(self) -> int:
        """Rows that are purchases, usable or not."""
        return len(self.rows) + len({(fault.sheet, fault.row) for fault in self.faults})


def check_mapping(mapping: ColumnMapping) -> None:
    """Refuse a mapping that cannot give purchases. Raises `BadValue` with what to do."""
    if mapping.at(Field.OBJECT) is None and mapping.at(Field.OPERATION) is None:
        raise BadValue(gettext_noop("Say which column holds the object of the purchase."))
    if mapping.at(Field.AMOUNT_WITH_TAX) is None:
        return
    if mapping.at(Field.AMOUNT) is not None:
        raise BadValue(
            gettext_noop(
                "Two columns of amounts are named. Keep the one excluding tax, leave the other aside."
            )
        )
    if mapping.vat is None:
        raise BadValue(
            gettext_noop(
                "Amounts here exclude tax and this column includes it. Give the rate of tax to take out, "
                "or leave the column aside."
            )
        )


type Part = tuple[Sequence[Table], ColumnMapping]
"""Tables that share their columns, and what these columns mean."""


def read_plan(tables: Sequence[Table], mapping: ColumnMapping) -> PlanReading:
    """Read the tables, which share their columns. Raises `BadValue` when the mapping is unusable."""
    return read_parts([(tables, mapping)])


def read_parts(parts: Sequence[Part]) -> PlanReading:
    """Read tables of several shapes as one plan. Raises `BadValue` when a mapping is unusable."""
    if not parts:
        raise BadValue(gettext_noop("Every sheet is left out. Keep at least one to read."))
    for _tables, mapping in parts:
        check_mapping(mapping)
    pairs = [(table, mapping) for tables, mapping in parts for table in tables]
    read = [_Reader(table, mapping).read() for table, mapping in pairs]
    rows, repeats = _distinct(
        [(row, *pair) for pair, part in zip(pairs, read, strict=True) for row in part.rows]
    )
    first = pairs[0][0]
    known = [row.launched_on.year for row in rows if row.launched_on] + _years(first.above)
    return PlanReading(
        rows=tuple(rows),
        faults=(*(fault for part in read for fault in part.faults), *repeats),
        totals=sum(part.totals for part in read),
        sections=tuple(section for part in read for section in part.sections),
        repeated=sum(part.repeated for part in read),
        title=first.title,
        first_year=min(known, default=None),
        last_year=max(known, default=None),
    )


def by_columns(tables: Sequence[Table]) -> list[list[Table]]:
    """The tables that share their columns together, in the order given."""
    shapes: dict[str, list[Table]] = {}
    for table in tables:
        shapes.setdefault(table.signature, []).append(table)
    return list(shapes.values())


def _years(text: str) -> list[int]:
    return [int(year) for year in _YEARS.findall(text) if int(year) < values.LAST_YEAR]


def _distinct(rows: Sequence[tuple[PlanRow, Table, ColumnMapping]]) -> tuple[list[PlanRow], list[Fault]]:
    """The rows without those that say the same as an earlier one, which are told."""
    seen: dict[PlanRow, PlanRow] = {}
    faults = []
    for row, table, mapping in rows:
        content = replace(row, row=0, sheet="", notes=(), raw={})
        if content in seen:
            faults.append(_repeat(row, seen[content], table, mapping))
        else:
            seen[content] = row
    return list(seen.values()), faults


def _repeat(row: PlanRow, first: PlanRow, table: Table, mapping: ColumnMapping) -> Fault:
    at = mapping.at(Field.OBJECT) or 0
    header = next((column.header for column in table.columns if column.at == at), "")
    if row.sheet == first.sheet:
        words = Words(
            gettext_noop("This row repeats row %(row)s: it is counted once. Delete one of them."),
            {"row": first.row},
        )
    else:
        words = Words(
            gettext_noop(
                "This row repeats row %(row)s of the sheet “%(sheet)s”: it is counted once. "
                "Delete one of them, or leave a sheet out."
            ),
            {"row": first.row, "sheet": first.sheet},
        )
    return Fault(row.sheet, row.row, table.sheet.column(at), header, row.object[:120], words)


class _Reader:
    """One table read from top to bottom: a section speaks for the rows below it."""

    def __init__(self, table: Table, mapping: ColumnMapping) -> None:
        self.table, self.mapping = table, mapping
        self.places = {found: at for at, found in mapping.fields.items()}
        self.columns = {column.at: column for column in table.columns}
        self.headers = {column.key for column in table.columns if column.header}
        years = _years(table.sheet.name) or sorted(set(_years(table.above)))
        self.year = years[0] if len(years) == 1 else None
        self.section: dict[str, str] = {}
        self.rows: list[PlanRow] = []
        self.faults: list[Fault] = []
        self.sections: list[str] = []
        self.totals = self.repeated = 0

    def read(self) -> PlanReading:
        for at, (number, cells) in enumerate(self.table.rows):
            if not any(cells):
                continue
            if self._is_header(cells):
                self.repeated += 1
            elif self._is_total(cells):
                self.totals += 1
            elif section := self._section(at, number, cells):
                self._open(section, at)
            else:
                self._purchase(number, cells)
        return PlanReading(
            tuple(self.rows), tuple(self.faults), self.totals, tuple(self.sections), self.repeated
        )

    def _is_header(self, cells: Sequence[str]) -> bool:
        texts = [fold(cell) for cell in cells if cell]
        known = sum(text in self.headers for text in texts)
        return len(texts) > 1 and known == len(texts)

    def _is_total(self, cells: Sequence[str]) -> bool:
        """A total is said by the first text of the row, and its row has no object of its own."""
        texts = [cell for cell in cells if cell]
        if not _TOTAL.match(fold(texts[0]).strip(" :*")):
            return False
        own = self._cell(cells, Field.OBJECT)
        return not own or fold(own) == fold(texts[0]) or _TOTAL.match(fold(own)) is not None

    def _section(self, at: int, number: int, cells: Sequence[str]) -> str:
        """The text of a row that holds a single one and heads the rows below; empty for a purchase."""
        texts = {cell for cell in cells if cell}
        if len(texts) != 1:
            return ""
        text = next(iter(texts))
        if re.fullmatch(r"[\d .,€%/\-]+", text):
            return ""
        places = [place for place, cell in enumerate(cells) if cell]
        alone = self.places.get(Field.OBJECT, self.places.get(Field.OPERATION))
        merged = len(places) > 1 and (number, places[1]) in self.table.sheet.filled
        if merged or places[0] != alone:
            return text
        bare = text.strip(" :-*")
        if _SERVICE.match(fold(bare)) or values.read_nature(bare) or (bare.isupper() and len(bare) > 3):
            return text
        return text if self._heads_lots(at) and not _LOT.search(text) else ""

    def _heads_lots(self, at: int) -> bool:
        """Whether the next row with something is a lot that does not name its operation."""
        following = (cells for _number, cells in self.table.rows[at + 1 :] if any(cells))
        cells = next(following, None)
        return cells is not None and bool(_LOT.match(self._cell(cells, Field.OBJECT).strip()))

    def _open(self, text: str, at: int) -> None:
        bare = text.strip(" :-*")[:300]
        self.sections.append(bare)
        if nature := values.read_nature(bare):
            self.section["nature"] = nature
        elif _SERVICE.match(fold(bare)):
            self.section.pop("operation", None)
            self.section["service"] = bare[: LONGEST["service"]]
        elif self._heads_lots(at):
            self.section["operation"] = bare
        else:
            self.section.pop("operation", None)
            self.section["service"] = bare[: LONGEST["service"]]

    def _cell(self, cells: Sequence[str], wanted: Field) -> str:
        at = self.places.get(wanted)
        return cells[at] if at is not None and at < len(cells) else ""

    def _purchase(self, number: int, cells: Sequence[str]) -> None:
        found: list[Fault] = []
        notes: list[Words] = []

        def read[T](wanted: Field, reader: Callable[[str], values.Told[T]]) -> T | None:
            text = self._cell(cells, wanted)
            if values.is_nothing(text):
                return None
            try:
                told = reader(text)
            except BadValue as error:
                found.append(self._fault(number, wanted, text, error.words))
                return None
            if told.words is not None:
                notes.append(self._note(wanted, text, told.words))
            return told.value

        launch = self._launch(read)
        row = PlanRow(
            sheet=self.table.sheet.name,
            row=number,
            **self._texts(number, cells, found),
            **self._codes(cells, notes),
            amount=self._amount(read),
            months=read(Field.DURATION, self._months),
            launched_on=launch.first if launch else None,
            notified_on=_first(
                read(Field.NOTIFICATION, lambda text: values.read_period(text, year=self.year))
            ),
            notes=tuple(notes),
            raw=self._raw(cells),
        )
        if found:
            self.faults += found
        else:
            self.rows.append(row)

    def _launch(self, read: Any) -> values.Period | None:
        """The most precise of the columns that tell when the consultation is launched."""
        year = read(Field.LAUNCH_YEAR, lambda text: values.Told(values.read_year(text))) or self.year
        told = [
            read(Field.LAUNCH, lambda text: values.read_period(text, year=year)),
            read(Field.LAUNCH_MONTH, lambda text: values.read_month(text, year=year)),
            read(Field.LAUNCH_QUARTER, lambda text: values.read_quarter(text, year=year)),
        ]
        periods = [period for period in told if period is not None]
        if periods:
            return min(periods, key=lambda period: _PRECISIONS.index(period.precision))
        named = self.places.get(Field.LAUNCH_YEAR) is not None
        return values.Period(date(year, 1, 1), "year") if named and year else None

    def _amount(self, read: Any) -> Decimal | None:
        unit, vat = self.mapping.unit, self.mapping.vat
        without: Decimal | None = read(Field.AMOUNT, lambda text: values.read_amount(text, unit=unit))
        if without is not None or vat is None:
            return without
        taxed: Decimal | None = read(
            Field.AMOUNT_WITH_TAX, lambda text: values.read_amount(text, unit=unit, with_tax=True)
        )
        return None if taxed is None else hundredths(taxed * 100 / (100 + vat))

    def _months(self, text: str) -> values.Told[int]:
        column = self.columns.get(self.places[Field.DURATION])
        return values.read_months(text, in_years=years_counted(column))

    def _texts(self, number: int, cells: Sequence[str], found: list[Fault]) -> dict[str, str]:
        def text(wanted: Field) -> str:
            said = storable(self._cell(cells, wanted)).strip()
            said = "" if values.is_nothing(said) else said
            return said[: LONGEST.get(wanted.value, 2000)]

        operation = text(Field.OPERATION) or self.section.get("operation", "")
        said = text(Field.OBJECT) or text(Field.OPERATION)
        if not said:
            wanted = Field.OBJECT if Field.OBJECT in self.places else Field.OPERATION
            why = gettext_noop("The object of the purchase is missing. Write it, or delete the row.")
            found.append(self._fault(number, wanted, "", Words(why)))
        return {
            "object": said,
            "operation": operation,
            "reference": text(Field.REFERENCE),
            "lot_number": text(Field.LOT_NUMBER).removesuffix(".0"),
            "place": text(Field.PLACE),
            "lead": text(Field.LEAD),
            "service": text(Field.SERVICE) or self.section.get("service", ""),
            "remark": text(Field.REMARK),
        }

    def _codes(self, cells: Sequence[str], notes: list[Words]) -> dict[str, str]:
        """CPV and nature; a word that is neither is told and left out, for the lot is known without it."""
        read: dict[str, str] = {}
        for wanted, reader in ((Field.CPV, values.read_cpv), (Field.NATURE, values.read_nature)):
            text = self._cell(cells, wanted)
            blank = values.is_nothing(text)
            read[wanted.value] = "" if blank else reader(text)
            if not blank and not read[wanted.value]:
                notes.append(self._note(wanted, text, Words(NOT_KNOWN)))
        read["nature"] = read["nature"] or self.section.get("nature", "")
        return read

    def _raw(self, cells: Sequence[str]) -> dict[str, str]:
        """The row as read, whole, under its headers; two columns of one name keep both values."""
        raw: dict[str, str] = {}
        for at, cell in enumerate(cells):
            if cell and at in self.columns:
                column = self.columns[at]
                name = column.header or column.letters
                raw[name if name not in raw else f"{name} ({column.letters})"] = storable(cell)
        return raw

    def _fault(self, number: int, wanted: Field, text: str, reason: Words) -> Fault:
        column = self.columns.get(self.places.get(wanted, -1))
        return Fault(
            self.table.sheet.name,
            number,
            column.letters if column else "",
            column.header if column else "",
            storable(text)[:120],
            reason,
        )

    def _note(self, wanted: Field, text: str, words: Words) -> Words:
        params = {"field": Words(LABELS[wanted]), "value": storable(text)[:60], "reading": words}
        return Words(gettext_noop("%(field)s “%(value)s”: %(reading)s"), params)


NOT_KNOWN = gettext_noop("not recognised, left empty")
_PRECISIONS = ("day", "month", "quarter", "half", "year")


def _first(period: values.Period | None) -> date | None:
    return period.first if period else None
