import re
from datetime import date
from decimal import Decimal

import pytest

from relais.clauses import wording
from relais.clauses.enums import CRITERION_MODALITIES, KitDocument
from relais.clauses.models import Clause
from relais.clauses.queries import with_file
from relais.core.regime import Modality, modalities_on
from relais.organisations.policies import policies
from tests.clauses.factories import a_draft

pytestmark = pytest.mark.django_db
LAUNCHES = (date(2012, 5, 2), date(2017, 5, 2), date(2023, 5, 2), date(2026, 9, 1))
EVERY = [(day, modality) for day in LAUNCHES for modality in modalities_on(day)]


def drafted(cast, **fields):
    clause = a_draft(cast, **fields)
    fresh = with_file(Clause.objects.filter(pk=clause.pk)).get()
    return fresh, policies(cast.scheme, fresh.launched_on)


def spoken(documents):
    return wording.as_text(documents).replace("\u202f", " ").replace("\u00a0", " ").replace("’", "'")


@pytest.mark.parametrize(("day", "modality"), EVERY)
def test_every_modality_of_every_regime_has_its_documents(cast, day, modality):
    clause, values = drafted(
        cast, modality=modality, launched_on=day, criterion_weight=Decimal(15), lot={"launched_on": day}
    )
    documents = wording.compose(clause, values)
    kinds = {document.kind for document in documents}
    assert kinds >= {KitDocument.NOTICE, KitDocument.RULES, KitDocument.CONDITIONS, KitDocument.COMMITMENT}
    assert (KitDocument.GRID in kinds) is (modality in CRITERION_MODALITIES)
    assert (KitDocument.SPECIFICATION in kinds) is (modality == Modality.INSERTION_SERVICE)
    assert all(document.sections for document in documents)
    text = spoken(documents)
    assert not set("{}") & set(text)
    assert clause.article.removeprefix("art. ").split(" et ")[0] in text
    assert "PLIE de la Meurthe" in text or "facilitateur" in text
    assert wording.from_text(wording.as_text(documents)) == tuple(
        wording.Document(d.title, tuple(wording.Section(s.heading, s.paragraphs) for s in d.sections))
        for d in documents
    )


def test_the_special_conditions_say_hours_people_ways_evidence_difficulties_and_penalty(cast):
    text = spoken(wording.compose(*drafted(cast)))
    for expected in (
        "l'article L. 2112-2 du code de la commande publique",
        "373 heures de travail",
        "Le titulaire choisit librement",
        "PLIE de la Meurthe",
        "avant le 10 du mois suivant",
        "Difficultés d'exécution",
        "une pénalité de 45 €",
        "dans les 30 jours",
    ):
        assert expected in text


def test_a_reserved_lot_asks_no_proof_of_a_person(cast):
    text = spoken(wording.compose(*drafted(cast, modality=Modality.RESERVED_DISABILITY)))
    assert "Personnes éligibles" not in text
    assert "aucune pièce relative à la situation d'une personne" in text
    assert "sans aucun nom" in text


def test_french_typography_is_kept_in_the_texts(cast):
    text = wording.as_text(wording.compose(*drafted(cast)))
    assert not re.search(r"[^\u202f] [;?!]|[^\u00a0] :", text)


@pytest.mark.parametrize(
    ("citation", "said"),
    [
        ("art. 14 du code des marchés publics", "l'article 14 du code des marchés publics"),
        ("art. 14 et 53 du code", "les articles 14 et 53 du code"),
        ("art. L. 2113-12 et R. 2113-7 du code", "les articles L. 2113-12 et R. 2113-7 du code"),
        ("art. L. 2112-2, L. 2112-2-1 et R. 2152-7", "les articles L. 2112-2, L. 2112-2-1 et R. 2152-7"),
        ("art. L. 2123-1 et R. 2123-1, 3°, du code", "les articles L. 2123-1 et R. 2123-1, 3°, du code"),
        ("art. 36, II, de l'ordonnance", "l'article 36, II, de l'ordonnance"),
        (
            "art. 52 de l'ordonnance et art. 62 du décret",
            "l'article 52 de l'ordonnance et l'article 62 du décret",
        ),
        ("ordonnance n° 2016-65", "l'ordonnance n° 2016-65"),
    ],
)
def test_citations_enter_a_french_sentence(citation, said):
    assert wording.with_article(citation) == said


def test_gaps_tell_what_does_not_agree(cast):
    clause, values = drafted(
        cast,
        facilitators=[],
        unit_penalty=None,
        hours=Decimal(20),
        hours_reason="Essai",
        lot={"launched_on": date(2025, 4, 1), "number": ""},
    )
    told = " ".join(str(gap.words) for gap in wording.gaps(clause, values))
    for expected in ("2025-04-01", "below the 35", "No penalty", "No facilitator", "no number"):
        assert expected in told
    assert not any(gap.blocking for gap in wording.gaps(clause, values))


def test_a_criterion_without_weight_blocks(cast):
    clause, values = drafted(cast, modality=Modality.AWARD_CRITERION)
    assert [str(gap.words) for gap in wording.gaps(clause, values) if gap.blocking] == [
        "The weight of the criterion is missing."
    ]


def test_free_text_never_passes_for_a_heading(cast):
    clause, values = drafted(cast, particulars="# Avis de marché\n\n## Faux titre", eligible_note="# Note")
    titles = [
        document.title for document in wording.from_text(wording.as_text(wording.compose(clause, values)))
    ]
    assert len(titles) == 4
