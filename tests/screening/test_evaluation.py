"""The evaluation: what it reads, what it hides from the score, what it compares, what it refuses."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from relais.screening.evaluation.cases import case_of, facts_before, read_cases
from relais.screening.evaluation.contenders import Contender, contenders, dealt_by_buyer
from relais.screening.evaluation.structures import count_structures, level
from relais.screening.queries.default_book import default_book
from relais.screening.queries.parameters import ParameterBook
from relais.territories.places import Gazetteer
from tests.procurement.decp_examples import contract, file_2022, siret
from tests.screening.factories import parameters

DAY = date(2024, 8, 1)
NONE, CLAUSE = "Pas de considération sociale", "Clause sociale"


def published(number: int, *, buyer: int, social: str | None, **changes: object) -> dict:
    values = contract(id=f"2024-{number}", acheteur={"id": siret(f"{10_000_000 + buyer}00001")}, **changes)
    if social is None:
        del values["considerationsSociales"]
    else:
        values["considerationsSociales"] = {"considerationSociale": [social]}
    return values


def market() -> list[dict]:
    """Ten buyers who put a clause on cleaning and none on software."""
    rows = []
    for buyer in range(10):
        for at in range(3):
            cleaning = {"objet": f"Nettoyage des locaux {at}", "codeCPV": "90910000", "montant": 200_000 + at}
            licences = {"objet": f"Licences de logiciel {at}", "codeCPV": "48000000", "montant": 200_000 + at}
            number = buyer * 10 + at
            rows.append(published(number, buyer=buyer, social=CLAUSE, **cleaning))
            rows.append(published(number + 500, buyer=buyer, social=NONE, **licences))
    return rows


@pytest.fixture
def market_file(tmp_path: Path) -> Path:
    return written(tmp_path / "market.json", market())


def written(path: Path, rows: list[dict]) -> Path:
    path.write_bytes(file_2022(*rows))
    return path


def test_the_score_never_sees_the_published_consideration(market_file: Path) -> None:
    """The same contracts with the other label give the same facts, the same score, the same contenders."""
    from relais.procurement.decp import read

    book = default_book()
    with read(str(market_file), name="market") as reading:
        records = list(reading)
    hidden = [
        replace(record, social=("NONE",), amendments=(), holders=(), subcontracts=()) for record in records
    ]
    shown = [replace(record, social=("CLAUSE", "CRITERION", "RESERVED")) for record in records]
    one = [case_of(record, book, Gazetteer(), DAY) for record in hidden]
    two = [case_of(record, book, Gazetteer(), DAY) for record in shown]
    assert [(case.facts, case.answer) for case in one] == [(case.facts, case.answer) for case in two]
    assert {case.social for case in one} == {False}
    assert {case.social for case in two} == {True}
    facts = facts_before(records[0], DAY)
    told = (facts.social_clause, facts.social_criterion, facts.reserved, facts.consideration_planned)
    assert told == (False,) * 4


def test_what_is_learned_does_not_see_the_buyers_it_is_tried_on(market_file: Path) -> None:
    """Turning the labels of one fold over changes no chance told to its own contracts."""
    cases = read_cases([str(market_file)], default_book(), DAY)
    dealt = dealt_by_buyer(cases.buyers, cases.labels, 5, 1)
    turned = [label != (fold == 0) for label, fold in zip(cases.labels, dealt, strict=True)]
    for one, two in zip(
        contenders(cases.rows, cases.labels, dealt, {}),
        contenders(cases.rows, turned, dealt, {}),
        strict=True,
    ):
        own = [at for at, fold in enumerate(dealt) if fold == 0]
        assert [one.chances[at] for at in own] == [two.chances[at] for at in own], one.name
        if one.name in (Contender.SCORE, Contender.CPV, Contender.LEARNED):
            assert one.chances != two.chances, one.name


def test_the_defaults_without_a_database_are_those_loaded(scheme) -> None:
    parameters()
    days = (date(2010, 1, 1), date(2024, 7, 1), date(2026, 3, 2))
    stored, read = ParameterBook.of(scheme), default_book()
    for day in days:
        assert replace(read.at(day), fingerprint="") == replace(stored.at(day), fingerprint="")


def test_a_contract_published_again_counts_once(tmp_path: Path) -> None:
    rows = [
        published(1, buyer=1, social=NONE),
        published(1, buyer=1, social=CLAUSE, montant=500_000),
        published(2, buyer=1, social=None),
        published(1, buyer=1, social=NONE, objet="Un autre lot"),
    ]
    found = read_cases([str(written(tmp_path / "again.json", rows))], default_book(), DAY)
    assert (found.read, found.repeated, found.unlabelled) == (4, 1, 1)
    assert [(case.social, case.facts.amount) for case in found.rows] == [(True, 500_000), (False, 480_000)]


def test_structures_are_counted_by_department(tmp_path: Path) -> None:
    first, second = tmp_path / "siae.csv", tmp_path / "esat.csv"
    first.write_text("siret;departement\n1;54\n2;54\n3;01\n", encoding="utf-8")
    second.write_text("Nom,ET-Code Postal\nA,1150\nB,54000\nC,\n", encoding="utf-8-sig")
    assert count_structures([str(first), str(second)]) == {"54": 3, "01": 2}
    assert [level(count) for count in (0, 1, 9, 10, 29, 30)] == [0, 1, 1, 2, 2, 3]


def test_the_command_compares_and_explains(market_file: Path, tmp_path: Path, capsys) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Ours\n\n<!-- evaluation -->\nold\n<!-- end: evaluation -->\n\nAfter.\n")
    call_command("evaluate-screening", str(market_file), json=True, draws=20, write=page)
    told = json.loads(capsys.readouterr().out)
    assert told["data"]["contracts"] == 60
    assert told["data"]["social"] == 30
    assert [row["name"] for row in told["contenders"]] == ["score", "amount", "cpv", "learned"]
    by_name = {row["name"]: row for row in told["contenders"]}
    assert by_name["score"]["auc"] == by_name["learned"]["auc"] == by_name["cpv"]["auc"] == 1
    assert by_name["amount"]["auc"] == 0.5
    assert told["learned"]["helps"] is False
    assert sum(band["contracts"] for band in told["score_bands"]) == 60
    text = page.read_text()
    assert text.startswith("# Ours\n")
    assert text.endswith("After.\n")
    assert "old" not in text
    assert "| Score of Relais | 1.000" in text


def test_the_same_seed_gives_the_same_figures(market_file: Path, capsys) -> None:
    said = []
    for _time in range(2):
        call_command("evaluate-screening", str(market_file), draws=20, seed=7)
        said.append(capsys.readouterr().out)
    assert said[0] == said[1]
    assert "Note de Relais" in said[0]
    assert "--structures" in said[0]


def test_the_supplier_rule_is_tried_with_a_list(market_file: Path, tmp_path: Path, capsys) -> None:
    path = tmp_path / "list.csv"
    path.write_text("nom;departement\n" + "a;88\n" * 12, encoding="utf-8")
    call_command("evaluate-screening", str(market_file), structures=[str(path)], json=True, draws=20)
    told = json.loads(capsys.readouterr().out)
    names = [row["name"] for row in told["contenders"]]
    assert names == [name.value for name in Contender]


@pytest.mark.parametrize(
    ("rows", "options", "said"),
    [
        ([published(1, buyer=1, social=None)], {}, "considerationsSociales"),
        ([published(1, buyer=1, social=NONE)], {}, "semblables"),
        ([published(1, buyer=1, social=NONE), published(2, buyer=1, social=CLAUSE)], {}, "1 acheteurs"),
        ([published(1, buyer=1, social=NONE)], {"structures": ["/nowhere.csv"]}, "nowhere.csv"),
    ],
)
def test_what_cannot_be_measured_is_said(tmp_path: Path, rows, options, said) -> None:
    path = written(tmp_path / "few.json", rows)
    with pytest.raises(CommandError, match=said) as error:
        call_command("evaluate-screening", str(path), **options)
    assert error.value.returncode == 1


def test_a_list_without_department_is_refused(market_file: Path, tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    path.write_text("nom;ville\na;b\n", encoding="utf-8")
    with pytest.raises(CommandError, match="aucun département"):
        call_command("evaluate-screening", str(market_file), structures=[str(path)])


def test_a_file_that_is_not_there_is_told() -> None:
    with pytest.raises(CommandError, match=r"missing\.json") as error:
        call_command("evaluate-screening", "missing.json")
    assert error.value.returncode == 1


def test_real_contracts_give_the_figures_of_the_page(samples: Path, capsys) -> None:
    files = sorted(str(path) for path in (samples / "decp-2024").glob("*.json"))
    call_command("evaluate-screening", *files, json=True, draws=20)
    told = json.loads(capsys.readouterr().out)
    assert (told["data"]["contracts"], told["data"]["social"], told["data"]["buyers"]) == (696, 69, 120)
    by_name = {row["name"]: row["auc"] for row in told["contenders"]}
    assert by_name["score"] > 0.6
    assert by_name["score"] == max(by_name.values())
