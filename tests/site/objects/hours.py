"""A running worksite of the region: people followed by Fanny, hours declared by Corinne, in each state."""

from collections.abc import Callable
from typing import Any

from relais.execution.actions.validation import decidable_lines, query_lines, validate_lines
from relais.execution.enums import LineState
from relais.execution.models import JobContract, Person, StatementLine
from relais.procurement.models import Lot
from tests.execution.worksite import APRIL, MARCH, TODAY, Month, Worksite, lay_worksite, noon
from tests.site.objects import Target, World, example

MAY = Month(2024, 5)


def worksite(world: World) -> Worksite:
    def make() -> Worksite:
        site = lay_worksite(world.cast)
        Lot.objects.update(project_lead=world["pascal"].user)
        world.made["job"] = site.job(0)
        site.job(1, declared_by="sonia")
        followed = site.person(2)
        site.eligible(followed, proof=world.canary(world["fanny"].organisation))
        Person.objects.filter(pk=followed.pk).update(last_name=world.canary(world["fanny"].organisation))
        world.made["followed"] = followed
        for month in (MARCH, APRIL, MAY):
            site.declare([(world.made["job"], 100)], month=month)
        decide(world, APRIL, query_lines, note=world.secret("question", "clara", "fanny", "corinne"))
        decide(world, MAY, validate_lines)
        return site

    return world.once("worksite", make)


def decide(world: World, month: Month, act: Callable[..., None], **terms: Any) -> None:
    lines = decidable_lines([line_of(month).pk])
    act(lines, actor=world["fanny"].actor(TODAY), at=noon(TODAY), **terms)


def line_of(month: Month) -> StatementLine:
    return StatementLine.objects.get(month=month.first_day)


def job(world: World) -> JobContract:
    worksite(world)
    found: JobContract = world.made["job"]
    return found


def followed(world: World) -> Person:
    worksite(world)
    found: Person = world.made["followed"]
    return found


IDENTITY = {"first_name": "Noé", "last_name": "Perrin", "birth_date": "1999-05-06", "sex": ""}


@example("person-create")
def registration(world: World) -> Target:
    worksite(world)
    return Target(data=IDENTITY | {"scheme": world.cast.scheme.pk})


@example("person-detail", "person-edit")
def person(world: World) -> Target:
    return Target({"pk": followed(world).pk}, IDENTITY | {"version": 1})


@example("person-eligibility")
def eligibility(world: World) -> Target:
    today = world.today.isoformat()
    return Target(
        {"pk": followed(world).pk},
        {
            "decision": "yes",
            "category": "B_RSA",
            "proof": "Attestation CAF",
            "proof_on": today,
            "certifier": "CAF",
            "starts_on": today,
        },
    )


@example("person-job")
def recording(world: World) -> Target:
    site, body = worksite(world), world["corinne"].organisation.pk
    return Target(
        {"pk": followed(world).pk},
        {
            "obligation": site.obligation.pk,
            "employer": body,
            "declared_by": body,
            "debtor": site.debtor.pk,
            "job": "Peintre",
            "kind": "CDD",
            "mode": "DIRECT_HIRE",
            "starts_on": "2024-02-05",
        },
    )


@example("job-end")
def ending(world: World) -> Target:
    return Target({"pk": job(world).pk}, {"ends_on": "2024-12-31"})


@example("obligation-people", "month-list")
def obligation(world: World) -> Target:
    return Target({"pk": worksite(world).obligation.pk})


@example("statement-receipt")
def receipt(world: World) -> Target:
    worksite(world)
    return Target({"pk": line_of(MARCH).statement_id})


@example("statement-validate")
def batch(world: World) -> Target:
    worksite(world)
    line = line_of(MARCH)
    return Target({"pk": line.statement_id}, {"line": [f"{line.pk}:{line.version}"]})


@example("statement-edit", "statement-check", "statement-file", "statement-template")
def month(world: World) -> Target:
    """June, which Corinne declares; the row is hers, so Sonia's page comes back with an error."""
    row = job(world)
    return Target(
        {"pk": worksite(world).obligation.pk, "month": "2024-06"},
        {
            "act": "submit",
            "version": 0,
            "origin": "form",
            "signed_by": "Corinne Nomdetest",
            "row": [f"{row.pk}:2024-06-01:2024-06-30"],
            f"hours-{row.pk}-1-30": "100",
        },
    )


@example("month-detail", "month-close")
def past_month(world: World) -> Target:
    return Target({"pk": worksite(world).obligation.pk, "month": "2024-05"})


def decision(month: Month, state: LineState, **data: Any) -> Callable[[World], Target]:
    def target(world: World) -> Target:
        worksite(world)
        line = line_of(month)
        assert line.state == state
        return Target({"pk": line.pk}, {"version": line.version} | data)

    return target


example("line-validate")(decision(MARCH, LineState.DECLARED))
example("line-query", "line-reject")(decision(MARCH, LineState.DECLARED, reason="Feuille absente"))
example("line-answer")(decision(APRIL, LineState.QUERIED, hours="90", note="Erreur"))
example("line-correct")(decision(MAY, LineState.VALIDATED, hours="-7", note="Paie"))
