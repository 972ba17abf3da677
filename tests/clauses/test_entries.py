"""New entries of the library, and changes of title, order and conditions: two people, as for the words."""

import pytest
from django.urls import reverse

from relais.clauses.actions import (
    Placing,
    add_text,
    approve_version,
    load_library,
    propose_version,
    withdraw_version,
    write_version,
)
from relais.clauses.enums import Ccag, KitDocument, Modality, Regime
from relais.clauses.library.pieces import pieces_in_use
from relais.clauses.models import Clause, LibraryText, TextVersion
from relais.clauses.queries import texts_in_order, with_file
from relais.clauses.wording import compose
from relais.kit.access import Refused
from relais.organisations.policies import policies
from tests.clauses.factories import LAUNCHED, a_draft, noon

pytestmark = pytest.mark.django_db
AT = noon(LAUNCHED)
CONDITIONS = KitDocument.CONDITIONS


def page_of(name, person, **kwargs):
    return reverse(name, kwargs={"organisation": person.organisation.slug, **kwargs})


def loaded(cast, key="conditions-ways"):
    load_library(cast.scheme, actor=cast["clara"].actor(LAUNCHED), at=AT)
    return LibraryText.objects.get(scheme=cast.scheme, key=key)


def added(cast, *, by="clara", body="Le {{ titulaire }} tient un registre.", **place):
    placing = Placing(**{"title": "Registre du chantier", "document": CONDITIONS, **place})
    actor = cast[by].actor(LAUNCHED)
    return add_text(cast.scheme, placing=placing, body=body, note="Utile", actor=actor, at=AT)


def approved(cast, version, by="paula"):
    propose_version(version, actor=cast["clara"].actor(LAUNCHED), at=AT)
    approve_version(TextVersion.objects.get(pk=version.pk), actor=cast[by].actor(LAUNCHED), at=AT)


def titles(cast, document=CONDITIONS):
    return [piece.title for piece in pieces_in_use(cast.scheme.pk) if piece.document == document]


def refusal(act, *args, **kwargs):
    with pytest.raises(Refused) as refused:
        act(*args, **kwargs)
    return str(refused.value.verdict.reason)


def test_a_new_entry_serves_once_another_person_has_approved_it(cast):
    ways = loaded(cast)
    version = added(cast, after=ways, modalities=frozenset({Modality.MIXED}), ccags=frozenset({Ccag.WORKS}))
    assert version.text.title not in titles(cast)
    approved(cast, version)
    order = titles(cast)
    assert order[order.index(ways.title) + 1] == "Registre du chantier"
    piece = next(piece for piece in pieces_in_use(cast.scheme.pk) if piece.text_id == version.text_id)
    assert piece.serves("MIXED", "CCP2026", "WORKS")
    assert not piece.serves("EXEC_CONDITION", "CCP2026", "WORKS")
    assert not piece.serves("MIXED", "CCP2026", "FCS")


def test_the_writer_alone_adds_nothing_to_a_kit(cast):
    version = added(cast)
    propose_version(version, actor=cast["clara"].actor(LAUNCHED), at=AT)
    assert "Another person" in refusal(approve_version, version, actor=cast["clara"].actor(LAUNCHED), at=AT)
    assert "Registre du chantier" not in titles(cast)


def test_an_approved_entry_is_read_in_the_kit_of_a_clause(cast):
    version = added(cast, after=loaded(cast))
    clause = with_file(Clause.objects.filter(pk=a_draft(cast).pk)).get()
    in_force = policies(cast.scheme, LAUNCHED)
    assert "tient un registre" not in str(compose(clause, in_force))
    approved(cast, version)
    assert "Le titulaire tient un registre." in str(compose(clause, in_force))


def test_title_order_and_conditions_change_with_the_approval_and_not_before(cast):
    text = loaded(cast)
    before, title = titles(cast), text.title
    version = write_version(
        text,
        body="Le {{ titulaire }} choisit.",
        note="Remonté",
        placing=Placing("Choix des moyens", CONDITIONS, None, regimes=frozenset({Regime.CCP2026})),
        actor=cast["clara"].actor(LAUNCHED),
        at=AT,
    )
    assert titles(cast) == before
    approved(cast, version)
    assert titles(cast) == [
        "Choix des moyens",
        *(one for one in before if one != title),
    ]
    text.refresh_from_db()
    assert (text.title, text.regimes) == ("Choix des moyens", "CCP2026")


def test_a_withdrawn_version_gives_the_former_place_back(cast):
    text = loaded(cast)
    title = text.title
    version = write_version(
        text,
        body="x",
        note="Essai",
        placing=Placing("Autre titre", CONDITIONS),
        actor=cast["clara"].actor(LAUNCHED),
        at=AT,
    )
    approved(cast, version)
    version.refresh_from_db()
    withdraw_version(version, reason="Erreur", actor=cast["clara"].actor(LAUNCHED), at=AT)
    text.refresh_from_db()
    assert text.title == title
    assert title in titles(cast)


