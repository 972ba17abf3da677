"""Clauses of the region in each state, and one of Sam's scheme that nobody else may read."""

from datetime import timedelta
from decimal import Decimal

from django.db.models import QuerySet

from relais.clauses.actions import abandon_clause, add_party, propose_change
from relais.clauses.enums import Part
from relais.clauses.models import Clause, Party
from relais.execution.actions.ledger import Wanted, close_obligation, record_entry
from relais.execution.enums import EntryKind, ObligationState
from relais.execution.models import Debtor, Entry, Obligation
from tests.clauses.factories import LAUNCHED, a_draft, a_lot, a_retained, a_written, an_awarded, noon
from tests.site.objects import Target, World, example

DAY = LAUNCHED + timedelta(120)
SHARES = {"corinne": Decimal("0.5"), "cyril": Decimal("0.5")}


def led(world: World) -> dict:
    return {"project_lead": world["pascal"].user}


def with_sonia(world: World, clause: Clause) -> Party:
    return add_party(
        clause,
        world["sonia"].organisation,
        Part.STRUCTURE,
        actor=world["clara"].actor(),
        at=noon(DAY),
        starts_on=DAY,
    )


def elsewhere(world: World) -> Clause:
    """A lot of Sam's own: its object is for his eyes only."""

    def make() -> Clause:
        sam = world["sam"].organisation
        lot = a_lot(world.cast, scheme=world.cast.other_scheme, buyer=sam, object=world.canary(sam))
        return Clause.objects.create(
            scheme=world.cast.other_scheme,
            buyer=sam,
            lot=lot,
            reference="2025-001",
            modality="EXEC_CONDITION",
            regime="CCP2019",
            launched_on=LAUNCHED,
            article="art. L. 2112-2 du code de la commande publique",
            hours=Decimal(100),
            working={"set_by_hand": world.canary(sam)},
            eligible_note=world.canary(sam),
            particulars=world.canary(sam),
            wording=world.canary(sam),
            created_at=noon(LAUNCHED),
        )

    return world.once("elsewhere", make)


def draft(world: World) -> Clause:
    def make() -> Clause:
        clause = a_draft(world.cast, lot=led(world))
        with_sonia(world, clause)
        return clause

    return world.once("draft", make)


def written(world: World) -> Clause:
    return world.once("written", lambda: a_written(world.cast, lot=led(world)))


def awarded(world: World) -> Clause:
    def make() -> Clause:
        elsewhere(world)
        clause = an_awarded(world.cast, lot=led(world))
        with_sonia(world, clause)
        confide(world, clause)
        return clause

    return world.once("awarded", make)


PARTIES = ("clara", "fanny", "corinne", "cyril", "sonia")
"""Whose bodies read the clause; Benoit's, Felix's, Simon's and Sam's do not."""


def confide(world: World, clause: Clause) -> None:
    """Put a word in each text of the clause that some bodies may read and others not."""
    Clause.objects.filter(pk=clause.pk).update(
        particulars=world.secret("particulars", *PARTIES),
        eligible_note=world.secret("eligible", *PARTIES),
        wording=world.secret("wording", *PARTIES),
        working={**clause.working, "set_by_hand": world.secret("hours", "clara", "fanny")},
    )
    propose_change(
        clause,
        text=world.secret("proposal", "clara", "corinne"),
        actor=world["corinne"].actor(),
        at=noon(DAY),
    )


def shared(world: World) -> Obligation:
    def make() -> Obligation:
        elsewhere(world)
        clause = an_awarded(world.cast, shares=SHARES, lot=led(world))
        with_sonia(world, clause)
        obligation: Obligation = clause.obligation
        Obligation.objects.filter(pk=obligation.pk).update(contact_name=world.secret("contact", *PARTIES))
        debtor = obligation.debtors.get(organisation=world["corinne"].organisation)
        QuerySet(Entry).filter(debtor=debtor).update(  # the words alone: the room edits no entry
            wording=world.secret("entry", "clara", "fanny", "corinne")
        )
        return obligation

    return world.once("shared", make)


TERMS = {
    "modality": "EXEC_CONDITION",
    "launched_on": LAUNCHED.isoformat(),
    "hours": "373",
    "unit_penalty": "45",
}


@example("clause-list", "clause-export")
def clauses(world: World) -> Target:
    awarded(world)
    return Target()


@example("clause-create")
def opportunity(world: World) -> Target:
    sheet = world.once("retained", lambda: a_retained(world.cast, **led(world)))
    return Target({"pk": sheet.pk}, data=TERMS)


@example("clause-detail", "clause-print")
def a_clause(world: World) -> Target:
    return Target({"pk": awarded(world).pk})


