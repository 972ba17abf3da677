"""Read a valid file of the 2.x format: our reader, our whole import, and the fastest validator.

The rival is `orjson` + `jsonschema-rs` on the official schema: it holds the file whole and answers yes or no.
Ours reads a record at a time, normalises every field, flags what is odd, and (whole import) writes it to the
database. Each contender runs in its own process, so that its memory can be told.
"""

import json
import os
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from bench import generate_decp, stage
from bench.measure import Table, Times, duration, peak_mb, ratio, same

SCHEMA = Path("decp-schemas") / "v2.0.4" / "schema_decp_v2.0.4.json"
DEFAULT_SAMPLES = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
BYTES_PER_CONTRACT = 1_265
BUDGET_MB = 300
NAMES = {
    "reader": "Relais: read, normalise, flag",
    "import": "Relais: the same and store",
    "rival": "orjson + jsonschema-rs: yes or no",
}


def run(folder: Path, options: SimpleNamespace) -> list[Table]:
    small, big = folder / "small.json", folder / "big.json"
    _generate(small, options.contracts)
    _generate(big, round(options.megabytes * 1e6 / BYTES_PER_CONTRACT))
    return [_compared(folder, small, runs=3), _compared(folder, big, runs=1)]


def _generate(target: Path, contracts: int) -> None:
    stage.say(f"  a file of {contracts} contracts")
    with target.open("w", encoding="utf-8") as file:
        file.writelines(generate_decp.pieces(contracts, 2026))


def _compared(folder: Path, file: Path, *, runs: int) -> Table:
    megabytes = file.stat().st_size / 1e6
    table = Table(
        f"File of {megabytes:.0f} MB",
        ("", "contracts/s", "median", "worst", "peak memory", "speed against the rival"),
    )
    contenders = ["rival", "reader", "import"] if _schema().exists() else ["reader", "import"]
    figures: dict[str, tuple[dict[str, Any], Times]] = {}
    for name in contenders:
        stage.say(f"  {NAMES[name]}, {megabytes:.0f} MB, {runs} runs")
        figures[name] = _runs(name, folder, file, runs)
    expected = figures["reader"][0]["found"]
    for name, (told, times) in figures.items():
        same(expected, told["found"], NAMES[name])
        rival = figures["rival"][1].median if "rival" in figures else 0.0
        table.add(
            NAMES[name],
            f"{expected['contracts'] / times.median:,.0f}".replace(",", " "),
            duration(times.median),
            duration(times.worst),
            f"{told['peak']:.0f} MB",
            ratio(rival, times.median) if rival else "–",
        )
    table.notes.append(
        f"Same number of contracts ({expected['contracts']}), same sum of amounts for all. Median of {runs}."
    )
    if "rival" not in figures:
        table.notes.append("Rival skipped: the official schema is absent (RELAIS_SAMPLES names its folder).")
    peak = figures["import"][0]["peak"]
    kept = "kept" if peak <= BUDGET_MB else "NOT KEPT"
    table.notes.append(f"Memory of the whole import: {peak:.0f} MB, goal {BUDGET_MB} MB: {kept}.")
    return table


def _runs(name: str, folder: Path, file: Path, runs: int) -> tuple[dict[str, Any], Times]:
    seconds, peak, told = [], 0.0, {}
    for number in range(runs):
        address = f"sqlite:///{folder / f'{file.stem}-{name}-{number}.sqlite3'}"
        done = subprocess.run(
            [sys.executable, "-m", "bench.imports", name, str(file)],
            env=stage.environment(folder, address),
            stdout=subprocess.PIPE,
            check=True,
        )
        told = json.loads(done.stdout.splitlines()[-1])
        seconds.append(told["seconds"])
        peak = max(peak, told["peak"])
        for leftover in folder.glob(f"{file.stem}-{name}-{number}.sqlite3*"):
            leftover.unlink()
    return {**told, "peak": peak}, Times(tuple(seconds))


def _schema() -> Path:
    return Path(os.environ.get("RELAIS_SAMPLES", DEFAULT_SAMPLES)) / SCHEMA


def _found(contracts: int, amount: Decimal) -> dict[str, Any]:
    return {"contracts": contracts, "amount": f"{amount:.2f}"}


def rival(file: Path) -> tuple[float, dict[str, Any]]:
    """Validate the whole document; the sum is taken after the clock has stopped."""
    import jsonschema_rs
    import orjson

    validator = jsonschema_rs.validator_for(orjson.loads(_schema().read_bytes()))
    start = time.perf_counter()
    document = orjson.loads(file.read_bytes())
    valid = validator.is_valid(document)
    seconds = time.perf_counter() - start
    same(True, valid, "the file under its official schema")
    marches = document["marches"]["marche"]
    return seconds, _found(len(marches), sum((Decimal(str(one["montant"])) for one in marches), Decimal(0)))


def reader(file: Path) -> tuple[float, dict[str, Any]]:
    """Every record read, normalised and flagged, none kept."""
    from relais.procurement.decp import Record, read

    number, amount, flags = 0, Decimal(0), 0
    start = time.perf_counter()
    with read(file, name=file.name) as reading:
        for record in reading:
            assert isinstance(record, Record)
            number += 1
            flags += len(record.flags)
            amount += record.amount or 0
    return time.perf_counter() - start, _found(number, amount)


def whole_import(file: Path) -> tuple[float, dict[str, Any]]:
    """What `relais import-contracts` calls, screening included, into an empty SQLite with all places."""
    stage.set_up()
    stage.load_places()
    from django.db.models import Sum
    from django.utils import timezone

    from bench.people import lay_scheme
    from relais.kit.actor import Actor
    from relais.organisations.enums import Role
    from relais.procurement.actions import import_files
    from relais.procurement.models import Contract

    scheme = lay_scheme()
    at = timezone.now()
    actor = Actor(None, scheme.coordinator_id, Role.MANAGER, timezone.localdate(at))
    start = time.perf_counter()
    import_files([(file.name, file)], scheme=scheme, actor=actor, at=at)
    seconds = time.perf_counter() - start
    stored = Contract.objects.filter(scheme=scheme)
    amount = stored.aggregate(amount=Sum("amount"))["amount"]
    return seconds, _found(stored.count(), Decimal(amount))


def main() -> None:
    name, file = sys.argv[1:]
    seconds, found = {"rival": rival, "reader": reader, "import": whole_import}[name](Path(file))
    sys.stdout.write(json.dumps({"seconds": seconds, "found": found, "peak": peak_mb()}) + "\n")


if __name__ == "__main__":
    main()
