"""Clauses already awarded, people and hours in them, made by the acts of the rooms below.

`an_obligation(cast)` opens a ledger by a real award; `Work.hours(...)` hires, declares and validates.
Only what a test of figures does not look at is laid directly: the person, the eligibility, the job.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from relais.clauses.actions import record_award
from relais.execution.actions.moves import move_lines
from relais.execution.enums import EligibilityState, LineState, StatementState
from relais.execution.models import (
    Eligibility,
    JobContract,
    Obligation,
    Person,
    Statement,
    StatementLine,
)
from relais.kit.actor import Actor
from tests.cast import Cast
from tests.clauses.factories import a_written, an_award, noon

NUMBERS = count(1)
STARTED = date(2024, 1, 22)


def an_obligation(
    cast: Cast,
    *,
    starts_on: date = STARTED,
    months: int = 24,
    sector: str = "building",
    department: str = "54",
    shares: dict[str, Decimal] | None = None,
    hours: object = 400,
    by: str = "clara",
    ends_on: date | None = None,
    facilitators: Sequence[Any] | None = None,
) -> Obligation:
    """A contract notified two weeks before `starts_on`, whose holders owe `hours` from that day."""
    notified = starts_on - timedelta(14)
    signed_on = notified + timedelta(2)
    launched = notified - timedelta(90)
    owed = Decimal(str(hours))
    clause = a_written(
        cast,
        by=by,
        on=launched,
        lot={"department_id": department, "launched_on": launched, "buyer": cast[by].organisation},
        launched_on=launched,
        hours=owed,
        hours_reason="Heures du test",
        **({"facilitators": facilitators} if facilitators is not None else {}),
    )
    clause.sector = sector
    clause.save(update_fields=["sector"])
    signed = an_award(
        cast,
        shares=shares,
        notified_on=notified,
        starts_on=starts_on,
        ends_on=ends_on or starts_on + timedelta(round(months * 30.44)),
        hours=owed,
    )
    record_award(clause, signed, actor=cast[by].actor(signed_on), at=noon(signed_on))
    return Obligation.objects.select_related("clause__lot").get(clause=clause)


@dataclass
class Work:
    """Hours worked in one obligation."""

    cast: Cast
    obligation: Obligation

    def person(self, *, sex: str = "F", body: str = "fanny", pseudonym: str = "", **fields: Any) -> Person:
        number = next(NUMBERS)
        return Person.objects.create(
            **{
                "scheme": self.obligation.scheme,
                "body": self.cast[body].organisation,
                "number": f"T-{number:05d}",
                "pseudonym": pseudonym or f"pseudonym-{number}",
                "first_name": "Camille",
                "last_name": f"Exemple{number}",
                "birth_date": date(1990, 1, 1),
                "sex": sex,
                "created_at": noon(STARTED),
                **fields,
            }
        )

    def job(
        self,
        person: Person | None = None,
        *,
        category: str = "B_RSA",
        mode: str = "DIRECT_HIRE",
        kind: str = "CDD",
        declared_by: str = "",
        ends_on: date | None = None,
        eligible_until: date | None = None,
    ) -> JobContract:
        person = person or self.person()
        eligibility = Eligibility.objects.create(
            person=person,
            category=category,
            proof="Attestation",
            proof_on=STARTED,
            certifier="Service",
            state=EligibilityState.VALIDATED,
            starts_on=self.obligation.starts_on,
            ends_on=eligible_until,
            decided_at=noon(STARTED),
        )
        debtor = self.obligation.debtors.first()
        assert debtor is not None
        declarant = self.cast[declared_by].organisation if declared_by else debtor.organisation
        return JobContract.objects.create(
            person=person,
            obligation=self.obligation,
            eligibility=eligibility,
            employer=declarant,
            declared_by=declarant,
            debtor=debtor,
            kind=kind,
            mode=mode,
            job="Aide",
            starts_on=self.obligation.starts_on,
            ends_on=ends_on,
            recorded_at=noon(STARTED),
        )

    def statement(self, month: date, declarant: Any) -> Statement:
        found, _ = Statement.objects.get_or_create(
            obligation=self.obligation,
            declarant=declarant,
            month=month,
            defaults={
                "state": StatementState.SUBMITTED,
                "submitted_at": noon(month),
                "origin": "form",
                "signed_by": "Nom",
            },
        )
        return found

    def line(
        self, job: JobContract, month: date, hours: object, training: object = 0, **fields: Any
    ) -> StatementLine:
        """A line just written, declared by nobody yet."""
        number = Decimal(str(hours))
        return StatementLine(
            statement=self.statement(month, job.declared_by),
            obligation=self.obligation,
            job_contract=job,
            month=month,
            starts_on=month,
            ends_on=month + timedelta(27),
            hours=number,
            training_hours=Decimal(str(training)),
            counted_hours=number,
            **fields,
        )

    def move(self, lines: Sequence[StatementLine], *states: str, at: datetime | None = None) -> None:
        for state in states:
            move_lines(lines, LineState(state), actor=self.actor(), at=at or noon(date(2026, 1, 5)))

    def actor(self) -> Actor:
        return self.cast["fanny"].actor(date(2026, 1, 5))

    def hours(
        self,
        month: date,
        number: object,
        *,
        job: JobContract | None = None,
        state: str = "VALIDATED",
        training: object = 0,
        **about: Any,
    ) -> StatementLine:
        """Hours of a month, in one call: somebody hired (`sex`, `category`, `mode`...), declared, decided."""
        personal = {name: about.pop(name) for name in ("sex", "body", "pseudonym") if name in about}
        job = job or self.job(self.person(**personal), **about)
        line = self.line(job, month, number, training)
        self.move([line], "DECLARED")
        if state == "LOCKED":
            self.move([line], "VALIDATED")
        if state != "DECLARED":
            self.move([line], state)
        return line


def crowd(work: Work, month: date, number: int, hours: object = 100, **about: Any) -> None:
    """Different people with the same hours in a month, validated together."""
    lines = []
    for _ in range(number):
        personal = {name: about[name] for name in ("sex", "body") if name in about}
        others = {name: value for name, value in about.items() if name not in personal}
        lines.append(work.line(work.job(work.person(**personal), **others), month, hours))
    work.move(lines, "DECLARED", "VALIDATED")
