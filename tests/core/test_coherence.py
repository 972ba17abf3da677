"""What the check finds in a contradictory file: both values, where each comes from, what to do."""

import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relais.core.coherence import Announced, FileSet, Ledger, Signed, Stated, Where, contradictions
from relais.core.coherence.published import RESERVED_SAYS, SLACK_MONTHS, months_between
from relais.core.declarations import european_notice
from relais.core.months import Month
from relais.core.regime import Modality

RIGHT = FileSet(
    modality=Modality.MIXED,
    hours=Decimal(373),
    launched_on=date(2026, 9, 1),
    launch_words="1 septembre 2026",
    article="l'article L. 2112-2 du code",
    is_concession=False,
    documents=(
        Stated(
            "CCAP",
            "Selon l’article L.\u00a02112-2 du code, lancée le 1 septembre 2026, 373\u202fheures, "
            "pénalité de 45\u202f€, pondéré à 15\u202f%",
            must_cite=True,
            must_count=True,
        ),
    ),
    unit_penalty=Decimal(45),
    criterion_weight=Decimal(15),
    cpv="45442100",
    sheet_hours=Decimal(373),
    sheet_modality="MIXED",
    months=12,
    ccag="Travaux",
    contract=Signed(
        notified_on=date(2026, 12, 1),
        is_concession=False,
        published=frozenset({"Clause sociale", "Critère social"}),
        cpv="45442100-8",
        ccag="travaux",
        months=12,
    ),
    ledger=Ledger(Decimal(373), date(2027, 1, 4), date(2028, 1, 3)),
    notices=(
        Announced(
            7, "26-1234", "45442100", 12, reserved=frozenset(), codes=frozenset({"soc-obj", "opp", "acc-all"})
        ),
    ),
)


def test_a_file_that_says_one_thing_has_no_contradiction():
    assert contradictions(RIGHT) == ()
    assert contradictions(replace(RIGHT, contract=None, ledger=None, notices=())) == ()


def stating(text, **fields):
    return {"documents": (Stated("RC", text, **fields),), "contract": None}


def signed(**fields):
    return {"contract": replace(RIGHT.contract, **fields)}


def ledger(**fields):
    return {"ledger": replace(RIGHT.ledger, **fields)}


def announced(**fields):
    return {"notices": (replace(RIGHT.notices[0], **fields),)}


@pytest.mark.parametrize(
    ("fields", "where", "blocking", "said"),
    [
        (stating("400 heures"), Where.TERMS, True, "speaks of 400"),
        (stating("373 heures puis 1 400,5 heures"), Where.TERMS, False, "1400.5"),
        (stating("rien", must_count=True), Where.LIBRARY, True, "does not give the 373"),
        (stating("pénalité de 60 €"), Where.TERMS, True, "penalty of 60"),
        (stating("pondéré à 20 %"), Where.TERMS, True, "20"),
        (stating("rien", must_cite=True), Where.LIBRARY, False, "does not cite"),
        (stating("Le concessionnaire"), Where.LIBRARY, True, "concessionnaire"),
        (stating("lancée le 2 mai 2012"), Where.TERMS, True, "2 mai 2012"),
        ({"sheet_hours": Decimal(300)}, Where.TERMS, True, "300"),
        ({"sheet_modality": "AWARD_CRITERION"}, Where.SHEET, False, "Award criterion"),
        ({"cpv": ""}, Where.LOT, False, "no CPV"),
        (signed(cpv="90910000"), Where.LOT, False, "90910000"),
        ({"unapproved": 3}, Where.LIBRARY, False, "3"),
        ({"unreadable": ("Pénalités",)}, Where.LIBRARY, True, "Pénalités"),
        (signed(notified_on=date(2026, 1, 1)), Where.CONTRACT, True, "before the launch"),
        (signed(is_concession=True), Where.CONTRACT, True, "concession"),
        (signed(published=frozenset()), Where.CONTRACT, False, "Pas de considération sociale"),
        (signed(ccag="Fournitures courantes et services"), Where.CONTRACT, False, "general conditions"),
        (signed(months=24), Where.CONTRACT, False, "duration"),
        (ledger(opened_with=Decimal(300)), Where.LEDGER, False, "300"),
        (ledger(starts_on=date(2026, 11, 30), moved_end=True), Where.LEDGER, False, "before the contract"),
        (ledger(ends_on=date(2026, 12, 31)), Where.LEDGER, True, "before its start"),
        (ledger(ends_on=date(2028, 6, 30)), Where.LEDGER, False, "does not last as long"),
        (announced(cpv="90910000"), Where.NOTICE, False, "another CPV"),
        (announced(months=36), Where.NOTICE, False, "duration"),
        (announced(reserved=frozenset({"res-ws"})), Where.NOTICE, False, "BT-71"),
        (announced(reserved=frozenset({"ATELIER_PROTEGE"})), Where.NOTICE, False, "BT-71"),
        (announced(codes=frozenset({"soc-obj"})), Where.NOTICE, False, "BT-775"),
    ],
)
def test_each_contradiction_is_named_with_where_to_mend_it(fields, where, blocking, said):
    (found,) = contradictions(replace(RIGHT, **fields))
    assert (found.where, found.blocking) == (where, blocking)
    assert said in str(found.words)
    assert found.todo is not None
    assert found.about == (7 if where == Where.NOTICE else None)


