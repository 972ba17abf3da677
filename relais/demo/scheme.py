"""Play the demonstration with the real actions: set the stage, live each contract, announce lots to come."""

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from random import Random

from django.db import transaction

from relais.clauses.actions import load_library
from relais.demo import plan
from relais.demo.beyond import play_beyond
from relais.demo.contract import Player
from relais.demo.stage import moment, set_stage
from relais.demo.story import SINCE
from relais.demo.upcoming import announce_lots
from relais.insight.actions.compute import compute_alerts
from relais.insight.rollups import gathering
from relais.organisations.enums import Role
from relais.screening.actions.parameters import load_defaults
from relais.screening.models import Trade, TradeProfile

SIZES = {
    "small": (40, Decimal(19_600)),
    "region": (520, Decimal(255_000)),
    "national": (5_200, Decimal(2_550_000)),
}
"""Contracts and validated hours of each size."""


def load(size: str, seed: int, today: date, say: Callable[[str], None]) -> dict[str, object]:
    """Load a demonstration of this size; gives what was made. The scheme must not exist yet."""
    started = time.monotonic()
    contracts, hours = SIZES[size]
    with transaction.atomic():
        stage = set_stage()
        load_defaults(at=moment(SINCE))
        load_library(
            stage.scheme, actor=stage.actor(stage.coordinator, Role.MANAGER, SINCE), at=moment(SINCE)
        )
    shares = labour_shares(today)
    stories = plan.stories(
        seed=seed, contracts=contracts, hours=hours, buyers=len(stage.buyers), shares=shares, today=today
    )
    player = Player(stage, shares, Random(seed), today)
    with rare_collections():
        for done, story in enumerate(stories, 1):
            with gathering():
                player.play(story)
            if done % 100 == 0:
                say(_progress(done, len(stories), time.monotonic() - started))
    with transaction.atomic():
        to_come = announce_lots(player, 24 if size != "small" else 12)
        play_beyond(stage, today)
        alerts = compute_alerts(stage.scheme, on=today).total
    return {
        "contracts": len(stories),
        "lots_to_come": to_come,
        "alerts": alerts,
        "people": player.registered,
        "lines": player.lines,
        "seconds": round(time.monotonic() - started, 1),
    }


def _progress(done: int, of: int, seconds: float) -> str:
    return f"{done}/{of} contracts, about {round(seconds / done * (of - done))} s to go"


@contextmanager
def rare_collections() -> Iterator[None]:
    """Look for garbage rarely: thousands of short acts make little of it, and each look costs a pause."""
    former = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(200_000, *former[1:])
    try:
        yield
    finally:
        gc.set_threshold(*former)
        gc.unfreeze()


def labour_shares(today: date) -> dict[str, Decimal]:
    """The labour share of each trade, as the default parameters give it."""
    rows = TradeProfile.objects.filter(scheme=None, starts_on__lte=today).order_by("starts_on")
    codes = dict(Trade.objects.values_list("pk", "code"))
    return {codes[row.trade_id]: row.labour_share for row in rows}
