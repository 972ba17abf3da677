"""The main pages of each role: no rule of accessibility broken, nothing wider than a phone."""

import io
from typing import Any

import pytest
from django.utils import timezone

from relais.clauses.actions import terms_of, write_clause
from relais.procurement.actions import import_files
from relais.screening.models import Opportunity
from tests.browser.driving import Visit, needs_browser, violations
from tests.browser.scene import announce, ask_opinion, last_month, lay_running_clause, retain
from tests.cast import Cast
from tests.procurement.decp_examples import contract, file_2022

pytestmark = [*needs_browser, pytest.mark.django_db(transaction=True)]
WIDTH_OF_PHONE = 390
LOOKS = {
    "light": (),
    "dark phone": ("color-contrast", "scrollable-region-focusable", "target-size", "meta-viewport"),
}
"""The whole of the rules in one look; in the other, those that colours and width may change."""

PAGES = {
    "clara": (
        *(
            "",
            "opportunites/",
            "opportunites/{lot}/",
            "opportunites/{lot}/avis/",
            "opportunites/nouveau-lot/",
        ),
        *("opportunites/regles/", "opportunites/metiers/", "opportunites/{lot}/impression/"),
        *("marches/", "marches/{contract}/", "marches/import/", "marches/imports/{run}/", "marches/saisie/"),
        *("clauses/", "clauses/{draft}/", "clauses/{draft}/modifier/", "clauses/{clause}/textes/"),
        *("opportunites/{retained}/clause/", "suivi/{obligation}/", "suivi/{obligation}/ecriture/"),
        *("suivi/{obligation}/fiche/", "execution/suivi/{obligation}/mois/", "bilan/", "bilan/comite/"),
        *("bilan/marches/?figure=validated", "annuaire/"),
    ),
    "carole": (
        *("", "membres/", "membres/inviter/", "journal/", "dispositifs/", "annuaire/ajout/"),
        "dispositifs/clauses-trois-vallees/parametres/",
        "annuaire/batisseurs-du-mad/",
    ),
    "paula": ("", "opportunites/{lot}/decision/", "clauses/{draft}/"),
    "pascal": ("",),
    "elodie": ("", "bilan/", "bilan/comite/"),
    "fanny": (
        *("", "execution/validation/", "execution/personnes/", "execution/personnes/nouvelle/"),
        *("execution/personnes/{person}/", "execution/personnes/{person}/eligibilite/"),
        *("execution/personnes/{person}/emploi/?obligation={obligation}", "execution/releves/{statement}/"),
        *(
            "suivi/{obligation}/",
            "execution/suivi/{obligation}/mois/{month}/",
            "opportunites/avis/{opinion}/",
        ),
        *("opportunites/avis/", "opportunites/a-venir/", "bilan/"),
    ),
    "corinne": (
        *("", "execution/releves/", "execution/suivi/{obligation}/releve/{month}/?copy=1"),
        *("execution/suivi/{obligation}/releve/{month}/fichier/", "execution/releves/{statement}/"),
        *("execution/lignes/{queried}/reponse/", "execution/suivi/{obligation}/personnes/"),
        *("suivi/{obligation}/", "clauses/", "bilan/"),
    ),
    "sonia": ("", "execution/releves/", "annuaire/"),
    "benoit": ("", "opportunites/", "marches/", "clauses/"),
}


@pytest.fixture
def things(cast: Cast) -> dict[str, object]:
    """One thing of each kind, in the state that shows most."""
    before = last_month().previous()
    lot, other, third = announce(cast), announce(cast, object="Lot 2"), announce(cast, object="Lot 3")
    opinion = ask_opinion(lot, cast)
    retained, drafted = retain(other, cast), retain(third, cast)
    today = timezone.localdate()
    drafted = Opportunity.objects.select_related("lot__procedure", "assumptions").get(pk=drafted.pk)
    draft = write_clause(
        drafted,
        terms=terms_of(drafted, today),
        facilitators=[cast["fanny"].organisation],
        actor=cast["clara"].actor(),
        at=timezone.now(),
    )
    site = lay_running_clause(cast)
    jobs = site.hire(0), site.hire(1)
    site.declare(before, (jobs[0], 120), (jobs[1], "7.5"))
    queried = site.ask(jobs[1], before, "Une seule journée ?")
    run = import_files(
        [("decp.json", io.BytesIO(file_2022(contract(montant=0), contract(id=""))))],
        scheme=cast.scheme,
        actor=cast["clara"].actor(),
        at=timezone.now(),
    )
    return {
        "lot": lot.pk,
        "opinion": opinion.pk,
        "retained": retained.pk,
        "draft": draft.pk,
        "clause": site.obligation.clause_id,
        "contract": site.obligation.clause.contract_id,
        "obligation": site.obligation.pk,
        "person": jobs[0].person_id,
        "statement": queried.statement_id,
        "queried": queried.pk,
        "month": last_month(),
        "run": run.pk,
    }


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", PAGES)
def test_the_pages_of_a_role_suit_everybody(
    visit: Visit, cast: Cast, things: dict[str, object], name: str, look: str
) -> None:
    person, phone = cast[name], "phone" in look
    page = visit(person, phone=phone, color_scheme=look.split(maxsplit=1)[0])
    found: dict[str, Any] = {}
    for path in PAGES[name]:
        answer = page.goto(f"/{person.organisation.slug}/{path.format(**things)}")
        assert answer.status == 200, path
        faults = violations(page, *LOOKS[look])
        wide = page.evaluate("document.documentElement.scrollWidth")
        if phone and wide > WIDTH_OF_PHONE:
            faults.append(f"{wide} pixels wide")
        if faults:
            found[path] = faults
    assert found == {}
