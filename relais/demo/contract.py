"""Live one contract with the real actions, each at its own date and by its own actor."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from django.utils.text import capfirst

from relais.clauses import actions as clauses
from relais.clauses.enums import Consortium, Part
from relais.clauses.models import Clause
from relais.core.months import Month, add_months
from relais.core.regime import Modality
from relais.demo import cast, plan, works
from relais.demo.stage import Stage, moment
from relais.demo.story import ANNOUNCED_DAYS, LAST_PAST, Fate, Job, Story
from relais.execution.actions import ledger, people, statements, validation
from relais.execution.enums import EntryKind, LineState, ObligationState
from relais.execution.models import Eligibility, JobContract, Obligation, Person, StatementLine
from relais.execution.queries.claims import Worked
from relais.execution.queries.people import with_spans
from relais.organisations.enums import Role
from relais.organisations.models import Organisation
from relais.procurement.models import Lot
from relais.screening.actions import Consultation, sheet
from relais.screening.actions import lots as screening_lots
from relais.screening.facts import Assumptions
from relais.screening.models import Opportunity
from relais.territories.models import Commune

UNIT_PENALTY = Decimal(45)
MONTHS_AT_ONCE = 3
"""Months that a facilitator validates together when nothing presses."""
LATEST_NEWS = 60
"""Days before today when the last lots to come were announced."""
STRUCTURES_OF = {
    "A_ETTI": ("ETTI",),
    "A_AI": ("AI",),
    "A_GEIQ": ("GEIQ",),
    "A_EI": ("EI",),
    "A_ACI": ("ACI",),
}
RESERVED_HOLDERS = {
    "RESERVED_DISABILITY": ("EA", "ESAT"),
    "RESERVED_IAE": ("EI", "ACI"),
    "RESERVED_MIXED": ("EI", "EA"),
    "INSERTION_SERVICE": ("ACI", "EI", "REGIE"),
    "RESERVED_ESS": ("REGIE", "ACI"),
}
FAMILY_A_OF_KIND = {
    "EA": "A_EA",
    "ESAT": "A_ESAT",
    "EI": "A_EI",
    "ACI": "A_ACI",
    "REGIE": "A_REGIE",
}


def months_of(story: Story) -> int:
    return max(1, round((story.ends_on - story.starts_on).days / 30.4))


class Player:
    """Plays stories on a stage; keeps the people it registered, so that some come back on other contracts."""

    def __init__(self, stage: Stage, shares: dict[str, Decimal], random: Random, today: date) -> None:
        self.stage = stage
        self.shares = shares
        self.random = random
        self.today = today
        self.registered = 0
        self.lines = 0
        self.free_from: dict[int, date] = {}
        self.known: dict[tuple[int, bool], list[Person]] = defaultdict(list)
        self.names: set[tuple[str, str, date]] = set()
        self.communes: dict[str, list[Commune]] = {}

    # Before the award

    def play(self, story: Story) -> None:
        buyer = self.stage.buyers[story.buyer]
        lot = self.announce(story, buyer)
        clause = self.write(story, lot, buyer)
        if story.notified_on >= self.today:
            return
        obligation = self.award(story, clause, buyer)
        self.follow(story, obligation, buyer)

    def announce(self, story: Story, buyer: Organisation) -> Lot:
        announced_on = min(
            story.launched_on - timedelta(days=ANNOUNCED_DAYS), self.today - timedelta(days=LATEST_NEWS)
        )
        commune = self.place(story.department)
        writer = self.stage.actor(buyer, Role.OFFICER, announced_on)
        lead = self.stage.users.get((buyer.pk, Role.PROJECT_LEAD.value))
        lot = screening_lots.type_lot(
            self.stage.scheme,
            {
                "object": capfirst(story.work.object.format(site=self.site(buyer, commune))),
                "cpv": story.work.cpv,
                "nature": story.work.nature,
                "estimated_amount": story.amount,
                "duration_months": months_of(story),
                "launched_on": story.launched_on,
                "commune": commune,
                "department": commune.department,
                **({"project_lead_id": lead} if lead and story.number % 3 == 0 else {}),
            },
            consultation=self.consultation(story),
            actor=writer,
            at=moment(announced_on),
            on=announced_on,
        )
        if lead and story.number % 3 == 0:
            Lot.objects.filter(pk=lot.pk).update(project_lead_id=lead)
        return lot

    def consultation(self, story: Story) -> Consultation | None:
        """One lot in five is a part of a consultation of several lots, worth some times its amount."""
        if story.number % 5:
            return None
        title = f"Consultation {story.launched_on.year}-{story.number:04d}"
        return Consultation(title, story.amount * (2 + story.number % 7))

    def site(self, buyer: Organisation, commune: Commune) -> str:
        sites = {
            "region": works.SITES,
            "landlord": works.LANDLORD_SITES,
            "hospital": works.HOSPITAL_SITES,
        }.get(buyer.buyer_nature, works.TOWN_SITES)
        return works.at_place(self.random.choice(sites), commune.name)

    def place(self, department: str) -> Commune:
        if department not in self.communes:
            biggest = Commune.objects.current().filter(department_id=department).order_by("-population")
            self.communes[department] = list(biggest.select_related("department")[:14])
        return self.random.choice(self.communes[department])

    def numbers(self, story: Story) -> Assumptions:
        return Assumptions(
            amount=story.amount,
            labour_share=self.shares[story.work.trade],
            effort=plan.effort_of(story),
            hourly_cost=plan.hourly_cost(story.launched_on),
            duration_months=months_of(story),
            modality=Modality(story.modality),
        )

    def write(self, story: Story, lot: Lot, buyer: Organisation) -> Clause:
        """Study, retain, write: between announcement and launch."""
        studied_on = story.launched_on - timedelta(days=120)
        officer = self.stage.actor(buyer, Role.OFFICER, studied_on)
        sheet.save_numbers(
            lot, self.numbers(story), version=0, actor=officer, at=moment(studied_on), on=studied_on
        )
        retained_on = story.launched_on - timedelta(days=90)
        decider = self.stage.actor(buyer, Role.PURCHASER, retained_on)
        opportunity = sheet.retain(
            lot,
            modality=story.modality,
            reason="",
            version=Opportunity.objects.get(lot=lot).version,
            actor=decider,
            at=moment(retained_on),
            on=retained_on,
        )
        written_on = story.launched_on - timedelta(days=60)
        writer = self.stage.actor(buyer, Role.OFFICER, written_on)
        opportunity = Opportunity.objects.select_related("lot__procedure", "assumptions").get(
            pk=opportunity.pk
        )
        base = clauses.terms_of(opportunity, written_on)
        weight = Decimal(10) if story.modality in ("MIXED", "AWARD_CRITERION") else None
        terms = clauses.Terms(
            modality=base.modality,
            launched_on=base.launched_on,
            hours=base.hours,
            unit_penalty=UNIT_PENALTY,
            criterion_weight=weight,
        )
        clause = clauses.write_clause(
            opportunity,
            terms=terms,
            facilitators=[self.stage.facilitators[story.department]],
            actor=writer,
            at=moment(written_on),
        )
        clauses.mark_written(clause, actor=writer, at=moment(story.launched_on - timedelta(days=30)))
        return clause

    # The award and the ledger

    def holders(self, story: Story) -> list[Organisation]:
        kinds = RESERVED_HOLDERS.get(story.modality)
        if kinds:
            return [self.random.choice(self.stage.structures[self.random.choice(kinds)])]
        place = self.random.randrange(len(self.stage.companies))
        if story.number % 9 == 0:
            place = 0
        if story.number % 13 == 0:
            place = 1
        return [
            self.stage.companies[(place + 7 * shift) % len(self.stage.companies)]
            for shift in range(story.partners)
        ]

    def award(self, story: Story, clause: Clause, buyer: Organisation) -> Obligation:
        holders = self.holders(story)
        shares = [Decimal(1)] if len(holders) == 1 else [Decimal("0.6"), Decimal("0.4")]
        clause = Clause.objects.select_related("lot").get(pk=clause.pk)
        clauses.record_award(
            clause,
            clauses.Award(
                source_id=f"{story.launched_on.year}-{story.number:04d}-00",
                notified_on=story.notified_on,
                starts_on=story.starts_on,
                ends_on=story.ends_on,
                holders=tuple(
                    clauses.Held(holder, share, is_lead=place == 0)
                    for place, (holder, share) in enumerate(zip(holders, shares, strict=True))
                ),
                hours=clause.hours,
                amount=story.amount,
                consortium=Consortium.ALONE if len(holders) == 1 else Consortium.JOINT,
            ),
            actor=self.stage.actor(buyer, Role.PURCHASER, story.notified_on),
            at=moment(story.notified_on),
        )
        return self.fresh(clause)

    def fresh(self, clause: Clause) -> Obligation:
        return Obligation.objects.select_related("clause__contract", "clause__lot", "buyer", "scheme").get(
            clause_id=clause.pk
        )

    def follow(self, story: Story, obligation: Obligation, buyer: Organisation) -> None:
        facilitator = self.stage.facilitators[story.department]
        held_on = story.notified_on + timedelta(days=25)
        if held_on < self.today and story.fate is not Fate.SILENT:
            actor = self.stage.actor(facilitator, Role.OFFICER, held_on)
            ledger.record_kick_off(obligation, held_on=held_on, actor=actor, at=moment(held_on))
            if story.number % 8:
                name = f"{self.random.choice(cast.WOMEN + cast.MEN)} {self.random.choice(cast.FAMILIES)}"
                ledger.name_contact(
                    obligation, name=name, email="chantier@demo.example", actor=actor, at=moment(held_on)
                )
        self.amend(story, obligation, buyer)
        obligation = self.fresh(obligation.clause)
        jobs = self.hire(story, obligation, facilitator)
        self.declare(obligation, jobs, facilitator)
        self.close(story, obligation, buyer)

    def amend(self, story: Story, obligation: Obligation, buyer: Organisation) -> None:
        day = story.starts_on + (story.ends_on - story.starts_on) / 2
        if not story.amended or day >= self.today:
            return
        hours = Decimal(round(obligation.owed * story.amended))
        if not hours:
            return
        ledger.record_entry(
            obligation,
            ledger.Wanted(
                kind=EntryKind.AMENDMENT,
                hours=hours,
                effective_on=day,
                wording="Avenant n° 1",
                document=f"Avenant n° 1 du {day:%d/%m/%Y}",
                reason="Travaux modifiés : heures proportionnelles au montant de l'avenant.",
            ),
            actor=self.stage.actor(buyer, Role.PURCHASER, day),
            at=moment(day),
        )

    # People and hours

    def hire(
        self, story: Story, obligation: Obligation, facilitator: Organisation
    ) -> list[tuple[Job, JobContract]]:
        debtors = list(obligation.debtors.select_related("organisation"))
        hired = []
        for place, job in enumerate(sorted(story.jobs, key=lambda job: job.starts_on)):
            debtor = debtors[place % len(debtors)]
            employer = self.employer(story, job, debtor.organisation, facilitator, obligation)
            person, eligibility = self.eligible(job, facilitator)
            contract = people.register_job_contract(
                person,
                obligation,
                employer=employer,
                declared_by=employer if employer.structure_kind else debtor.organisation,
                debtor=debtor,
                kind=job.kind,
                mode=job.mode,
                job=self.random.choice(works.JOBS.get(story.work.trade, works.ANY_JOB)),
                starts_on=job.starts_on,
                ends_on=job.ends_on,
                eligibility=eligibility,
                actor=self.stage.actor(facilitator, Role.OFFICER, job.starts_on),
                at=moment(job.starts_on, 8),
            )
            self.free_from[person.pk] = job.ends_on + timedelta(days=1)
            hired.append((job, contract))
        return hired

    def employer(
        self, story: Story, job: Job, holder: Organisation, facilitator: Organisation, obligation: Obligation
    ) -> Organisation:
        if holder.structure_kind:
            job.category = FAMILY_A_OF_KIND[holder.structure_kind]
            job.kind = "ESAT" if holder.structure_kind == "ESAT" else "CDDI"
            return holder
        kinds = STRUCTURES_OF.get(job.category)
        if kinds is None:
            return holder
        structure = self.random.choice(self.stage.structures[kinds[0]])
        clauses.add_party(
            obligation.clause,
            structure,
            Part.STRUCTURE if job.mode.startswith("SUPPLY") else Part.SUBCONTRACTOR,
            starts_on=min(story.starts_on, job.starts_on),
            actor=self.stage.actor(facilitator, Role.OFFICER, story.starts_on),
            at=moment(job.starts_on, 7),
        )
        return structure

    def eligible(self, job: Job, facilitator: Organisation) -> tuple[Person, Eligibility]:
        """Somebody free that day (one time in four somebody already known), and the decision about them."""
        known = self.known[facilitator.pk, job.woman]
        back = [person for person in known[-60:] if self.free_from[person.pk] < job.starts_on]
        decided_on = job.starts_on - timedelta(days=self.random.randint(2, 12))
        if back and self.random.random() < 0.26:
            person = self.random.choice(back)
        else:
            person = self.register(job, facilitator, decided_on)
            known.append(person)
        family_a = job.category.startswith("A_")
        eligibility = people.decide_eligibility(
            person,
            category=job.category,
            proof="Attestation de la structure" if family_a else "Justificatif vu par le facilitateur",
            proof_on=decided_on - timedelta(days=self.random.randint(0, 40)),
            certifier="Structure d'insertion"
            if family_a
            else works.CERTIFIERS.get(job.category, "Prescripteur"),
            starts_on=decided_on,
            ends_on=add_months(decided_on, 24),
            actor=self.stage.actor(facilitator, Role.OFFICER, decided_on),
            at=moment(decided_on),
        )
        return person, eligibility

    def register(self, job: Job, facilitator: Organisation, on: date) -> Person:
        first_names = cast.WOMEN if job.woman else cast.MEN
        young = job.category.startswith("B_YOUTH")
        while True:
            years = self.random.randint(18, 24) if young else self.random.randint(20, 58)
            if job.category == "B_SENIOR":
                years = self.random.randint(50, 61)
            born = date(on.year - years, self.random.randint(1, 12), self.random.randint(1, 28))
            names = (self.random.choice(first_names), self.random.choice(cast.FAMILIES), born)
            if names not in self.names:
                break
        self.names.add(names)
        self.registered += 1
        return people.register_person(
            self.stage.scheme,
            first_name=names[0],
            last_name=names[1],
            birth_date=born,
            sex="F" if job.woman else "M",
            commune=self.place(next(c for c, body in self.stage.facilitators.items() if body == facilitator)),
            actor=self.stage.actor(facilitator, Role.OFFICER, on),
            at=moment(on, 9),
        )

    def declare(
        self,
        obligation: Obligation,
        jobs: list[tuple[Job, JobContract]],
        facilitator: Organisation,
    ) -> None:
        """Each month: statements by who declares, decisions by the facilitator, then the month is closed."""
        by_month: dict[tuple[Month, int], list[Worked]] = defaultdict(list)
        loaded = {
            contract.pk: contract
            for contract in with_spans(
                JobContract.objects.filter(pk__in=[contract.pk for _, contract in jobs])
            )
        }
        for job, contract in jobs:
            for month, hours in job.hours:
                training = (
                    Decimal(round(hours / 10)) if job.kind in ("APP", "PRO") and month.number % 3 == 0 else 0
                )
                by_month[month, contract.declared_by_id].append(
                    Worked(loaded[contract.pk], hours, Decimal(training))
                )
        bodies = {b.pk: b for b in Organisation.objects.filter(pk__in={body for _, body in by_month})}
        waiting: list[tuple[Month, date]] = []
        for month in sorted({month for month, _ in by_month}):
            declared_on = self.month(obligation, month, by_month, bodies)
            if declared_on is None:
                break
            if len(waiting) == MONTHS_AT_ONCE or not plan.is_validated(month, self.today):
                self.decide(obligation, waiting, facilitator)
                waiting = []
            waiting.append((month, declared_on))
        self.decide(obligation, waiting, facilitator)

    def month(
        self,
        obligation: Obligation,
        month: Month,
        by_month: dict[tuple[Month, int], list[Worked]],
        bodies: dict[int, Organisation],
    ) -> date | None:
        """The statements of one month, and their day; None once the month is still to be declared."""
        declared_on = month.last_day + timedelta(days=self.random.randint(3, 11))
        if declared_on >= self.today:
            return None
        for (when, body), lines in sorted(by_month.items(), key=lambda item: (item[0][0], item[0][1])):
            if when == month:
                statements.declare_month(
                    obligation,
                    month=month,
                    lines=lines,
                    signed_by="Direction des travaux",
                    actor=self.stage.actor(bodies[body], Role.OFFICER, declared_on),
                    at=moment(declared_on),
                )
                self.lines += len(lines)
        return declared_on

    def decide(
        self, obligation: Obligation, months: list[tuple[Month, date]], facilitator: Organisation
    ) -> None:
        """The decisions of the facilitator on months declared, taken together, then the months are closed."""
        if not months:
            return
        last, declared_on = months[-1]
        day = declared_on + timedelta(days=self.random.randint(4, 20))
        if day >= self.today:
            return
        actor = self.stage.actor(facilitator, Role.OFFICER, day)
        ids = StatementLine.objects.filter(
            obligation=obligation,
            month__in=[month.first_day for month, _ in months],
            state=LineState.DECLARED,
        ).values_list("pk", flat=True)
        lines = validation.decidable_lines(list(ids))
        if not plan.is_validated(last, self.today):
            if self.random.random() < 0.6:
                return
            if lines and self.random.random() < 0.3:
                validation.query_lines(
                    lines[:1],
                    note="Heures à rapprocher du planning de chantier.",
                    actor=actor,
                    at=moment(day),
                )
                lines = lines[1:]
        if not lines:
            return
        validation.validate_lines(lines, actor=actor, at=moment(day))
        closed_on = day + timedelta(days=20)
        if plan.is_validated(last, self.today) and closed_on < self.today:
            closer = self.stage.actor(facilitator, Role.OFFICER, closed_on)
            for month, _declared_on in months:
                validation.close_month(obligation, month=month, actor=closer, at=moment(closed_on))

    def close(self, story: Story, obligation: Obligation, buyer: Organisation) -> None:
        day = story.ends_on + timedelta(days=LAST_PAST)
        obligation = self.fresh(obligation.clause)
        if day >= self.today or obligation.declared or obligation.queried:
            return
        done, owed = obligation.validated, obligation.owed
        if done >= owed:
            outcome, reason = ObligationState.FULFILLED, ""
        else:
            outcome = ObligationState.PARTIAL if done else ObligationState.NOT_FULFILLED
            reason = "Heures manquantes constatées au bilan final, procédure suivie par l'acheteur."
        ledger.close_obligation(
            obligation,
            outcome=outcome,
            reason=reason,
            closed_on=day,
            actor=self.stage.actor(buyer, Role.PURCHASER, day),
            at=moment(day),
        )
