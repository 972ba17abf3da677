"""`relais load-territories`: the regions, departments, inter-municipalities, communes and post codes."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from relais.core.words import BadValue
from relais.kit.words import say
from relais.territories.actions import LoadReport, load

DEFAULT_FOLDER = settings.ROOT / "node_modules" / "@etalab" / "decoupage-administratif" / "data"


class Command(BaseCommand):
    help = "Load the official lists of French places; a second run changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--folder", type=Path, default=DEFAULT_FOLDER, help="folder of the five JSON lists"
        )
        parser.add_argument(
            "--json", action="store_true", help="print one JSON object on the standard output"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = load(options["folder"])
        except BadValue as error:
            raise CommandError(say(error.words)) from error
        if options["json"]:
            self.stdout.write(json.dumps(report.as_dict(), ensure_ascii=False))
        else:
            self.stdout.write(human(report))


def human(report: LoadReport) -> str:
    names = {
        "regions": _("Regions"),
        "departments": _("Departments"),
        "arrondissements": _("Arrondissements"),
        "epcis": _("Inter-municipalities"),
        "communes": _("Communes"),
        "aliases": _("Former names and codes"),
        "post_codes": _("Post codes"),
        "territories": _("Territories"),
    }
    columns = (pgettext("records", "created"), _("updated"), _("unchanged"), _("retired"))
    lines = [f"{'':<28}" + "".join(f"{column:>14}" for column in columns)]
    for kind, tally in report.kinds.items():
        counts = (tally.created, tally.updated, tally.unchanged, tally.retired)
        lines.append(f"{names[kind]:<28}" + "".join(f"{count:>14}" for count in counts))
    lines.append(_("Nothing to change.") if not report.totals.changed else _("The places are up to date."))
    return "\n".join(lines)
