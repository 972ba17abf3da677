"""`relais load-trades`: put the default labour parameters and screening rules in place."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from relais.screening.actions import load_defaults


class Command(BaseCommand):
    help = "Load the default trades, CPV prefixes and screening rules; equal rows are left alone."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        created = load_defaults(at=timezone.now())
        if options["json"]:
            self.stdout.write(json.dumps({"created": created}))
        else:
            self.stdout.write(
                _(
                    "Created: %(trades)s trades, %(figures)s rows of figures, "
                    "%(prefixes)s CPV prefixes, %(rules)s rules."
                )
                % created
            )
