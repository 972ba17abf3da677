"""`relais import-contracts FILE... --scheme S [--json]`: bring files of contracts into a scheme."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from relais.kit.actor import Actor
from relais.kit.tallies import tally_said
from relais.kit.words import number, say
from relais.organisations.enums import Role
from relais.organisations.models import Scheme
from relais.procurement.actions import import_files
from relais.procurement.notices import flag_meaning
from relais.procurement.reports import FileReport, report_of

BAD_USAGE = 2


class Command(BaseCommand):
    help = (
        "Import files of contracts (DECP of any version: JSON, XML, CSV, spreadsheet) or notices "
        "(TED, eForms, BOAMP: XML, JSON) into a scheme."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", help="file to import, as it was downloaded")
        parser.add_argument("--scheme", required=True, metavar="S", help="short name (slug) of the scheme")
        parser.add_argument("--json", action="store_true", help="print the report as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        scheme = Scheme.objects.select_related("territory").filter(slug=options["scheme"]).first()
        if scheme is None:
            known = ", ".join(Scheme.objects.values_list("slug", flat=True)[:20])
            raise CommandError(
                _("No scheme is called “%(slug)s”. Known schemes: %(known)s.")
                % {"slug": options["scheme"], "known": known or "–"},
                returncode=BAD_USAGE,
            )
        at = timezone.now()
        actor = Actor(None, scheme.coordinator_id, Role.MANAGER, timezone.localdate(at))
        run = import_files([(path, path) for path in options["files"]], scheme=scheme, actor=actor, at=at)
        report = report_of(run)
        if options["json"]:
            self.stdout.write(json.dumps(report.as_dict(), ensure_ascii=False))
        else:
            for file in report.files:
                self._print(file)
            self._print_totals(report.totals)
        if not report.done:
            raise SystemExit(1)

    def _print(self, file: FileReport) -> None:
        self.stdout.write(self.style.MIGRATE_HEADING(file.path))
        if file.failure is not None:
            self.stdout.write(self.style.ERROR(f"  {say(file.failure)}"))
            return
        self.stdout.write(f"  {say(file.shape_words)}, {file.encoding}")
        if file.replaced:
            self.stdout.write(f"  {_('Damaged characters')}: {number(file.replaced)}")
        self.stdout.write(f"  {tally_said(file.counts)}")
        for code, total in file.flags.items():
            self.stdout.write(f"  {number(total):>8}  {code}  {say(flag_meaning(code))}")
        for rejection in file.rejections:
            self.stdout.write(self.style.WARNING(f"  {rejection.place}: {say(rejection.reason)}"))

    def _print_totals(self, totals: dict[str, int]) -> None:
        self.stdout.write(self.style.MIGRATE_HEADING(_("Total")))
        self.stdout.write(f"  {tally_said(totals)}")
