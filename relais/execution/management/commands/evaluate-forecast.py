"""`relais evaluate-forecast [--seed N] [--number N] [--json]`: how far to trust the forecast of hours."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from relais.core.forecast import HIGH, LOW
from relais.core.forecast_trial import Trial, trial
from relais.kit.words import number, percent


class Command(BaseCommand):
    help = (
        "Measure the forecast of hours on simulated contracts. Nothing is stored, the database is not read."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--seed", type=int, default=1, help="draws the contracts (default: 1)")
        parser.add_argument("--number", type=above, default=4000, help="contracts drawn (default: 4000)")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        found = trial(seed=options["seed"], number=options["number"])
        if options["json"]:
            self.stdout.write(json.dumps(asdict(found)))
            return
        for line in told(found):
            self.stdout.write(line)


def above(text: str) -> int:
    """A whole number from 100; `argparse` tells a `ValueError` as bad usage."""
    found = int(text)
    if found < 100:
        raise ValueError(text)
    return found


def told(found: Trial) -> list[str]:
    first = _("%(number)s simulated contracts (seed %(seed)s), %(missed)s of them missed their hours.")
    band = _("The total lies in the band for %(share)s of them; %(meant)s were meant.")
    scores = _(
        "Brier score: forecast %(brier)s, straight line %(straight)s, alerts AL02 and AL03 %(alerts)s, "
        "same figure for all %(base)s. Lower is better."
    )
    figures = {
        "brier": number(found.brier, 3),
        "straight": number(found.brier_straight, 3),
        "alerts": number(found.brier_alerts, 3),
        "base": number(found.brier_base, 3),
    }
    lines = [
        first % {"number": number(found.number), "seed": found.seed, "missed": percent(found.missed, 0)},
        scores % figures,
        band % {"share": percent(found.in_band, 0), "meant": percent(HIGH - LOW, 0)},
        _("Foretold, happened, contracts:"),
    ]
    lines += [
        f"{percent(one.low, 0)}-{percent(one.high, 0)}: {percent(one.foretold, 0)}, "
        f"{percent(one.happened, 0)}, {number(one.number)}"
        for one in found.deciles
    ]
    return lines
