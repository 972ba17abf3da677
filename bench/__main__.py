"""`python -m bench`: run the benches in a temporary folder and print their tables.

Each bench runs in a process of its own, on an empty database of its own: SQLite, or a database made for the
occasion on the PostgreSQL server of DATABASE_URL. Nothing else is written, except by `--write`.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from bench import machine, report, stage
from bench.measure import Table

BENCHES = ("import", "consolidation", "list", "pages", "hours")


def main() -> int:
    asked = arguments().parse_args()
    started, found = time.monotonic(), {}
    before = machine.load()
    for name in [asked.only] if asked.only else BENCHES:
        stage.say(f"{name}…")
        found[name] = run(name, asked)
        sys.stdout.write("\n\n".join(table.text() for table in found[name]) + "\n\n")
        sys.stdout.flush()
    told = {
        **machine.facts(),
        "Load before, after": f"{before}, {machine.load()}",
        "Whole run": f"{time.monotonic() - started:.0f} s",
    }
    sys.stdout.write("\n".join(f"{name}: {value}" for name, value in told.items()) + "\n")
    if asked.write:
        report.write(asked.write, found, told, day=date.today())  # noqa: DTZ011 - the day where it is run
    return 0 if all(found.values()) else 1


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", choices=BENCHES, help="one bench instead of all")
    parser.add_argument("--lines", type=int, default=1_000_000, help="lines of statements to consolidate")
    parser.add_argument("--contracts", type=int, default=10_000, help="contracts of the speed runs")
    parser.add_argument("--megabytes", type=int, default=120, help="size of the file of the memory run")
    parser.add_argument("--rows", type=int, default=1_000_000, help="contracts of the longest list")
    parser.add_argument("--runs", type=int, default=5, help="times that each short act is repeated")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the figures into this page")
    return parser


def run(name: str, asked: argparse.Namespace) -> list[Table]:
    """Run one bench in its own process; its tables, or one that says why there are none."""
    with tempfile.TemporaryDirectory(prefix="relais-bench-") as place:
        folder = Path(place)
        with stage.database(folder, os.environ.get("DATABASE_URL", "")) as address:
            options = {key: value for key, value in vars(asked).items() if key not in ("only", "write")}
            command = [sys.executable, "-m", "bench.part", name, str(folder), json.dumps(options)]
            done = subprocess.run(command, env=stage.environment(folder, address), check=False)
        told = folder / "tables.json"
        if done.returncode or not told.exists():
            raise SystemExit(f"The bench “{name}” stopped: see above.")
        return [Table(**table) for table in json.loads(told.read_text(encoding="utf-8"))]


if __name__ == "__main__":
    sys.exit(main())
