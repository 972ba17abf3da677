"""Who may register people, decide on their eligibility and record their jobs, and why not."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from relais.core.eligibility import CATEGORY_RULES, Category, CategoryRule, proof_verdict
from relais.core.identity import OLDEST_BIRTH
from relais.core.months import add_months
from relais.core.verdict import YES, Verdict, first_refusal, no
from relais.core.words import gettext_noop
from relais.execution.enums import CLOSED_STATES
from relais.execution.models import Debtor, Eligibility, JobContract, Obligation, Person
from relais.execution.queries import people as queries
from relais.kit.actor import Actor
from relais.organisations.enums import Role
from relais.organisations.models import Organisation, Scheme

WRITERS: Final = (Role.OFFICER, Role.MANAGER)
"""Roles that write for a facilitator body, a company or a structure."""

YOUNGEST_MONTHS: Final = 14 * 12
"""Nobody works before fourteen (light work excepted, which no clause counts)."""


def writes(actor: Actor) -> Verdict:
    if actor.role not in WRITERS:
        return no(gettext_noop("Only an officer or a manager of your organisation does this."))
    return YES


def can_register_person(actor: Actor, scheme: Scheme) -> Verdict:
    if actor.role not in WRITERS:
        return writes(actor)
    if not queries.facilitates(actor, scheme):
        return no(gettext_noop("Only a facilitator body of the scheme registers people."))
    return YES


def birth_verdict(birth_date: date, on: date) -> Verdict:
    """Whether somebody born that day may be at work on `on`."""
    if birth_date < OLDEST_BIRTH or add_months(birth_date, YOUNGEST_MONTHS) > on:
        return no(
            gettext_noop("A birth on %(birth_date)s is not possible for somebody at work. Check the date."),
            birth_date=birth_date,
        )
    return YES


def is_new_to_body(body_id: int, pseudonym: str, *, but: int | None = None) -> Verdict:
    if queries.known_in_body(body_id, pseudonym, but=but):
        return no(
            gettext_noop(
                "Your body already follows somebody of this name born on this day. Look for them in the "
                "list, or ask your manager: a file that left use can come back."
            )
        )
    return YES


def follows(actor: Actor, person: Person) -> Verdict:
    if person.body_id != actor.organisation_id:
        return no(gettext_noop("Only the body that follows this person does this."))
    return YES


def can_correct_person(actor: Actor, person: Person) -> Verdict:
    allowed = first_refusal(writes(actor), follows(actor, person))
    if not allowed:
        return allowed
    if person.anonymised_on:
        return no(gettext_noop("This record is anonymous: it no longer tells who it was about."))
    if person.same_as_id is not None:
        return no(
            gettext_noop(
                "This record counts as the same person as another, whose identity is the one kept. "
                "Correct that one, or undo the decision on the pair first."
            )
        )
    return YES


def can_decide_eligibility(actor: Actor, person: Person) -> Verdict:
    allowed = first_refusal(writes(actor), follows(actor, person))
    if allowed and person.anonymised_on:
        return no(gettext_noop("This record is anonymous: it no longer tells who it was about."))
    return allowed


def eligibility_verdict(
    category: Category,
    *,
    proof_on: date,
    valid_until: date | None,
    starts_on: date,
    ends_on: date | None,
    decided_on: date,
    table: Mapping[Category, CategoryRule] = CATEGORY_RULES,
) -> Verdict:
    """Whether the dates and the proof allow a positive decision.

    No hour counts before the decision, so eligibility does not start before it (AL06); the proof must hold
    on the first day (AL16), by the table of the territory.
    """
    if proof_on > decided_on:
        return no(
            gettext_noop("The proof is dated %(proof_on)s, after today. Check the date."), proof_on=proof_on
        )
    if starts_on < decided_on:
        return no(
            gettext_noop(
                "Eligibility is decided on %(decided_on)s: it cannot start on %(starts_on)s, "
                "before. Hours worked before the decision do not count."
            ),
            decided_on=decided_on,
            starts_on=starts_on,
        )
    if ends_on is not None and ends_on < starts_on:
        return no(gettext_noop("The end of the eligibility cannot come before its start."))
    return proof_verdict(
        category, proof_on=proof_on, hired_on=starts_on, valid_until=valid_until, rules=table
    )


def says_why(reason: str) -> Verdict:
    if not reason.strip():
        return no(gettext_noop("Say why the person is not eligible: they may ask you."))
    return YES


def can_register_job(actor: Actor, person: Person, obligation: Obligation) -> Verdict:
    """An officer of the facilitator assigned to the clause, for a person its body follows."""
    allowed = first_refusal(writes(actor), follows(actor, person))
    if not allowed:
        return allowed
    if not queries.is_assigned(actor, obligation.clause_id):
        return no(gettext_noop("Only the facilitator of this clause records the jobs of its people."))
    if obligation.state in CLOSED_STATES:
        return no(gettext_noop("This obligation is closed: no job is recorded any more."))
    if person.scheme_id != obligation.scheme_id:
        return no(gettext_noop("This person is followed in another scheme."))
    return YES


def bodies_verdict(
    obligation: Obligation, *, employer: Organisation, declared_by: Organisation, debtor: Debtor, on: date
) -> Verdict:
    """The employer and the declaring body take part in the clause, the debtor owes a part of it."""
    if debtor.obligation_id != obligation.pk:
        return no(gettext_noop("This debtor owes nothing under this clause."))
    parts = set(queries.declaring_bodies(obligation.clause_id, on).values_list("pk", flat=True))
    for body in (employer, declared_by):
        if body.pk not in parts:
            return no(
                gettext_noop(
                    "%(body)s does not take part in this clause. Add it to the parties of the clause first."
                ),
                body=body.name,
            )
    return YES


def job_dates_verdict(obligation: Obligation, *, starts_on: date, ends_on: date | None) -> Verdict:
    """The days of a job lie inside the contract; a job that goes on after it has no end here."""
    if ends_on is not None and ends_on < starts_on:
        return no(gettext_noop("The end of the job cannot come before its start."))
    if not obligation.starts_on <= starts_on <= obligation.ends_on:
        return no(
            gettext_noop(
                "The job starts on %(starts_on)s, outside the contract, which runs from %(first)s to "
                "%(last)s."
            ),
            starts_on=starts_on,
            first=obligation.starts_on,
            last=obligation.ends_on,
        )
    if ends_on is not None and ends_on > obligation.ends_on:
        return no(
            gettext_noop(
                "The job ends on %(ends_on)s, after the contract, which ends on %(last)s. Leave the end "
                "empty if the job goes on: hours after the contract do not count."
            ),
            ends_on=ends_on,
            last=obligation.ends_on,
        )
    return YES


def hiring_verdict(
    eligibility: Eligibility | None,
    *,
    person: Person,
    starts_on: date,
    table: Mapping[Category, CategoryRule] = CATEGORY_RULES,
) -> Verdict:
    """Whether the person is eligible on the first day of the job, by a proof young enough (AL06, AL16)."""
    if eligibility is None or not eligibility.is_valid_on(starts_on):
        return no(
            gettext_noop(
                "This person is not eligible on %(starts_on)s. Decide on their eligibility first: it is "
                "assessed before or at hiring."
            ),
            starts_on=starts_on,
        )
    if eligibility.person_id != person.pk:
        return no(gettext_noop("This eligibility is that of another person."))
    return proof_verdict(
        Category(eligibility.category),
        proof_on=eligibility.proof_on,
        hired_on=starts_on,
        valid_until=eligibility.proof_valid_until,
        rules=table,
    )


def job_is_new(
    person: Person, obligation: Obligation, employer: Organisation, starts_on: date, ends_on: date | None
) -> Verdict:
    if queries.has_job_between(person, obligation, employer, starts_on, ends_on):
        return no(
            gettext_noop("This person already has a job with this employer for this clause on these days.")
        )
    return YES


def can_end_job(actor: Actor, job: JobContract) -> Verdict:
    allowed = first_refusal(writes(actor), follows(actor, job.person))
    if allowed and job.ends_on is not None:
        return no(gettext_noop("This job already has an end: %(ends_on)s."), ends_on=job.ends_on)
    return allowed


def can_end_job_on(job: JobContract, ends_on: date) -> Verdict:
    """A job cannot end before hours that are already claimed."""
    dates = job_dates_verdict(job.obligation, starts_on=job.starts_on, ends_on=ends_on)
    if not dates:
        return dates
    if job.lines.live().filter(ends_on__gt=ends_on).exists():  # type: ignore[attr-defined]
        return no(gettext_noop("Hours are already declared after %(ends_on)s."), ends_on=ends_on)
    return YES


MOST_EXPORTED: Final = 500
"""People in one file, above which an export needs a reason and a second person."""


def can_export(count: int) -> Verdict:
    if count > MOST_EXPORTED:
        return no(
            gettext_noop(
                "Over %(limit)s people in one file need a reason and a second person. Narrow the list by its "
                "filters, and export it part by part."
            ),
            limit=MOST_EXPORTED,
        )
    return YES
