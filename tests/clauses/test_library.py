from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from relais.clauses.actions import (
    approve_shipped,
    approve_version,
    load_library,
    mark_written,
    propose_version,
    withdraw_version,
    write_version,
)
from relais.clauses.enums import TextState
from relais.clauses.library.pieces import filled, pieces_in_use, shipped
from relais.clauses.library.variables import VARIABLES, sample_values
from relais.clauses.models import Clause, LibraryText, TextVersion
from relais.clauses.queries import with_file
from relais.clauses.wording import compose
from relais.kit.access import Refused, Stale
from relais.kit.models import AuditEntry
from relais.organisations.policies import policies
from tests.clauses.factories import LAUNCHED, a_draft, noon

pytestmark = pytest.mark.django_db
AT = noon(LAUNCHED)


def loaded(cast, key="conditions-ways"):
    load_library(cast.scheme, actor=cast["clara"].actor(LAUNCHED), at=AT)
    return LibraryText.objects.get(scheme=cast.scheme, key=key)


def written(cast, text, body="Le {{ titulaire }} choisit.", by="clara"):
    return write_version(text, body=body, note="Plus court", actor=cast[by].actor(LAUNCHED), at=AT)


def proposed(cast, text, by="clara", **fields):
    version = written(cast, text, by=by, **fields)
    propose_version(version, actor=cast[by].actor(LAUNCHED), at=AT)
    return version


def refusal(act, *args, **kwargs):
    with pytest.raises(Refused) as refused:
        act(*args, **kwargs)
    return str(refused.value.verdict.reason)


def test_every_shipped_text_is_read_has_a_source_and_a_key_of_its_own():
    assert len({piece.key for piece in shipped()}) == len(shipped()) > 40
    used = set()
    for piece in shipped():
        assert piece.source
        filled(piece.body, sample_values())
        used |= {
            name for name in VARIABLES if f"{{{{ {name} }}}}" in piece.body or f" {name} %}}" in piece.body
        }
    assert used <= set(VARIABLES)


def test_loading_twice_changes_nothing_and_leaves_texts_to_approve(cast):
    first = load_library(cast.scheme, actor=cast["clara"].actor(LAUNCHED), at=AT)
    assert first == len(shipped())
    assert load_library(cast.scheme, actor=cast["clara"].actor(LAUNCHED), at=AT) == 0
    assert set(TextVersion.objects.values_list("state", "is_shipped")) == {(TextState.PROPOSED, True)}
    assert [piece.body for piece in pieces_in_use(cast.scheme.pk)] == [piece.body for piece in shipped()]
    assert AuditEntry.objects.filter(verb="clauses.text.loaded").count() == 1


def test_only_the_coordinator_loads(cast):
    told = refusal(load_library, cast.scheme, actor=cast["benoit"].actor(LAUNCHED), at=AT)
    assert "coordinator" in told
    assert "officer" in refusal(load_library, cast.scheme, actor=cast["pascal"].actor(LAUNCHED), at=AT)


def test_two_people_make_a_text_of_the_library(cast):
    text = loaded(cast)
    version = proposed(cast, text)
    clara, paula = cast["clara"].actor(LAUNCHED), cast["paula"].actor(LAUNCHED)
    assert "Another person" in refusal(approve_version, version, actor=clara, at=AT)
    approve_version(version, actor=paula, at=AT)
    version.refresh_from_db()
    assert (version.state, version.approver_id) == (TextState.APPROVED, paula.user_id)
    in_use = {piece.key: piece for piece in pieces_in_use(cast.scheme.pk)}
    assert in_use["conditions-ways"].body == "Le {{ titulaire }} choisit."
    assert in_use["conditions-ways"].approved
    assert not in_use["conditions-people"].approved


def test_the_shipped_texts_of_a_document_are_approved_together_by_another_than_the_loader(cast):
    loaded(cast)
    told = refusal(approve_shipped, cast.scheme, "grid", actor=cast["clara"].actor(LAUNCHED), at=AT)
    assert "Another person" in told
    paula = cast["paula"].actor(LAUNCHED)
    assert approve_shipped(cast.scheme, "grid", actor=paula, at=AT) == 3
    assert [p.approved for p in pieces_in_use(cast.scheme.pk) if p.document == "grid"] == [True] * 3
    assert "waits" in refusal(approve_shipped, cast.scheme, "grid", actor=paula, at=AT)


def test_the_database_too_refuses_one_person_alone(cast):
    version = proposed(cast, loaded(cast))
    with pytest.raises(IntegrityError), transaction.atomic():
        TextVersion.objects.filter(pk=version.pk).update(approver_id=version.author_id)


