"""`relais import-calls FILE --obligation REF --buyer B [--json]`: record a file of orders or invoices."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from relais.core.words import BadValue
from relais.execution.actions.calls_file import CallReport, import_calls
from relais.execution.models import Debtor, Obligation
from relais.execution.queries.calls_file import CallIntake, read_calls
from relais.execution.queries.intake import Problem
from relais.execution.queries.owing import standing_of
from relais.kit.access import Refused
from relais.kit.actor import Actor
from relais.kit.words import say
from relais.organisations.enums import Role

NOTHING_DONE, BAD_USAGE = 1, 2


class Command(BaseCommand):
    help = "Record the orders or invoices of a framework contract (csv, xlsx, ods). Nothing is stored half."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path, help="CSV, .xlsx, .ods or .xls file")
        parser.add_argument(
            "--obligation", metavar="REF", required=True, help="reference of the clause, or its number"
        )
        parser.add_argument("--buyer", metavar="B", required=True, help="short name (slug) of the buyer")
        parser.add_argument("--json", action="store_true", help="print the report as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        obligation = self.obligation(options["obligation"], options["buyer"])
        path: Path = options["file"]
        try:
            content = path.read_bytes()
        except OSError as error:
            text = _("The file %(file)s cannot be opened: %(reason)s.")
            said = text % {"file": path.name, "reason": error.strerror}
            raise CommandError(said, returncode=BAD_USAGE) from error
        actor = Actor(None, obligation.buyer_id, Role.MANAGER, timezone.localdate())
        debtors = list(Debtor.objects.filter(obligation=obligation).select_related("organisation"))
        report: CallReport | None = None
        try:
            intake = read_calls(content, name=path.name, debtors=debtors, standing=standing_of(obligation))
            report = import_calls(obligation, intake, name=path.name, actor=actor, at=timezone.now())
        except BadValue as error:
            intake = CallIntake(problems=[Problem("", 0, "", error.words, error.words)])
        except Refused as refusal:
            raise CommandError(say(refusal.verdict.reason), returncode=NOTHING_DONE) from refusal
        self.report(path, intake, report, as_json=options["json"])

    def obligation(self, name: str, buyer: str) -> Obligation:
        own = Obligation.objects.filter(buyer__slug=buyer).select_related("clause", "buyer", "scheme")
        found = list(own.filter(clause__reference=name))
        if not found and name.isascii() and name.isdigit() and len(name) < 19:
            found = list(own.filter(pk=int(name)))
        if len(found) != 1:
            text = _("%(count)s obligations of “%(buyer)s” are called “%(name)s”. Check both.")
            said = text % {"count": len(found), "buyer": buyer, "name": name}
            raise CommandError(said, returncode=BAD_USAGE)
        return found[0]

    def report(self, path: Path, intake: CallIntake, report: CallReport | None, *, as_json: bool) -> None:
        kept = report or CallReport()
        if as_json:
            self.stdout.write(json.dumps(as_object(path, intake, kept), ensure_ascii=False))
        else:
            text = _("%(read)s lines read: %(created)s recorded, %(updated)s corrected, %(same)s unchanged.")
            counts = {"created": kept.created, "updated": kept.updated, "same": kept.unchanged}
            self.stdout.write(text % {"read": intake.read, **counts})
            for problem in intake.problems:
                self.stderr.write(located(problem))
        if report is None:
            if as_json:
                raise SystemExit(NOTHING_DONE)
            raise CommandError(_("Nothing was stored."), returncode=NOTHING_DONE)


def as_object(path: Path, intake: CallIntake, kept: CallReport) -> dict[str, Any]:
    return {
        "file": path.name,
        "read": intake.read,
        "created": kept.created,
        "updated": kept.updated,
        "unchanged": kept.unchanged,
        "rejected": len({problem.row for problem in intake.problems}),
        "rejections": [
            {
                "sheet": problem.sheet,
                "row": problem.row,
                "column": problem.column,
                "reason": say(problem.reason),
                "remedy": say(problem.remedy),
            }
            for problem in intake.problems
        ],
    }


def located(problem: Problem) -> str:
    """Where, why, what to do, on one line."""
    row = _("line %(row)s") % {"row": problem.row} if problem.row else ""
    column = _("column %(column)s") % {"column": problem.column} if problem.column else ""
    place = ", ".join(part for part in (problem.sheet, row, column) if part)
    reason, remedy = say(problem.reason), say(problem.remedy)
    text = reason if reason == remedy else f"{reason} {remedy}"
    return _("%(name)s: %(value)s") % {"name": place, "value": text} if place else text
