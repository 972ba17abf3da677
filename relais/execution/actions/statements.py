"""Declare the hours of a month, answer a question about a line, correct a validated one."""

import secrets
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import F

from relais.core.attestation import digest
from relais.core.counting import CountingPolicy, counted_hours
from relais.core.months import Month
from relais.execution.actions.moves import move_lines
from relais.execution.enums import LineState, StatementOrigin, StatementState
from relais.execution.models import Obligation, Person, Statement, StatementLine, Submission
from relais.execution.queries.claims import Checked, Worked, checked, countable_days, limits_of
from relais.execution.queries.people import is_assigned
from relais.execution.queries.submissions import asked_digest, replayed, signed_content
from relais.execution.rules import statements as rules
from relais.kit import audit
from relais.kit.access import Stale, require
from relais.kit.actor import Actor
from relais.kit.fields import total

ANSWERED = ("hours", "training_hours", "counted_hours", "findings", "is_flagged")
"""What an answer may change in a line."""
KEY_BYTES = 16


@transaction.atomic
def save_draft(
    obligation: Obligation,
    *,
    month: Month,
    lines: Sequence[Worked],
    origin: str = StatementOrigin.FORM,
    version: int | None = None,
    actor: Actor,
    at: datetime,
) -> Statement:
    """Keep hours typed and not sent yet; they replace the former draft and are in no total."""
    require(rules.can_declare(actor, obligation, month))
    require(rules.jobs_are_own(actor, obligation, lines))
    statement = _opened(obligation, month, origin, version, actor)
    _seize(statement, version, **({} if statement.is_sent else {"origin": origin}))
    statement.lines.filter(state=LineState.DRAFT).delete()
    _, policy = limits_of(obligation.scheme, month.last_day)
    try:
        with transaction.atomic():
            StatementLine.objects.bulk_create(
                _line(statement, Checked(line, *_days(line, obligation, month), ()), policy) for line in lines
            )
    except IntegrityError as error:
        raise Stale(statement) from error
    audit.record("execution.statement.drafted", statement, actor=actor, at=at, detail=f"lines={len(lines)}")
    return statement


@transaction.atomic
def declare_month(
    obligation: Obligation,
    *,
    month: Month,
    lines: Sequence[Worked],
    signed_by: str,
    signed_as: str = "",
    nothing: bool = False,
    origin: str = StatementOrigin.FORM,
    version: int | None = None,
    key: str = "",
    actor: Actor,
    at: datetime,
) -> Statement:
    """Send the hours of a month for the actor's body: each line becomes declared, or nothing happens.

    `lines`: one `Worked` per job (`relais.execution.queries.claims`), jobs loaded by `with_spans`; `nothing`
    says that nobody worked. A statement already sent takes the lines that were missing. `version`: the one
    the page showed, 0 for a statement not begun; None does not check. Refused lines (AL06, AL08, closed
    month...) raise `Refused`; anomalies (AL07...) stay on the line for the facilitator.

    `key` names the act: sent again with the same content, it gives the statement back and does nothing.
    What is signed, with the quality `signed_as` of who signs, is kept as a `Submission`.
    """
    require(rules.can_declare(actor, obligation, month))
    require(rules.jobs_are_own(actor, obligation, lines))
    require(rules.has_something_to_say(lines, nothing=nothing))
    require(rules.is_signed(signed_by))
    _serialise(obligation, lines)
    asked = asked_digest(lines, nothing=nothing, signed_by=signed_by, signed_as=signed_as)
    already = replayed(obligation, month, actor.organisation_id, key=key, asked=asked)
    if already is not None:
        return already
    require(rules.month_is_open(obligation, month, actor.on))
    statement = _opened(obligation, month, origin, version, actor)
    limits, policy = limits_of(obligation.scheme, month.last_day)
    results = checked(obligation, month, lines, limits=limits)
    require(rules.nothing_refused(results))
    _seize(
        statement,
        version,
        origin=origin,
        state=StatementState.SUBMITTED,
        signed_by=signed_by.strip(),
        submitted_at=at,
        submitted_by_id=actor.user_id,
    )
    statement.lines.filter(state=LineState.DRAFT).delete()
    entered = [_line(statement, line, policy) for line in results]
    move_lines(entered, LineState.DECLARED, actor=actor, at=at)
    _sign(statement, obligation, entered, signed_as=signed_as, key=key, asked=asked, actor=actor, at=at)
    total = sum((line.hours for line in entered), Decimal(0))
    audit.record(
        "execution.statement.sent",
        statement,
        actor=actor,
        at=at,
        owner_id=obligation.buyer_id,
        scope_id=obligation.scheme_id,
        detail=f"month={month} lines={len(entered)} hours={total}",
    )
    return statement


def _sign(
    statement: Statement,
    obligation: Obligation,
    lines: Sequence[StatementLine],
    *,
    signed_as: str,
    key: str,
    asked: str,
    actor: Actor,
    at: datetime,
) -> Submission:
    """Keep what was signed as it was signed, with its digest."""
    rank = Submission.objects.filter(statement=statement).count() + 1
    content = signed_content(
        statement,
        obligation,
        lines,
        rank=rank,
        signed_by=statement.signed_by,
        signed_as=signed_as.strip(),
        at=at,
    )
    return Submission.objects.create(
        statement=statement,
        rank=rank,
        key=key or secrets.token_urlsafe(KEY_BYTES),
        asked=asked,
        signed_by=statement.signed_by,
        signed_as=signed_as.strip(),
        content=content,
        digest=digest(content),
        sent_at=at,
        sent_by_id=actor.user_id,
    )


