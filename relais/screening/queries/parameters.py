"""The parameters in force on a day for a scheme, read once for any number of lots."""

import hashlib
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.cache import cache
from django.db.models import OuterRef, Subquery

from relais.core.calibration import Rounding
from relais.core.regime import Nature
from relais.kit.actor import Actor
from relais.organisations.enums import PolicyKey
from relais.organisations.models import Policy, Scheme
from relais.organisations.policies import PolicyValue, default_policies, default_policy
from relais.screening.enums import RuleCode
from relais.screening.facts import Parameters, RuleValues
from relais.screening.models import DerogationWording, ScreeningRule, Trade, TradeCpv, TradeProfile
from relais.screening.queries.derogations import by_case
from relais.screening.recognition import TradeValues, Vocabulary

LAW = "2026-2"
"""Changes with the way of scoring itself: lots are then screened again."""

ROUNDINGS = {rounding.step.normalize(): rounding for rounding in Rounding}


@dataclass(slots=True)
class ParameterBook:
    """Every dated row that concerns a scheme; `at(day)` gives the parameters of a day."""

    trades: list[Trade]
    prefixes: dict[str, str]
    profiles: dict[int, list[TradeProfile]]
    rules: dict[str, list[ScreeningRule]]
    policies: dict[str, list[Policy]]
    derogations: dict[str, list[DerogationWording]] = field(default_factory=dict)
    _starts: list[date] = field(init=False)
    _known: dict[int, Parameters] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        rows: list[Any] = [row for group in self._groups() for row in group]
        rows += [value for values in default_policies().values() for value in values]
        self._starts = sorted({row.starts_on for row in rows})

    @classmethod
    def of(cls, scheme: Scheme) -> "ParameterBook":
        """Read the rows of a scheme and the default ones, in five queries."""
        profiles: dict[int, list[TradeProfile]] = defaultdict(list)
        dated = TradeProfile.objects.for_scheme(scheme).select_related("trade")
        for profile in dated.order_by("starts_on", "pk"):
            profiles[profile.trade_id].append(profile)
        rules: dict[str, list[ScreeningRule]] = defaultdict(list)
        for rule in ScreeningRule.objects.for_scheme(scheme).order_by("starts_on", "pk"):
            rules[rule.code].append(rule)
        policies: dict[str, list[Policy]] = defaultdict(list)
        for policy in Policy.objects.filter(scheme=scheme).order_by("starts_on", "pk"):
            policies[policy.key].append(policy)
        return cls(
            trades=[rows[0].trade for rows in profiles.values()],
            prefixes=dict(TradeCpv.objects.values_list("prefix", "trade__code")),
            profiles=profiles,
            rules=rules,
            policies=policies,
            derogations=by_case(DerogationWording.objects.for_scheme(scheme)),
        )

    @classmethod
    def kept(cls, scheme: Scheme, newest: Sequence[int | None] | None = None) -> "ParameterBook":
        """The same book from the cache, for a page: rows are only added, so the newest tells a change.

        `newest` is what `newest_rows` found, when another query already asked for it.
        """
        if newest is None:
            asked = Scheme.objects.filter(pk=scheme.pk)
            newest = asked.values_list(*newest_rows(OuterRef("pk")).values()).get()
        stamp = "-".join(map(str, newest))
        key = f"screening.parameters.{LAW}.{scheme.pk}.{stamp}"
        book = cache.get(key)
        if book is None:
            book = cls.of(scheme)
            cache.set(key, book, 3600)
        return book

    def at(self, day: date) -> Parameters:
        """The parameters in force that day; before the first row, those of the first one."""
        epoch = bisect_right(self._starts, day)
        if epoch not in self._known:
            self._known[epoch] = self._parameters(day)
        return self._known[epoch]

    def profile_of(self, trade_id: int, day: date) -> TradeProfile | None:
        return in_force(self.profiles.get(trade_id, []), day)

    def rule_of(self, code: str, day: date) -> ScreeningRule | None:
        return in_force(self.rules.get(code, []), day)

    def policy_of(self, key: PolicyKey, day: date) -> PolicyValue | None:
        """The choice of the scheme in force that day, else the default; the first default before any."""
        started = [row for row in self.policies.get(key, []) if row.starts_on <= day]
        if started:
            row = started[-1]
            return PolicyValue(key, row.value, row.starts_on, row.source, row.verified, is_default=False)
        return default_policy(key, day) or next(iter(default_policies().get(key, ())), None)

    def _groups(self) -> list[list[Any]]:
        return [*self.profiles.values(), *self.rules.values(), *self.policies.values()]

    def _general(self, key: PolicyKey, day: date, otherwise: Decimal) -> Decimal:
        policy = self.policy_of(key, day)
        return policy.value if policy else otherwise

    def _parameters(self, day: date) -> Parameters:
        trades = {}
        for trade in self.trades:
            if profile := self.profile_of(trade.pk, day):
                trades[trade.code] = trade_values(trade, profile)
        rules = {}
        for code in self.rules:
            if rule := self.rule_of(code, day):
                rules[code] = rule_values(rule)
        rounding = self._general(PolicyKey.ROUNDING, day, Decimal(1))
        values: dict[str, Any] = {
            "rules": rules,
            "effort": self._general(PolicyKey.EFFORT, day, Decimal("0.05")),
            "hourly_cost": self._general(PolicyKey.HOURLY_COST, day, Decimal(30)),
            "unknown_labour_share": self._general(PolicyKey.LABOUR_SHARE, day, Decimal("0.50")),
            "minimum_hours": self._general(PolicyKey.MINIMUM_HOURS, day, Decimal(35)),
            "minimum_months": self._general(PolicyKey.MINIMUM_MONTHS, day, Decimal(3)),
            "rounding": ROUNDINGS.get(rounding.normalize(), Rounding.UNIT),
        }
        content = repr((LAW, sorted(trades.items()), sorted(self.prefixes.items()), sorted(values.items())))
        return Parameters(
            vocabulary=Vocabulary(trades, self.prefixes),
            fingerprint=hashlib.sha256(content.encode()).hexdigest(),
            **values,
        )


