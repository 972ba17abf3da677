"""Print the consolidated figures of a scheme, those of the page, small groups of people masked."""

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from relais.core.months import Month
from relais.core.words import BadValue, gettext_noop
from relais.insight.figures import (
    CONTRACTS,
    HOURS,
    PEOPLE,
    Figure,
    Measure,
    figures,
    fte_measure,
    lines,
    masked_words,
    sentence,
)
from relais.insight.forms import EARLIEST, LATEST
from relais.insight.perimeter import YEAR, Perimeter
from relais.insight.queries.consolidated import Consolidated, consolidate
from relais.insight.queries.dimensions import BREAKDOWNS, SUMMARY, Ask
from relais.insight.queries.dimensions import HOURS as COLUMNS
from relais.insight.queries.names import Names, names
from relais.insight.scopes import Scope
from relais.kit.words import number, percent, say
from relais.organisations.enums import PolicyKey
from relais.organisations.models import Scheme
from relais.organisations.policies import policies

NOTHING, BAD_USAGE = 1, 2
FAR_YEAR = gettext_noop("“%(text)s” is not a year of clauses: give one between %(first)s and %(last)s.")
WIDTH = 46
"""Characters of a label in the human report."""
TITLES = ("year", "department", "sector", "modality", "mode", "category", "sex")


class Command(BaseCommand):
    help = "Print the consolidated figures of a scheme: hours, people, contracts, breakdowns."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--scheme", required=True, metavar="S", help="short name (slug) of the scheme")
        parser.add_argument("--from", dest="first", metavar="Y", help="first year (2015) or month (2015-03)")
        parser.add_argument("--to", dest="last", metavar="Y", help="last year or month")
        parser.add_argument("--json", action="store_true", help="print one JSON object on stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        scheme = self.scheme(options["scheme"])
        perimeter = self.perimeter(scheme, options["first"], options["last"])
        found, before = consolidate([Ask(perimeter, BREAKDOWNS), Ask(perimeter.before(), SUMMARY)], Scope())
        known = names(scheme.pk, Scope())
        divisor = policies(scheme, min(perimeter.ends_on, timezone.localdate())).get(PolicyKey.FTE_DIVISOR)
        told = figures(measures(divisor.value if divisor else None), found, before)
        if options["json"]:
            report = as_json(scheme, perimeter, told, found, known)
            self.stdout.write(json.dumps(report, ensure_ascii=False))
        else:
            self.stdout.write(as_text(scheme, perimeter, told, found, known))
        if not (found.totals.owed or found.totals.validated or found.counts.running):
            text = _("“%(scheme)s” has neither a contract with a clause nor hours in this period.")
            raise CommandError(text % {"scheme": scheme.slug}, returncode=NOTHING)

    def scheme(self, slug: str) -> Scheme:
        scheme = Scheme.objects.select_related("territory").filter(slug=slug).first()
        if scheme is None:
            known = ", ".join(Scheme.objects.order_by("slug").values_list("slug", flat=True)[:10])
            text = _("No scheme is called “%(slug)s”. Known schemes: %(known)s.")
            raise CommandError(text % {"slug": slug, "known": known or "–"}, returncode=BAD_USAGE)
        return scheme

    def perimeter(self, scheme: Scheme, first: str | None, last: str | None) -> Perimeter:
        """From the beginning to the end of this year, unless told."""
        try:
            start = month_of(first, 1) if first else Month(EARLIEST, 1)
            end = month_of(last, YEAR) if last else Month(max(timezone.localdate().year, start.year), YEAR)
        except BadValue as error:
            raise CommandError(say(error.words), returncode=BAD_USAGE) from error
        if end < start:
            text = _("The period ends in %(last)s, before it starts in %(first)s.")
            raise CommandError(text % {"first": start, "last": end}, returncode=BAD_USAGE)
        return Perimeter(scheme.pk, start, end)


def month_of(text: str, number: int) -> Month:
    """A month, or the first or last one of a year. Raises `BadValue` for anything else."""
    is_year = text.isascii() and text.isdigit() and len(text) == len("2015")
    month = Month(int(text), number) if is_year else Month.parse(text)
    if not EARLIEST <= month.year <= LATEST:
        raise BadValue(FAR_YEAR, text=text, first=str(EARLIEST), last=str(LATEST))
    return month


def measures(divisor: Decimal | None) -> Sequence[Measure]:
    return (*HOURS, *PEOPLE, fte_measure(divisor), *CONTRACTS)


def as_json(
    scheme: Scheme, perimeter: Perimeter, told: Sequence[Figure], found: Consolidated, known: Names
) -> dict[str, Any]:
    """Exact decimals as text, whole numbers as numbers; a masked row has no figure."""
    return {
        "scheme": scheme.slug,
        "from": str(perimeter.first),
        "to": str(perimeter.last),
        "masked_below": found.fewest,
        "figures": {figure.measure.key: plain(figure.value) for figure in told},
        "before": {figure.measure.key: plain(figure.former) for figure in told},
        "breakdowns": {
            dimension: [
                {
                    "key": line.key,
                    "label": line.label,
                    "masked": line.row.masked,
                    "people": None if line.row.masked or line.row.few else line.row.people,
                    **{name: None if line.row.masked else plain(getattr(line.row, name)) for name in COLUMNS},
                }
                for line in lines(found, dimension, known)
            ]
            for dimension in BREAKDOWNS
        },
    }


def plain(value: Decimal | int | None) -> str | int | None:
    return f"{value:f}" if isinstance(value, Decimal) else value


def as_text(
    scheme: Scheme, perimeter: Perimeter, told: Sequence[Figure], found: Consolidated, known: Names
) -> str:
    place = scheme.territory.name if scheme.territory else scheme.name
    text = [scheme.name, sentence(perimeter, place, known), ""]
    text += [f"  {figure.measure.label!s:<{WIDTH}} {figure.text:>14}" for figure in told]
    titles = {
        "year": _("By year"),
        "department": _("By department"),
        "sector": _("By sector"),
        "modality": _("By modality"),
        "mode": _("By mode"),
        "category": _("By category of public"),
        "sex": _("By sex"),
    }
    for dimension in TITLES:
        rows = lines(found, dimension, known)
        if rows:
            text += ["", titles[dimension]]
        for line in rows:
            label = line.label if len(line.label) <= WIDTH else line.label[: WIDTH - 1] + "…"
            if line.row.masked:
                text.append(f"  {label:<{WIDTH}} {_('masked'):>14}")
                continue
            some = ngettext(
                "%(number)s person", "%(number)s people", found.fewest if line.row.few else line.row.people
            )
            people = some % {"number": line.people}
            share = percent(line.share)
            text.append(f"  {label:<{WIDTH}} {number(line.row.validated) + ' h':>14} {share:>8} {people:>18}")
    if words := masked_words([found]):
        text += ["", words]
    return "\n".join(text)
