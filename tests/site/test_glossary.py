"""The glossary tells the truth: one line per term, and every identifier it gives is in the code."""

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROWS = [
    [cell.strip() for cell in line.strip("|\n").split("|")]
    for line in (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("| ") and not line.startswith("| French")
]


def test_no_french_term_and_no_identifier_is_told_twice() -> None:
    terms = Counter(row[0] for row in ROWS)
    identifiers = Counter(name for row in ROWS for name in re.findall(r"[\w.]+", row[1]))
    assert [term for term, times in (terms + identifiers).items() if times > 1] == []


def test_every_identifier_of_the_glossary_is_in_the_code() -> None:
    words = {
        word
        for path in (ROOT / "relais").rglob("*.py")
        for word in re.findall(r"[A-Za-z_]\w*", path.read_text(encoding="utf-8"))
    }
    told = [name for row in ROWS for cell in row[1:] for name in re.findall(r"`([\w.]+)`", cell)]
    assert told
    assert [name for name in told if not set(name.split(".")) <= words] == []


def test_a_name_kept_for_later_is_not_yet_a_class() -> None:
    kept = {name for row in ROWS if "`" not in row[1] for name in row[1].split(", ")}
    classes = {
        name
        for path in (ROOT / "relais").rglob("*.py")
        for name in re.findall(r"^class (\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert kept & classes == set()
