"""Same gap, same step: companies with a gap beside the step each one is at, so that none is treated apart."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import NamedTuple

from relais.execution.enums import BreachStage, ObligationState
from relais.execution.models import Breach, Debtor
from relais.execution.models.sanctions import ENDED_STAGES
from relais.execution.queries.sanctions import Gap, gap_of
from relais.execution.queries.standing import elapsed
from relais.kit.actor import Actor
from relais.organisations.enums import PolicyKey
from relais.organisations.models import Scheme
from relais.organisations.policies import policies

BANDS = (Decimal("0.75"), Decimal("0.5"), Decimal(0))
"""Gaps are compared within a band: three quarters missing and more, a half and more, less."""


class Thresholds(NamedTuple):
    """Share of the hours expected missing that is a breach, and share of the time from which it is told."""

    share: Decimal
    behind_from: Decimal

    @classmethod
    def of(cls, scheme: Scheme, on: date) -> "Thresholds":
        """Those of a scheme on a day."""
        values = policies(scheme, on)
        return cls(values[PolicyKey.BREACH_SHARE].value, values[PolicyKey.ALERT_BEHIND_FROM].value)


@dataclass(frozen=True, slots=True)
class Watched:
    """A company with a gap: its breach when one runs, since when it stands there, in days."""

    debtor: Debtor
    gap: Gap
    breach: Breach | None
    since: date
    days: int

    @property
    def stage(self) -> BreachStage | None:
        return self.breach.get_stage() if self.breach else None

    @property
    def band(self) -> int:
        """The rank of its band, the largest gaps first."""
        return next(rank for rank, least in enumerate(BANDS) if self.gap.share >= least)


def watched(actor: Actor, on: date, body_id: int | None = None) -> list[Watched]:
    """Running breaches, and the gaps beyond the threshold of the scheme without a step; largest share first.

    In three queries, and one for each scheme. A gap without step is told once the share of the time of
    performance after which lateness is told (alert AL02) is over, with the days since it is there at least.
    """
    breaches = {
        breach.debtor_id: breach
        for breach in Breach.objects.visible_to(actor).exclude(stage__in=ENDED_STAGES).order_by("pk")
    }
    debtors = (
        Debtor.objects.visible_to(actor)
        .filter(obligation__state=ObligationState.ACTIVE, obligation__starts_on__lte=on)
        .select_related("organisation", "obligation__buyer", "obligation__scheme", "obligation__clause__lot")
    )
    if body_id is not None:
        debtors = debtors.filter(obligation__buyer_id=body_id)
    thresholds: dict[int, Thresholds] = {}
    found = []
    for debtor in debtors:
        obligation = debtor.obligation
        if obligation.scheme_id not in thresholds:
            thresholds[obligation.scheme_id] = Thresholds.of(obligation.scheme, on)
        row = _watched(debtor, breaches.get(debtor.pk), thresholds[obligation.scheme_id], on)
        if row is not None:
            found.append(row)
    return sorted(found, key=lambda row: (-row.gap.share, row.debtor.organisation.name, row.debtor.pk))


def _watched(debtor: Debtor, breach: Breach | None, limits: Thresholds, on: date) -> Watched | None:
    obligation = debtor.obligation
    gap = gap_of(debtor, obligation, on)
    if breach is not None:
        return Watched(debtor, gap, breach, breach.since, (on - breach.since).days)
    begun = elapsed(obligation.starts_on, obligation.ends_on, on) >= limits.behind_from
    if not begun or gap.missing <= 0 or gap.share < limits.share:
        return None
    since = crossed_on(debtor, limits)
    return Watched(debtor, gap, None, since, max((on - since).days, 0))


def crossed_on(debtor: Debtor, limits: Thresholds) -> date:
    """The day from which the gap is beyond the threshold at least, were all hours validated from the start.

    Validated hours only grow: the true day is that one or an earlier one, never before lateness is told.
    """
    obligation = debtor.obligation
    whole = (obligation.ends_on - obligation.starts_on).days + 1
    left = 1 - limits.share
    share = debtor.validated / (debtor.owed * left) if debtor.owed * left else Decimal(0)
    share = min(max(share, limits.behind_from), Decimal(1))
    days = int((whole * share).to_integral_value(ROUND_CEILING))
    return obligation.starts_on + timedelta(days - 1)


@dataclass(frozen=True, slots=True)
class BandRow:
    """How many companies of one band stand at each step; `without` have none yet."""

    least: Decimal
    without: int
    stages: tuple[tuple[BreachStage, int], ...]
    longest: int

    @property
    def is_uneven(self) -> bool:
        """Companies of the same band stand at different steps: somebody looks why."""
        return bool(self.without) + len(self.stages) > 1


def bands(rows: Iterable[Watched]) -> list[BandRow]:
    """The comparison, a line for each band that has somebody."""
    kept: Mapping[int, list[Watched]] = {rank: [] for rank in range(len(BANDS))}
    for row in rows:
        kept[row.band].append(row)
    return [_band(BANDS[rank], members) for rank, members in kept.items() if members]


def _band(least: Decimal, members: Sequence[Watched]) -> BandRow:
    counts = {stage: sum(row.stage == stage for row in members) for stage in BreachStage}
    return BandRow(
        least=least,
        without=sum(row.breach is None for row in members),
        stages=tuple((stage, count) for stage, count in counts.items() if count),
        longest=max(row.days for row in members),
    )
