"""A plan of any shape is read: header found, columns proposed, rows told apart, faults located."""

import io
from contextlib import suppress
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from relais.core.words import BadValue
from relais.procurement.decp import ReadError
from relais.procurement.plans import ColumnMapping, Field, Known, compare, content_of, read_sheets
from relais.procurement.plans import propose as proposals
from relais.procurement.plans import tables_of as found_in
from relais.procurement.plans.values import read_amount, read_cpv, read_months, read_period, read_quarter
from tests.procurement.plan_examples import plan_csv, plan_xlsx, proposed, reading, workbook

EURO_FORMS = ("{} €", "{}€", "{} EUROS", "{}", "{} € HT")


class TestAmounts:
    @pytest.mark.parametrize(
        ("written", "read"),
        [
            ("1 234 567,89 €", "1234567.89"),
            ("120 k€", "120000"),
            ("120k", "120000"),
            ("1,2 M€", "1200000"),
            ("1,25 million d'euros", "1250000"),
            ("85\u202f000", "85000"),
            ("1.234.567,89", "1234567.89"),
            ("240000.0", "240000"),
            ("90 000 € HT", "90000"),
        ],
    )
    def test_french_amounts(self, written: str, read: str) -> None:
        assert read_amount(written).value == Decimal(read)

    @pytest.mark.parametrize(
        "written", ["environ 20", "12 000 €/an", "120 000 TTC", "-5", "1,607", "99 999 M€"]
    )
    def test_what_is_not_an_amount_is_refused_with_a_reason(self, written: str) -> None:
        with pytest.raises(BadValue) as refused:
            read_amount(written)
        assert str(refused.value)

    def test_the_unit_of_the_column_counts_unless_the_cell_has_its_own(self) -> None:
        assert read_amount("120", unit=1000).value == 120_000
        assert read_amount("120 000 €", unit=1000).value == 120_000
        assert read_amount("1,2 M€", unit=1000).value == 1_200_000

    @given(st.integers(0, 99_999_999_99), st.sampled_from(EURO_FORMS), st.sampled_from(" \u00a0\u202f"))
    def test_any_amount_written_in_french_is_read_back(self, cents: int, form: str, space: str) -> None:
        amount = Decimal(cents) / 100
        written = form.format(f"{amount:,.2f}".replace(",", space).replace(".", ","))
        assert read_amount(written).value == amount

    @given(st.text(max_size=30))
    def test_no_text_breaks_the_reader(self, text: str) -> None:
        with suppress(BadValue):
            assert read_amount(text).value >= 0


class TestPeriods:
    @pytest.mark.parametrize(
        ("written", "first", "precision"),
        [
            ("15/03/2027", date(2027, 3, 15), "day"),
            ("2027-03-15", date(2027, 3, 15), "day"),
            ("1er mars 2027", date(2027, 3, 1), "day"),
            ("03/2027", date(2027, 3, 1), "month"),
            ("mars 2027", date(2027, 3, 1), "month"),
            ("déc. 2027", date(2027, 12, 1), "month"),
            ("juil-27", date(2027, 7, 1), "month"),
            ("fin juin 2027", date(2027, 6, 1), "month"),
            ("T2 2027", date(2027, 4, 1), "quarter"),
            ("2T2027", date(2027, 4, 1), "quarter"),
            ("2027-T3", date(2027, 7, 1), "quarter"),
            ("2e trimestre 2027", date(2027, 4, 1), "quarter"),
            ("1er trim. 2027", date(2027, 1, 1), "quarter"),
            ("S2 2027", date(2027, 7, 1), "half"),
            ("2ème semestre 2027", date(2027, 7, 1), "half"),
            ("2027", date(2027, 1, 1), "year"),
            ("46461", date(2027, 3, 15), "day"),
        ],
    )
    def test_what_plans_write(self, written: str, first: date, precision: str) -> None:
        read = read_period(written).value
        assert (read.first, read.precision) == (first, precision)

    @pytest.mark.parametrize("written", ["31/02/2026", "29/02/2027", "15/13/2027"])
    def test_a_day_that_does_not_exist_is_refused(self, written: str) -> None:
        with pytest.raises(BadValue, match="does not exist"):
            read_period(written)

    @pytest.mark.parametrize("written", ["bientôt", "T5 2027", "0027", "12/03/1998", "T2"])
    def test_the_rest_is_refused(self, written: str) -> None:
        with pytest.raises(BadValue):
            read_period(written)

    def test_a_year_told_elsewhere_completes_a_quarter(self) -> None:
        assert read_period("T2", year=2028).value.first == date(2028, 4, 1)
        assert read_quarter("3", year=2028).value.first == date(2028, 7, 1)

    @given(st.dates(date(2006, 1, 1), date(2099, 12, 31)))
    def test_every_day_is_read_back_in_every_form(self, day: date) -> None:
        for form in ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y"):
            if form == "%d/%m/%y" and day.year < 2010:
                continue
            assert read_period(day.strftime(form)).value.first == day

    @given(st.text(max_size=30))
    def test_no_text_breaks_the_reader(self, text: str) -> None:
        with suppress(BadValue):
            assert read_period(text, year=2027).value.precision


