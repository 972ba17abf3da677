"""Who may declare the hours of a month, answer a question, correct a line, and why not."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from relais.core.months import Month
from relais.core.verdict import YES, Verdict, first_refusal, no
from relais.core.words import gettext_noop
from relais.execution.enums import LineState
from relais.execution.models import Obligation, StatementLine
from relais.execution.queries import people as people_queries
from relais.execution.queries.claims import Checked, Worked, is_closed
from relais.execution.rules.people import writes
from relais.kit.actor import Actor
from relais.organisations.enums import LINK_ROLE

CORRECTABLE = (LineState.VALIDATED, LineState.LOCKED)


def declares_for(actor: Actor, obligation: Obligation, *, takes_part: bool | None = None) -> Verdict:
    """Hours are declared by a body taking part in the clause: holder, partner, subcontractor, structure."""
    if takes_part is None:
        bodies = people_queries.declaring_bodies(obligation.clause_id, actor.on)
        takes_part = bodies.filter(pk=actor.organisation_id).exists()
    if not takes_part:
        return no(gettext_noop("Your organisation declares no hours for this clause."))
    return YES if actor.role == LINK_ROLE else writes(actor)


def month_is_open(obligation: Obligation, month: Month, on: date, *, closed: bool | None = None) -> Verdict:
    """A month can be declared from its first day, inside the contract, until it is closed."""
    if month.first_day > on:
        return no(gettext_noop("%(month)s has not begun: hours are declared once worked."), month=month)
    if month.last_day < obligation.starts_on or month.first_day > obligation.ends_on:
        return no(
            gettext_noop("%(month)s is outside the contract, which runs from %(first)s to %(last)s."),
            month=month,
            first=obligation.starts_on,
            last=obligation.ends_on,
        )
    if is_closed(obligation, month) if closed is None else closed:
        return no(
            gettext_noop(
                "%(month)s is closed by the facilitator. Correct a line of this month, or ask the "
                "facilitator."
            ),
            month=month,
        )
    return YES


def can_declare(
    actor: Actor,
    obligation: Obligation,
    month: Month,
    *,
    takes_part: bool | None = None,
    closed: bool | None = None,
) -> Verdict:
    """Whether the actor declares this month. `takes_part` and `closed`: what a page has already read."""
    return first_refusal(
        declares_for(actor, obligation, takes_part=takes_part),
        month_is_open(obligation, month, actor.on, closed=closed),
    )


def jobs_are_own(actor: Actor, obligation: Obligation, lines: Sequence[Worked]) -> Verdict:
    """A body only declares the jobs recorded for it under this clause."""
    for line in lines:
        if line.job.obligation_id != obligation.pk or line.job.declared_by_id != actor.organisation_id:
            return no(gettext_noop("The hours of this job are not declared by your organisation."))
    return YES


def has_something_to_say(lines: Sequence[Worked], *, nothing: bool) -> Verdict:
    if not lines and not nothing:
        return no(
            gettext_noop(
                "No hour is typed. Type the hours of one person at least, or tick that nobody worked "
                "this month."
            )
        )
    if lines and nothing:
        return no(
            gettext_noop("Hours are typed although you ticked that nobody worked. Untick it or erase them.")
        )
    return YES


def nothing_refused(lines: Sequence[Checked]) -> Verdict:
    """The first refusal among the lines, with the number of the person."""
    for line in lines:
        for finding in line.refusals:
            return no(
                gettext_noop("%(person)s: %(reason)s"),
                person=line.worked.job.person.number,
                reason=finding.words,
            )
    return YES


def is_signed(name: str) -> Verdict:
    if not name.strip():
        return no(gettext_noop("Write the name of the person who signs the statement."))
    return YES


def declares_line(actor: Actor, line: StatementLine) -> Verdict:
    if line.statement.declarant_id != actor.organisation_id:
        return no(gettext_noop("Only the body that declared these hours does this."))
    return writes(actor)


def can_answer(actor: Actor, line: StatementLine) -> Verdict:
    allowed = declares_line(actor, line)
    if allowed and line.state != LineState.QUERIED:
        return no(gettext_noop("Only a line that the facilitator asks about is answered."))
    return allowed


def says_something(note: str) -> Verdict:
    if not note.strip():
        return no(gettext_noop("Answer the question: the facilitator reads it."))
    return YES


def can_correct(actor: Actor, line: StatementLine, *, is_assigned: bool) -> Verdict:
    """The declarant or the facilitator corrects a validated line; another person then validates that."""
    if not (line.statement.declarant_id == actor.organisation_id or is_assigned):
        return no(gettext_noop("Only the body that declared these hours or its facilitator corrects them."))
    if line.corrects_id is not None:
        return no(gettext_noop("A correction is not corrected itself: correct the first line again."))
    if line.state not in CORRECTABLE:
        return no(gettext_noop("Only a validated line needs a correction."))
    return writes(actor)


def correction_verdict(
    line: StatementLine,
    *,
    hours: Decimal,
    training_hours: Decimal,
    already: Decimal,
    trained: Decimal,
    note: str,
) -> Verdict:
    """A correction takes or adds hours without going below zero or over 24 h a day.

    `already`, `trained`: hours and training of the corrections made before, rejected ones apart.
    """
    days = (line.ends_on - line.starts_on).days + 1
    after, trained_after = line.hours + already + hours, line.training_hours + trained + training_hours
    if not note.strip():
        return no(gettext_noop("Say why the hours are corrected: the line keeps it."))
    if hours == 0:
        return no(gettext_noop("A correction adds or takes hours: write +7 or -7."))
    if not 0 <= after <= 24 * days:
        return no(
            gettext_noop("The line would have %(hours)s h on %(days)s days. Check the correction."),
            hours=after,
            days=days,
        )
    if not 0 <= trained_after <= after or training_hours * hours < 0 or abs(training_hours) > abs(hours):
        return no(
            gettext_noop("%(training)s h of training do not fit in %(hours)s h. Check the line."),
            training=trained_after,
            hours=after,
        )
    return YES
