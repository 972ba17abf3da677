"""Kits of every regime and modality, in every file; and what the check finds in a contradictory file."""

import random
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO

import docx
import pytest
from odf import teletype
from odf.opendocument import load
from odf.text import H, P
from pypdf import PdfReader

from relais.clauses import kit, wording
from relais.clauses.actions import load_library, mark_written, write_version
from relais.clauses.enums import CRITERION_MODALITIES
from relais.clauses.models import Clause, LibraryText, TextVersion
from relais.clauses.queries import with_file
from relais.core.coherence import FileSet, Signed, Stated, Where, contradictions
from relais.core.declarations import european_notice, social_considerations
from relais.core.regime import Modality, modalities_on
from relais.kit.access import Refused
from relais.kit.documents import KINDS, write
from relais.organisations.policies import policies
from tests.clauses.factories import LAUNCHED, a_draft, an_awarded, noon
from tests.clauses.test_wording import EVERY

pytestmark = pytest.mark.django_db
CONCESSIONS = [
    (day, modality)
    for day in (date(2017, 5, 2), date(2023, 5, 2), date(2026, 9, 1))
    for modality in modalities_on(day, concession=True)
]


def the_kit(cast, modality, day, **lot):
    clause = a_draft(
        cast,
        modality=modality,
        launched_on=day,
        criterion_weight=Decimal(15) if modality in CRITERION_MODALITIES else None,
        lot={"launched_on": day, **lot},
    )
    fresh = with_file(Clause.objects.filter(pk=clause.pk)).get()
    in_force = policies(cast.scheme, day)
    documents = wording.compose(fresh, in_force)
    return fresh, documents, kit.contradictions_of(fresh, in_force, documents)


def words_of(content, kind):
    if kind == "docx":
        book = docx.Document(BytesIO(content))
        cells = [cell.text for table in book.tables for row in table.rows for cell in row.cells]
        text = " ".join([paragraph.text for paragraph in book.paragraphs] + cells)
    elif kind == "odt":
        book = load(BytesIO(content))
        text = " ".join(teletype.extractText(part) for tag in (H, P) for part in book.getElementsByType(tag))
    else:
        text = " ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    return "".join(text.split()).replace("’", "'")


@pytest.mark.parametrize(("day", "modality"), EVERY)
def test_each_kit_is_written_in_each_file_and_contradicts_nothing(cast, day, modality):
    clause, documents, found = the_kit(cast, modality, day)
    assert [str(one.words) for one in found if one.blocking] == []
    parts = kit.parts_of(clause, documents)
    assert [part.key for part in parts][-2:] == [kit.WORKING, kit.DECLARATIONS]
    whole = kit.whole_document(clause, parts, at=noon(LAUNCHED))
    for kind in KINDS:
        read = words_of(write(whole, kind), kind)
        for expected in (
            "".join(wording.with_article(clause.article).split()),
            "373h",
            "480000€",
            "considerationSociale",
            "BT-775",
        ):
            assert expected in read
        assert "{%" not in read
        assert "{{" not in read


@pytest.mark.parametrize(("day", "modality"), CONCESSIONS)
def test_a_concession_speaks_of_a_concessionnaire_and_of_no_ccag(cast, day, modality):
    clause, documents, found = the_kit(cast, modality, day, is_concession=True)
    assert [str(one.words) for one in found if one.blocking] == []
    text = wording.as_text(documents)
    assert "concessionnaire" in text
    assert "Le titulaire" not in text
    assert "CCAG" not in text
    assert "Contrat de concession" in text
    assert kit.parts_of(clause, documents)[0].title == "Avis de concession"


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2020, 5, 4), "ne comporte pas d'article d'insertion"),
        (date(2021, 4, 1), "de son article 20.1"),
        (date(2008, 5, 5), "aucun cahier des clauses administratives générales"),
    ],
)
def test_the_insertion_article_of_the_ccag_serves_from_april_2021(cast, day, expected):
    _, documents, _ = the_kit(cast, Modality.EXEC_CONDITION, day)
    assert expected in wording.as_text(documents).replace("’", "'").replace("\u00a0", " ")


