"""`relais import-hours`: declare hours from a spreadsheet: one month, or all those of a layout taught."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from relais.core.months import Month
from relais.core.words import BadValue
from relais.execution.actions.hours_files import store_months
from relais.execution.actions.intake import declare_file
from relais.execution.models import HoursFile, JobContract, Obligation, Statement
from relais.execution.queries.claims import limits_of
from relais.execution.queries.hours_files import FileRead, declarable_jobs, file_read
from relais.execution.queries.intake import Intake, Problem, read_hours
from relais.kit.access import Refused
from relais.kit.actor import Actor
from relais.kit.words import say
from relais.organisations.enums import Role
from relais.organisations.models import Organisation

NOTHING_DONE, BAD_USAGE = 1, 2


class Command(BaseCommand):
    help = (
        "Declare the hours of a CSV, .xlsx or .ods file: one month, or all the months of a layout that the "
        "body taught. Nothing is stored half."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="CSV, .xlsx, .ods or .xls file")
        parser.add_argument("--obligation", required=True, help="number of the obligation, or its reference")
        parser.add_argument("--month", help="month declared, as 2026-03, when the file does not say it")
        parser.add_argument(
            "--declarant", help="address (slug) of the body declaring, when there are several"
        )
        parser.add_argument("--signed-by", default="", help="who signs the statement")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        obligation = self.obligation(options["obligation"])
        declarant = self.declarant(obligation, options["declarant"])
        month = self.month(options["month"])
        actor = Actor(None, declarant.pk, Role.MANAGER, timezone.localdate())
        if self.in_taught_layout(options, obligation, declarant, month, actor):
            return
        limits, _policy = limits_of(obligation.scheme, actor.on)
        try:
            intake = read_hours(
                self.content(options["file"]),
                name=options["file"].name,
                obligation=obligation,
                declarant_id=declarant.pk,
                month=month,
                limits=limits,
            )
            statement = None
            if intake.is_whole:
                statement = declare_file(
                    obligation,
                    intake,
                    signed_by=options["signed_by"] or declarant.name,
                    actor=actor,
                    at=timezone.now(),
                )
        except BadValue as error:
            intake, statement = self.unread(month, error), None
        except Refused as refusal:
            raise CommandError(say(refusal.verdict.reason), returncode=NOTHING_DONE) from refusal
        self.report(options, intake, statement)

    def in_taught_layout(
        self,
        options: dict[str, Any],
        obligation: Obligation,
        declarant: Organisation,
        month: Month | None,
        actor: Actor,
    ) -> bool:
        """Declare all the months of a file in a layout that the body taught; tell whether it is one."""
        file = HoursFile(
            declarant=declarant,
            obligation=obligation,
            name=options["file"].name,
            content=self.content(options["file"]),
            choices={"period": str(month)} if month else {},
        )
        try:
            jobs = declarable_jobs(declarant.pk, Obligation.objects.filter(pk=obligation.pk))
            read = file_read(file, jobs, actor.on)
            if read.to_teach:
                return False
            stored = self.stored(options, read, file, declarant, actor)
        except BadValue:
            return False
        except Refused as refusal:
            raise CommandError(say(refusal.verdict.reason), returncode=NOTHING_DONE) from refusal
        self.report_months(options, read, stored)
        return True

    def stored(
        self,
        options: dict[str, Any],
        read: FileRead,
        file: HoursFile,
        declarant: Organisation,
        actor: Actor,
    ) -> list[Statement]:
        if not read.is_whole:
            return []
        signed_by = options["signed_by"] or declarant.name
        return store_months(read, file, signed_by=signed_by, send=True, actor=actor, at=timezone.now())

    def report_months(self, options: dict[str, Any], read: FileRead, stored: Sequence[Statement]) -> None:
        if options["json"]:
            told = {
                "file": options["file"].name,
                "statements": [statement.number for statement in stored],
                "months": [str(month.month) for month in read.months],
                "read": read.rows,
                "created": read.lines if stored else 0,
                "hours": str(read.hours),
                "totals_proved": read.proved,
                **rejections_of(read.problems),
            }
            self.stdout.write(json.dumps(told))
        elif stored:
            text = _("%(created)s lines declared for %(months)s months, %(rows)s rows read.")
            counts = {"created": read.lines, "months": len(stored), "rows": read.rows}
            self.stdout.write(text % counts)
        for problem in read.problems if not options["json"] else ():
            self.stderr.write(located(problem))
        if not stored:
            if options["json"]:
                raise SystemExit(NOTHING_DONE)
            raise CommandError(_("Nothing was stored."), returncode=NOTHING_DONE)

    def content(self, path: Path) -> bytes:
        try:
            return path.read_bytes()
        except OSError as error:
            text = _("The file %(file)s cannot be opened: %(reason)s.")
            raise CommandError(
                text % {"file": path.name, "reason": error.strerror}, returncode=BAD_USAGE
            ) from error

    def obligation(self, name: str) -> Obligation:
        known = Obligation.objects.select_related("clause", "buyer", "scheme")
        numbered = name.isascii() and name.isdigit() and len(name) < 19
        found = list(known.filter(pk=int(name)) if numbered else known.filter(clause__reference=name))
        if not found and numbered:
            found = list(known.filter(clause__reference=name))
        if len(found) != 1:
            text = _("%(count)s obligations are called “%(name)s”. Give the number of one of them.")
            raise CommandError(text % {"count": len(found), "name": name}, returncode=BAD_USAGE)
        return found[0]

    def declarant(self, obligation: Obligation, slug: str | None) -> Organisation:
        jobs = JobContract.objects.filter(obligation=obligation)
        bodies = Organisation.objects.filter(pk__in=jobs.values("declared_by_id")).order_by("slug")
        if slug:
            bodies = bodies.filter(slug=slug)
        found = list(bodies)
        if len(found) != 1:
            text = _("Say which body declares with --declarant: %(bodies)s.")
            names = ", ".join(body.slug for body in found) or "–"
            raise CommandError(text % {"bodies": names}, returncode=BAD_USAGE)
        return found[0]

    def month(self, text: str | None) -> Month | None:
        try:
            return Month.parse(text) if text else None
        except BadValue as error:
            raise CommandError(say(error.words), returncode=BAD_USAGE) from error

    def unread(self, month: Month | None, error: BadValue) -> Intake:
        """A file that cannot be read at all, as one problem of the whole file."""
        intake = Intake(month)
        intake.problems.append(Problem("", 0, "", error.words, error.words))
        return intake

    def report(self, options: dict[str, Any], intake: Intake, statement: Statement | None) -> None:
        created = len(intake.lines) if statement else 0
        if options["json"]:
            self.stdout.write(json.dumps(self.as_json(options["file"], intake, statement, created)))
        elif statement:
            text = _("%(number)s: %(created)s lines declared for %(month)s, %(rows)s rows read.")
            self.stdout.write(
                text
                % {
                    "number": statement.number,
                    "created": created,
                    "month": intake.month,
                    "rows": intake.read,
                }
            )
        for problem in intake.problems if not options["json"] else ():
            self.stderr.write(located(problem))
        if statement is None:
            if options["json"]:
                raise SystemExit(NOTHING_DONE)
            raise CommandError(_("Nothing was stored."), returncode=NOTHING_DONE)

    def as_json(
        self, path: Path, intake: Intake, statement: Statement | None, created: int
    ) -> dict[str, Any]:
        return {
            "file": path.name,
            "statement": statement.number if statement else None,
            "month": str(intake.month) if intake.month else None,
            "read": intake.read,
            "created": created,
            **rejections_of(intake.problems),
        }


def rejections_of(problems: Sequence[Problem]) -> dict[str, Any]:
    """The problems of a file, as JSON."""
    return {
        "rejected": len({(problem.sheet, problem.row) for problem in problems}),
        "rejections": [
            {
                "sheet": problem.sheet,
                "row": problem.row,
                "column": problem.column,
                "reason": say(problem.reason),
                "remedy": say(problem.remedy),
            }
            for problem in problems
        ],
    }


def located(problem: Problem) -> str:
    """Where, why, what to do, on one line."""
    place = ", ".join(
        part
        for part in (
            problem.sheet,
            _("line %(row)s") % {"row": problem.row} if problem.row else "",
            _("column %(column)s") % {"column": problem.column} if problem.column else "",
        )
        if part
    )
    reason, remedy = say(problem.reason), say(problem.remedy)
    text = reason if reason == remedy else f"{reason} {remedy}"
    return f"{place}: {text}" if place else text
