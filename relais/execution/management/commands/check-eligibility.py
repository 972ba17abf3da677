"""`relais check-eligibility [--scheme SLUG] [--json]`: compute every decision again from what it kept."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from relais.execution.queries.policies import Recomputed, decided_without_working, recomputed
from relais.kit.words import number
from relais.organisations.models import Scheme


class Command(BaseCommand):
    help = "Compute every decision again from the rules and inputs it kept; exit 1 when one differs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--scheme", default="", help="one scheme only (its short name)")
        parser.add_argument("--json", action="store_true", help="print one JSON object on stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        scheme = scheme_id_of(options["scheme"])
        count, changed = 0, list[Recomputed]()
        for one in recomputed(scheme):
            count += 1
            changed += [one] if one.changed else []
        older = decided_without_working(scheme)
        if options["json"]:
            rows = [
                {"decision": one.decision, "person": one.number, "rules": list(one.changed)}
                for one in changed
            ]
            self.stdout.write(json.dumps({"decisions": count, "older": older, "differences": rows}))
        else:
            self.tell(count, older, changed)
        if changed:
            sys.exit(1)

    def tell(self, count: int, older: int, changed: list[Recomputed]) -> None:
        for one in changed:
            self.stdout.write(
                _("Decision %(decision)s on %(person)s: another answer for %(rules)s.")
                % {"decision": one.decision, "person": one.number, "rules": ", ".join(one.changed)}
            )
        self.stdout.write(
            _("%(count)s decisions computed again, %(changed)s differ; %(older)s older ones kept no inputs.")
            % {"count": number(count), "changed": number(len(changed)), "older": number(older)}
        )


def scheme_id_of(slug: str) -> int | None:
    if not slug:
        return None
    found = Scheme.objects.filter(slug=slug).values_list("pk", flat=True).first()
    if found is None:
        raise CommandError(_("No scheme is called “%(slug)s”.") % {"slug": slug}, returncode=2)
    return found
