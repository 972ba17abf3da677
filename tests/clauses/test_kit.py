"""Kits of every regime and modality, in every file; and what is read of a file to check it."""

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


def test_the_codes_to_enter_follow_the_modality():
    assert social_considerations(Modality.MIXED) == ("Clause sociale", "Critère social")
    assert social_considerations(Modality.RESERVED_IAE) == ("Marché réservé",)
    assert social_considerations(Modality.RESERVED_IAE, concession=True) == ("Concession réservée",)
    fields = {entry.field: entry.values for entry in european_notice(Modality.RESERVED_DISABILITY)}
    assert fields == {"BT-71": ("res-ws",), "BT-736": ("yes",), "BT-06": ("soc-obj",), "BT-775": ("opp",)}
    assert next(iter(european_notice(Modality.EXEC_CONDITION))).values == ("none",)
