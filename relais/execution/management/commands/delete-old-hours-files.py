"""`relais delete-old-hours-files`: delete the files of hours that nobody confirmed. To be run each day."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import ngettext

from relais.execution.actions.hours_files import KEPT_DAYS, delete_old_files


class Command(BaseCommand):
    help = "Delete the files of hours received some days ago and never confirmed: they hold names."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=int, default=KEPT_DAYS, help="days a file may wait")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["days"] < 1:
            raise CommandError("--days takes a whole number above zero.", returncode=2)
        deleted = delete_old_files(days=options["days"], at=timezone.now())
        if options["json"]:
            self.stdout.write(json.dumps({"deleted": deleted}))
            return
        text = ngettext("%(number)s file deleted.", "%(number)s files deleted.", deleted)
        self.stdout.write(text % {"number": deleted})
