from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django import forms
from django.utils import translation
from python_calamine import CalamineWorkbook

from relais.core.money import parse_hours
from relais.core.verdict import no
from relais.kit.access import Refused, require
from relais.kit.exports import Table, as_csv, as_xlsx, inert, table_file
from relais.kit.forms import attempt

ROWS = [
    ["Ligne ; « 1 »", Decimal("1234.50"), date(2026, 3, 12), 3, None],
    ["=1+1", Decimal(-2), None, 0, "@x"],
]


def a_table() -> Table:
    return Table("Clauses / 2026", ["Libellé", "Heures", "Jour", "Nombre", "Note"], ROWS)


def test_a_csv_is_what_a_french_spreadsheet_reads():
    with translation.override("fr"):
        lines = "".join(as_csv(a_table())).splitlines()
    assert lines[0] == "\ufeffLibellé;Heures;Jour;Nombre;Note"
    assert lines[1] == '"Ligne ; « 1 »";1234,50;2026-03-12;3;'
    assert lines[2] == "'=1+1;-2;;0;'@x"


def test_a_workbook_keeps_numbers_days_and_texts_apart():
    sheet = CalamineWorkbook.from_filelike(BytesIO(as_xlsx(a_table()))).get_sheet_by_index(0)
    assert sheet.to_python()[1:] == [
        ["Ligne ; « 1 »", 1234.5, date(2026, 3, 12), 3.0, ""],
        ["=1+1", -2.0, "", 0.0, "@x"],
    ]


@pytest.mark.parametrize("text", ["=cmd()", "+33 3 83", "-1", "@here", "\tx", "\uff1dSUM(1)"])
def test_no_cell_is_run_by_a_spreadsheet(text):
    assert inert(text) == f"'{text}"


@pytest.mark.parametrize(("kind", "ending"), [("xlsx", "clauses-2026.xlsx"), ("pdf", "clauses-2026.csv")])
def test_a_file_has_a_plain_name_and_a_known_kind(kind, ending):
    response = table_file(a_table(), kind)
    assert response["Content-Disposition"] == f'attachment; filename="{ending}"'


def test_a_refusal_or_a_bad_value_is_told_on_the_form():
    form = forms.Form({})
    assert attempt(form, lambda: None)
    assert not attempt(form, lambda: require(no("Not today.")))
    assert not attempt(form, lambda: parse_hours("7h5"))
    assert form.non_field_errors()[0] == "Not today."
    with pytest.raises(Refused):
        require(no("Not today."))
