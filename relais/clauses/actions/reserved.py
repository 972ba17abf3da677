"""Check that a reserved contract goes to structures that may hold it; never in silence."""

from collections.abc import Sequence
from datetime import datetime

from relais.clauses.actions.drafting import trace
from relais.clauses.actions.signed import Award
from relais.clauses.enums import Eligible
from relais.clauses.holders import Candidate, Checked, checked
from relais.clauses.models import Clause, HolderCheck
from relais.core.verdict import YES, Verdict, no
from relais.core.words import gettext_noop
from relais.kit.actor import Actor


def checks_of(clause: Clause, award: Award) -> list[Checked]:
    """The holders of the award, each with what the directory says of it on the day of the notification."""
    bodies = [held.body for held in award.holders]
    candidates = [Candidate(body.name, body.siret, body) for body in bodies]
    return checked(clause, candidates, award.notified_on)


def reserved_verdict(checks: Sequence[Checked], justification: str) -> Verdict:
    """A holder that is not eligible needs a justification in writing; an unknown one only its proof."""
    wrong = [one for one in checks if one.get_state() == Eligible.NO]
    if wrong and not justification.strip():
        return no(
            gettext_noop(
                "This contract is reserved and %(holder)s is not eligible: %(reason)s "
                "To go on, write why it may hold the contract; it is kept with the award."
            ),
            holder=wrong[0].candidate.name,
            reason=wrong[0].check.reason,
        )
    return YES


def keep_checks(
    clause: Clause, checks: Sequence[Checked], justification: str, *, actor: Actor, at: datetime
) -> None:
    """Keep each answer with its reason, and the justification where it was needed."""
    if not checks:
        return
    HolderCheck.objects.bulk_create(
        HolderCheck(
            clause=clause,
            organisation=one.candidate.organisation,
            outcome=one.get_state(),
            reason=one.check.reason.as_dict(),
            justification=justification.strip()[:500] if one.get_state() != Eligible.YES else "",
            checked_at=at,
            checked_by_id=actor.user_id,
        )
        for one in checks
    )
    told = " ".join(sorted(str(one.get_state()) for one in checks))
    trace("clauses.holder.checked", clause, actor=actor, at=at, detail=told)
