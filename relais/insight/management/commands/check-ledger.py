"""Recount everything from the source lines and compare with every stored total."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from relais.insight.queries.ledger import compare_stored
from relais.insight.rebuild import rebuild
from relais.insight.rollups import Difference, compare
from relais.kit.words import number
from relais.organisations.models import Scheme

SHOWN = 50
"""Differences told one by one in the human report; all of them are in the JSON one."""


class Command(BaseCommand):
    help = "Recount everything from the source lines and compare with every stored total."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--scheme", default="", help="check one scheme only (its short name)")
        parser.add_argument(
            "--repair",
            "--rebuild",
            dest="rebuild",
            action="store_true",
            help="write the totals of the consolidated pages anew, then check",
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object on stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        scheme = self.scheme(options["scheme"])
        with transaction.atomic():
            if options["rebuild"]:
                rebuild(
                    [scheme] if scheme else list(Scheme.objects.order_by("pk").values_list("pk", flat=True))
                )
            ledger, rollups = compare_stored(scheme), compare(scheme)
        found = [*ledger.differences, *rollups.differences]
        report = {
            "lines": ledger.lines,
            "entries": ledger.entries,
            "totals": {"ledger": ledger.totals, "rollups": rollups.totals},
            "differences": [as_json(difference) for difference in found],
        }
        self.stdout.write(json.dumps(report, ensure_ascii=False) if options["json"] else told(report, found))
        if found:
            sys.exit(1)

    def scheme(self, slug: str) -> int | None:
        if not slug:
            return None
        found = Scheme.objects.filter(slug=slug).values_list("pk", flat=True).first()
        if found is None:
            raise CommandError(_("No scheme is called “%(slug)s”.") % {"slug": slug}, returncode=2)
        return found


def as_json(difference: Difference) -> dict[str, str]:
    return {
        "table": difference.table,
        "row": difference.row,
        "column": difference.column,
        "stored": str(difference.stored),
        "recounted": str(difference.recounted),
    }


def told(report: dict[str, Any], found: list[Difference]) -> str:
    read = _("%(lines)s lines of statement and %(entries)s entries read again.") % {
        "lines": number(report["lines"]),
        "entries": number(report["entries"]),
    }
    compared = _(
        "%(ledger)s totals of obligations and debtors, %(rollups)s totals of the results compared."
    ) % {
        "ledger": number(report["totals"]["ledger"]),
        "rollups": number(report["totals"]["rollups"]),
    }
    if not found:
        return "\n".join([read, compared, _("Every stored total equals its recount.")])
    lines = [
        _("%(table)s %(row)s, %(column)s: stored %(stored)s, recounted %(recounted)s") % as_json(difference)
        for difference in found[:SHOWN]
    ]
    some = ngettext("%(number)s total differs.", "%(number)s totals differ.", len(found))
    return "\n".join([read, compared, *lines, some % {"number": number(len(found))}])
