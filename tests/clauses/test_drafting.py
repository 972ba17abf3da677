from datetime import date
from decimal import Decimal

import pytest

from relais.clauses.actions import (
    abandon_clause,
    amend_draft,
    mark_written,
    resume_clause,
    return_to_draft,
    write_clause,
)
from relais.clauses.enums import ClauseState, Part
from relais.clauses.models import Clause
from relais.core.regime import Modality
from relais.kit.access import Refused, Stale
from relais.kit.models import AuditEntry
from relais.screening.enums import OpportunityState
from relais.screening.models import Opportunity
from tests.clauses.factories import LAUNCHED, a_draft, a_retained, a_written, noon, terms

pytestmark = pytest.mark.django_db


def write(cast, opportunity, by="clara", **fields):
    return write_clause(opportunity, terms=terms(**fields), actor=cast[by].actor(LAUNCHED), at=noon(LAUNCHED))


def test_a_retained_opportunity_becomes_a_draft_with_its_working_and_its_article(cast):
    opportunity = a_retained(cast)
    clause = write(cast, opportunity)
    opportunity.refresh_from_db()
    assert clause.state == ClauseState.DRAFT
    assert clause.hours == Decimal(373)
    assert clause.calibration.unrounded.quantize(Decimal("0.01")) == Decimal("373.33")
    assert clause.article == "art. L. 2112-2 du code de la commande publique"
    assert opportunity.state == OpportunityState.DRAFTED


def test_the_article_follows_the_launch_date(cast):
    assert write(cast, a_retained(cast), launched_on=date(2012, 5, 2)).article == (
        "art. 14 du code des marchés publics"
    )
    assert write(cast, a_retained(cast), launched_on=date(2026, 9, 1)).regime == "CCP2026"


def test_references_count_up_by_buyer_and_year(cast):
    first, second = write(cast, a_retained(cast)), write(cast, a_retained(cast))
    later = write_clause(
        a_retained(cast), terms=terms(), actor=cast["clara"].actor(), at=noon(date(2026, 1, 5))
    )
    town = a_retained(cast, buyer=cast["benoit"].organisation)
    other = write_clause(town, terms=terms(), actor=cast["benoit"].actor(LAUNCHED), at=noon(LAUNCHED))
    assert [first.reference, second.reference] == ["2025-001", "2025-002"]
    assert later.reference == "2026-001"
    assert other.reference == "2025-001"


def test_a_modality_that_did_not_exist_is_refused_in_words(cast):
    opportunity = a_retained(cast)
    with pytest.raises(Refused, match="insertion structures"):
        write(cast, opportunity, modality=Modality.RESERVED_IAE, launched_on=date(2010, 1, 4))
    assert not Clause.objects.exists()


def test_hours_set_by_hand_need_a_reason(cast):
    opportunity = a_retained(cast)
    with pytest.raises(Refused, match="373"):
        write(cast, opportunity, hours=Decimal(300))
    clause = write(cast, opportunity, hours=Decimal(300), hours_reason="Deux postes seulement sont ouverts.")
    assert clause.hours_reason == "Deux postes seulement sont ouverts."


def test_only_writers_of_the_buyer_write(cast):
    opportunity = a_retained(cast, buyer=cast["benoit"].organisation)
    for name in ("clara", "fanny", "corinne"):
        with pytest.raises(Refused, match="Only the buyer"):
            write(cast, opportunity, by=name)
    for name in ("pascal", "elodie"):
        with pytest.raises(Refused, match="officer, a purchaser or a manager"):
            write(cast, a_retained(cast), by=name)


def test_an_opportunity_not_retained_or_already_written_is_refused(cast):
    opportunity = a_retained(cast)
    write(cast, opportunity)
    with pytest.raises(Refused, match="already has a clause"):
        write(cast, opportunity)
    waiting = a_retained(cast)
    waiting.state, waiting.decided_at = OpportunityState.UNDER_ANALYSIS, None
    waiting.save()
    with pytest.raises(Refused, match="retained"):
        write(cast, waiting)


def test_facilitators_named_at_the_writing_read_the_clause(cast):
    clause = a_draft(cast)
    assert clause.parties.get().part == Part.FACILITATOR
    assert Clause.objects.visible_to(cast["fanny"].actor(LAUNCHED)).get() == clause
    assert not Clause.objects.visible_to(cast["felix"].actor(LAUNCHED)).exists()
    assert not Clause.objects.visible_to(cast["sam"].actor(LAUNCHED)).exists()


def test_a_kept_text_no_longer_follows_the_draft(cast):
    clause = a_written(cast)
    assert "373 heures" in clause.wording.replace("\u202f", " ")
    with pytest.raises(Refused, match="kept"):
        amend_draft(clause, terms=terms(), actor=cast["clara"].actor(), at=noon(LAUNCHED))
    return_to_draft(clause, actor=cast["clara"].actor(), at=noon(LAUNCHED))
    assert clause.wording == ""
    new = terms(hours=Decimal(400), hours_reason="Tranche ajoutée")
    amend_draft(clause, terms=new, actor=cast["clara"].actor(), at=noon(LAUNCHED))
    clause.refresh_from_db()
    assert clause.hours == Decimal(400)


def test_two_colleagues_amending_at_once_do_not_overwrite_each_other(cast):
    clause = a_draft(cast)
    same = Clause.objects.get(pk=clause.pk)
    amend_draft(clause, terms=terms(unit_penalty=Decimal(50)), actor=cast["clara"].actor(), at=noon(LAUNCHED))
    with pytest.raises(Stale):
        amend_draft(same, terms=terms(), actor=cast["paula"].actor(), at=noon(LAUNCHED))


def test_a_condition_without_hours_is_not_kept(cast):
    clause = a_draft(cast, hours=Decimal(0), hours_reason="À fixer")
    with pytest.raises(Refused, match="needs hours"):
        mark_written(clause, actor=cast["clara"].actor(), at=noon(LAUNCHED))


def test_abandoning_says_why_and_lets_the_opportunity_wait_again(cast):
    clause = a_draft(cast)
    with pytest.raises(Refused, match="Say why"):
        abandon_clause(clause, reason=" ", actor=cast["clara"].actor(), at=noon(LAUNCHED))
    abandon_clause(
        clause, reason="Consultation déclarée sans suite", actor=cast["clara"].actor(), at=noon(LAUNCHED)
    )
    assert Opportunity.objects.get(lot=clause.lot_id).state == OpportunityState.RETAINED
    resume_clause(clause, actor=cast["clara"].actor(), at=noon(LAUNCHED))
    clause.refresh_from_db()
    assert (clause.state, clause.abandon_reason) == (ClauseState.DRAFT, "")


def test_each_act_leaves_its_trace_in_the_scheme(cast):
    clause = a_written(cast)
    verbs = AuditEntry.objects.filter(subject_type="clauses.clause", subject_id=str(clause.pk))
    assert {entry.verb for entry in verbs} == {"clauses.clause.written", "clauses.clause.kept"}
    assert {entry.scope_id for entry in verbs} == {cast.scheme.pk}