def newest_rows(scheme: OuterRef) -> dict[str, Subquery]:
    """The newest row of each table of parameters, as subqueries of a query that has the scheme."""
    tables: dict[str, Any] = {
        "newest_profile": TradeProfile.objects.for_scheme(scheme),
        "newest_rule": ScreeningRule.objects.for_scheme(scheme),
        "newest_policy": Policy.objects.filter(scheme=scheme),
        "newest_derogation": DerogationWording.objects.for_scheme(scheme),
    }
    return {name: Subquery(rows.order_by("-pk").values("pk")[:1]) for name, rows in tables.items()}


def in_force[Row: (TradeProfile, ScreeningRule)](rows: list[Row], day: date) -> Row | None:
    """The newest row started: of the scheme before a default; the first of all when none started."""
    started = [row for row in rows if row.starts_on <= day]
    own = [row for row in started if row.scheme_id is not None]
    if own or started:
        return (own or started)[-1]
    return rows[0] if rows else None


def trade_values(trade: Trade, profile: TradeProfile) -> TradeValues:
    return TradeValues(
        code=trade.code,
        name=trade.name,
        nature=Nature(trade.nature.upper()),
        labour_share=profile.labour_share,
        openness=profile.openness,
        effort=profile.effort,
        hourly_cost=profile.hourly_cost,
        hours_per_10k=profile.hours_per_10k,
        season_months=profile.season_months,
        words=tuple(trade.words),
        decisive_words=tuple(trade.decisive_words),
        is_generic=trade.is_generic,
        takes_over_staff=trade.takes_over_staff,
        is_reservable=trade.is_reservable,
    )


def rule_values(rule: ScreeningRule) -> RuleValues:
    zero = Decimal(0)
    return RuleValues(rule.weight, rule.threshold or zero, rule.comfortable or rule.threshold or zero)


def trade_rows(trades: Iterable[Trade], actor: Actor) -> list[dict[str, Any]]:
    """Each trade with its CPV prefixes and the figures in force that day for the actor."""
    shown = list(trades)
    dated: dict[int, list[TradeProfile]] = defaultdict(list)
    rows = TradeProfile.objects.visible_to(actor).filter(trade__in=shown)
    for row in rows.order_by("starts_on", "pk"):
        dated[row.trade_id].append(row)
    prefixes: dict[int, list[str]] = defaultdict(list)
    for trade_id, prefix in TradeCpv.objects.filter(trade__in=shown).values_list("trade_id", "prefix"):
        prefixes[trade_id].append(prefix)
    return [
        {
            "trade": trade,
            "profile": in_force(dated.get(trade.pk, []), actor.on),
            "prefixes": ", ".join(prefixes.get(trade.pk, [])),
        }
        for trade in shown
    ]


def rules_in_force(actor: Actor) -> list[ScreeningRule]:
    """The rules in force that day for the actor, in the order of the screening."""
    dated: dict[str, list[ScreeningRule]] = defaultdict(list)
    for row in ScreeningRule.objects.visible_to(actor).order_by("starts_on", "pk"):
        dated[row.code].append(row)
    found = [in_force(dated[code], actor.on) for code in RuleCode.values if code in dated]
    return [row for row in found if row is not None]
