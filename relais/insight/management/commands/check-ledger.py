"""Recount everything from the source lines and compare with every stored total."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from relais.insight.queries import stored_total_differences
from relais.insight.rollups import differences


class Command(BaseCommand):
    help = "Recount everything from the source lines and compare with every stored total."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object on stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        ledger = stored_total_differences()
        rollups = differences()
        if options["json"]:
            report = {
                "ledger": [
                    {"table": t, "id": pk, "column": c, "stored": str(s), "recounted": str(r)}
                    for t, pk, c, s, r in ledger
                ],
                "rollups": [
                    {"table": d.table, "key": d.key, "column": d.column, "stored": str(d.stored),
                     "recounted": str(d.recounted)}
                    for d in rollups
                ],
            }
            self.stdout.write(json.dumps(report, ensure_ascii=False))
        else:
            for table, pk, column, stored, recounted in ledger:
                self.stdout.write(f"{table} {pk}: {column} {stored} ≠ {recounted}")
            for d in rollups:
                self.stdout.write(f"{d.table} {d.key}: {d.column} {d.stored} ≠ {d.recounted}")
            if not ledger and not rollups:
                self.stdout.write(_("Every stored total equals its recount."))
        if ledger or rollups:
            sys.exit(1)
