"""Apply a layout to a table: lines with their month and their person, totals proved, all else told."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from relais.core.money import hundredths
from relais.core.months import Month
from relais.core.words import BadValue, Words, gettext_noop
from relais.execution.layouts.amounts import NOTHING, Sums, hours_of, is_number
from relais.execution.layouts.faults import CHECK_ROW, WRITE_DAY, Problem
from relais.execution.layouts.layout import Layout, repeated
from relais.execution.layouts.months import Said, month_above, month_in, read_day, read_month_name, year_in
from relais.execution.layouts.roles import AMOUNTS, KNOWN, PEOPLE, Role, is_total_row
from relais.execution.layouts.tables import Column, Table
from relais.execution.layouts.told import NOBODY, Asked, Entry, Reading, Who
from relais.execution.sheets import Cell, Row
from relais.territories.names import fold

TITLES = re.compile(r"^(?:m|mr|mme|mlle|monsieur|madame)\.? +", re.IGNORECASE)
GIVE_PERIOD = gettext_noop("Give the year and the month of the file on this page: 2026-03, or 2026.")
TEACH = gettext_noop("Say what this column means, or that it is not read.")
MOST_PROBLEMS = 500
HOURS_IN_A_DAY = 24


def read_table(table: Table, layout: Layout, asked: Asked | None = None) -> Reading:
    """Every figure of the table, as a line, a total or a problem."""
    return _Reader(table, layout, asked or Asked()).read()


class _Reader:
    def __init__(self, table: Table, layout: Layout, asked: Asked) -> None:
        self.table = table
        self.layout = layout
        self.asked = asked
        self.found = Reading()
        self.by_role: dict[Role, Column] = {}
        self.amounts: list[tuple[Column, Role]] = []
        self.others: list[Column] = []
        for column in table.columns:
            role = layout.of(column)
            if role in AMOUNTS:
                self.amounts.append((column, role))
            elif role in (None, Role.IGNORED):
                self.others.append(column)
            else:
                self.by_role.setdefault(role, column)
        self.lines = [(at, column, role) for at, (column, role) in enumerate(self.amounts) if _is_line(role)]
        self.totals = [
            (at, column, role) for at, (column, role) in enumerate(self.amounts) if not _is_line(role)
        ]
        self.sums = Sums(len(self.amounts))
        self.days: dict[tuple[str, str, Month], Entry] = {}
        self.written = self.above()
        self.titled = month_above(self.titles()) or month_in(table.sheet)
        self.year = self.said_year()
        self.carried = NOBODY
        self.is_broken = False
        """A line was not understood: the totals after it prove nothing until the file is corrected."""

    def titles(self) -> list[str]:
        return [text for row in self.table.above for text in row]

    def said_year(self) -> int | None:
        return (
            year_in(self.titles())
            or year_in([self.table.sheet])
            or self.asked.year
            or (self.asked.month.year if self.asked.month else None)
            or year_in(self.asked.texts)
        )

    def above(self) -> dict[Role, str]:
        """What the rows above the table say of the one person it is about."""
        found: dict[Role, str] = {}
        for texts in self.table.above:
            for place, text in enumerate(texts):
                head, colon, rest = text.partition(":")
                role = KNOWN.get(fold(head))
                value = rest.strip() if colon and rest.strip() else "".join(texts[place + 1 : place + 2])
                if role in (*PEOPLE, Role.FIRST_NAME, Role.BIRTH_DATE, Role.CLAUSE) and value:
                    found.setdefault(role, value)
        return found

    def read(self) -> Reading:
        if not self.layout.skip and self.heads_are_sound():
            for row in self.table.rows:
                self.read_row(row)
                if len(self.found.problems) >= MOST_PROBLEMS:
                    break
            self.found.entries += self.days.values()
        return self.found

    def heads_are_sound(self) -> bool:
        for one, other in repeated(self.layout, self.table):
            self.problem(
                self.table.header_row,
                other,
                Words(
                    gettext_noop("The columns “%(one)s” and “%(other)s” say the same thing."),
                    {"one": one.place, "other": other.place},
                ),
                gettext_noop("Read one of them only, or correct the month of its head."),
            )
        return not self.found.problems

    def problem(self, row: int, column: Column | None, reason: Words, remedy: str = CHECK_ROW) -> None:
        place = column.place if column else ""
        self.found.problems.append(Problem(self.table.sheet, row, place, reason, Words(remedy)))

    def cell(self, row: Row, column: Column | None) -> Cell:
        if column is None or column.at >= len(row.cells):
            return None
        value = row.cells[column.at]
        return None if value == "" else value

    def read_row(self, row: Row) -> None:
        values, is_said, is_sound = self.values(row)
        self.look_aside(row)
        if not is_said:
            self.without_hours(row)
            return
        self.found.rows += 1
        if self.is_called_total(row):
            if is_sound:
                self.take_total(row, values)
            return
        who = self.who(row)
        if who is None:
            self.is_broken = True
            return
        if not who and is_sound and self.sums.lines > 1 and self.sums.prove(values) > 1:
            self.take_total(row, values)
            return
        self.take_line(row, who, values, is_sound=is_sound)

    def values(self, row: Row) -> tuple[list[Decimal | None], bool, bool]:
        """The figures of the row; whether it holds any, whether all were understood."""
        values: list[Decimal | None] = []
        is_said, is_sound = False, True
        for column, _role in self.amounts:
            cell = self.cell(row, column)
            value = None
            if cell is not None:
                try:
                    value = hours_of(cell)
                except BadValue as error:
                    if self.is_head_again(row):
                        return [], False, True
                    self.problem(row.number, column, error.words)
                    is_said, is_sound = True, False
            is_said = is_said or value is not None
            values.append(value)
        return values, is_said, is_sound

    def is_head_again(self, row: Row) -> bool:
        """The header printed again at the top of a page."""
        return all(
            (cell := self.cell(row, column)) is None or fold(str(cell)) in fold(column.header)
            for column in self.table.columns
        )

    def look_aside(self, row: Row) -> None:
        """Figures of columns that nobody explained are problems; of those left aside, counted."""
        for column in self.others:
            cell = self.cell(row, column)
            if cell is None or not is_number(cell):
                continue
            if self.layout.of(column) is Role.IGNORED:
                self.found.left[column.place] += 1
            elif self.found.left[column.place] == 0:
                self.found.left[column.place] += 1
                reason = Words(gettext_noop("This column holds figures and nobody said what they are."))
                self.problem(row.number, column, reason, TEACH)

    def without_hours(self, row: Row) -> None:
        texts = [str(cell) for cell in row.cells if isinstance(cell, str) and cell.lower() not in NOTHING]
        who = self.who_written(row)
        if who and not self.is_called_total(row) and not self.is_head_again(row):
            self.carried = who
            if len(texts) > 1 or who.number:
                self.found.empty.append(who)
                return
        if texts and not self.is_head_again(row):
            self.found.notes.append((row.number, " ".join(texts)[:120]))

    def is_called_total(self, row: Row) -> bool:
        at = {column.at for column, _role in self.amounts}
        return any(
            isinstance(cell, str) and is_total_row(fold(cell))
            for place, cell in enumerate(row.cells)
            if place not in at
        )

    def take_total(self, row: Row, values: Sequence[Decimal | None]) -> None:
        """A total is proved equal to the lines of a group, or is a problem until somebody sets it aside."""
        if self.sums.prove(values) or not (self.sums.lines or any(values)):
            self.found.proved += sum(value is not None for value in values)
        else:
            key = f"{self.table.sheet}!{row.number}"
            self.found.differing.append(key)
            if key not in self.asked.set_aside and not self.is_broken:
                self.differs(row, values)
        self.sums.begin()

    def differs(self, row: Row, values: Sequence[Decimal | None]) -> None:
        for at, (column, _role) in enumerate(self.amounts):
            value = values[at]
            if value is None or self.sums.prove([None] * at + [value]):
                continue
            reason = Words(
                gettext_noop(
                    "The total says %(said)s; the lines above it add up to %(group)s since the last total, "
                    "%(whole)s since the header."
                ),
                {
                    "said": hundredths(value),
                    "group": self.sums.since_last(at),
                    "whole": self.sums.whole(at),
                },
            )
            self.problem(row.number, column, reason, TOTAL_REMEDY)
            return
        reason = Words(gettext_noop("The totals of this row are those of different groups of lines."))
        self.problem(row.number, None, reason, TOTAL_REMEDY)

    def who(self, row: Row) -> Who | None:
        """The person of a row with figures; None when a cell of it cannot be read."""
        who = self.who_written(row)
        if who is None:
            return None
        if who:
            self.carried = who
            return who
        dated = any(self.cell(row, self.by_role.get(role)) is not None for role in (Role.MONTH, Role.DAY))
        if dated and self.carried:
            return self.carried
        return NOBODY

    def who_written(self, row: Row) -> Who | None:
        columns = self.by_role
        if not any(role in columns for role in PEOPLE):
            return self.who_above()
        number = _text(self.cell(row, columns.get(Role.NUMBER)))
        parts = [
            _text(self.cell(row, columns.get(role)))
            for role in (Role.LAST_NAME, Role.FIRST_NAME, Role.FULL_NAME)
        ]
        name = TITLES.sub("", " ".join(part for part in parts if part))
        birth = self.cell(row, columns.get(Role.BIRTH_DATE))
        try:
            return Who(number, name, read_day(birth) if birth is not None else None)
        except BadValue as error:
            self.problem(row.number, columns[Role.BIRTH_DATE], error.words, WRITE_DAY)
            return None

    def who_above(self) -> Who:
        """The person of the whole table: said above it, else by the name of the sheet."""
        parts = [self.written.get(role, "") for role in (Role.LAST_NAME, Role.FIRST_NAME, Role.FULL_NAME)]
        name = " ".join(part for part in parts if part)
        number = self.written.get(Role.NUMBER, "")
        if name or number:
            return Who(number, TITLES.sub("", name), None)
        named = self.table.sheet if month_in(self.table.sheet) is None else ""
        return Who("", named, None)

    def take_line(self, row: Row, who: Who, values: Sequence[Decimal | None], *, is_sound: bool) -> None:
        if not who:
            reason = Words(gettext_noop("The row holds figures and names nobody."))
            column = next((self.by_role[role] for role in PEOPLE if role in self.by_role), None)
            self.problem(
                row.number, column, reason, gettext_noop("Write the number or the name of the person.")
            )
        if not who or not is_sound:
            self.is_broken = True
            return
        self.sums.add(values)
        self.prove_across(row, values)
        dates = self.dates(row)
        if dates is None:
            return
        day, first, last, said = dates
        clause = _text(self.cell(row, self.by_role.get(Role.CLAUSE))) or self.written.get(Role.CLAUSE, "")
        common = Entry(self.table.sheet, row.number, "", who, _NO_MONTH, None, None, first, last, clause)
        entries: dict[Month, Entry] = {}
        for at, column, role in self.lines:
            value = values[at]
            if value is None or (value == 0 and role is Role.TRAINING):
                continue
            month = self.month_of(row, column, said)
            if month is None or not self.is_possible(row, column, value, month, day):
                continue
            entry = entries.get(month) or replace(common, month=month, column=column.place)
            kept = hundredths(value)
            is_work = role is Role.HOURS
            entries[month] = replace(entry, hours=kept) if is_work else replace(entry, training=kept)
        for entry in entries.values():
            self.keep(entry, day)

    def keep(self, entry: Entry, day: date | None) -> None:
        if day is None:
            self.found.entries.append(entry)
            return
        key = (entry.who.key, entry.clause, entry.month)
        before = self.days.get(key)
        if before is None:
            self.days[key] = entry
            return
        self.days[key] = replace(
            before,
            hours=_sum(before.hours, entry.hours),
            training=_sum(before.training, entry.training),
        )

    def prove_across(self, row: Row, values: Sequence[Decimal | None]) -> None:
        """Totals in columns: each is the sum of the months before it, or since the last total."""
        for total_role, line_role in ((Role.TOTAL, Role.HOURS), (Role.TOTAL_TRAINING, Role.TRAINING)):
            if not any(role is total_role for _at, _column, role in self.totals):
                continue
            sums, whole = Sums(1), Sums(1)
            for at, _column, role in self.lines:
                if role is line_role:
                    whole.add([values[at] or Decimal(0)])
            for at, (column, role) in enumerate(self.amounts):
                value = values[at]
                if role is line_role:
                    sums.add([value or Decimal(0)])
                elif role is total_role and value is not None:
                    self.prove_one(row, column, value, sums, whole)

    def prove_one(self, row: Row, column: Column, value: Decimal, sums: Sums, whole: Sums) -> None:
        key = f"{self.table.sheet}!{column.letters}!{row.number}"
        if sums.prove([value]) or whole.prove([value]):
            self.found.proved += 1
        else:
            self.found.differing.append(key)
            if key not in self.asked.set_aside:
                reason = Words(
                    gettext_noop("The total says %(said)s; the hours of the row add up to %(whole)s."),
                    {"said": hundredths(value), "whole": whole.whole(0)},
                )
                self.problem(row.number, column, reason, TOTAL_REMEDY)
        sums.begin()

    def dates(self, row: Row) -> tuple[date | None, date | None, date | None, Said | None] | None:
        """Day worked, first and last day, and the month that the row says; None after a problem."""
        read: dict[Role, date | None] = {}
        for role in (Role.DAY, Role.STARTS_ON, Role.ENDS_ON):
            cell = self.cell(row, self.by_role.get(role))
            try:
                read[role] = read_day(cell) if cell is not None else None
            except BadValue as error:
                self.problem(row.number, self.by_role[role], error.words, WRITE_DAY)
                return None
        day, first, last = read[Role.DAY], read[Role.STARTS_ON], read[Role.ENDS_ON]
        cell = self.cell(row, self.by_role.get(Role.MONTH))
        said = None if cell is None else self.month_said(cell)
        if cell is not None and said is None:
            reason = Words(gettext_noop("“%(text)s” is not a month."), {"text": str(cell)[:40]})
            remedy = gettext_noop("Write the month as 2026-03 or mars 2026.")
            self.problem(row.number, self.by_role[Role.MONTH], reason, remedy)
            return None
        for found in (day, first):
            if found is not None and said is None:
                said = (found.year, found.month)
        return day, first, last, said

    def month_said(self, cell: Cell) -> Said | None:
        if isinstance(cell, Decimal) and cell in range(1, 13):
            return None, int(cell)
        if isinstance(cell, str) and cell.isdigit() and 1 <= int(cell) <= 12:
            return None, int(cell)
        found = read_month_name(cell) if not isinstance(cell, Decimal) else None
        return (found.year, found.number) if found else month_in(cell)

    def month_of(self, row: Row, column: Column, said: Said | None) -> Month | None:
        """The month of a figure: of its row, else of its column, of the title, or the one asked for."""
        chosen = said or column.month or self.titled
        if chosen is None:
            if self.asked.month is None:
                reason = Words(gettext_noop("The file does not say which month it is."))
                self.problem(row.number, column, reason, GIVE_PERIOD)
            return self.asked.month
        year = chosen[0] or self.year
        if year is None:
            reason = Words(gettext_noop("The file does not say of which year these months are."))
            self.problem(row.number, column, reason, GIVE_PERIOD)
            return None
        return Month(year, chosen[1])

    def is_possible(self, row: Row, column: Column, value: Decimal, month: Month, day: date | None) -> bool:
        if value < 0:
            reason = Words(gettext_noop("Hours are above zero: %(hours)s."), {"hours": hundredths(value)})
            self.problem(row.number, column, reason)
            return False
        days = 1 if day else month.length
        if value > HOURS_IN_A_DAY * days:
            reason = Words(
                gettext_noop("%(hours)s h do not fit in %(days)s days."),
                {"hours": hundredths(value), "days": days},
            )
            self.problem(row.number, column, reason)
            return False
        return True


TOTAL_REMEDY = gettext_noop(
    "Correct the file, or set this total aside on this page once you have checked the lines."
)
_NO_MONTH = Month(1, 1)


def _is_line(role: Role) -> bool:
    return role in (Role.HOURS, Role.TRAINING)


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Decimal) and cell == cell.to_integral_value():
        return str(int(cell))
    return str(cell).strip()


def _sum(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    if one is None or other is None:
        return other if one is None else one
    return one + other
