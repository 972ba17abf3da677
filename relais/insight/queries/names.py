"""The names behind the keys of the figures: departments and buyers of the clauses that a reader reads."""

from dataclasses import dataclass

from django.db.models import CharField, Value
from django.db.models.functions import Cast

from relais.execution.models import Obligation
from relais.insight.scopes import Scope
from relais.organisations.models import Organisation
from relais.territories.models import Department

TEXT = CharField()


@dataclass(frozen=True, slots=True)
class Names:
    """Names by key, in the order of the alphabet."""

    departments: dict[str, str]
    buyers: dict[str, str]

    def of(self, dimension: str) -> dict[str, str]:
        return {"department": self.departments, "buyer": self.buyers}.get(dimension, {})


def names(scheme_id: int, scope: Scope) -> Names:
    """Read in one query."""
    obligations = Obligation.objects.filter(scope.obligations(), scheme_id=scheme_id).order_by()
    departments = Department.objects.filter(pk__in=obligations.values("clause__lot__department_id"))
    buyers = Organisation.objects.filter(pk__in=obligations.values("buyer_id"))
    rows = (
        departments.annotate(kind=Value("department", TEXT), key=Cast("pk", TEXT))
        .order_by()
        .values_list("kind", "key", "name")
        .union(
            buyers.annotate(kind=Value("buyer", TEXT), key=Cast("pk", TEXT))
            .order_by()
            .values_list("kind", "key", "name"),
            all=True,
        )
        .order_by()
    )
    found: dict[str, dict[str, str]] = {"department": {}, "buyer": {}}
    for kind, key, name in sorted(rows, key=lambda row: (row[2].casefold(), row[1])):
        found[kind][key] = name
    return Names(found["department"], found["buyer"])
