"""The two commands of the room: figures that add up, and exit codes that scripts may trust."""

import json
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from relais.insight.models import DebtMonth
from tests.insight.scene import Work, an_obligation, crowd

pytestmark = pytest.mark.django_db
SCHEME = "clauses-trois-vallees"


def run(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def work(cast):
    return Work(cast, an_obligation(cast, hours=1000))


def test_figures_come_as_exact_text(work):
    work.hours(date(2024, 3, 1), "100.25")
    report = json.loads(run("consolidate", "--scheme", SCHEME, "--json"))
    assert (report["scheme"], report["masked_below"]) == (SCHEME, 11)
    assert report["figures"]["validated"] == "100.25"
    assert report["figures"]["people"] == 1
    for dimension, rows in report["breakdowns"].items():
        if not any(row["masked"] for row in rows):
            assert sum(Decimal(row["validated"]) for row in rows) == Decimal("100.25"), dimension


def test_the_report_reads_in_french(work):
    work.hours(date(2024, 3, 1), 100)
    report = run("consolidate", "--scheme", SCHEME, "--from", "2024", "--to", "2024-06").replace(
        "\u202f", " "
    )
    assert "De janvier 2024 à juin 2024" in report
    assert "Heures validées" in report
    assert "100 h" in report
    assert "Par secteur" in report


def test_small_groups_are_masked_in_the_report(work):
    crowd(work, date(2024, 3, 1), 12, sex="M")
    crowd(work, date(2024, 3, 1), 2, sex="F")
    report = json.loads(run("consolidate", "--scheme", SCHEME, "--json"))
    rows = [row for row in report["breakdowns"]["sex"] if row["key"]]
    assert all(row["masked"] and row["validated"] is None and row["people"] is None for row in rows)


@pytest.mark.parametrize(
    ("arguments", "code", "reason"),
    [
        (["--scheme", "nothing"], 2, SCHEME),
        (["--scheme", SCHEME, "--from", "soon"], 2, "soon"),
        (["--scheme", SCHEME, "--from", "2024", "--to", "2023"], 2, "2023-12"),
        (["--scheme", SCHEME, "--to", "9999"], 2, "9999"),
        (["--scheme", SCHEME, "--from", "0000"], 2, "0"),
        (["--scheme", SCHEME, "--from", "٢٠١٥"], 2, "٢٠١٥"),
        (["--scheme", SCHEME, "--from", "2001", "--to", "2002"], 1, SCHEME),
    ],
)
def test_a_script_knows_what_went_wrong(work, arguments, code, reason):
    with pytest.raises(CommandError, match=reason) as error:
        run("consolidate", *arguments)
    assert error.value.returncode == code


def test_the_recount_says_how_much_it_read(work):
    work.hours(date(2024, 3, 1), 100)
    report = json.loads(run("check-ledger", "--json"))
    assert (report["lines"], report["entries"], report["differences"]) == (1, 1, [])
    assert report["totals"]["ledger"] == 2
    assert "égal à son recompte" in run("check-ledger")


def test_a_total_that_drifted_fails_the_recount_until_it_is_rebuilt(work):
    work.hours(date(2024, 3, 1), 100)
    DebtMonth.objects.filter(validated__gt=0).update(validated=Decimal(90))
    with pytest.raises(SystemExit) as end:
        run("check-ledger")
    assert end.value.code == 1
    assert "égal à son recompte" in run("check-ledger", "--rebuild")