class TestDurations:
    @pytest.mark.parametrize(
        ("written", "months"),
        [
            ("18 mois", 18),
            ("1 an", 12),
            ("1 an reconductible 3 fois", 48),
            ("12 mois renouvelable 3 fois 12 mois", 48),
            ("2 ans fermes + 2 x 1 an", 48),
            ("1 an + 3 reconductions", 48),
            ("un an reconductible tacitement trois fois", 48),
            ("24", 24),
            ("4 années", 48),
            ("90 jours", 3),
            ("6 semaines", 2),
            ("1,5 an", 18),
        ],
    )
    def test_what_plans_write(self, written: str, months: int) -> None:
        assert read_months(written).value == months

    def test_renewals_are_told(self) -> None:
        assert str(read_months("1 an reconductible 3 fois").words) == "read as 48 months, renewals included"

    def test_a_column_of_years_multiplies_bare_figures(self) -> None:
        assert read_months("4", in_years=True).value == 48
        assert read_months("18 mois", in_years=True).value == 18

    @pytest.mark.parametrize("written", ["longtemps", "0", "900", "1 an puis on verra", "-3 mois"])
    def test_the_rest_is_refused(self, written: str) -> None:
        with pytest.raises(BadValue):
            read_months(written)

    @given(st.integers(1, 8), st.integers(1, 5))
    def test_renewals_add_as_many_terms(self, years: int, times: int) -> None:
        assert read_months(f"{years} ans reconductible {times} fois").value == 12 * years * (times + 1)

    @given(st.text(max_size=30))
    def test_no_text_breaks_the_reader(self, text: str) -> None:
        with suppress(BadValue):
            assert 1 <= read_months(text).value <= 600


def test_a_cpv_code_loses_its_key_and_its_label() -> None:
    assert read_cpv("45442100-8 Travaux de peinture") == "45442100"
    assert read_cpv("peinture") == ""


class TestLargePlan:
    def test_three_hundred_lots_with_merged_headings_are_all_read(self) -> None:
        read = reading(plan_xlsx(300))
        assert (len(read.rows), read.faults) == (300, ())
        assert read.totals == 3
        assert read.sections == ("Direction des bâtiments", "Direction des lycées", "Direction des mobilités")
        first, third = read.rows[0], read.rows[2]
        assert first.reference == "AO-000-01"
        assert first.amount == Decimal("1234567.89")
        assert first.service == "Direction des bâtiments"
        assert (first.months, first.launched_on, first.cpv) == (18, date(2027, 4, 1), "45223220")
        assert (third.months, third.amount) == (48, 1_200_000)
        assert [row.lead for row in read.rows[:2]] == ["", "Pascal Perrin"]
        assert (read.first_year, read.last_year) == (2026, 2028)

    def test_the_columns_are_proposed_with_their_evidence(self) -> None:
        found = proposals(found_in(read_sheets(io.BytesIO(plan_xlsx(30))))[0])
        by_header = {one.column.header: one for one in found}
        assert by_header["Estimation Montant HT"].field is Field.AMOUNT
        assert by_header["Calendrier Lancement"].field is Field.LAUNCH
        assert by_header["Calendrier Notification"].field is Field.NOTIFICATION
        assert by_header["Objet du marché"].is_sure
        assert by_header["Estimation Montant HT"].column.letters == "G"
        assert by_header["Estimation Montant HT"].column.samples[0] == "1 234 567,89 €"

    def test_the_row_is_kept_whole(self) -> None:
        row = reading(plan_xlsx(3)).rows[0]
        assert row.raw["Commentaires internes"] == "suivi 0"
        assert row.raw["Estimation Montant HT"] == "1 234 567,89 €"


