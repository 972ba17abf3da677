"""Register people, decide on their eligibility, record their jobs: acts of the facilitator body."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from relais.core.eligibility import Category
from relais.core.eligibility_policy import Situation
from relais.core.identity import clean_name, normalise, pseudonym
from relais.execution.actions.duplicates import follow
from relais.execution.actions.policies import assess_decision, keep_working, refuse_by_rules
from relais.execution.enums import EligibilityState, JobKind, Mode
from relais.execution.events import PersonCorrected
from relais.execution.models import Debtor, Eligibility, JobContract, Obligation, Person, PersonSeries
from relais.execution.queries import people as queries
from relais.execution.queries.policies import jobs_of, terms_at
from relais.execution.rules import people as rules
from relais.kit import audit
from relais.kit.access import Stale, require
from relais.kit.actor import Actor
from relais.kit.events import emit
from relais.organisations.models import Organisation, Scheme
from relais.territories.models import Commune


@transaction.atomic
def register_person(
    scheme: Scheme,
    *,
    first_name: str,
    last_name: str,
    birth_date: date,
    sex: str = "",
    commune: Commune | None = None,
    actor: Actor,
    at: datetime,
) -> Person:
    """Register a person followed by the actor's facilitator body, under the next number of the scheme.

    Raises `Refused` when the body already follows them, `BadValue` for what is not a name.
    """
    require(rules.can_register_person(actor, scheme))
    require(rules.birth_verdict(birth_date, timezone.localdate(at)))
    first, last = clean_name(first_name), clean_name(last_name)
    key = pseudonym(scheme.pseudonym_key, (first, last), birth_date)
    require(rules.is_new_to_body(actor.organisation_id, key))
    try:
        with transaction.atomic():
            person = Person.objects.create(
                scheme=scheme,
                body_id=actor.organisation_id,
                number=_next_number(scheme),
                pseudonym=key,
                first_name=first,
                last_name=last,
                search_name=normalise((first, last)),
                birth_date=birth_date,
                sex=sex,
                commune=commune,
                created_at=at,
            )
    except IntegrityError:
        require(rules.is_new_to_body(actor.organisation_id, key))
        raise
    audit.record(
        "execution.person.registered",
        person,
        actor=actor,
        at=at,
        owner_id=person.body_id,
        scope_id=person.scheme_id,
        detail=person.number,
    )
    return person


def _next_number(scheme: Scheme) -> str:
    """The next number of the scheme; the row of the series serialises concurrent registrations."""
    PersonSeries.objects.get_or_create(scheme=scheme)
    PersonSeries.objects.filter(scheme=scheme).update(last=F("last") + 1)
    return f"P-{PersonSeries.objects.get(scheme=scheme).last:05d}"


@transaction.atomic
def correct_person(
    person: Person,
    *,
    first_name: str,
    last_name: str,
    birth_date: date,
    sex: str = "",
    commune: Commune | None = None,
    version: int | None = None,
    actor: Actor,
    at: datetime,
) -> None:
    """Rectify an identity; the number stays, the pseudonym follows. `version`: the one the page showed."""
    require(rules.can_correct_person(actor, person))
    require(rules.birth_verdict(birth_date, timezone.localdate(at)))
    first, last = clean_name(first_name), clean_name(last_name)
    key = pseudonym(person.scheme.pseudonym_key, (first, last), birth_date)
    require(rules.is_new_to_body(person.body_id, key, but=person.pk))
    seen = Person.objects.filter(pk=person.pk, version=person.version if version is None else version)
    corrected = seen.update(
        first_name=first,
        last_name=last,
        search_name=normalise((first, last)),
        birth_date=birth_date,
        pseudonym=key,
        sex=sex,
        commune=commune,
        version=F("version") + 1,
    )
    if not corrected:
        raise Stale(person)
    former = PersonCorrected(person.pk, person.sex, person.pseudonym, at)
    person.refresh_from_db()
    emit(former)
    follow(person, at=at)
    audit.record(
        "execution.person.corrected",
        person,
        actor=actor,
        at=at,
        owner_id=person.body_id,
        scope_id=person.scheme_id,
    )


@transaction.atomic
def decide_eligibility(
    person: Person,
    *,
    category: str,
    proof: str,
    proof_on: date,
    certifier: str,
    starts_on: date,
    ends_on: date | None = None,
    proof_valid_until: date | None = None,
    eligible: bool = True,
    reason: str = "",
    also: str = "",
    employed_until: date | None = None,
    from_temp: bool = False,
    actor: Actor,
    at: datetime,
) -> Eligibility:
    """Decide that a person is eligible from `starts_on` (the day of the decision at the earliest), or not.

    `proof` names the document seen, `certifier` the body that certifies the situation. A positive decision
    needs a proof that holds on the first day (AL16) and every rule chosen by the scheme; a negative one its
    reason. `also` is a second category, `employed_until` the last day of a former job in the hiring company.
    """
    require(rules.can_decide_eligibility(actor, person))
    decided_on = timezone.localdate(at)
    situation = Situation(
        category=category,
        also=also,
        proof_on=proof_on,
        valid_until=proof_valid_until,
        starts_on=starts_on,
        decided_on=decided_on,
        employed_until=employed_until,
        from_temp=from_temp,
        jobs=jobs_of(person),
    )
    working = assess_decision(person.scheme_id, situation)
    if eligible:
        require(
            rules.eligibility_verdict(
                Category(category),
                proof_on=proof_on,
                valid_until=proof_valid_until,
                starts_on=starts_on,
                ends_on=ends_on,
                decided_on=decided_on,
                table=terms_at(person.scheme_id, decided_on).rules(),
            )
        )
        refuse_by_rules(working)
    else:
        require(rules.says_why(reason))
    decision = Eligibility.objects.create(
        person=person,
        category=category,
        proof=proof,
        proof_on=proof_on,
        proof_valid_until=proof_valid_until,
        certifier=certifier,
        state=EligibilityState.VALIDATED if eligible else EligibilityState.REFUSED,
        reason=reason.strip(),
        starts_on=starts_on,
        ends_on=ends_on,
        decided_by_id=actor.user_id,
        decided_at=at,
    )
    keep_working(working, decision)
    audit.record(
        "execution.eligibility.decided",
        person,
        actor=actor,
        at=at,
        owner_id=person.body_id,
        scope_id=person.scheme_id,
        detail=f"decision={decision.pk} {decision.state}",
    )
    return decision


@transaction.atomic
def register_job_contract(
    person: Person,
    obligation: Obligation,
    *,
    employer: Organisation,
    declared_by: Organisation,
    debtor: Debtor,
    kind: str = JobKind.FIXED_TERM,
    mode: str = Mode.DIRECT_HIRE,
    job: str,
    starts_on: date,
    ends_on: date | None = None,
    eligibility: Eligibility | None = None,
    actor: Actor,
    at: datetime,
) -> JobContract:
    """Record the job of a person for an obligation: act of the facilitator assigned to the clause.

    `declared_by` is the body that will declare the hours, `debtor` the company whose part they reduce.
    Without `eligibility` the last one valid on the first day is taken; none refuses the job (AL06).
    """
    require(rules.can_register_job(actor, person, obligation))
    require(
        rules.bodies_verdict(
            obligation, employer=employer, declared_by=declared_by, debtor=debtor, on=actor.on
        )
    )
    require(rules.job_dates_verdict(obligation, starts_on=starts_on, ends_on=ends_on))
    decision = eligibility or queries.valid_eligibility(person, starts_on)
    table = terms_at(person.scheme_id, starts_on).rules()
    require(rules.hiring_verdict(decision, person=person, starts_on=starts_on, table=table))
    assert decision is not None  # the verdict refuses none
    list(Person.objects.select_for_update().filter(pk=person.pk).values_list("pk"))
    require(rules.job_is_new(person, obligation, employer, starts_on, ends_on))
    contract = JobContract.objects.create(
        person=person,
        obligation=obligation,
        eligibility=decision,
        employer=employer,
        declared_by=declared_by,
        debtor=debtor,
        kind=kind,
        mode=mode,
        job=job,
        starts_on=starts_on,
        ends_on=ends_on,
        recorded_at=at,
    )
    audit.record(
        "execution.job.recorded",
        contract,
        actor=actor,
        at=at,
        owner_id=obligation.buyer_id,
        scope_id=obligation.scheme_id,
        detail=f"{person.number} {kind} {mode}",
    )
    return contract


@transaction.atomic
def end_job(job: JobContract, *, ends_on: date, actor: Actor, at: datetime) -> None:
    """Write the last day of a job that had none; hours already claimed after it refuse that."""
    require(rules.can_end_job(actor, job))
    require(rules.can_end_job_on(job, ends_on))
    if not JobContract.objects.filter(pk=job.pk, ends_on=None).update(ends_on=ends_on):
        raise Stale(job)
    job.ends_on = ends_on
    audit.record(
        "execution.job.ended",
        job,
        actor=actor,
        at=at,
        owner_id=job.obligation.buyer_id,
        scope_id=job.obligation.scheme_id,
        detail=ends_on.isoformat(),
    )
