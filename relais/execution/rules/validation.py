"""Who may validate, query, reject hours and close a month, and why not."""

from collections.abc import Sequence
from datetime import date

from relais.core.months import Month
from relais.core.verdict import YES, Verdict, first_refusal, no
from relais.core.words import gettext_noop
from relais.execution.enums import LineState
from relais.execution.models import Obligation, StatementLine
from relais.execution.queries import people as people_queries
from relais.execution.queries import validation as queries
from relais.execution.queries.claims import is_closed
from relais.execution.rules.people import writes
from relais.kit.actor import Actor

DECIDABLE = (LineState.DECLARED, LineState.QUERIED)


def can_decide(actor: Actor, lines: Sequence[StatementLine]) -> Verdict:
    """Officers of the facilitator assigned that day; never hours that their body, or they, declared."""
    if not lines:
        return no(gettext_noop("Choose one line at least."))
    allowed = writes(actor)
    if not allowed:
        return allowed
    followed = queries.followed_obligations(actor, {line.obligation_id for line in lines})
    for line in lines:
        verdict = first_refusal(_is_followed(line, followed), _is_of_others(actor, line), _is_waiting(line))
        if not verdict:
            return verdict
    return YES


def _is_followed(line: StatementLine, followed: frozenset[int]) -> Verdict:
    if line.obligation_id not in followed:
        return no(gettext_noop("Only the facilitator of this clause validates its hours."))
    return YES


def _is_of_others(actor: Actor, line: StatementLine) -> Verdict:
    if line.statement.declarant_id == actor.organisation_id:
        return no(gettext_noop("Your organisation declared these hours: another body validates them."))
    if actor.user_id is not None and line.declared_by_id == actor.user_id:
        return no(gettext_noop("You declared these hours yourself: somebody else validates them."))
    return YES


def _is_waiting(line: StatementLine) -> Verdict:
    if line.state not in DECIDABLE:
        return no(gettext_noop("These hours are already decided. A validated line changes by a correction."))
    return YES


def can_query(actor: Actor, lines: Sequence[StatementLine]) -> Verdict:
    allowed = can_decide(actor, lines)
    if allowed and any(line.state == LineState.QUERIED for line in lines):
        return no(gettext_noop("The question is already asked: wait for the answer, validate or reject."))
    return allowed


def says_why(note: str) -> Verdict:
    if not note.strip():
        return no(gettext_noop("Write the reason: who declared the hours reads it."))
    return YES


def can_close_month(
    actor: Actor, obligation: Obligation, month: Month, *, on: date, assigned: bool | None = None
) -> Verdict:
    """The facilitator assigned closes a month once it is over and nothing waits in it.

    `assigned`: whether the actor's body follows the clause, when the page has already read it.
    """
    allowed = writes(actor)
    if not allowed:
        return allowed
    if assigned is None:
        assigned = people_queries.is_assigned(actor, obligation.clause_id)
    if not assigned:
        return no(gettext_noop("Only the facilitator of this clause closes its months."))
    if month.last_day >= on:
        return no(gettext_noop("%(month)s is not over yet."), month=month)
    if is_closed(obligation, month):
        return no(gettext_noop("%(month)s is already closed."), month=month)
    waiting = StatementLine.objects.filter(obligation=obligation, month=month.first_day).waiting()
    if waiting.exists():
        return no(
            gettext_noop("Hours of %(month)s still wait for a decision: validate or reject them first."),
            month=month,
        )
    return YES