def test_the_working_is_annexed_with_what_was_set_by_hand(cast):
    clause = a_draft(cast, hours=Decimal(400), hours_reason="Accord du maître d'œuvre")
    fresh = with_file(Clause.objects.filter(pk=clause.pk)).get()
    part = next(p for p in kit.parts_of(fresh, ()) if p.key == kit.WORKING)
    read = words_of(write(kit.office_document(fresh, part, at=noon(LAUNCHED)), "docx"), "docx")
    for expected in ("480000€", "373", "400h", "maîtred'œuvre"):
        assert expected in read


def test_a_text_that_contradicts_the_clause_forbids_to_keep_it(cast):
    actor = cast["clara"].actor(LAUNCHED)
    load_library(cast.scheme, actor=actor, at=noon(LAUNCHED))
    text = LibraryText.objects.get(scheme=cast.scheme, key="conditions-penalties")
    clause = a_draft(cast)
    write_version(text, body="Une pénalité de 60 €.", note="Essai", actor=actor, at=noon(LAUNCHED))
    TextVersion.objects.filter(text=text, number=2).update(state="approved", decided_at=noon(LAUNCHED))
    with pytest.raises(Refused) as refused:
        mark_written(clause, actor=actor, at=noon(LAUNCHED))
    assert "60" in str(refused.value.verdict.reason)
    clause.refresh_from_db()
    assert clause.wording == ""


def test_what_was_published_is_compared_with_the_clause(cast):
    clause = an_awarded(cast)
    clause.contract.social_published, clause.contract.has_social_clause = True, False
    clause.contract.save()
    fresh = with_file(Clause.objects.filter(pk=clause.pk)).get()
    in_force = policies(cast.scheme, LAUNCHED)
    found = kit.contradictions_of(fresh, in_force, wording.read(fresh, in_force))
    assert any("Clause sociale" in str(one.words) for one in found)


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
    contract=Signed(
        notified_on=date(2026, 12, 1),
        starts_on=date(2027, 1, 4),
        ends_on=date(2028, 1, 4),
        is_concession=False,
        owed=Decimal(373),
        published=frozenset({"Clause sociale", "Critère social"}),
        cpv="45442100-8",
    ),
)


def test_a_file_that_says_one_thing_has_no_contradiction():
    assert contradictions(RIGHT) == ()
    assert contradictions(replace(RIGHT, contract=None)) == ()


def stating(text, **fields):
    return {"documents": (Stated("RC", text, **fields),), "contract": None}


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
        ({"cpv": "90910000"}, Where.LOT, False, "90910000"),
        ({"unapproved": 3}, Where.LIBRARY, False, "3"),
        ({"unreadable": ("Pénalités",)}, Where.LIBRARY, True, "Pénalités"),
        (
            {"contract": Signed(notified_on=date(2026, 1, 1))},
            Where.CONTRACT,
            True,
            "before the launch",
        ),
        (
            {"contract": Signed(starts_on=date(2027, 1, 1), ends_on=date(2026, 12, 1))},
            Where.CONTRACT,
            True,
            "before its start",
        ),
        ({"contract": Signed(is_concession=True)}, Where.CONTRACT, True, "concession"),
        ({"contract": Signed(owed=Decimal(300))}, Where.CONTRACT, False, "300"),
        (
            {"contract": Signed(published=frozenset({"Pas de considération sociale"}))},
            Where.CONTRACT,
            False,
            "Pas de considération sociale",
        ),
    ],
)
def test_each_contradiction_is_named_with_where_to_mend_it(fields, where, blocking, said):
    (found,) = contradictions(replace(RIGHT, **fields))
    assert (found.where, found.blocking) == (where, blocking)
    assert said in str(found.words)


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


def test_the_codes_to_enter_follow_the_modality():
    assert social_considerations(Modality.MIXED) == ("Clause sociale", "Critère social")
    assert social_considerations(Modality.RESERVED_IAE) == ("Marché réservé",)
    assert social_considerations(Modality.RESERVED_IAE, concession=True) == ("Concession réservée",)
    fields = {entry.field: entry.values for entry in european_notice(Modality.RESERVED_DISABILITY)}
    assert fields == {"BT-71": ("res-ws",), "BT-736": ("yes",), "BT-06": ("soc-obj",), "BT-775": ("opp",)}
    assert next(iter(european_notice(Modality.EXEC_CONDITION))).values == ("none",)
