"""Reader of purchase plans: any spreadsheet, its columns proposed then mapped by the user.

Plain Python: no database, no clock. `read_sheets`, then `tables_of`, `propose`, `read_plan`, `compare`.
"""

from relais.procurement.plans.comparing import Change, Comparison, Known, compare, content_of
from relais.procurement.plans.fields import LABELS, Field
from relais.procurement.plans.mapping import (
    Column,
    ColumnMapping,
    Proposal,
    Table,
    mapping_of,
    propose,
    table_of,
    tables_of,
)
from relais.procurement.plans.reading import (
    Fault,
    PlanReading,
    PlanRow,
    by_columns,
    check_mapping,
    read_parts,
    read_plan,
)
from relais.procurement.plans.sheets import Sheet, read_sheets

__all__ = [
    "LABELS",
    "Change",
    "Column",
    "ColumnMapping",
    "Comparison",
    "Fault",
    "Field",
    "Known",
    "PlanReading",
    "PlanRow",
    "Proposal",
    "Sheet",
    "Table",
    "by_columns",
    "check_mapping",
    "compare",
    "content_of",
    "mapping_of",
    "propose",
    "read_parts",
    "read_plan",
    "read_sheets",
    "table_of",
    "tables_of",
]
