"""`relais send-digests [--site URL] [--dry-run] [--json]`: write what is to do to each, by a daily timer."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from relais.insight.actions.digests import Links, send_digests


class Command(BaseCommand):
    help = "Write to each person what is new, due or told higher, as often as they chose; once a day at most."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--site", default="http://127.0.0.1:8000", help="address of this site, for the links"
        )
        parser.add_argument("--dry-run", action="store_true", help="count the mails, send none")
        parser.add_argument("--json", action="store_true", help="print one JSON object on stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        links = links_of(options["site"].rstrip("/"))
        done = send_digests(on=timezone.localdate(), links=links, dry_run=options["dry_run"])
        text = (
            _("%(sent)s mails to send, %(nothing)s people with nothing new, %(not_today)s not to tell today.")
            if options["dry_run"]
            else _(
                "%(sent)s mails sent, %(nothing)s people with nothing new, %(not_today)s not to tell today."
            )
        )
        self.stdout.write(json.dumps(asdict(done)) if options["json"] else text % asdict(done))
        if done.failed:
            told = _("%(failed)s mails could not leave. Check MAIL_URL; the next pass tries them again.")
            raise CommandError(told % asdict(done), returncode=1)


def links_of(site: str) -> Links:
    return Links(
        alert=lambda body, alert: site + reverse("alert-detail", args=[body.slug, alert.pk]),
        alerts=lambda body: site + reverse("alert-list", args=[body.slug]),
        choice=site + reverse("reminders"),
    )
