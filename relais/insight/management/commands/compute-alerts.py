"""`relais compute-alerts [--scheme S] [--json]`: open and close the alerts of the day, by a daily timer."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from relais.insight.actions.compute import Pass, compute_alerts
from relais.kit.words import number
from relais.organisations.models import Scheme


class Command(BaseCommand):
    help = "Look for what deserves a look in every scheme, open and close its alerts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--scheme", default="", help="one scheme only (its short name)")
        parser.add_argument("--json", action="store_true", help="print one JSON object on stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        on = timezone.localdate()
        schemes = Scheme.objects.order_by("pk")
        if options["scheme"]:
            schemes = schemes.filter(slug=options["scheme"])
            if not schemes.exists():
                text = _("No scheme is called “%(slug)s”.") % {"slug": options["scheme"]}
                raise CommandError(text, returncode=2)
        done = {scheme: compute_alerts(scheme, on=on) for scheme in schemes}
        if options["json"]:
            report = {scheme.slug: as_json(found) for scheme, found in done.items()}
            self.stdout.write(json.dumps({"on": on.isoformat(), "schemes": report}, ensure_ascii=False))
            return
        for scheme, found in done.items():
            self.stdout.write(told(scheme, found))


def as_json(found: Pass) -> dict[str, Any]:
    return {
        "opened": found.opened,
        "changed": found.changed,
        "closed": found.closed,
        "escalated": found.escalated,
        "open": dict(sorted(found.open.items())),
    }


def told(scheme: Scheme, found: Pass) -> str:
    text = _(
        "%(scheme)s: %(open)s alerts open; %(opened)s opened, %(changed)s changed, %(closed)s closed, "
        "%(escalated)s escalated."
    )
    figures = {name: number(getattr(found, name)) for name in ("opened", "changed", "closed", "escalated")}
    return text % {"scheme": scheme.name, "open": number(found.total), **figures}
