"""Screen all lots of a scheme and print the ranked opportunities."""

import json
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from relais.kit.actor import Actor
from relais.kit.words import say
from relais.organisations.models import Scheme
from relais.procurement.enums import Origin
from relais.screening.actions import Screening, screen_scheme
from relais.screening.models import ScreeningResult
from relais.screening.queries.listing import ranked

WIDTH = 60


class Command(BaseCommand):
    help = "Screen the lots of a scheme and print the opportunities, best first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--scheme", required=True, help="address (slug) of the scheme")
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument("--force", action="store_true", help="screen again lots that did not change")
        parser.add_argument(
            "--limit", type=row_count, default=50, help="rows of the human table (default: 50)"
        )
        parser.add_argument("--imported", action="store_true", help="table of the imported lots only")

    def handle(self, *args: Any, **options: Any) -> None:
        scheme = self.scheme(options["scheme"])
        now = timezone.now()
        actor = Actor(None, scheme.coordinator_id, "", timezone.localdate())
        done = screen_scheme(scheme, actor=actor, at=now, on=actor.on, force=options["force"])
        if options["json"]:
            self.print_json(scheme)
        else:
            rows = (
                ranked(scheme).filter(lot__origin=Origin.IMPORTED) if options["imported"] else ranked(scheme)
            )
            self.print_table(rows[: options["limit"]], done)
        if not done.read:
            text = _("The scheme “%(scheme)s” has no lot. Import contracts or announce lots first.")
            raise CommandError(text % {"scheme": scheme.slug}, returncode=1)

    def scheme(self, slug: str) -> Scheme:
        scheme = Scheme.objects.select_related("territory").filter(slug=slug).first()
        if scheme is None:
            known = ", ".join(Scheme.objects.order_by("slug").values_list("slug", flat=True)[:10])
            text = _("No scheme is called “%(slug)s”. Known schemes: %(known)s.")
            raise CommandError(text % {"slug": slug, "known": known or "–"}, returncode=2)
        return scheme

    def print_json(self, scheme: Scheme) -> None:
        """One object, written row by row: the memory does not grow with the scheme."""
        self.stdout.write('{"lots":[', ending="")
        for number, row in enumerate(rows_of(scheme)):
            self.stdout.write(("," if number else "") + json.dumps(row, ensure_ascii=False), ending="")
        self.stdout.write("]}")

    def print_table(self, results: Iterable[ScreeningResult], done: Screening) -> None:
        heads = (_("Score"), _("Hours"), _("Lever"), _("Buyer"), _("Object"))
        self.stdout.write("{:>5}  {:>8}  {:<24}  {:<24}  {}".format(*heads))
        for result in results:
            lever = say(result.lever_words) or "–"
            hours = "–" if result.hours is None else f"{result.hours.normalize():f}"
            buyer, about = result.lot.buyer.name[:24], " ".join(result.lot.object.split())[:WIDTH]
            self.stdout.write(f"{result.score:>5}  {hours:>8}  {lever[:24]:<24}  {buyer:<24}  {about}")
        text = _("%(read)s lots read, %(screened)s screened, %(unchanged)s unchanged.")
        self.stdout.write(text % {"read": done.read, "screened": done.screened, "unchanged": done.unchanged})


def row_count(text: str) -> int:
    """A number of rows, zero or more; `argparse` tells a `ValueError` as bad usage."""
    number = int(text)
    if number < 0:
        raise ValueError(text)
    return number


def rows_of(scheme: Scheme) -> Iterator[dict[str, Any]]:
    for result in ranked(scheme).iterator(chunk_size=500):
        yield row_of(result)


def row_of(result: ScreeningResult) -> dict[str, Any]:
    contract = getattr(result.lot, "contract", None)
    return {
        "lot": result.lot_id,
        "buyer": result.lot.buyer.name,
        "contract": contract.source_id if contract else None,
        "object": result.lot.object,
        "cpv": result.lot.cpv,
        "amount": plain(result.amount),
        "trade": result.trade.code if result.trade else None,
        "score": result.score,
        "lever": result.lever or None,
        "article": result.article or None,
        "hours": plain(result.hours),
        "duty": result.duty_applies,
        "duty_satisfied": result.duty_satisfied,
        "reasons": [
            {"text": text, "points": reason["points"]}
            for text, reason in zip(result.sentences, result.reasons, strict=True)
        ],
    }


def plain(number: Decimal | None) -> int | float | None:
    """A JSON number, whole when it is; files that count read the database, not this report."""
    if number is None:
        return None
    return int(number) if number == number.to_integral_value() else float(number)
