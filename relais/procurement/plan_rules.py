"""Who may import a purchase plan, settle what a file changes, group lots into operations."""

from relais.core.verdict import YES, Verdict, first_refusal, no
from relais.core.words import gettext_noop
from relais.kit.actor import Actor
from relais.organisations.enums import Capacity, Role
from relais.procurement.enums import LineEntry, PlanState
from relais.procurement.models import PlanLine, PurchasePlan

PLANNERS = (Role.MANAGER, Role.OFFICER, Role.PURCHASER)
"""Roles that write the plan of their body; a project lead works on his own lots, one by one."""

ROLE_READS = gettext_noop("A manager, an officer or a purchaser of the buyer writes its purchase plan.")
FROM_FILE = gettext_noop(
    "This lot comes from a file: the next version of the file changes it or takes it out."
)
WORKED = gettext_noop(
    "Somebody opened the sheet of this lot: it stays. If it is not bought, reject it there with the reason."
)
NOT_YOUR_PLAN = gettext_noop("This plan is of another buyer: only its own people change it.")


def can_plan(actor: Actor, capacities: frozenset[str]) -> Verdict:
    """Bring a plan in: a buyer its own."""
    if Capacity.BUYER not in capacities:
        return no(gettext_noop("Only a buyer imports its purchase plan."))
    return YES if actor.role in PLANNERS else no(ROLE_READS)


def can_write_plan(actor: Actor, plan: PurchasePlan) -> Verdict:
    """Change a plan: its imports, its operations, its conflicts."""
    if plan.buyer_id != actor.organisation_id:
        return no(NOT_YOUR_PLAN)
    return YES if actor.role in PLANNERS else no(ROLE_READS)


def can_sort(actor: Actor, plan: PurchasePlan) -> Verdict:
    """Sort the lots of a plan: its writers, and project leads their own lots."""
    if plan.buyer_id == actor.organisation_id and actor.role == Role.PROJECT_LEAD:
        return YES
    return can_write_plan(actor, plan)


def can_import_into(actor: Actor, plan: PurchasePlan) -> Verdict:
    """Read a new version of the file into a plan that is still worked on."""
    return first_refusal(can_write_plan(actor, plan), _current(plan))


def can_group(actor: Actor, plan: PurchasePlan) -> Verdict:
    """Merge or split the operations of a plan."""
    return first_refusal(can_write_plan(actor, plan), _current(plan))


def can_settle(actor: Actor, line: PlanLine) -> Verdict:
    """Say which value is right when the file and the lot differ."""
    if not line.is_disputed:
        return no(gettext_noop("Nothing is left to settle on this line."))
    return can_import_into(actor, line.plan)


def can_take_file(actor: Actor, line: PlanLine, *, settled: bool) -> Verdict:
    """Let the file change the lot: not one that is decided."""
    if settled:
        return first_refusal(
            can_settle(actor, line),
            no(
                gettext_noop(
                    "This lot is decided: take the decision back on its sheet, then take the file's values."
                )
            ),
        )
    return can_settle(actor, line)


def can_correct_line(actor: Actor, line: PlanLine, *, settled: bool) -> Verdict:
    """Correct a lot typed into the plan, as long as nothing is decided on it."""
    if line.entry == LineEntry.FILE:
        return no(FROM_FILE)
    if line.entry == LineEntry.ADDED:
        return no(gettext_noop("This lot was announced on its own: correct it on its sheet."))
    if settled:
        return no(
            gettext_noop("This lot is decided: take the decision back on its sheet, then correct the lot.")
        )
    return can_import_into(actor, line.plan)


def can_remove_line(actor: Actor, line: PlanLine, *, worked: bool) -> Verdict:
    """Take out a lot that came by hand; one typed here disappears, so nobody may be working on it."""
    if line.entry == LineEntry.FILE:
        return no(FROM_FILE)
    if line.entry == LineEntry.TYPED and worked:
        return no(WORKED)
    return can_import_into(actor, line.plan)


def _current(plan: PurchasePlan) -> Verdict:
    if plan.state == PlanState.CURRENT:
        return YES
    return no(gettext_noop("This plan is put away. Bring it back to change it."))
