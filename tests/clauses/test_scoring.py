from datetime import timedelta
from decimal import Decimal

import pytest

from relais.clauses import rules
from relais.clauses.actions import return_to_draft
from relais.clauses.actions.scoring import (
    Line,
    Mark,
    Promise,
    Scoring,
    correct_tender,
    score_tender,
    set_aside,
    take_back,
    write_grid,
)
from relais.clauses.analysis import analysis_of
from relais.clauses.models import Clause, Score, ScoringGrid, Tender
from relais.core.words import BadValue
from relais.kit.access import Refused, Stale
from relais.kit.models import AuditEntry
from tests.clauses.factories import (
    GRID,
    LAUNCHED,
    a_draft,
    a_grid,
    a_scored_clause,
    a_written,
    an_offer,
    noon,
    score,
)

pytestmark = pytest.mark.django_db
DAY = LAUNCHED + timedelta(60)


def read(clause, person):
    return analysis_of(clause, person.actor(DAY))


def test_offers_are_ranked_by_the_published_grid_with_their_working(cast, clara):
    clause = a_scored_clause(cast)
    a_grid(cast, clause)
    low, high = an_offer(cast, clause, "Façades du Madon", "450"), an_offer(cast, clause)
    score(cast, low, "60")
    score(cast, high, "20")
    first, second = read(clause, clara).rows
    # 450 - 373 = 77 h and 500 - 373 = 127 h beyond the condition: 40 × 77 ÷ 127 = 24.3 points.
    assert (first.tender, first.rank, first.note.total) == (low, 1, Decimal("84.3"))
    assert (second.tender, second.note.total, second.note.weighted) == (high, Decimal(60), Decimal("9.00"))
    assert [step.value for step in first.note.steps][:3] == [Decimal(77), Decimal(127), Decimal("24.3")]
    assert read(clause, clara).first == low


def test_the_grid_may_change_until_the_first_score_and_no_more_after(cast, clara):
    clause = a_scored_clause(cast)
    a_grid(cast, clause, lines=GRID[:1])
    a_grid(cast, clause)
    tender = an_offer(cast, clause)
    assert ScoringGrid.objects.get().lines.count() == 2
    score(cast, tender)
    with pytest.raises(Refused, match="frozen since the first score"):
        a_grid(cast, clause)
    with pytest.raises(Refused, match="published terms change no more"):
        return_to_draft(clause, actor=clara.actor(DAY), at=noon(DAY))


def test_a_grid_that_cannot_be_applied_stores_nothing(cast, clara):
    clause = a_scored_clause(cast)
    for lines in ((), (Line("Tutorat", Decimal(10)), Line("tutorat", Decimal(5)))):
        with pytest.raises(BadValue):
            write_grid(clause, lines, actor=clara.actor(DAY), at=noon(DAY))
    assert not ScoringGrid.objects.exists()


def test_a_correction_needs_a_reason_and_keeps_the_former_rationale(cast, clara, paula):
    clause = a_scored_clause(cast)
    a_grid(cast, clause)
    tender = an_offer(cast, clause)
    score(cast, tender, "30", rationale="Tuteur non nommé")
    with pytest.raises(Refused, match="Say why a score already given changes"):
        score(cast, tender, "40")
    score(cast, tender, "40", by="paula", reason="Nom du tuteur en page 12")
    cell = read(clause, clara).rows[0].cells[1]
    assert (cell.points, cell.score.correction) == (Decimal(40), "Nom du tuteur en page 12")
    assert [(one.points, one.rationale) for one in cell.former] == [(Decimal(30), "Tuteur non nommé")]
    assert Score.objects.filter(replaced_at=None).count() == 2
    verbs = AuditEntry.objects.filter(verb="clauses.tender.scored").values_list("user_id", flat=True)
    assert sorted(verbs) == sorted([clara.user.pk, paula.user.pk])


def test_a_score_without_reason_or_out_of_bounds_is_refused_whole(cast, clara):
    clause = a_scored_clause(cast)
    a_grid(cast, clause)
    tender = an_offer(cast, clause)
    volume, welcome = clause.scoring_grid.lines.all()

    def given(**marks):
        found = {{"volume": volume, "welcome": welcome}[name].pk: mark for name, mark in marks.items()}
        return score_tender(tender, Scoring(found), actor=clara.actor(DAY), at=noon(DAY))

    with pytest.raises(Refused, match="Accueil et tutorat"):
        given(volume=Mark("Cohérent"), welcome=Mark("  ", Decimal(30)))
    with pytest.raises(BadValue, match="from 0 to 60"):
        given(welcome=Mark("Très bien", Decimal(61)))
    with pytest.raises(BadValue, match="Give the points"):
        given(welcome=Mark("Très bien"))
    with pytest.raises(Refused, match="Nothing is scored"):
        given(welcome=Mark(""))
    assert not Score.objects.exists()
    assert ScoringGrid.objects.get().frozen_at is None


