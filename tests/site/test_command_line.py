"""The `relais` command, run as people run it."""

import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings

RELAIS = [sys.executable, "-m", "relais.config.cli"]


def relais(database: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{database}", "PYTHONPATH": str(settings.ROOT)}
    return subprocess.run(
        [*RELAIS, *arguments], env=environment, cwd=settings.ROOT, capture_output=True, text=True, check=False
    )


def test_a_database_without_tables_is_told_in_one_line(tmp_path: Path) -> None:
    done = relais(tmp_path / "empty.sqlite3", "demo", "--size", "small")
    assert done.returncode == 1
    assert "relais migrate" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_reader_who_stops_reading_breaks_nothing(tmp_path: Path) -> None:
    command = " ".join([*RELAIS, "help", "--commands"])
    environment = {**os.environ, "PYTHONPATH": str(settings.ROOT)}
    done = subprocess.run(
        ["sh", "-c", f"{command} | true"],
        env=environment,
        cwd=settings.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr
