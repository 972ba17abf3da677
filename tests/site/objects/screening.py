"""Lots of the region at each step, one that Fanny was asked about, and lots nobody else may read."""

from datetime import date
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile

from relais.procurement.models import Lot
from relais.screening.actions import add_file, ask_opinion, digest, retain, save_numbers
from relais.screening.facts import Assumptions
from relais.screening.models import OpinionRequest, Opportunity, SavedAssumptions, SheetFile
from tests.screening.factories import NOON, TODAY, lot
from tests.site.objects import Target, World, example

NUMBERS = Assumptions(
    amount=Decimal(120_000),
    labour_share=Decimal("0.6"),
    effort=Decimal("0.05"),
    hourly_cost=Decimal(36),
)
NEW_VALUE = {"starts_on": "2026-01-01", "source": "Bilan du dispositif"}


def secrets(world: World) -> None:
    """Lots that only their own buyer may read."""
    for name, scheme in (
        ("clara", world.cast.scheme),
        ("benoit", world.cast.scheme),
        ("sam", world.cast.other_scheme),
    ):
        person = world[name]
        lot(person, scheme, object=f"Peinture {world.canary(person.organisation)}")


def led(world: World, name: str) -> Lot:
    """A lot of the region that Pascal originated; the secrets are laid around it."""
    world.once("screening secrets", lambda: secrets(world))
    return world.once(name, lambda: lot(world["clara"], world.cast.scheme, project_lead=world["pascal"].user))


def asked(world: World) -> OpinionRequest:
    """The opinion that Clara asked of Fanny's body."""
    return world.once(
        "screening opinion",
        lambda: ask_opinion(
            led(world, "asked lot"),
            world["fanny"].organisation,
            question="Des peintres au printemps ?",
            version=0,
            actor=world["clara"].actor(),
            at=NOON,
            on=TODAY,
        ),
    )


def saved(world: World) -> SavedAssumptions:
    return world.once(
        "screening numbers",
        lambda: save_numbers(
            led(world, "saved lot"), NUMBERS, version=0, actor=world["clara"].actor(), at=NOON, on=TODAY
        ),
    )


def retained(world: World) -> Opportunity:
    return world.once(
        "screening retained",
        lambda: retain(
            led(world, "retained lot"),
            modality="EXEC_CONDITION",
            reason="",
            version=0,
            actor=world["paula"].actor(),
            at=NOON,
            on=TODAY,
        ),
    )


@example(
    *("opportunity-list", "opportunity-export", "hours-to-come", "opinion-list"),
    *("duty-register", "duty-register-print", "duty-register-export"),
)
def lists(world: World) -> Target:
    asked(world)
    retained(world)
    return Target()


@example("opportunity-batch")
def batch(world: World) -> Target:
    return Target(data={"act": "study", "lot": [led(world, "plain lot").pk]})


@example("lot-create")
def created(world: World) -> Target:
    return Target(data={"object": "Nettoyage du siège", "estimated_amount": "90 000", "cpv": "90910000"})


@example("lot-edit")
def edited(world: World) -> Target:
    one = led(world, "plain lot")
    one.refresh_from_db()
    return Target({"lot": one.pk}, {"object": "Peinture et sols", "cpv": "45442100", "seen": digest(one)})


@example("opportunity-detail", "opportunity-print", "opportunity-context")
def sheet(world: World) -> Target:
    return Target({"lot": asked(world).opportunity.lot_id})


@example("opportunity-save", "opportunity-plan")
def worked_on(world: World) -> Target:
    one = led(world, "plain lot")
    return Target({"lot": one.pk}, {"version": 0, "labour": "50", "what": "Appeler", "due_on": "2026-04-01"})


@example("opportunity-back")
def gone_back(world: World) -> Target:
    opportunity = saved(world).opportunity
    return Target({"lot": opportunity.lot_id}, {"version": opportunity.version})


@example("opportunity-restore")
def restored(world: World) -> Target:
    numbers = saved(world)
    opportunity = numbers.opportunity
    return Target({"lot": opportunity.lot_id, "pk": numbers.pk}, {"version": opportunity.version})


@example("opportunity-move")
def moved(world: World) -> Target:
    opportunity = retained(world)
    data = {"version": opportunity.version, "state": "LAUNCHED", "day": date(2026, 4, 1).isoformat()}
    return Target({"lot": opportunity.lot_id}, data)


@example("opportunity-decide")
def decided(world: World) -> Target:
    data = {"version": 0, "decision": "retain", "modality": "EXEC_CONDITION"}
    return Target({"lot": led(world, "plain lot").pk}, data)


@example("opportunity-reopen")
def reopened(world: World) -> Target:
    opportunity = retained(world)
    return Target({"lot": opportunity.lot_id}, {"version": opportunity.version})


@example("opinion-ask")
def asking(world: World) -> Target:
    return Target(
        {"lot": led(world, "plain lot").pk}, {"version": 0, "facilitators": [world["felix"].organisation.pk]}
    )


@example("opinion-answer")
def answered(world: World) -> Target:
    return Target({"pk": asked(world).pk}, {"answer": "favourable", "text": "Six candidats prêts."})


@example("opinion-remind")
def reminded(world: World) -> Target:
    return Target({"pk": asked(world).pk})


def filed(world: World) -> SheetFile:
    """A file that Clara put on the sheet that Fanny was asked about."""

    def send() -> SheetFile:
        lot_asked = asked(world).opportunity.lot
        return add_file(
            lot_asked,
            SimpleUploadedFile("plan.csv", world.secret("file", "clara", "fanny").encode()),
            name="plan.csv",
            about="",
            most=1_000_000,
            actor=world["clara"].actor(TODAY),
            at=NOON,
        )

    return world.once("file of the sheet", send)


@example("sheet-file-add")
def sending(world: World) -> Target:
    return Target(
        {"lot": asked(world).opportunity.lot_id},
        {"document": SimpleUploadedFile("note.csv", b"jour;heures"), "about": "Note"},
    )


@example("sheet-file")
def downloaded(world: World) -> Target:
    file = filed(world)
    return Target({"lot": file.opportunity.lot_id, "pk": file.pk})


@example("sheet-file-withdraw")
def withdrawing(world: World) -> Target:
    file = filed(world)
    return Target({"lot": file.opportunity.lot_id, "pk": file.pk}, {"reason": "Remplacé"})


@example("message-write")
def messaged(world: World) -> Target:
    return Target({"lot": asked(world).opportunity.lot_id}, {"text": "Le chantier commence en mai."})


@example("trade-list", "rule-list", "screen-again", "derogation-list", "modality-guide")
def figures(world: World) -> Target:
    led(world, "plain lot")
    return Target()


@example("trade-detail")
def trade(world: World) -> Target:
    led(world, "plain lot")
    return Target({"code": "peinture"}, {**NEW_VALUE, "labour_share": "65", "openness": "90"})


@example("rule-detail")
def rule(world: World) -> Target:
    led(world, "plain lot")
    return Target({"code": "hours"}, {**NEW_VALUE, "weight": "25", "threshold": "70", "comfortable": "400"})


@example("derogation-detail")
def derogation(world: World) -> Target:
    data = {"wording": "Absence de lien suffisant", "legal_case": "Art. L. 2112-2-1, 2°"}
    return Target({"code": "NO_LINK"}, {**NEW_VALUE, **data})
