"""Hours done, for the tests of the ledger: a person at work for a debtor, lines moved by the real act."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count

from relais.core.months import Month
from relais.execution.actions.moves import move_lines
from relais.execution.enums import Category, EligibilityState, JobKind, LineState, Mode
from relais.execution.models import Debtor, Eligibility, JobContract, Person, Statement, StatementLine
from relais.kit.actor import Actor

NUMBERS = count(1)


def a_job(debtor: Debtor, body, *, starts_on: date | None = None) -> JobContract:
    """Somebody followed by the facilitator body, hired by the debtor."""
    obligation = debtor.obligation
    number = next(NUMBERS)
    starts_on = starts_on or obligation.starts_on
    at = datetime.combine(starts_on, datetime.min.time()).astimezone()
    person = Person.objects.create(
        scheme_id=obligation.scheme_id,
        body=body,
        number=f"T-{number:05d}",
        pseudonym=f"{number:064d}",
        first_name="Zoé",
        last_name=f"Nomsecret{number}",
        birth_date=date(1990, 1, 1),
        created_at=at,
    )
    eligibility = Eligibility.objects.create(
        person=person,
        category=Category.B_DELD,
        proof="Avis de situation",
        proof_on=starts_on,
        certifier="Agence de l'emploi",
        state=EligibilityState.VALIDATED,
        starts_on=starts_on,
        decided_at=at,
    )
    return JobContract.objects.create(
        person=person,
        obligation=obligation,
        eligibility=eligibility,
        employer=debtor.organisation,
        declared_by=debtor.organisation,
        debtor=debtor,
        kind=JobKind.FIXED_TERM,
        mode=Mode.DIRECT_HIRE,
        job="Peintre",
        starts_on=starts_on,
        recorded_at=at,
    )


def declare(job: JobContract, month: Month, hours: Decimal, *, actor: Actor, at: datetime) -> StatementLine:
    """One line sent for a month; one statement per debtor and month."""
    statement, _ = Statement.objects.get_or_create(
        obligation=job.obligation,
        declarant_id=job.declared_by_id,
        month=month.first_day,
        defaults={"origin": "form", "state": "submitted", "submitted_at": at, "signed_by": "Corinne"},
    )
    taken = job.lines.filter(month=month.first_day).count()
    line = StatementLine(
        statement=statement,
        obligation=job.obligation,
        job_contract=job,
        month=month.first_day,
        starts_on=month.first_day + timedelta(taken),
        ends_on=month.last_day,
        hours=hours,
        counted_hours=hours,
    )
    move_lines([line], LineState.DECLARED, actor=actor, at=at)
    return line


def decide(line: StatementLine, state: LineState, *, actor: Actor, at: datetime) -> None:
    move_lines([line], state, actor=actor, at=at)
