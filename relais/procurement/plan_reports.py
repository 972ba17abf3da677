"""What an import of a plan says: its faults in words, its report for other programs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from relais.core.words import Words
from relais.kit.words import number, say
from relais.procurement.models import PlanImport
from relais.procurement.plans import Fault


@dataclass(frozen=True, slots=True)
class FaultLine:
    """A row that was not taken: where, what was written, why."""

    sheet: str
    row: int
    column: str
    header: str
    value: str
    reason: Words

    @property
    def place(self) -> str:
        """The place, as said to people: sheet, row, column."""
        parts = [self.sheet] if self.sheet else []
        parts.append(_("row %(row)s") % {"row": number(self.row)})
        if self.column:
            parts.append(_("column %(column)s") % {"column": self.column})
        return ", ".join(parts)


def fault_line(fault: Fault) -> FaultLine:
    """A fault just read."""
    return _line(fault.as_dict())


def faults_of(receipt: PlanImport) -> list[FaultLine]:
    """The faults kept with an import."""
    return [_line(kept) for kept in receipt.faults]


def _line(kept: Mapping[str, Any]) -> FaultLine:
    place = {name: kept[name] for name in ("sheet", "row", "column", "header", "value")}
    return FaultLine(**place, reason=Words.from_dict(kept["reason"]))


def plan_report(receipt: PlanImport, path: str) -> dict[str, Any]:
    """The JSON object of the command; its keys are stable."""
    plan = receipt.plan
    assert plan is not None
    counts = {
        "read": receipt.read,
        "created": receipt.created,
        "updated": receipt.updated,
        "unchanged": receipt.unchanged,
        "gone": receipt.gone,
        "conflicts": receipt.conflicts,
        "rejected": receipt.rejected,
    }
    return {
        "path": path,
        "plan": {"title": plan.title, "first_year": plan.first_year, "last_year": plan.last_year},
        "totals": counts,
        "rejections": [
            {
                "sheet": fault.sheet,
                "row": fault.row,
                "column": fault.column,
                "value": fault.value,
                "reason": say(fault.reason),
            }
            for fault in faults_of(receipt)
        ],
    }
