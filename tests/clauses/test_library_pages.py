import pytest
from django.urls import reverse

from relais.clauses.actions import approve_version, load_library, propose_version, write_version
from relais.clauses.library.pieces import shipped
from relais.clauses.models import LibraryText, TextVersion
from relais.kit.compare import changes
from relais.kit.models import AuditEntry
from tests.clauses.factories import LAUNCHED, a_draft, a_written, noon

pytestmark = pytest.mark.django_db
AT = noon(LAUNCHED)
PLACE = {"title": "Pénalités", "document": "conditions"}


def page_of(name, person, **kwargs):
    return reverse(name, kwargs={"organisation": person.organisation.slug, **kwargs})


def loaded(cast, key="conditions-ways"):
    load_library(cast.scheme, actor=cast["clara"].actor(), at=AT)
    return LibraryText.objects.get(scheme=cast.scheme, key=key)


def proposals(cast, text, count):
    for number in range(count):
        body = f"Version {number}, {{{{ titulaire }}}}"
        version = write_version(text, body=body, note="Essai", actor=cast["clara"].actor(), at=AT)
        propose_version(version, actor=cast["clara"].actor(), at=AT)


def test_clara_brings_the_texts_in_writes_tries_and_proposes_and_paula_approves(
    cast, clara, paula, client_for
):
    browser = client_for(clara)
    assert "Faire entrer" in browser.get(page_of("text-list", clara)).content.decode()
    browser.post(page_of("text-load", clara))
    text = LibraryText.objects.get(scheme=cast.scheme, key="conditions-penalties")
    url = page_of("text-write", clara, pk=text.pk)
    wrong = browser.post(url, {"body": "Une {{ pénalité }}", "note": "Essai"})
    assert wrong.status_code == 422
    assert "Ligne 1" in wrong.content.decode()
    assert "Une {{ pénalité }}" in wrong.content.decode()
    tried = browser.post(url, {**PLACE, "body": "Soit {{ penalite }}.", "note": "Essai", "preview": "1"})
    assert "Soit 45\u202f€." in tried.content.decode()
    assert text.versions.count() == 1
    browser.post(url, {**PLACE, "body": "Soit {{ penalite }}.", "note": "Essai"})
    version = text.versions.get(number=2)
    browser.post(page_of("version-propose", clara, pk=text.pk, version=version.pk))
    answer = client_for(paula).post(page_of("version-approve", paula, pk=text.pk, version=version.pk))
    assert answer.status_code == 302
    version.refresh_from_db()
    assert version.state == "approved"


def test_a_preview_that_cannot_be_read_tells_its_line(cast, clara, client_for):
    url = page_of("text-write", clara, pk=loaded(cast).pk)
    answer = client_for(clara).post(url, {"body": "a\n{% si critere %}", "note": "x", "preview": "1"})
    assert answer.status_code == 422
    assert "Ligne 2" in answer.content.decode()


def test_a_text_is_tried_on_a_clause_that_one_reads(cast, clara, benoit, client_for):
    text = loaded(cast, "notice-condition")
    clause = a_draft(cast)
    url = page_of("text-detail", clara, pk=text.pk)
    assert clause.lot.object in client_for(clara).get(url, {"clause": clause.pk}).content.decode()
    for foreign in (clause.pk, "x", "9" * 30):
        other = client_for(benoit).get(page_of("text-detail", benoit, pk=text.pk), {"clause": foreign})
        assert clause.lot.object not in other.content.decode()


def test_the_list_is_filtered_through_the_address(cast, clara, client_for):
    loaded(cast)
    browser = client_for(clara)
    url = page_of("text-list", clara)
    for filters, kept in (
        ({"document": "grid"}, 3),
        ({"state": "approved"}, 0),
        ({"document": "zzz"}, len(shipped())),
    ):
        assert len(browser.get(url, filters).context["rows"]) == kept
    reserved = browser.get(url, {"document": "notice", "modality": "RESERVED_ESS", "regime": "ORD2015"})
    assert [row["text"].key for row in reserved.context["rows"]] == ["notice-ess"]


def test_two_versions_are_compared_word_by_word(cast, clara, client_for):
    text = loaded(cast)
    proposals(cast, text, 1)
    page = client_for(clara).get(page_of("text-compare", clara, pk=text.pk), {"from": "1", "to": "2"})
    assert "<ins>" in page.content.decode()
    assert "<del>" in page.content.decode()
    assert client_for(clara).get(page_of("text-compare", clara, pk=text.pk), {"from": "x"}).status_code == 200


