"""Load a fictitious scheme through the real actions."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from relais.demo.scheme import SIZES, load
from relais.demo.stage import SLUG
from relais.organisations.models import Scheme
from relais.territories.models import Commune


class Command(BaseCommand):
    help = "Load a fictitious scheme, its bodies, contracts, people and hours, through the real actions."

    def add_arguments(self, parser: ArgumentParser) -> None:  # type: ignore[override]
        parser.add_argument("--size", choices=sorted(SIZES), default="region")
        parser.add_argument("--seed", type=int, default=2008)
        parser.add_argument("--json", action="store_true", help="print one JSON object on stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        if Scheme.objects.filter(slug=SLUG).exists():
            self.tell(options, {"loaded": False}, "The demonstration is already there: nothing was changed.")
            return
        if not Commune.objects.exists():
            self.stderr.write("No municipality is known. Run “relais load-territories” first.")
            sys.exit(1)
        made = load(options["size"], options["seed"], timezone.localdate(), self.stderr.write)
        self.tell(
            options,
            {"loaded": True, **made},
            f"{made['contracts']} contracts, {made['lots_to_come']} lots to come, {made['people']} people, "
            f"{made['lines']} lines of statement, in {made['seconds']} s.",
        )

    def tell(self, options: dict[str, Any], report: dict[str, object], sentence: str) -> None:
        self.stdout.write(json.dumps(report) if options["json"] else sentence)
