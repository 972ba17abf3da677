"""`relais propose-pooling --scheme SCHEME [--json]`: search long jobs among small obligations."""

import json
from argparse import ArgumentParser
from decimal import Decimal, InvalidOperation
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from relais.core.pooling import Measure, PoolingRules
from relais.core.words import BadValue
from relais.execution.queries.pooling import EFFORT, Asked, Proposal, Search, crumbs_of, search
from relais.kit.actor import Actor
from relais.kit.words import hours, number, say
from relais.organisations.enums import Role
from relais.organisations.models import Scheme

DEFAULTS = PoolingRules()


def a_number(text: str) -> Decimal:
    """A number of the command line. Raises `ValueError`, which the parser tells."""
    try:
        found = Decimal(text)
    except InvalidOperation as error:
        raise ValueError(text) from error
    if not found.is_finite():
        raise ValueError(text)
    return found


class Command(BaseCommand):
    help = "Search the long jobs that small obligations of a scheme make together; nothing is kept."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--scheme", required=True, help="address (slug) of the scheme")
        parser.add_argument("--department", default="", help="code of a department, all when absent")
        for name, default, told in (
            ("--most-hours", Asked().most_hours, "hours left at most under a contract"),
            ("--least-month", DEFAULTS.least_month, "hours a month at least"),
            ("--full-month", DEFAULTS.full_month, "hours of a full month"),
            ("--radius", Decimal(round(DEFAULTS.radius)), "kilometres between contracts at most"),
            ("--effort", Decimal(str(EFFORT)), "effort of the search, the page takes 1"),
        ):
            parser.add_argument(name, type=a_number, default=default, help=f"{told} ({default})")
        parser.add_argument("--least-months", type=int, default=DEFAULTS.least_months)
        parser.add_argument("--most-parts", type=int, default=DEFAULTS.most_parts)
        parser.add_argument("--trades", action="store_true", help="let different trades go together")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        scheme = Scheme.objects.filter(slug=options["scheme"]).first()
        if scheme is None:
            raise CommandError(_("No scheme has the address “%(slug)s”.") % {"slug": options["scheme"]})
        actor = Actor(None, scheme.coordinator_id, Role.MANAGER, timezone.localdate())
        begun = monotonic()
        try:
            rules = PoolingRules(
                full_month=options["full_month"],
                least_month=options["least_month"],
                least_months=options["least_months"],
                most_parts=options["most_parts"],
                radius=float(options["radius"]),
                trades=options["trades"],
            )
            crumbs = crumbs_of(actor, scheme, most_hours=options["most_hours"])
            asked = crumbs.asked(Asked(options["most_hours"], options["department"]))
            found = search(asked, rules, effort=float(options["effort"]))
        except BadValue as error:
            raise CommandError(say(error.words)) from error
        seconds = round(monotonic() - begun, 1)
        if options["json"]:
            self.stdout.write(json.dumps(as_json(found, seconds), ensure_ascii=False))
        else:
            self.tell(found, seconds)

    def tell(self, found: Search, seconds: float) -> None:
        for rank, job in enumerate(found.proposals, 1):
            self.stdout.write(
                _("Job %(number)s: %(trades)s, %(hours)s over %(count)s months")
                % {
                    "number": rank,
                    "trades": ", ".join(job.trades),
                    "hours": hours(job.total),
                    "count": len(job.rows),
                }
            )
            for share in job.shares:
                clause, firm = share.debtor.obligation.clause.reference, share.debtor.organisation.name
                self.stdout.write(f"  {clause} · {firm}  {hours(share.hours)}  {number(share.percent, 2)} %")
        for left in found.left:
            self.stdout.write(f"- {left.name} – {say(left.reason)}")
        self.stdout.write(
            _(
                "%(before)s contracts of %(mean_before)s months, then %(after)s of %(mean_after)s "
                "(%(time)s s)."
            )
            % {
                "before": found.before.contracts,
                "mean_before": number(found.before.mean_months),
                "after": found.after.contracts,
                "mean_after": number(found.after.mean_months),
                "time": number(seconds),
            }
        )


def as_json(found: Search, seconds: float) -> dict[str, Any]:
    return {
        "jobs": [job_as_json(job) for job in found.proposals],
        "left": [{"contract": left.name, "reason": str(left.reason)} for left in found.left],
        "before": measure_as_json(found.before),
        "after": measure_as_json(found.after),
        "proven": found.proven,
        "seconds": seconds,
    }


def job_as_json(job: Proposal) -> dict[str, Any]:
    return {
        "trades": list(job.trades),
        "department": job.department,
        "hours": str(job.total),
        "parts": [
            {
                "clause": share.debtor.obligation.clause.reference,
                "buyer": share.debtor.obligation.buyer.name,
                "company": share.debtor.organisation.name,
                "hours": str(share.hours),
                "percent": str(share.percent),
                "months": {str(month): str(one) for month, one in job.plan_of(rank).items()},
            }
            for rank, share in enumerate(job.shares)
        ],
    }


def measure_as_json(measure: Measure) -> dict[str, Any]:
    return {
        "contracts": measure.contracts,
        "hours": str(measure.hours),
        "mean_months": str(measure.mean_months),
    }