class TestShapes:
    def test_a_csv_of_windows_under_a_title(self) -> None:
        rows = [
            ["Plan d'achat 2027", "", ""],
            ["", "", ""],
            ["Intitulé", "Montant HT (k€)", "Trimestre de lancement"],
            ["Réfection des façades", "120", "2"],
            ["Total", "120", ""],
        ]
        read = reading(plan_csv(rows))
        assert [(row.object, row.amount, row.launched_on) for row in read.rows] == [
            ("Réfection des façades", 120_000, date(2027, 4, 1))
        ]
        assert read.totals == 1

    def test_a_year_in_its_own_column(self) -> None:
        rows = [
            ["Objet", "Année", "Mois"],
            ["Entretien des parcs", "2028", "5"],
            ["Élagage", "2027", "octobre"],
        ]
        assert [row.launched_on for row in reading(plan_csv(rows, codec="utf-8")).rows] == [
            date(2028, 5, 1),
            date(2027, 10, 1),
        ]

    def test_a_header_repeated_on_each_page_is_passed_over(self) -> None:
        head = ["Objet", "Durée"]
        read = reading(workbook([head, ["Peinture", "6 mois"], head, ["Sols", "4 mois"]]))
        assert ([row.object for row in read.rows], read.repeated) == (["Peinture", "Sols"], 1)

    def test_a_heading_names_the_operation_of_the_lots_below(self) -> None:
        rows = [
            ["Objet", "Montant HT"],
            ["Construction du gymnase de Brévigny", ""],
            ["Lot 1 : gros œuvre", 500000],
            ["Lot 2 : peinture", 80000],
        ]
        read = reading(workbook(rows))
        assert [row.operation for row in read.rows] == ["Construction du gymnase de Brévigny"] * 2

    def test_an_object_alone_is_a_purchase(self) -> None:
        rows = [["Objet", "Montant HT"], ["Nettoyage des locaux", ""], ["Gardiennage", 90000]]
        assert [row.object for row in reading(workbook(rows)).rows] == ["Nettoyage des locaux", "Gardiennage"]

    def test_a_row_that_cannot_be_read_is_located_and_left_out_whole(self) -> None:
        rows = [
            ["Objet", "Montant HT", "Lancement"],
            ["Peinture", "cher", "31/02/2026"],
            ["Sols", "80 000", "T2 2027"],
            ["", "70 000", "T3 2027"],
        ]
        read = reading(workbook(rows, name="Plan"))
        assert [row.object for row in read.rows] == ["Sols"]
        assert [(f.sheet, f.row, f.column, f.header, f.value) for f in read.faults] == [
            ("Plan", 2, "C", "Lancement", "31/02/2026"),
            ("Plan", 2, "B", "Montant HT", "cher"),
            ("Plan", 4, "A", "Objet", ""),
        ]
        assert read.read == 3

    def test_a_row_written_twice_is_counted_once_and_told(self) -> None:
        rows = [["Objet", "Durée"], ["Peinture", "6 mois"], ["Peinture", "6 mois"]]
        read = reading(workbook(rows))
        assert (len(read.rows), read.faults[0].row) == (1, 3)
        assert "row 2" in str(read.faults[0].reason)

    def test_amounts_with_tax_ask_for_their_rate(self) -> None:
        content = workbook([["Objet", "Montant TTC"], ["Peinture", 120000]])
        mapping = proposed(content)
        assert mapping.at(Field.AMOUNT_WITH_TAX) == 1
        with pytest.raises(BadValue, match="rate of tax"):
            reading(content)
        told = ColumnMapping(mapping.fields, 1, Decimal(20))
        assert reading(content, told).rows[0].amount == 100_000

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (b"", "empty"),
            (b"%PDF-1.7 plan", "PDF"),
            (b'{"marches": []}', "data file"),
            (plan_csv([["a", "b"], ["1", "2"]]), "header"),
            (workbook([["Bonjour"]]), "header"),
            (b"PK\x03\x04 cut", "damaged"),
        ],
    )
    def test_what_is_no_plan_is_refused_with_words(self, content: bytes, said: str) -> None:
        with pytest.raises(ReadError, match=said):
            reading(content)