def test_an_approved_version_takes_the_place_of_the_former_one(cast):
    text = loaded(cast)
    paula = cast["paula"].actor(LAUNCHED)
    for body in ("Un", "Deux"):
        approve_version(proposed(cast, text, body=body), actor=paula, at=AT)
    states = dict(text.versions.values_list("body", "state"))
    assert (states["Un"], states["Deux"]) == (TextState.WITHDRAWN, TextState.APPROVED)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("", "empty"),
        ("a\n{{ heure }}", "Line 2"),
        ("{% si penalite %}sans fin", "not closed"),
        ("x" * 20_001, "20000"),
    ],
)
def test_a_text_that_cannot_be_read_is_refused_and_nothing_is_stored(cast, body, said):
    text = loaded(cast)
    assert said in refusal(written, cast, text, body=body)
    assert text.versions.count() == 1


def test_buyers_and_facilitators_of_a_clause_propose_others_read(cast):
    text = loaded(cast)
    assert "You read them" in refusal(written, cast, text, by="felix")
    assert "You read them" in refusal(written, cast, text, by="fanny")
    a_draft(cast)
    assert written(cast, text, by="fanny").organisation == cast["fanny"].organisation
    assert proposed(cast, text, by="benoit").state == TextState.PROPOSED
    assert "You read them" in refusal(written, cast, text, by="corinne")


def test_a_draft_is_read_by_its_own_body_and_taken_up_again(cast):
    text = loaded(cast)
    draft = written(cast, text, by="benoit", body="Un")
    assert written(cast, text, by="benoit", body="Deux").pk == draft.pk
    mine = TextVersion.objects.visible_to(cast["benoit"].actor(LAUNCHED))
    theirs = TextVersion.objects.visible_to(cast["clara"].actor(LAUNCHED))
    assert mine.filter(pk=draft.pk).exists()
    assert not theirs.filter(pk=draft.pk).exists()
    assert not TextVersion.objects.visible_to(cast["sam"].actor(LAUNCHED)).exists()


def test_a_withdrawal_says_why_and_the_shipped_text_serves_again(cast):
    text = loaded(cast)
    version = proposed(cast, text)
    approve_version(version, actor=cast["paula"].actor(LAUNCHED), at=AT)
    clara = cast["clara"].actor(LAUNCHED)
    assert "Say why" in refusal(withdraw_version, version, reason=" ", actor=clara, at=AT)
    assert "coordinator" in refusal(
        withdraw_version, version, reason="x", actor=cast["benoit"].actor(LAUNCHED), at=AT
    )
    withdraw_version(version, reason="Article abrogé", actor=clara, at=AT)
    in_use = {piece.key: piece for piece in pieces_in_use(cast.scheme.pk)}
    assert in_use["conditions-ways"].number == 1


def test_a_version_changed_meanwhile_is_not_approved(cast):
    version = proposed(cast, loaded(cast))
    withdraw_version(
        TextVersion.objects.get(pk=version.pk), reason="Non", actor=cast["clara"].actor(LAUNCHED), at=AT
    )
    with pytest.raises(Stale):
        approve_version(version, actor=cast["paula"].actor(LAUNCHED), at=AT)


def test_a_written_clause_keeps_the_words_and_the_versions_of_its_day(cast):
    text = loaded(cast)
    clause = a_draft(cast)
    mark_written(clause, actor=cast["clara"].actor(LAUNCHED), at=AT)
    kept = clause.kept_versions.filter(text=text).get()
    approve_version(proposed(cast, text), actor=cast["paula"].actor(LAUNCHED), at=AT + timedelta(1))
    fresh = with_file(Clause.objects.filter(pk=clause.pk)).get()
    assert kept.number == 1
    assert "embauche directe" in fresh.wording
    assert "Le titulaire choisit." in str(compose(fresh, policies(cast.scheme, LAUNCHED)))


def test_a_change_of_shipped_text_comes_as_a_version_to_approve(cast, monkeypatch):
    text = loaded(cast)
    changed = tuple(
        piece if piece.key != text.key else type(piece)(**{**_fields(piece), "body": "Nouveau"})
        for piece in shipped()
    )
    monkeypatch.setattr("relais.clauses.actions.texts.shipped", lambda: changed)
    assert load_library(cast.scheme, actor=cast["clara"].actor(LAUNCHED), at=AT) == 1
    assert text.versions.count() == 2
    assert {p.key: p.body for p in pieces_in_use(cast.scheme.pk)}[text.key] == "Nouveau"


def _fields(piece):
    return {name: getattr(piece, name) for name in type(piece).__dataclass_fields__}


def test_the_terms_of_a_clause_choose_its_general_conditions(cast):
    clause = a_draft(cast, ccag="FCS", facilitator_contact="03 00 00 00 00", hours=Decimal(373))
    fresh = with_file(Clause.objects.filter(pk=clause.pk)).get()
    text = str(compose(fresh, policies(cast.scheme, LAUNCHED)))
    assert "CCAG-FCS" in text
    assert "16.1" in text
    assert "03 00 00 00 00" in text