def _serialise(obligation: Obligation, lines: Sequence[Worked]) -> None:
    """One at a time for an obligation and for each person, so that no hour is claimed twice at once."""
    list(Obligation.objects.select_for_update().filter(pk=obligation.pk).values_list("pk"))
    people = Person.objects.filter(
        scheme_id=obligation.scheme_id, pseudonym__in={line.job.person.pseudonym for line in lines}
    )
    list(people.select_for_update().order_by("pk").values_list("pk"))


def _opened(
    obligation: Obligation, month: Month, origin: str, version: int | None, actor: Actor
) -> Statement:
    """The statement of the actor's body for that month, begun if it was not; another version is stale."""
    own = Statement.objects.filter(
        obligation=obligation, declarant_id=actor.organisation_id, month=month.first_day
    )
    found = own.first()
    if found is not None:
        if version is not None and version != found.version:
            raise Stale(found)
        return found
    if version:
        raise Stale(obligation)
    try:
        with transaction.atomic():
            return Statement.objects.create(
                obligation=obligation,
                declarant_id=actor.organisation_id,
                month=month.first_day,
                origin=origin,
                version=0,
            )
    except IntegrityError:
        raise Stale(own.get()) from None


def _seize(statement: Statement, version: int | None, **changes: object) -> None:
    """Compare and set: the statement must be in the version the page showed."""
    seen = statement.version if version is None else version
    if not Statement.objects.filter(pk=statement.pk, version=seen).update(
        version=F("version") + 1, **changes
    ):
        raise Stale(statement)
    for name, value in changes.items():
        setattr(statement, name, value)
    statement.version = seen + 1


def _days(line: Worked, obligation: Obligation, month: Month) -> tuple[date, date]:
    first, last = countable_days(line.job, obligation, month) or (month.first_day, month.last_day)
    return line.starts_on or first, line.ends_on or last


def _line(statement: Statement, line: Checked, policy: CountingPolicy) -> StatementLine:
    worked = line.worked
    return StatementLine(
        statement=statement,
        obligation_id=statement.obligation_id,
        job_contract=worked.job,
        month=statement.month,
        starts_on=line.starts_on,
        ends_on=line.ends_on,
        hours=worked.hours,
        training_hours=worked.training_hours,
        counted_hours=counted_hours(worked.hours, worked.training_hours, policy=policy),
        findings=[
            {"rule": finding.rule, "level": str(finding.level), "words": finding.words.as_dict()}
            for finding in line.queries
        ],
        is_flagged=bool(line.queries),
    )


@transaction.atomic
def answer_query(
    line: StatementLine,
    *,
    hours: Decimal,
    training_hours: Decimal = Decimal(0),
    note: str,
    version: int | None = None,
    actor: Actor,
    at: datetime,
) -> None:
    """Answer the facilitator's question: hours confirmed or corrected, the line is declared again."""
    require(rules.can_answer(actor, line))
    require(rules.says_something(note))
    if version is not None and version != line.version:
        raise Stale(line)
    obligation, month = line.obligation, Month.of(line.month)
    worked = Worked(line.job_contract, hours, training_hours, line.starts_on, line.ends_on)
    _serialise(obligation, [worked])
    limits, policy = limits_of(obligation.scheme, month.last_day)
    (result,) = checked(obligation, month, [worked], limits=limits, but=[line.pk])
    require(rules.nothing_refused([result]))
    before, fresh = line.counted_hours, _line(line.statement, result, policy)
    changes = {name: getattr(fresh, name) for name in ANSWERED}
    seen = StatementLine.objects.filter(pk=line.pk, state=line.state, version=line.version)
    if not seen.update(**changes):
        raise Stale(line)
    for name, value in changes.items():
        setattr(line, name, value)
    move_lines([line], LineState.DECLARED, actor=actor, at=at, note=note, counted_before={line.pk: before})
    _record("execution.line.answered", line, actor, at)


@transaction.atomic
def correct_line(
    line: StatementLine,
    *,
    hours: Decimal,
    training_hours: Decimal = Decimal(0),
    note: str,
    actor: Actor,
    at: datetime,
) -> StatementLine:
    """Correct a validated or locked line by a dated line of signed hours, which waits for validation.

    The line corrected stays as it is. Raises `Refused` when the whole would go below zero or over 24 h a day.
    """
    require(rules.can_correct(actor, line, is_assigned=is_assigned(actor, line.obligation.clause_id)))
    _serialise(line.obligation, [Worked(line.job_contract, hours)])
    sums = line.corrections.exclude(state=LineState.REJECTED).aggregate(
        hours=total("hours"), training=total("training_hours")
    )
    require(
        rules.correction_verdict(
            line,
            hours=hours,
            training_hours=training_hours,
            already=sums["hours"],
            trained=sums["training"],
            note=note,
        )
    )
    _, policy = limits_of(line.obligation.scheme, Month.of(line.month).last_day)
    correction = StatementLine(
        statement=line.statement,
        obligation=line.obligation,
        job_contract=line.job_contract,
        month=line.month,
        starts_on=line.starts_on,
        ends_on=line.ends_on,
        hours=hours,
        training_hours=training_hours,
        counted_hours=counted_hours(hours, training_hours, policy=policy),
        corrects=line,
        note=note.strip(),
    )
    move_lines([correction], LineState.DECLARED, actor=actor, at=at, note=note)
    _record("execution.line.corrected", correction, actor, at)
    return correction


def _record(verb: str, line: StatementLine, actor: Actor, at: datetime) -> None:
    audit.record(
        verb,
        line,
        actor=actor,
        at=at,
        owner_id=line.obligation.buyer_id,
        scope_id=line.obligation.scheme_id,
        detail=f"hours={line.hours}",
    )