class TestComparison:
    def known(self, content: bytes) -> list[Known]:
        return [Known(at, content_of(row)) for at, row in enumerate(reading(content).rows)]

    def test_the_same_file_changes_nothing(self) -> None:
        content = plan_xlsx(40)
        compared = compare(self.known(content), reading(content).rows)
        assert (compared.added, compared.changed, compared.gone) == ((), (), ())
        assert len(compared.unchanged) == 40

    def test_a_later_version_tells_what_it_changes(self) -> None:
        def change(at: int, cells: list[object]) -> list[object]:
            return [*cells[:5], "70 000", *cells[6:]] if at == 4 else cells

        compared = compare(self.known(plan_xlsx(10)), reading(plan_xlsx(12, change=change, drop=[7])).rows)
        assert [row.reference for row in compared.added] == ["AO-002-01", "AO-002-02"]
        assert [(one.known.pk, one.names) for one in compared.changed] == [(4, ("amount",))]
        assert [line.pk for line in compared.gone] == [7]

    def test_a_line_that_comes_back_is_a_change(self) -> None:
        known = [Known(1, content_of(reading(plan_xlsx(1)).rows[0]), is_gone=True)]
        assert len(compare(known, reading(plan_xlsx(1)).rows).changed) == 1

    @given(st.randoms(), st.sets(st.integers(0, 11)), st.sets(st.integers(0, 11)))
    def test_no_line_is_lost_nor_paired_twice(
        self, random: object, before: set[int], after: set[int]
    ) -> None:
        rows = reading(PLAN).rows
        known = [Known(at, content_of(rows[at])) for at in sorted(before)]
        read = [rows[at] for at in after]
        random.shuffle(read)  # type: ignore[attr-defined]
        compared = compare(known, read)
        assert {one.pk for one, _row in compared.unchanged} == before & after
        assert {one.pk for one in compared.gone} == before - after
        assert len(compared.added) == len(after - before)


PLAN = plan_xlsx(12)


def test_the_example_shipped_is_read_whole() -> None:
    """Twenty-seven lots in thousands of euros, under a title, by sections, with sub-totals."""
    content = (Path(__file__).parents[2] / "examples" / "programmation-2027-exemple.csv").read_bytes()
    read = reading(content)
    assert (len(read.rows), read.faults, read.totals) == (27, (), 3)
    by_reference = {row.reference: row for row in read.rows}
    assert by_reference["L-02-01"].amount == 1_200_000
    assert by_reference["L-03"].months == 48
    assert by_reference["G-08"].amount is None
    assert by_reference["M-02"].service == "Direction des mobilités"


def test_merged_cells_over_a_whole_sheet_are_not_spread_without_end() -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet()
        sheet.merge_range(0, 0, 9_999, 150, "Plan d'achats")
        sheet.write(9_999, 151, "fin")
    with pytest.raises(ReadError, match="Merged cells cover more"):
        read_sheets(io.BytesIO(target.getvalue()))
