"""The page of figures: what is measured between two marks is written anew, the words around stay."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from bench.measure import Table

TITLES = {
    "import": "Import of essential procurement data",
    "consolidation": "Consolidation",
    "list": "Lists",
    "pages": "Pages",
    "hours": "Files of hours",
}


def write(page: Path, found: Mapping[str, Sequence[Table]], told: Mapping[str, str], *, day: date) -> None:
    """Put the figures of each bench between its marks; those of the benches not run stay as they were."""
    text = page.read_text(encoding="utf-8") if page.exists() else "# Benchmarks\n"
    for name, tables in found.items():
        machine = ". ".join(f"{key}: {value}" for key, value in told.items())
        body = "\n".join(table.markdown() for table in tables)
        text = _replaced(text, name, f"Measured on {day.isoformat()}. {machine}.\n\n{body}")
    page.write_text(text, encoding="utf-8")


def _replaced(text: str, name: str, body: str) -> str:
    start, end = f"<!-- bench: {name} -->", f"<!-- end: {name} -->"
    block = f"{start}\n\n{body.rstrip()}\n\n{end}"
    if start not in text:
        return f"{text.rstrip()}\n\n## {TITLES[name]}\n\n{block}\n"
    before, _, rest = text.partition(start)
    return before + block + rest.partition(end)[2]