@pytest.mark.parametrize(
    ("before", "after"), [("a b c", "a x c"), ("", "a"), ("un\ndeux\n", "un\ntrois\n"), ("même", "même")]
)
def test_the_runs_make_both_texts(before, after):
    runs = changes(before, after)
    assert "".join(run.text for run in runs if run.kind != "new") == before
    assert "".join(run.text for run in runs if run.kind != "gone") == after


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("name", ["text-list", "text-detail", "text-compare", "text-write"])
def test_the_pages_of_the_library_keep_their_budget(cast, clara, client_for, within_queries, rows, name):
    text = loaded(cast)
    proposals(cast, text, rows)
    for _ in range(rows):
        a_draft(cast)
    url = page_of(name, clara) if name == "text-list" else page_of(name, clara, pk=text.pk)
    browser = client_for(clara)
    with within_queries(12):
        assert browser.get(url).status_code == 200


@pytest.mark.parametrize("facilitators", [1, 2])
def test_the_kit_keeps_its_budget_and_its_files_come_down(
    cast, clara, client_for, within_queries, facilitators
):
    loaded(cast)
    bodies = [cast[name].organisation for name in ("fanny", "felix")][:facilitators]
    clause = a_written(cast, facilitators=bodies)
    browser = client_for(clara)
    with within_queries(12):
        page = browser.get(page_of("clause-kit", clara, pk=clause.pk))
    assert "considerationSociale" in page.content.decode()
    assert "v1" in page.content.decode()
    for part, kind, start in (
        ("conditions", "docx", b"PK"),
        ("notice", "pdf", b"%PDF"),
        ("calcul", "odt", b"PK"),
        ("ensemble", "pdf", b"%PDF"),
        ("archive", "odt", b"PK"),
    ):
        with within_queries(12):
            answer = browser.get(page_of("clause-kit-file", clara, pk=clause.pk, part=part, kind=kind))
        assert answer.content.startswith(start)
        assert clause.reference in answer.headers["Content-Disposition"]
    assert AuditEntry.objects.filter(verb="clauses.kit.downloaded").count() == 5
    for part, kind in (("conditions", "exe"), ("autre", "pdf"), ("grid", "pdf")):
        url = page_of("clause-kit-file", clara, pk=clause.pk, part=part, kind=kind)
        assert browser.get(url).status_code == 404


def test_a_kit_says_what_forbids_to_keep_it(cast, clara, paula, client_for):
    text = loaded(cast, "conditions-penalties")
    clause = a_draft(cast)
    version = write_version(text, body="Une pénalité de 60 €.", note="x", actor=clara.actor(), at=AT)
    propose_version(version, actor=clara.actor(), at=AT)
    approve_version(TextVersion.objects.get(pk=version.pk), actor=paula.actor(), at=AT)
    browser = client_for(clara)
    page = browser.get(page_of("clause-kit", clara, pk=clause.pk))
    assert page.context["blocking"] == 1
    assert "60" in page.content.decode()
    assert browser.post(page_of("clause-keep", clara, pk=clause.pk)).status_code == 403
    clause.refresh_from_db()
    assert clause.state == "draft"


def test_the_library_is_read_in_english_too(cast, clara, client_for):
    text = loaded(cast)
    browser = client_for(clara)
    for name, kwargs in (
        ("text-list", {}),
        ("text-detail", {"pk": text.pk}),
        ("text-write", {"pk": text.pk}),
    ):
        page = browser.get(page_of(name, clara, **kwargs), headers={"Accept-Language": "en"})
        assert page.status_code == 200


def test_the_list_of_clauses_and_the_page_of_a_clause_lead_to_the_library(
    cast, clara, fanny, corinne, client_for
):
    clause = a_written(cast)
    for person, reads in ((clara, True), (fanny, True), (corinne, False)):
        listed = client_for(person).get(page_of("clause-list", person)).content.decode()
        assert (page_of("text-list", person) in listed) is reads
    read = client_for(clara).get(page_of("clause-detail", clara, pk=clause.pk)).content.decode()
    assert page_of("text-list", clara) in read
