"""`relais import-structures FILE... [--as-of DAY] [--json]`: bring public lists of structures in."""

import json
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from relais.kit.tallies import tally_said
from relais.kit.words import number, say
from relais.offer.actions import FileReport, import_lists
from relais.offer.enums import FlagCode, SourceList


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"“{text}” is not a day: write it as 2026-01-31.") from error


class Command(BaseCommand):
    help = "Import lists of insertion structures (SIAE, ESAT of FINESS, GEIQ) into the directory."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", help="list to import, as it was downloaded")
        parser.add_argument(
            "--as-of", type=day, metavar="DAY", help="day described by lists that do not say it (2026-01-31)"
        )
        parser.add_argument("--json", action="store_true", help="print the report as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        files = [(path, path) for path in options["files"]]
        report = import_lists(files, at=timezone.now(), as_of=options["as_of"])
        if options["json"]:
            self.stdout.write(json.dumps(report.as_dict(), ensure_ascii=False))
        else:
            for file in report.files:
                self._print(file)
            self.stdout.write(self.style.MIGRATE_HEADING(_("Total")))
            self.stdout.write(f"  {tally_said(report.totals)}")
        if not report.done:
            raise SystemExit(1)

    def _print(self, file: FileReport) -> None:
        self.stdout.write(self.style.MIGRATE_HEADING(file.path))
        if file.failure is not None:
            self.stdout.write(self.style.ERROR(f"  {say(file.failure)}"))
            return
        self.stdout.write(f"  {SourceList(file.shape).label}, {file.encoding}")
        self.stdout.write(f"  {tally_said(file.counts)}")
        for code, total in file.flags.most_common():
            self.stdout.write(f"  {number(total):>8}  {code}  {FlagCode(code).label}")
        for refusal in file.refusals:
            line = _("line %(line)s") % {"line": number(refusal.position)}
            self.stdout.write(self.style.WARNING(f"  {line}: {say(refusal.reason)}"))
