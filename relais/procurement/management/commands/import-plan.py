"""`relais import-plan FILE --buyer B [--scheme S] [--json]`: bring a purchase plan in, as the page does."""

import json
from argparse import ArgumentParser
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from relais.core.words import BadValue
from relais.kit.access import Refused
from relais.kit.actor import Actor
from relais.kit.tallies import NAMES, tally_said
from relais.kit.words import say
from relais.organisations.enums import Capacity, Role
from relais.organisations.models import Organisation, Scheme, SchemeBody, in_force
from relais.organisations.queries import capacities_of
from relais.procurement.actions.plans import NewPlan, import_plan, receive_plan
from relais.procurement.models import PlanImport
from relais.procurement.plan_reports import faults_of, plan_report
from relais.procurement.planning import Chosen, KeptFile, kept_file, plan_for, reading_of
from relais.procurement.plans import ColumnMapping, Field, PlanReading

BAD_USAGE = 2


class Command(BaseCommand):
    help = "Import the purchase plan of a buyer (xlsx, ods, xls, csv): columns are recognised by their names."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", help="spreadsheet of the plan")
        parser.add_argument(
            "--buyer", required=True, metavar="B", help="short name (slug) or SIRET of the buyer"
        )
        parser.add_argument(
            "--scheme", metavar="S", help="short name (slug) of the scheme, if there are several"
        )
        parser.add_argument(
            "--plan", metavar="TITLE", help="title of the plan; the file's own title otherwise"
        )
        parser.add_argument(
            "--vat", metavar="RATE", help="rate of tax (%%) to take out of amounts including it"
        )
        parser.add_argument(
            "--leave-out",
            action="append",
            default=[],
            metavar="SHEET",
            help="name of a sheet not to read; may be given several times",
        )
        parser.add_argument("--json", action="store_true", help="print the report as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        at = timezone.now()
        today = timezone.localdate(at)
        buyer = self._buyer(options["buyer"], today)
        scheme = self._scheme(options["scheme"], buyer, today)
        actor = Actor(None, buyer.pk, Role.MANAGER, today)
        path = Path(options["file"])
        try:
            content = path.read_bytes()
        except OSError as error:
            text = _("“%(file)s” cannot be read: %(error)s.") % {"file": path, "error": error.strerror}
            raise CommandError(text, returncode=BAD_USAGE) from error
        try:
            receipt = self._import(content, path, options, scheme, actor, at)
        except (BadValue, Refused) as error:
            words = error.words if isinstance(error, BadValue) else error.verdict.reason
            if options["json"]:
                self.stdout.write(json.dumps({"path": str(path), "error": say(words)}, ensure_ascii=False))
            raise CommandError(say(words), returncode=1) from error
        self._tell(receipt, str(path), as_json=options["json"])

    def _import(
        self, content: bytes, path: Path, options: dict[str, Any], scheme: Scheme, actor: Actor, at: Any
    ) -> PlanImport:
        receipt = receive_plan(
            content,
            name=path.name,
            scheme=scheme,
            plan=None,
            capacities=frozenset({Capacity.BUYER}),
            actor=actor,
            at=at,
        )
        try:
            kept = kept_file(receipt)
            chosen = self._chosen(kept, options["vat"], options["leave_out"])
            new = self._named(reading_of(kept, chosen), options["plan"], path, actor.on)
            years = (new.first_year, new.last_year)
            receipt.plan = plan_for(actor.organisation_id, scheme.pk, title=new.title, years=years)
            receipt.save(update_fields=["plan"])
            return import_plan(receipt, chosen, new=new, actor=actor, at=at)
        except (BadValue, Refused, CommandError):
            receipt.delete()
            raise

    def _buyer(self, wanted: str, today: date) -> Organisation:
        found = (
            Organisation.objects.filter(slug=wanted).first()
            or Organisation.objects.filter(siret=wanted).first()
        )
        if found is None or Capacity.BUYER not in capacities_of(found, today):
            text = _("No buyer is known as “%(wanted)s”. Give its short name or its SIRET.")
            raise CommandError(text % {"wanted": wanted}, returncode=BAD_USAGE)
        return found

    def _scheme(self, wanted: str | None, buyer: Organisation, today: date) -> Scheme:
        parts = SchemeBody.objects.filter(in_force(today), organisation=buyer)
        own = Scheme.objects.select_related("territory").filter(pk__in=parts.values("scheme_id"))
        own = own | Scheme.objects.select_related("territory").filter(coordinator=buyer)
        found = list(own.filter(slug=wanted) if wanted else own.order_by("pk")[:2])
        if len(found) == 1:
            return found[0]
        known = ", ".join(own.order_by("slug").values_list("slug", flat=True)) or "–"
        text = _("Give --scheme, one of those the buyer takes part in: %(known)s.") % {"known": known}
        raise CommandError(text, returncode=BAD_USAGE)

    def _chosen(self, kept: KeptFile, vat: str | None, left_out: list[str]) -> Chosen:
        proposed = kept.proposed
        known = [table.sheet.name for table in kept.tables]
        if unknown := [name for name in left_out if name not in known]:
            text = _("No sheet that holds a plan is called “%(name)s”. There are: %(known)s.")
            raise CommandError(text % {"name": unknown[0], "known": ", ".join(known)}, returncode=BAD_USAGE)
        mappings = tuple(self._mapping(mapping, vat) for mapping in proposed.mappings)
        return Chosen(mappings, proposed.left_out | frozenset(left_out))

    def _mapping(self, mapping: ColumnMapping, vat: str | None) -> ColumnMapping:
        if vat is None or mapping.at(Field.AMOUNT_WITH_TAX) is None:
            return mapping
        try:
            rate = Decimal(vat.replace(",", "."))
        except InvalidOperation as error:
            text = _("--vat is a rate, as in 20 or 5.5.")
            raise CommandError(text, returncode=BAD_USAGE) from error
        if not rate.is_finite() or not 0 <= rate <= 100:
            raise CommandError(_("--vat is a rate, as in 20 or 5.5."), returncode=BAD_USAGE)
        return ColumnMapping(mapping.fields, mapping.unit, rate)

    def _named(self, reading: PlanReading, title: str | None, path: Path, today: date) -> NewPlan:
        first = reading.first_year or today.year
        return NewPlan((title or reading.title or path.stem)[:200], first, reading.last_year or first)

    def _tell(self, receipt: PlanImport, path: str, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(plan_report(receipt, path), ensure_ascii=False))
            return
        plan = receipt.plan
        assert plan is not None
        self.stdout.write(self.style.MIGRATE_HEADING(f"{plan.title} ({plan.years})"))
        counts = {name: getattr(receipt, name) for name in NAMES}
        self.stdout.write(f"  {tally_said(counts)}")
        for fault in faults_of(receipt):
            self.stdout.write(self.style.WARNING(f"  {fault.place}: {say(fault.reason)}"))
