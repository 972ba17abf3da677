"""`relais apply-retention [--scheme SLUG] [--dry-run] [--json]`: archive and anonymise what is due."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from relais.execution.actions.retention import apply_retention
from relais.execution.models import Person
from relais.kit.words import number
from relais.organisations.models import Scheme


class Command(BaseCommand):
    help = "Archive the files of people that left use, make anonymous those that are no longer evidence."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--scheme", default="", help="one scheme only (its short name)")
        parser.add_argument("--dry-run", action="store_true", help="tell what is due, change nothing")
        parser.add_argument("--json", action="store_true", help="print one JSON object on stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        people = Person.objects.all()
        if slug := options["scheme"]:
            scheme = Scheme.objects.filter(slug=slug).first()
            if scheme is None:
                raise CommandError(_("No scheme is called “%(slug)s”.") % {"slug": slug}, returncode=2)
            people = people.filter(scheme=scheme)
        at = timezone.now()
        done = apply_retention(people, on=timezone.localdate(at), at=at, dry_run=options["dry_run"])
        if options["json"]:
            self.stdout.write(json.dumps({"dry_run": options["dry_run"], **asdict(done)}))
            return
        counts = {name: number(len(numbers)) for name, numbers in asdict(done).items()}
        if options["dry_run"]:
            told = _("Due, nothing changed: %(archived)s to archive, %(anonymised)s to make anonymous.")
        else:
            told = _("Archived: %(archived)s. Made anonymous: %(anonymised)s.")
        self.stdout.write(told % counts)
        self.stdout.write(_("Soon to archive: %(warned)s. Their bodies read the list.") % counts)