@example("clause-edit", "clause-keep")
def a_draft_clause(world: World) -> Target:
    return Target({"pk": draft(world).pk}, data=TERMS)


@example("clause-abandon")
def to_abandon(world: World) -> Target:
    return Target({"pk": draft(world).pk}, data={"reason": "Consultation sans suite"})


@example("clause-return")
def to_return(world: World) -> Target:
    return Target({"pk": written(world).pk})


@example("clause-award")
def to_award(world: World) -> Target:
    holder = world["corinne"].organisation
    return Target(
        {"pk": written(world).pk},
        data={
            "source_id": "2025-0042",
            "notified_on": "2025-06-02",
            "starts_on": "2025-06-16",
            "ends_on": "2026-12-15",
            "hours": "373",
            "consortium": "alone",
            "holders-TOTAL_FORMS": "1",
            "holders-INITIAL_FORMS": "0",
            "holders-0-organisation": str(holder.pk),
            "holders-0-share": "100",
            "holders-0-is_lead": "on",
        },
    )


@example("clause-resume")
def abandoned(world: World) -> Target:
    def make() -> Clause:
        clause = a_draft(world.cast, lot=led(world))
        abandon_clause(clause, reason="Sans suite", actor=world["clara"].actor(), at=noon(DAY))
        return clause

    return Target({"pk": world.once("abandoned", make).pk})


@example("party-add")
def joining(world: World) -> Target:
    simon = world["simon"].organisation
    data = {"part": "structure", "organisation": str(simon.pk), "starts_on": DAY.isoformat()}
    return Target({"pk": draft(world).pk}, data=data)


@example("party-end")
def leaving(world: World) -> Target:
    clause = draft(world)
    party = clause.parties.get(organisation=world["sonia"].organisation)
    return Target({"pk": clause.pk, "party": party.pk})


@example("proposal-add")
def proposing(world: World) -> Target:
    return Target({"pk": awarded(world).pk}, data={"text": "Ajouter 50 h", "hours": "50"})


@example("proposal-answer")
def answering(world: World) -> Target:
    clause = awarded(world)
    proposal = world.once(
        "proposal",
        lambda: propose_change(clause, text="Ajouter 50 h", actor=world["fanny"].actor(), at=noon(DAY)),
    )
    return Target({"pk": clause.pk, "proposal": proposal.pk}, data={"taken": "yes"})


@example("clause-follow")
def to_follow(world: World) -> Target:
    return Target({"pk": shared(world).clause_id})


@example("obligation-detail", "obligation-print", "ledger-export")
def an_obligation(world: World) -> Target:
    return Target({"pk": shared(world).pk})


@example("entry-add")
def an_entry(world: World) -> Target:
    data = {"kind": "AMENDMENT", "effective_on": DAY.isoformat(), "hours": "27", "document": "Avenant n° 1"}
    return Target({"pk": shared(world).pk}, data=data)


@example("transfer-add")
def a_transfer(world: World) -> Target:
    giver, taker = Debtor.objects.filter(obligation=shared(world)).order_by("pk")
    data = {
        "giver": str(giver.pk),
        "taker": str(taker.pk),
        "hours": "20",
        "effective_on": DAY.isoformat(),
        "reason": "Lot repris",
    }
    return Target({"pk": shared(world).pk}, data=data)


@example("kick-off")
def a_kick_off(world: World) -> Target:
    return Target({"pk": shared(world).pk}, data={"held_on": DAY.isoformat()})


@example("contact-name")
def a_contact(world: World) -> Target:
    return Target({"pk": shared(world).pk}, data={"name": "Corinne", "email": "corinne@example.org"})


@example("obligation-close")
def to_close(world: World) -> Target:
    return Target({"pk": shared(world).pk}, data={"outcome": "not_fulfilled", "reason": "Chantier arrêté"})


@example("obligation-resume")
def suspended(world: World) -> Target:
    def make() -> Obligation:
        obligation = an_awarded(world.cast, lot=led(world)).obligation
        wanted = Wanted(
            kind=EntryKind.SUSPENSION, hours=Decimal(0), effective_on=DAY, reason="Chantier arrêté"
        )
        record_entry(obligation, wanted, actor=world["clara"].actor(), at=noon(DAY))
        return obligation

    return Target({"pk": world.once("suspended", make).pk})


@example("obligation-reopen")
def closed(world: World) -> Target:
    def make() -> Obligation:
        obligation = an_awarded(world.cast, lot=led(world)).obligation
        close_obligation(
            obligation,
            outcome=ObligationState.NOT_FULFILLED,
            reason="Chantier abandonné",
            actor=world["clara"].actor(),
            at=noon(DAY),
        )
        return obligation

    return Target({"pk": world.once("closed", make).pk}, data={"reason": "Travaux repris"})
