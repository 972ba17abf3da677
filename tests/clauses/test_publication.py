"""The public page: closed unless the manager opens it, approved texts only, nobody's name."""

from datetime import timedelta

import pytest
from django.urls import reverse

from relais.clauses.actions import (
    approve_shipped,
    approve_version,
    close_library,
    load_library,
    open_library,
    propose_version,
    write_version,
)
from relais.clauses.library.pieces import shipped
from relais.clauses.models import LibraryOpening, LibraryText
from relais.clauses.publication import outlined
from relais.kit.access import Refused
from relais.kit.models import AuditEntry
from tests.clauses.factories import LAUNCHED, noon
from tests.clauses.test_kit import words_of

pytestmark = pytest.mark.django_db
AT = noon(LAUNCHED)


def page(cast, name="public-texts", **kwargs):
    return reverse(name, kwargs={"scheme": cast.scheme.slug, **kwargs})


def loaded(cast, *documents):
    load_library(cast.scheme, actor=cast["clara"].actor(LAUNCHED), at=AT)
    for document in documents:
        approve_shipped(cast.scheme, document, actor=cast["paula"].actor(LAUNCHED), at=AT)


def opened(cast, *documents):
    loaded(cast, *documents)
    return open_library(cast.scheme, actor=cast["carole"].actor(LAUNCHED), at=AT)


def test_the_page_is_closed_until_the_manager_opens_it_and_once_she_closes_it(cast, client):
    loaded(cast, "grid")
    urls = (page(cast), page(cast, "public-texts-file", kind="docx"))
    assert [client.get(url).status_code for url in urls] == [404, 404]
    carole = cast["carole"].actor(LAUNCHED)
    open_library(cast.scheme, actor=carole, at=AT)
    assert [client.get(url).status_code for url in urls] == [200, 200]
    close_library(cast.scheme, actor=carole, at=AT + timedelta(1))
    assert [client.get(url).status_code for url in urls] == [404, 404]
    opening = LibraryOpening.objects.get()
    assert (opening.opened_at, opening.closed_at) == (AT, AT + timedelta(1))
    verbs = AuditEntry.objects.filter(verb__startswith="clauses.library").values_list("verb", flat=True)
    assert sorted(verbs) == ["clauses.library.closed", "clauses.library.opened"]


def test_an_unknown_scheme_is_not_found(cast, client):
    assert client.get(reverse("public-texts", kwargs={"scheme": "nulle-part"})).status_code == 404


@pytest.mark.parametrize("name", ["clara", "paula", "benoit", "sam"])
def test_only_the_manager_of_the_coordinator_opens(cast, name):
    with pytest.raises(Refused):
        open_library(cast.scheme, actor=cast[name].actor(LAUNCHED), at=AT)
    assert not LibraryOpening.objects.exists()


def test_opening_twice_and_closing_what_is_closed_are_refused(cast):
    opened(cast)
    carole = cast["carole"].actor(LAUNCHED)
    with pytest.raises(Refused, match="already"):
        open_library(cast.scheme, actor=carole, at=AT)
    close_library(cast.scheme, actor=carole, at=AT)
    with pytest.raises(Refused, match="not open"):
        close_library(cast.scheme, actor=carole, at=AT)
    assert LibraryOpening.objects.count() == 1


def test_approved_texts_alone_are_read_without_a_name(cast, client):
    opened(cast, "grid")
    ways = LibraryText.objects.get(key="conditions-ways")
    clara = cast["clara"].actor(LAUNCHED)
    version = write_version(ways, body="Texte proposé", note="Note de Clara", actor=clara, at=AT)
    read = client.get(page(cast)).content.decode()
    for piece in shipped():
        assert (f">{piece.title}</h3>" in read) is (piece.document == "grid")
    propose_version(version, actor=clara, at=AT)
    assert "Texte proposé" not in client.get(page(cast)).content.decode()
    approve_version(version, actor=cast["paula"].actor(LAUNCHED), at=AT)
    read = client.get(page(cast)).content.decode()
    assert "Texte proposé" in read
    people = {person.user.full_name for person in cast.people.values() if person.user}
    for word in {*people, "Note de Clara"}:
        assert word not in read


def test_the_page_is_to_be_found_by_search_engines(cast, client):
    opened(cast, "grid")
    answer = client.get(page(cast))
    assert '<meta name="robots" content="index, follow">' in answer.content.decode()
    assert f'<link rel="canonical" href="{page(cast)}">' in answer.content.decode()
    assert "X-Robots-Tag" not in answer.headers
    assert "03/03/2025" in answer.content.decode()


@pytest.mark.parametrize("kind", ["docx", "odt"])
def test_every_approved_text_comes_down_in_one_file(cast, client, within_queries, kind):
    opened(cast, "grid", "conditions")
    with within_queries(4):
        answer = client.get(page(cast, "public-texts-file", kind=kind))
    read = words_of(answer.content, kind)
    for piece in shipped():
        title = "".join(piece.title.split()).replace("’", "'")
        if piece.document in ("grid", "conditions"):
            assert title in read
    assert "[heuresdemandées]" in read
    assert "{" not in read
    assert cast.scheme.slug in answer.headers["Content-Disposition"]


def test_other_files_and_an_empty_library_have_no_file(cast, client):
    opened(cast)
    assert "encore approuvé" in client.get(page(cast)).content.decode()
    assert client.get(page(cast, "public-texts-file", kind="docx")).status_code == 404
    approve_shipped(cast.scheme, "grid", actor=cast["paula"].actor(LAUNCHED), at=AT)
    assert client.get(page(cast, "public-texts-file", kind="pdf")).status_code == 404


def test_every_shipped_text_is_outlined_with_all_its_words():
    for piece in shipped():
        text = " ".join(str(block) for block in outlined(piece.body))
        assert "{%" not in text
        assert "{{" not in text
    shown = str(outlined("{% si critere %}a{% sinon %}b{% fin %}")).replace("\\xa0", " ")
    assert "[Si : il y a un critère]a[Sinon]b[Fin]" in shown


@pytest.mark.parametrize("documents", [("grid",), ("grid", "conditions", "rules")])
def test_the_public_page_keeps_its_budget(cast, client, within_queries, documents):
    opened(cast, *documents)
    with within_queries(4):
        assert client.get(page(cast)).status_code == 200


def test_the_manager_opens_and_closes_from_the_library(cast, carole, clara, client_for, client):
    loaded(cast, "grid")
    browser = client_for(carole)
    slug = carole.organisation.slug
    url = reverse("text-list", kwargs={"organisation": slug})
    assert "Ouvrir la page publique" in browser.get(url).content.decode()
    assert reverse("library-open", kwargs={"organisation": slug}) in browser.get(url).content.decode()
    assert (
        reverse("library-open", kwargs={"organisation": slug})
        not in client_for(clara).get(url).content.decode()
    )
    assert browser.post(reverse("library-open", kwargs={"organisation": slug})).status_code == 302
    assert page(cast) in browser.get(url).content.decode()
    assert client.get(page(cast)).status_code == 200
    browser.post(reverse("library-close", kwargs={"organisation": slug}))
    assert client.get(page(cast)).status_code == 404
