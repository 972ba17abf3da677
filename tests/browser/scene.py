"""A clause running today, made by the real acts: the browser knows no other day.

The region's contract began five months ago, held by Corinne's Bâtisseurs du Mad, followed by Fanny's PLIE.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from relais.clauses.actions import record_award
from relais.core.months import Month
from relais.execution.actions.people import decide_eligibility, register_job_contract, register_person
from relais.execution.actions.statements import declare_month
from relais.execution.actions.validation import decidable_lines, query_lines, validate_lines
from relais.execution.models import JobContract, Obligation, Person, StatementLine
from relais.execution.queries.claims import Worked
from relais.execution.queries.people import with_spans
from relais.procurement.enums import LotNature
from relais.procurement.models import Lot
from relais.screening.actions import opinions, sheet
from relais.screening.actions.lots import type_lot
from relais.screening.actions.parameters import load_defaults
from relais.screening.facts import Assumptions
from relais.screening.models import OpinionRequest, Opportunity
from tests.cast import Cast
from tests.clauses.factories import a_written, an_award, noon

NAMES = (("Amina", "Benali"), ("José", "Da Silva"), ("Zoé", "L'Hôte"), ("Yann", "Le Goff"))


def this_month() -> Month:
    return Month.of(timezone.localdate())


def last_month() -> Month:
    return this_month().previous()


@dataclass
class Worksite:
    """The clause, and what the tests do in it before the browser opens."""

    cast: Cast
    obligation: Obligation

    @property
    def hired_on(self) -> date:
        return last_month().previous().first_day

    def hire(self, index: int = 0, *, job: str = "Aide maçon") -> JobContract:
        """Somebody registered by Fanny, eligible, at work for Corinne since two months."""
        on, at, fanny = self.hired_on, noon(self.hired_on), self.cast["fanny"].actor(self.hired_on)
        first, last = NAMES[index]
        person = register_person(
            self.obligation.scheme,
            first_name=first,
            last_name=last,
            birth_date=date(1990 + index, 4, 12),
            actor=fanny,
            at=at,
        )
        self.find_eligible(person, on)
        company = self.cast["corinne"].organisation
        made = register_job_contract(
            person,
            self.obligation,
            employer=company,
            declared_by=company,
            debtor=self.obligation.debtors.get(),
            job=job,
            starts_on=on,
            actor=fanny,
            at=at,
        )
        return with_spans(JobContract.objects.all()).get(pk=made.pk)

    def find_eligible(self, person: Person, on: date) -> None:
        decide_eligibility(
            person,
            category="B_RSA",
            proof="Attestation CAF",
            proof_on=on,
            certifier="CAF",
            starts_on=on,
            actor=self.cast["fanny"].actor(on),
            at=noon(on),
        )

    def declare(self, month: Month, *lines: tuple[JobContract, object]) -> None:
        on = min(month.last_day + timedelta(3), timezone.localdate())
        declare_month(
            self.obligation,
            month=month,
            lines=[Worked(job, Decimal(str(hours))) for job, hours in lines],
            signed_by="Corinne Nomdetest",
            actor=self.cast["corinne"].actor(on),
            at=noon(on),
        )

    def validate(self, month: Month) -> None:
        sent = StatementLine.objects.filter(obligation=self.obligation, month=month.first_day)
        lines = decidable_lines(list(sent.values_list("pk", flat=True)))
        validate_lines(lines, actor=self.cast["fanny"].actor(), at=timezone.now())

    def ask(self, job: JobContract, month: Month, note: str) -> StatementLine:
        """Fanny queries a line that waits."""
        line = StatementLine.objects.get(job_contract=job, month=month.first_day)
        lines = decidable_lines([line.pk])
        query_lines(lines, note=note, actor=self.cast["fanny"].actor(), at=timezone.now())
        return lines[0]


def lay_running_clause(cast: Cast, *, hours: object = 1000) -> Worksite:
    starts_on = this_month().shifted(-5).first_day
    signed_on = starts_on - timedelta(10)
    launched_on = starts_on - timedelta(100)
    owed = Decimal(str(hours))
    clause = a_written(
        cast,
        on=launched_on,
        lot={"launched_on": launched_on, "department_id": "54"},
        launched_on=launched_on,
        hours=owed,
        hours_reason="Heures du test",
    )
    award = an_award(
        cast, notified_on=signed_on, starts_on=starts_on, ends_on=starts_on + timedelta(365), hours=owed
    )
    record_award(clause, award, actor=cast["clara"].actor(signed_on), at=noon(signed_on))
    return Worksite(cast, Obligation.objects.select_related("clause__lot", "scheme").get(clause=clause))


def announce(cast: Cast, by: str = "clara", **values: Any) -> Lot:
    """A lot to come of the person's body, screened with the default figures."""
    today = timezone.localdate()
    load_defaults(at=noon(today))
    told = {
        "object": "Lycée Stanislas, lot 8 : peinture",
        "cpv": "45442100",
        "nature": LotNature.WORKS,
        "estimated_amount": Decimal(480_000),
        "duration_months": 12,
        "launched_on": today + timedelta(60),
        "department_id": "54",
    }
    return type_lot(cast.scheme, told | values, actor=cast[by].actor(today), at=noon(today), on=today)


def save(lot: Lot, cast: Cast) -> int:
    """Clara keeps 480 000 €, 40 % of labour, 7 % of effort and 36 €/h: 373 h. The version of the sheet."""
    today = timezone.localdate()
    numbers = Assumptions(
        amount=Decimal(480_000),
        labour_share=Decimal("0.40"),
        effort=Decimal("0.07"),
        hourly_cost=Decimal(36),
        duration_months=12,
    )
    sheet.save_numbers(lot, numbers, version=0, actor=cast["clara"].actor(today), at=timezone.now(), on=today)
    return Opportunity.objects.get(lot=lot).version


def retain(lot: Lot, cast: Cast) -> Opportunity:
    """Paula decides that the lot will carry a clause."""
    today = timezone.localdate()
    return sheet.retain(
        lot,
        modality="EXEC_CONDITION",
        reason="",
        version=save(lot, cast),
        actor=cast["paula"].actor(today),
        at=timezone.now(),
        on=today,
    )


def ask_opinion(lot: Lot, cast: Cast) -> OpinionRequest:
    today = timezone.localdate()
    return opinions.ask_opinion(
        lot,
        cast["fanny"].organisation,
        question="Quelle offre d'insertion à cette date ?",
        version=save(lot, cast),
        actor=cast["clara"].actor(today),
        at=timezone.now(),
        on=today,
    )
