"""Offers of a consultation of the region: what they say and their scores are for the region's eyes only."""

from relais.clauses.actions.scoring import set_aside
from relais.clauses.models import Clause, Tender
from tests.clauses.factories import LAUNCHED, a_grid, a_scored_clause, an_offer, noon, score
from tests.site.objects import Target, World, example
from tests.site.objects.clauses import led


def opened(world: World) -> Clause:
    """A clause whose grid is written and not frozen."""

    def make() -> Clause:
        clause = a_scored_clause(world.cast, lot=led(world))
        a_grid(world.cast, clause)
        return clause

    return world.once("grid", make)


def offered(world: World) -> Tender:
    """An offer scored, whose words only the region reads."""

    def make() -> Tender:
        clause = a_scored_clause(world.cast, lot=led(world))
        a_grid(world.cast, clause)
        simon = world["simon"].organisation
        tender = an_offer(
            world.cast,
            clause,
            simon.name,
            identifier=simon.siret,
            commitments=world.secret("promise", "clara"),
        )
        score(world.cast, tender, rationale=world.secret("rationale", "clara"))
        tender.refresh_from_db()
        return tender

    return world.once("offer", make)


@example("clause-analysis", "analysis-print", "analysis-export")
def analysis(world: World) -> Target:
    return Target({"pk": offered(world).clause_id})


@example("grid-write")
def grid(world: World) -> Target:
    data = {
        "decimals": "1",
        "source": "Règlement de la consultation, article 8",
        "lines-TOTAL_FORMS": "1",
        "lines-INITIAL_FORMS": "0",
        "lines-0-title": "Accueil et tutorat",
        "lines-0-points": "100",
        "lines-0-method": "JUDGED",
    }
    return Target({"pk": opened(world).pk}, data=data)


@example("tender-add")
def tender_to_add(world: World) -> Target:
    return Target({"pk": opened(world).pk}, data={"name": "Façades du Madon", "hours": "450"})


@example("tender-correct")
def tender_to_correct(world: World) -> Target:
    tender = offered(world)
    data = {"name": tender.name, "hours": "510", "reason": "Faute de frappe"}
    return Target({"pk": tender.clause_id, "tender": tender.pk}, data=data)


@example("tender-score")
def tender_to_score(world: World) -> Target:
    tender = offered(world)
    volume, welcome = tender.clause.scoring_grid.lines.all()
    data = {
        f"rationale_{volume.pk}": "Volume cohérent",
        f"points_{welcome.pk}": "35",
        f"rationale_{welcome.pk}": "Tuteur nommé",
        "reason": "Relecture de l'annexe",
    }
    return Target({"pk": tender.clause_id, "tender": tender.pk}, data=data)


@example("tender-aside")
def tender_to_set_aside(world: World) -> Target:
    tender = offered(world)
    return Target({"pk": tender.clause_id, "tender": tender.pk}, data={"reason": "Offre irrégulière"})


@example("tender-back")
def tender_to_take_back(world: World) -> Target:
    def make() -> Tender:
        clause = opened(world)
        tender = an_offer(world.cast, clause, "Façades du Madon", "450")
        set_aside(tender, reason="Irrégulière", actor=world["clara"].actor(), at=noon(LAUNCHED))
        tender.refresh_from_db()
        return tender

    tender = world.once("aside", make)
    return Target({"pk": tender.clause_id, "tender": tender.pk})