NAMED_BY_BOTH = {
    "hours": (ledger(opened_with=Decimal(300)), "300 h", "373 h"),
    "cpv": (announced(cpv="90910000"), "45442100", "90910000"),
    "codes": (announced(codes=frozenset()), "soc-obj, opp", "nothing"),
    "dates": (ledger(ends_on=date(2028, 6, 30)), "12 months", "from 2027-01-04 to 2028-06-30"),
    "essential data": (
        signed(published=frozenset({"Clause sociale"})),
        "Clause sociale +",
        "Clause sociale",
    ),
    "penalty": (stating("pénalité de 60 €"), "45 €", "60 €"),
}


@pytest.mark.parametrize("name", NAMED_BY_BOTH)
def test_a_contradiction_gives_both_values_and_where_each_comes_from(name):
    fields, *values = NAMED_BY_BOTH[name]
    (found,) = contradictions(replace(RIGHT, **fields))
    assert len(found.readings) == 2
    assert len({str(reading.source) for reading in found.readings}) == 2
    said = [str(reading.value) for reading in found.readings]
    for value in values:
        assert any(one.startswith(value) for one in said), said


def test_an_end_that_an_entry_moved_is_no_contradiction():
    assert contradictions(replace(RIGHT, **ledger(ends_on=date(2028, 6, 30), moved_end=True))) == ()


def test_a_format_that_cannot_bear_a_code_is_not_blamed_for_it():
    silent = announced(reserved=None, codes=None)
    for modality in (Modality.MIXED, Modality.RESERVED_IAE):
        (notice,) = silent["notices"]
        file = replace(RIGHT, modality=modality, notices=(notice,))
        assert not [one for one in contradictions(file) if one.where == Where.NOTICE]


@given(st.sampled_from(Modality), st.sampled_from(sorted(RESERVED_SAYS)))
def test_a_reservation_and_a_clause_of_one_kind_never_quarrel(modality, code):
    wanted = {entry.field: entry for entry in european_notice(modality)}["BT-71"]
    file = replace(RIGHT, modality=modality, **announced(reserved=frozenset({code})))
    blamed = [one for one in contradictions(file) if "BT-71" in str(one.words)]
    assert bool(blamed) is (wanted.verified and wanted.values != (RESERVED_SAYS[code],))


@given(st.dates(date(2010, 1, 1), date(2040, 1, 1)), st.integers(1, 120))
def test_months_and_dates_of_one_duration_agree_within_a_month(start, months):
    end = (Month.of(start).shifted(months)).first_day.replace(day=min(start.day, 28)) - timedelta(1)
    assert abs(months_between(start, end) - months) <= SLACK_MONTHS


@given(st.decimals(0, 10_000, places=2), st.decimals(0, 10_000, places=2))
def test_the_ledger_and_the_clause_quarrel_when_they_differ_and_only_then(owed, asked):
    file = replace(
        RIGHT,
        modality=Modality.AWARD_CRITERION,
        hours=asked,
        sheet_hours=None,
        **ledger(opened_with=owed),
    )
    quarrels = [one for one in contradictions(file) if one.where == Where.LEDGER]
    assert bool(quarrels) is (owed != asked)


def test_an_explained_difference_of_hours_is_none():
    assert contradictions(replace(RIGHT, sheet_hours=Decimal(300), hours_explained=True)) == ()


def test_a_concession_that_speaks_of_a_ccag_is_blocked():
    file = replace(RIGHT, is_concession=True, **stating("Le CCAG-Travaux"))
    assert "CCAG" in str(contradictions(file)[0].words)


def test_the_order_of_documents_changes_no_finding():
    documents = [Stated(str(n), f"{n}00 heures") for n in range(1, 6)]
    shuffled = random.Random(1).sample(documents, 5)
    assert set(contradictions(replace(RIGHT, documents=tuple(documents)))) == set(
        contradictions(replace(RIGHT, documents=tuple(shuffled)))
    )