def test_an_entry_that_nobody_proposed_is_known_to_its_own_body_only(cast):
    version = added(cast)
    for name, read in (("clara", True), ("benoit", False), ("fanny", False), ("sam", False)):
        found = LibraryText.objects.visible_to(cast[name].actor(LAUNCHED)).filter(pk=version.text_id)
        assert found.exists() is read
    withdraw_version(version, reason="Doublon", actor=cast["clara"].actor(LAUNCHED), at=AT)
    assert not LibraryText.objects.visible_to(cast["benoit"].actor(LAUNCHED)).exists()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"title": " "}, "title of one line"),
        ({"title": "a\nb"}, "title of one line"),
        ({"title": "x" * 121}, "121"),
        ({"body": "{{ heure }} et {{ prix }}"}, "heure (1, 1), prix (1, 16)"),
        ({"body": "un\n  {{ heure }}"}, "Line 2, sign 3"),
        ({"body": " "}, "empty"),
    ],
)
def test_a_wrong_entry_is_refused_and_nothing_is_stored(cast, fields, said):
    assert said in refusal(added, cast, **fields)
    assert not LibraryText.objects.exists()


def test_a_neighbour_of_another_document_is_refused(cast):
    loaded(cast)
    grid = LibraryText.objects.filter(document="grid").first()
    assert "another document" in refusal(added, cast, after=grid)


def test_only_those_who_keep_the_library_add_or_place(cast):
    text = loaded(cast)
    assert "coordinator" in refusal(added, cast, by="benoit")
    assert "officer" in refusal(added, cast, by="pascal")
    placing = Placing("Titre", CONDITIONS)
    actor = cast["benoit"].actor(LAUNCHED)
    told = refusal(write_version, text, body="x", note="n", placing=placing, actor=actor, at=AT)
    assert "coordinator" in told


def test_passages_are_put_between_two_others_until_no_place_is_left(cast):
    ways = loaded(cast)
    follower = texts_in_order(cast.scheme)
    after = follower[[text.pk for text in follower].index(ways.pk) + 1]
    for number in range(9):
        added(cast, title=f"Passage {number}", after=ways)
        order = [text.title for text in texts_in_order(cast.scheme)]
        assert order[order.index(ways.title) + 1] == f"Passage {number}"
    assert "No place is left" in refusal(added, cast, title="De trop", after=ways)
    assert LibraryText.objects.get(pk=after.pk).rank == after.rank


def test_two_entries_of_one_title_have_keys_of_their_own(cast):
    keys = {added(cast).text.key, added(cast).text.key, added(cast, title="«»").text.key}
    assert keys == {"own-registre-du-chantier", "own-registre-du-chantier-2", "own-texte"}


def test_clara_adds_a_text_from_the_screen_and_tries_it_on_a_clause(cast, clara, paula, client_for):
    ways = loaded(cast)
    clause = a_draft(cast)
    browser = client_for(clara)
    url = page_of("text-add", clara)
    data = {
        "title": "Registre",
        "document": "conditions",
        "after": str(ways.pk),
        "modalities": ["EXEC_CONDITION", "MIXED"],
        "body": "Pour « {{ objet }} », {{ heure }}.",
        "note": "Utile",
    }
    wrong = browser.post(url, data)
    assert wrong.status_code == 422
    assert "Ligne 1, signe 23" in wrong.content.decode()
    data["body"] = "Pour « {{ objet }} », {{ heures_dues }}."
    tried = browser.post(url, {**data, "preview": "1", "clause": str(clause.pk)}).content.decode()
    assert clause.lot.object in tried
    assert "373" in tried
    assert not LibraryText.objects.filter(key="own-registre").exists()
    answer = browser.post(url, data)
    text = LibraryText.objects.get(key="own-registre")
    assert answer.url == page_of("text-detail", clara, pk=text.pk)
    assert text.modalities == "EXEC_CONDITION MIXED"
    assert "Registre" in browser.get(page_of("text-list", clara)).content.decode()
    elsewhere = browser.post(url, {**data, "document": "grid"})
    assert "un autre document" in elsewhere.content.decode()


def test_what_a_version_moves_is_shown_to_who_approves(cast, clara, paula, client_for):
    text = loaded(cast)
    browser = client_for(clara)
    page = browser.get(page_of("text-write", clara, pk=text.pk))
    initial = page.context["form"].initial
    assert initial["title"] == text.title
    browser.post(
        page_of("text-write", clara, pk=text.pk),
        {
            **{name: value for name, value in initial.items() if name != "source"},
            "title": "Choix des moyens",
            "note": "Titre clair",
        },
    )
    version = text.versions.get(number=2)
    assert version.rank == text.rank
    propose_version(version, actor=clara.actor(), at=AT)
    url = page_of("text-detail", paula, pk=text.pk)
    assert "Choix des moyens" in client_for(paula).get(url).content.decode()
    compared = client_for(paula).get(page_of("text-compare", paula, pk=text.pk)).context["moves"]
    assert [(move.before, move.after) for move in compared] == [(text.title, "Choix des moyens")]


def test_a_buyer_proposes_words_and_no_place(cast, benoit, client_for):
    text = loaded(cast)
    page = client_for(benoit).get(page_of("text-write", benoit, pk=text.pk))
    assert "title" not in page.context["form"].fields


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("name", ["text-add", "text-write", "text-detail"])
def test_the_pages_of_an_entry_keep_their_budget(cast, clara, client_for, within_queries, rows, name):
    text = loaded(cast)
    for number in range(rows):
        a_draft(cast)
        added(cast, title=f"Passage {number}", after=text)
    url = page_of(name, clara) if name == "text-add" else page_of(name, clara, pk=text.pk)
    browser = client_for(clara)
    with within_queries(12):
        assert browser.get(url).status_code == 200
