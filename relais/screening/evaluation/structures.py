"""How many insertion structures each department counts, from the lists that are published of them."""

import csv
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from relais.core.words import BadValue, gettext_noop
from relais.territories.places import Gazetteer, PlaceCode, PlaceType

DEPARTMENT_COLUMNS = ("departement", "et-département code", "code_departement", "department")
POST_CODE_COLUMNS = ("code_postal", "et-code postal", "postcode")
LEVELS = (30, 10, 1)
"""From how many structures near a whole reservation, a reserved lot, a clause: the rule of the inclusive
marketplace, which counts suppliers of the sector; the published lists tell no sector, so all are counted."""


def count_structures(paths: Iterable[str]) -> Counter[str]:
    """Structures by department. Raises `BadValue` for a list that names none, OSError for a missing file."""
    found: Counter[str] = Counter()
    for path in paths:
        found.update(_departments(Path(path)))
    return found


def level(count: int) -> int:
    """3 from 30 structures, 2 from 10, 1 from one, else 0."""
    return sum(count >= least for least in LEVELS)


def _departments(path: Path) -> list[str]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        text = path.read_text(encoding="cp1252", errors="replace")
    head = text.partition("\n")[0]
    mark = max(";,\t|", key=head.count)
    rows = csv.DictReader(text.splitlines(), delimiter=mark)
    names = {name.strip().casefold(): name for name in rows.fieldnames or () if name}
    for columns, kind in (
        (DEPARTMENT_COLUMNS, PlaceType.DEPARTMENT),
        (POST_CODE_COLUMNS, PlaceType.POST_CODE),
    ):
        column = next((names[name] for name in columns if name in names), None)
        if column is not None:
            codes = ((row.get(column) or "").strip() for row in rows)
            return [code for raw in codes if raw and (code := _department(kind, raw))]
    raise BadValue(
        gettext_noop(
            "%(path)s names no department: a list of structures has a column “departement” or “code_postal”."
        ),
        path=str(path),
    )


def _department(kind: PlaceType, code: str) -> str:
    whole = code.zfill(5) if kind is PlaceType.POST_CODE else code  # spreadsheets lose the first zero
    return Gazetteer().locate(PlaceCode(kind, whole)).department or ""
