"""Read orders and invoices from a table: columns by their French names, every fault located.

All the rows are understood or none is taken, as for hours.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from relais.core.money import hundredths, parse_decimal
from relais.core.words import BadValue, Words, gettext_noop
from relais.execution.models import Debtor
from relais.execution.owing_enums import Basis, CallKind
from relais.execution.queries.intake import HEADER_WITHIN, Problem, read_day
from relais.execution.queries.owing import Standing
from relais.execution.sheets import LARGEST, MOST_ROWS, BadSheet, Cell, Row, Sheet, column_name, read_sheets
from relais.territories.names import fold

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "number": (
        "numero", "n", "no", "reference", "ref", "piece", "n piece", "facture", "n facture", "n de facture",
        "numero facture", "numero de facture", "bon de commande", "n bc", "n bon", "n de commande",
        "n commande", "numero de commande", "n bon de commande", "n de bon de commande",
        "numero du bon", "numero bon de commande", "numero de bon de commande",
    ),
    "on": (
        "date", "du", "le", "date facture", "date de facture", "date de la facture", "date commande",
        "date de commande", "date du bon", "date du bon de commande", "date d emission", "emis le",
        "emise le",
    ),
    "amount": (
        "montant", "montant ht", "montant h t", "montant hors taxe", "montant hors taxes", "ht", "total ht",
        "prix ht", "montant facture ht", "montant commande ht", "montant en euros ht", "montant ht en euros",
    ),
    "with_tax": ("montant ttc", "ttc", "total ttc", "montant t t c", "montant facture ttc"),
    "kind": ("type", "nature", "sorte", "type de piece"),
    "label": ("objet", "libelle", "designation", "description", "prestation", "intitule", "chantier"),
    "debtor": ("entreprise", "debiteur", "a la charge de", "entreprise debitrice"),
}  # fmt: skip
"""Names of columns people write, without accents, for each thing read."""

KINDS = {
    **dict.fromkeys(("bon de commande", "bon", "bc", "commande", "order"), CallKind.ORDER),
    **dict.fromkeys(("facture", "fact", "invoice", "avoir", "situation", "decompte"), CallKind.INVOICE),
}

_KEYS = {name: key for key, names in COLUMNS.items() for name in names}
_CHECK_ROW = gettext_noop("Correct the row and send the file again.")
_WRITE_DAY = gettext_noop("Write the day, the month and the four figures of the year: 31/03/2026.")


@dataclass(frozen=True, slots=True)
class ReadCall:
    """A row that is an order or an invoice. Without `kind` it is what the rule of its day is counted on."""

    row: int
    number: str
    on: date
    amount: Decimal
    kind: CallKind | None
    label: str
    debtor: Debtor | None


@dataclass
class CallIntake:
    """What a file says; nothing of it may be kept while there is a problem."""

    sheet: str = ""
    calls: list[ReadCall] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    read: int = 0

    @property
    def is_whole(self) -> bool:
        return bool(self.calls) and not self.problems

    def refuse(self, row: int, reason: Words) -> None:
        self.problems.append(Problem(self.sheet, row, "", reason, Words(_CHECK_ROW)))


class _Reader:
    """One table read from top to bottom."""

    def __init__(self, sheet: Sheet, head: Row, debtors: Sequence[Debtor], standing: Standing) -> None:
        self.sheet, self.head, self.standing = sheet, head, standing
        self.places, self.titles = _columns(head)
        self.debtors = {fold(debtor.organisation.name): debtor for debtor in debtors}
        self.debtors |= {debtor.organisation.siret: debtor for debtor in debtors if debtor.organisation.siret}
        self.intake = CallIntake(sheet.name)
        self.seen: dict[tuple[CallKind | None, str], int] = {}

    def read(self) -> CallIntake:
        for row in self.sheet.rows:
            if row.number > self.head.number and not self.is_total(row):
                self.intake.read += 1
                self.read_row(row)
        return self.intake

    def cell(self, row: Row, key: str) -> Cell:
        place = self.places.get(key)
        value = row.cells[place] if place is not None and place < len(row.cells) else None
        return None if value == "" else value

    def is_total(self, row: Row) -> bool:
        """A row of totals, or one that says neither a number nor an amount."""
        first = next((fold(cell) for cell in row.cells if isinstance(cell, str) and cell), "")
        total = first.split()[:1] in (["total"], ["totaux"]) or first.startswith(("sous total", "cumul"))
        return total or (self.cell(row, "number") is None and self.cell(row, "amount") is None)

    def problem(self, row: Row, key: str, reason: Words, remedy: str = _CHECK_ROW) -> None:
        place = self.places.get(key)
        letters = column_name(place + self.sheet.first_column) if place is not None else ""
        title = self.titles.get(key, "")
        column = f"{letters} ({title})" if title else letters
        self.intake.problems.append(Problem(self.sheet.name, row.number, column, reason, Words(remedy)))

    def read_row(self, row: Row) -> None:
        known = len(self.intake.problems)
        number, on, amount = self.number(row), self.day(row), self.amount(row)
        kind, debtor = self.kind(row), self.debtor(row)
        if len(self.intake.problems) > known or on is None or amount is None:
            return
        if kind is None:
            rule = self.standing.rule_on(on)
            kind = CallKind(rule.basis) if rule and rule.basis in CallKind.values else None
        if (first := self.seen.setdefault((kind, number), row.number)) != row.number:
            reason = Words(
                gettext_noop("%(number)s stands on line %(row)s already."), {"number": number, "row": first}
            )
            self.problem(row, "number", reason, gettext_noop("Keep one line for each number."))
            return
        label = self.cell(row, "label")
        text = str(label) if label is not None else ""
        self.intake.calls.append(ReadCall(row.number, number, on, amount, kind, text[:200], debtor))

    def number(self, row: Row) -> str:
        value = self.cell(row, "number")
        text = f"{value.normalize():f}" if isinstance(value, Decimal) else str(value or "").strip()
        if not text:
            self.problem(row, "number", Words(gettext_noop("The row has no number.")))
        elif len(text) > 60:
            self.problem(row, "number", Words(gettext_noop("This number is longer than 60 characters.")))
        return text

    def day(self, row: Row) -> date | None:
        value = self.cell(row, "on")
        if value is None:
            self.problem(row, "on", Words(gettext_noop("The row has no date.")), _WRITE_DAY)
            return None
        try:
            return read_day(value)
        except BadValue as error:
            self.problem(row, "on", error.words, _WRITE_DAY)
            return None

    def amount(self, row: Row) -> Decimal | None:
        value = self.cell(row, "amount")
        try:
            if isinstance(value, Decimal):
                return hundredths(value)
            if isinstance(value, str):
                return hundredths(parse_decimal(value))
        except BadValue as error:
            self.problem(row, "amount", error.words)
            return None
        missing = Words(gettext_noop("The row has no amount excluding tax."))
        dated = Words(gettext_noop("“%(day)s” is a date, not an amount."), {"day": value})
        self.problem(row, "amount", missing if value is None else dated)
        return None

    def kind(self, row: Row) -> CallKind | None:
        value = self.cell(row, "kind")
        if value is None:
            return None
        found = KINDS.get(fold(str(value)))
        if found is None:
            reason = Words(
                gettext_noop("“%(text)s” is neither an order nor an invoice."), {"text": str(value)[:40]}
            )
            remedy = gettext_noop("Write “bon de commande” or “facture”, or leave the cell empty.")
            self.problem(row, "kind", reason, remedy)
        return found

    def debtor(self, row: Row) -> Debtor | None:
        value = self.cell(row, "debtor")
        if value is None:
            return None
        text = f"{value:f}" if isinstance(value, Decimal) else str(value)
        found = self.debtors.get(fold(text)) or self.debtors.get(text.replace(" ", ""))
        if found is None:
            reason = Words(gettext_noop("“%(text)s” is not a company of this contract."), {"text": text[:40]})
            names = [debtor.organisation.name for debtor in self.debtors.values()]
            remedy = Words(
                gettext_noop("Write one of these names, or leave the cell empty: %(names)s."),
                {"names": tuple(dict.fromkeys(names))},
            )
            self.intake.problems.append(Problem(self.sheet.name, row.number, "", reason, remedy))
        return found


def read_calls(content: bytes, *, name: str, debtors: Sequence[Debtor], standing: Standing) -> CallIntake:
    """What a file says. Raises `BadValue` for one that cannot be read at all."""
    sheets = _sheets(content, name)
    found = [(sheet, head) for sheet in sheets if (head := _head(sheet))]
    if not found:
        raise BadValue(
            gettext_noop(
                "No header is recognised: the first row names the columns, at least “numéro”, “date” and "
                "“montant HT”."
            )
        )
    if len(found) > 1:
        raise BadValue(
            gettext_noop("Several sheets hold orders or invoices (%(sheets)s). Send one of them at a time."),
            sheets=[sheet.name for sheet, _ in found],
        )
    intake = _Reader(*found[0], debtors, standing).read()
    if not intake.calls and not intake.problems:
        reason = Words(gettext_noop("No row of the file holds an order or an invoice."))
        intake.problems.append(Problem(intake.sheet, 0, "", reason, Words(_CHECK_ROW)))
    return intake


def _sheets(content: bytes, name: str) -> list[Sheet]:
    """The sheets; the limits of a file of hours are said again for what this file is."""
    if len(content) > LARGEST:
        raise BadSheet(
            gettext_noop("The file weighs over %(limit)s MB. Cut it by year."), limit=LARGEST // (1024 * 1024)
        )
    try:
        return read_sheets(content, name)
    except BadSheet as error:
        if "rows" in error.words.params:
            raise BadSheet(
                gettext_noop("The table has over %(rows)s rows. Cut it by year."), rows=MOST_ROWS
            ) from error
        if "columns" in error.words.params:
            raise BadSheet(
                gettext_noop(
                    "The table has %(columns)s columns: send number, date, amount and object alone."
                ),
                columns=error.words.params["columns"],
            ) from error
        raise


def _columns(head: Row) -> tuple[dict[str, int], dict[str, str]]:
    places: dict[str, int] = {}
    titles: dict[str, str] = {}
    for place, cell in enumerate(head.cells):
        key = _KEYS.get(fold(cell)) if isinstance(cell, str) else None
        if key is None:
            continue
        if key in places:
            raise BadValue(
                gettext_noop("Two columns say the same thing: “%(one)s” and “%(other)s”. Keep one of them."),
                one=titles[key],
                other=str(cell),
            )
        places[key], titles[key] = place, str(cell)
    return places, titles


def _head(sheet: Sheet) -> Row | None:
    for row in sheet.rows[:HEADER_WITHIN]:
        keys = {_KEYS.get(fold(cell)) for cell in row.cells if isinstance(cell, str)}
        if {"number", "on", "amount"} <= keys:
            return row
        if {"number", "on", "with_tax"} <= keys:
            raise BadValue(
                gettext_noop("The amounts of this file include tax: hours follow amounts excluding tax.")
            )
    return None


def basis_of(standing: Standing, day: date) -> str:
    """What hours are counted on that day: orders unless a rule says invoices."""
    rule = standing.rule_on(day)
    return CallKind.INVOICE if rule and rule.basis == Basis.INVOICE else CallKind.ORDER
