"""A clause on a worksite of the region, ready to run: who follows it, who works under it, what is declared.

Fanny's PLIE follows it; Corinne's Bâtisseurs du Mad hold the contract and Sonia's Tremplin Intérim supplies
people. Everything goes through the actions of the room; only the clause itself is laid directly.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from relais.clauses.enums import ClauseState, Modality, Part, Regime
from relais.clauses.models import Clause, Party
from relais.core.months import Month
from relais.execution.actions.people import decide_eligibility, register_job_contract, register_person
from relais.execution.actions.statements import declare_month
from relais.execution.models import Debtor, JobContract, Obligation, Person, Statement
from relais.execution.queries.claims import Worked
from relais.execution.queries.people import with_spans
from relais.kit.actor import Actor
from relais.procurement.enums import Origin
from relais.procurement.models import Lot
from tests.cast import Cast
from tests.cast import Person as Member

START = date(2024, 1, 5)
END = date(2024, 12, 31)
HIRED = date(2024, 2, 2)
TODAY = date(2024, 11, 20)
MARCH = Month(2024, 3)
APRIL = Month(2024, 4)
NAMES = (
    ("Amina", "Benali"),
    ("José", "Da Silva"),
    ("Zoé", "L'Hôte"),
    ("Yann", "Le Goff"),
    ("Inès", "Marchal"),
    ("Luc", "Thiriet"),
)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 11, tzinfo=UTC)


def hours(number: object) -> Decimal:
    return Decimal(str(number))


@dataclass
class Worksite:
    cast: Cast
    obligation: Obligation
    debtor: Debtor

    def actor(self, member: Member, on: date = TODAY) -> Actor:
        return member.actor(on)

    def person(self, index: int = 0, *, by: str = "fanny", at: date = HIRED, **changes: Any) -> Person:
        """A person registered by a facilitator, under one of the six names."""
        first, last = NAMES[index % len(NAMES)]
        identity = {"first_name": first, "last_name": last, "birth_date": date(1990 + index, 4, 12)}
        return register_person(
            self.obligation.scheme, **(identity | changes), actor=self.cast[by].actor(at), at=noon(at)
        )

    def eligible(self, person: Person, *, by: str = "fanny", at: date = HIRED, **changes: Any) -> Any:
        decision = {
            "category": "B_RSA",
            "proof": "Attestation CAF",
            "proof_on": at,
            "certifier": "CAF",
            "starts_on": at,
        }
        return decide_eligibility(person, **(decision | changes), actor=self.cast[by].actor(at), at=noon(at))

    def job(
        self, index: int = 0, *, person: Person | None = None, declared_by: str = "corinne", **changes: Any
    ) -> JobContract:
        """A job since 2 February of an eligible person, whose hours `declared_by`'s body declares."""
        if person is None:
            person = self.person(index)
            self.eligible(person)
        body = self.cast[declared_by].organisation
        terms = {
            "employer": body,
            "declared_by": body,
            "debtor": self.debtor,
            "job": "Aide maçon",
            "starts_on": HIRED,
        }
        job = register_job_contract(
            person,
            self.obligation,
            **(terms | changes),
            actor=self.cast["fanny"].actor(HIRED),
            at=noon(HIRED),
        )
        return self.loaded(job)

    def loaded(self, job: JobContract) -> JobContract:
        return with_spans(JobContract.objects.all()).get(pk=job.pk)

    def declare(
        self,
        lines: Sequence[tuple[JobContract, object] | Worked],
        *,
        month: Month = MARCH,
        by: str = "corinne",
        **changes: Any,
    ) -> Statement:
        """`declare([(job, 120)])`: Corinne sends the hours of March."""
        terms = {"signed_by": "Corinne Nomdetest", "actor": self.cast[by].actor(TODAY), "at": noon(TODAY)}
        worked = [line if isinstance(line, Worked) else Worked(line[0], hours(line[1])) for line in lines]
        return declare_month(self.obligation, month=month, lines=worked, **(terms | changes))

    def totals(self) -> dict[str, Decimal]:
        self.obligation.refresh_from_db()
        return {
            name: getattr(self.obligation, name) for name in ("declared", "queried", "validated", "rejected")
        }


def lay_worksite(cast: Cast, *, reference: str = "2024-014", owed: object = 1000) -> Worksite:
    """A clause of the region followed by Fanny's body, held by Corinne's, with Sonia's structure."""
    region = cast["clara"].organisation
    lot = Lot.objects.create(
        scheme=cast.scheme, buyer=region, origin=Origin.TYPED, object="Réhabilitation du lycée des Vignes"
    )
    clause = Clause.objects.create(
        scheme=cast.scheme,
        buyer=region,
        lot=lot,
        reference=reference,
        modality=Modality.EXEC_CONDITION,
        regime=Regime.CCP2019,
        launched_on=date(2023, 9, 1),
        article="art. L. 2112-2 du code de la commande publique",
        hours=hours(owed),
        state=ClauseState.AWARDED,
        created_at=noon(START),
    )
    Party.objects.bulk_create(
        Party(clause=clause, organisation=cast[name].organisation, part=part, starts_on=START)
        for name, part in (
            ("fanny", Part.FACILITATOR),
            ("corinne", Part.HOLDER),
            ("sonia", Part.STRUCTURE),
        )
    )
    obligation = Obligation.objects.create(
        clause=clause,
        scheme=cast.scheme,
        buyer=region,
        starts_on=START,
        ends_on=END,
        owed=hours(owed),
    )
    debtor = Debtor.objects.create(
        obligation=obligation, organisation=cast["corinne"].organisation, owed=hours(owed), is_lead=True
    )
    return Worksite(cast, obligation, debtor)
