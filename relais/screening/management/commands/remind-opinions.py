"""`relais remind-opinions [--site URL] [--json]`: remind of opinions near their date, by a daily timer."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from relais.screening.actions import Link, remind_due_opinions
from relais.screening.models import OpinionRequest


class Command(BaseCommand):
    help = "Remind facilitator bodies of opinions near their date, and tell managers of those that stay late."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--site", default="http://127.0.0.1:8000", help="address of this site, for the links"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object on stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        site = options["site"].rstrip("/")

        def link(asked: OpinionRequest) -> Link:
            return lambda: site + reverse("opinion-answer", args=[asked.facilitator.slug, asked.pk])

        at = timezone.now()
        done = remind_due_opinions(link=link, at=at, on=timezone.localdate(at))
        if options["json"]:
            self.stdout.write(json.dumps({"reminded": done.reminded, "escalated": done.escalated}))
            return
        self.stdout.write(
            _("%(reminded)s opinions reminded, %(escalated)s told to the managers.")
            % {"reminded": done.reminded, "escalated": done.escalated}
        )
