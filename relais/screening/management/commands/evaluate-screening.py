"""`relais evaluate-screening FILE... [--structures LIST...]`: how well the screening finds clauses."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from relais.core.words import BadValue
from relais.kit.words import say
from relais.screening.evaluation import page
from relais.screening.evaluation.cases import read_cases
from relais.screening.evaluation.result import Evaluation, evaluate
from relais.screening.evaluation.structures import count_structures
from relais.screening.queries.default_book import default_book


class Command(BaseCommand):
    help = (
        "Measure the screening on published contracts that tell their social considerations, against simple "
        "rules and a learned component. Nothing is stored; the database is not read."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", help="contracts, as they were downloaded")
        parser.add_argument(
            "--structures", nargs="+", metavar="LIST", help="lists of insertion structures (CSV)"
        )
        parser.add_argument("--folds", type=several, default=5, help="groups of buyers (default: 5)")
        parser.add_argument("--seed", type=int, default=1, help="deals the groups and the draws (default: 1)")
        parser.add_argument("--draws", type=several, default=500, help="draws of buyers (default: 500)")
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument("--write", type=Path, metavar="PAGE", help="write the figures into this page")

    def handle(self, *args: Any, **options: Any) -> None:
        found = self.evaluation(options)
        if options["json"]:
            self.stdout.write(json.dumps(found.as_dict(), ensure_ascii=False))
        else:
            self.print(found)
        if options["write"]:
            with translation.override("en"):
                page.write(options["write"], found, day=timezone.localdate())

    def evaluation(self, options: dict[str, Any]) -> Evaluation:
        try:
            structures = count_structures(options["structures"]) if options["structures"] else None
            cases = read_cases(options["files"], default_book(), timezone.localdate())
            return evaluate(
                cases, structures, count=options["folds"], seed=options["seed"], draws=options["draws"]
            )
        except BadValue as error:
            raise CommandError(say(error.words), returncode=1) from error
        except OSError as error:
            text = _("%(path)s cannot be read: %(why)s.")
            raise CommandError(
                text % {"path": error.filename, "why": error.strerror}, returncode=1
            ) from error

    def print(self, found: Evaluation) -> None:
        for sentence in page.sentences(found):
            self.stdout.write(sentence)
        for table in (page.figures(found), page.bands(found), page.learned(found)):
            self.stdout.write(f"\n{page.as_text(table)}")
        self.stdout.write(f"\n{page.verdict(found)}")


def several(text: str) -> int:
    """A whole number from 2; `argparse` tells a `ValueError` as bad usage."""
    number = int(text)
    if number < 2:
        raise ValueError(text)
    return number
