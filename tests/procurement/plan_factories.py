"""Plans of the tests, brought in by the real acts."""

from datetime import UTC, datetime

from relais.organisations.enums import Capacity
from relais.organisations.models import Scheme
from relais.procurement.actions.plans import NewPlan, import_plan, receive_plan
from relais.procurement.models import PlanImport, PurchasePlan
from relais.procurement.planning import Chosen, kept_file
from relais.procurement.plans import ColumnMapping
from tests.cast import Person

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
BUYER = frozenset({Capacity.BUYER})


def bring(
    person: Person,
    scheme: Scheme,
    content: bytes,
    *,
    plan: PurchasePlan | None = None,
    at: datetime = NOON,
    mapping: ColumnMapping | None = None,
) -> PlanImport:
    """The person imports a file with the mapping proposed, or with this one."""
    actor = person.actor(at.date())
    receipt = receive_plan(
        content, name="plan.xlsx", scheme=scheme, plan=plan, capacities=BUYER, actor=actor, at=at
    )
    new = None if plan else NewPlan("Programmation 2027", 2027, 2028)
    chosen = kept_file(receipt).proposed
    if mapping is not None:
        chosen = Chosen((mapping, *chosen.mappings[1:]), chosen.left_out)
    return import_plan(receipt, chosen, new=new, actor=actor, at=at)


def plan_of(done: PlanImport) -> PurchasePlan:
    assert done.plan is not None
    return done.plan