def test_an_offer_set_aside_is_ranked_no_more_and_frees_the_volume(cast, clara):
    clause = a_scored_clause(cast)
    a_grid(cast, clause)
    low, high = an_offer(cast, clause, "Façades du Madon", "450"), an_offer(cast, clause)
    for tender in (low, high):
        score(cast, tender)
    high.refresh_from_db()
    with pytest.raises(Refused, match="set aside"):
        set_aside(high, reason=" ", actor=clara.actor(DAY), at=noon(DAY))
    set_aside(high, reason="Irrégulière", actor=clara.actor(DAY), at=noon(DAY))
    analysis = read(clause, clara)
    assert [(row.tender, row.note.total) for row in analysis.rows] == [(low, Decimal(70))]
    assert [row.tender for row in analysis.aside] == [high]
    take_back(high, actor=clara.actor(DAY), at=noon(DAY))
    assert read(clause, clara).first == high


def test_a_promise_corrected_keeps_what_it_was_and_why(cast, clara):
    clause = a_scored_clause(cast)
    a_grid(cast, clause)
    tender = an_offer(cast, clause)
    promise = Promise(name=tender.name, hours=Decimal(520), years=(Decimal(300), Decimal(220)))
    with pytest.raises(Refused, match="Say why"):
        correct_tender(tender, promise, reason="", actor=clara.actor(DAY), at=noon(DAY))
    correct_tender(tender, promise, reason="Faute de frappe", actor=clara.actor(DAY), at=noon(DAY))
    tender.refresh_from_db()
    assert (tender.hours, tender.former_hours, tender.correction) == (520, 500, "Faute de frappe")
    assert tender.years == [Decimal(300), Decimal(220)]
    assert AuditEntry.objects.get(verb="clauses.tender.corrected").detail == "before=500.00 after=520.00"


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"name": " "}, "name of the tenderer"),
        ({"name": "BÂTISSEURS DU MAD"}, "already made an offer"),
        ({"name": "Autre", "years": (Decimal(1), Decimal(2))}, "add up to 3"),
        ({"name": "Autre", "hours": "-1"}, "cannot be negative"),
    ],
)
def test_an_offer_that_cannot_be_is_not_recorded(cast, fields, reason):
    clause = a_scored_clause(cast)
    an_offer(cast, clause, "Bâtisseurs du Mad".upper())
    with pytest.raises(Refused, match=reason):
        an_offer(cast, clause, **fields)
    assert Tender.objects.count() == 1


def test_two_people_who_score_at_once_do_not_write_over_each_other(cast, clara):
    clause = a_scored_clause(cast)
    a_grid(cast, clause)
    tender = an_offer(cast, clause)
    late = Tender.objects.get(pk=tender.pk)
    score(cast, tender)
    with pytest.raises(Stale):
        score(cast, late, "10", reason="Relecture")
    assert Score.objects.filter(line__title="Accueil et tutorat").get().points == Decimal(30)


def test_who_reads_the_offers_and_who_does_not(cast):
    clause = a_scored_clause(cast)
    a_grid(cast, clause)
    an_offer(cast, clause, "Tremplin Intérim", identifier=cast["sonia"].organisation.siret)
    for name in ("clara", "carole", "paula"):
        assert rules.can_read_analysis(cast[name].actor(DAY), clause), name
        assert len(read(clause, cast[name]).rows) == 1
    for name in ("pascal", "elodie", "fanny", "corinne", "sonia", "sam", "benoit"):
        verdict = rules.can_read_analysis(cast[name].actor(DAY), clause)
        assert not verdict, name
        assert "onfidential" in verdict.reason.text
        assert not Tender.objects.visible_to(cast[name].actor(DAY)).exists()
        assert not Score.objects.visible_to(cast[name].actor(DAY)).exists()


def test_the_buyer_that_is_also_a_tenderer_reads_no_offer(cast, clara):
    clause = a_scored_clause(cast)
    an_offer(cast, clause, "Région", identifier=clara.organisation.siret)
    verdict = rules.can_read_analysis(clara.actor(DAY), Clause.objects.get(pk=clause.pk))
    assert "made an offer" in verdict.reason.text
    assert not Tender.objects.visible_to(clara.actor(DAY)).exists()


def test_no_offer_is_scored_without_a_criterion_nor_before_the_text_is_kept(cast, clara):
    with pytest.raises(Refused, match="no award criterion"):
        an_offer(cast, a_written(cast))
    draft = a_draft(cast, modality="MIXED", criterion_weight=Decimal(15))
    a_grid(cast, draft)
    with pytest.raises(Refused, match="still a draft"):
        an_offer(cast, draft)
