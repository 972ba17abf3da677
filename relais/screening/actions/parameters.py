"""Load the default parameters, and follow one by a new dated value of a scheme."""

from datetime import datetime
from typing import Any

from django.db import transaction

from relais.kit import audit
from relais.kit.access import require
from relais.kit.actor import Actor
from relais.organisations.models import Scheme
from relais.screening import defaults, rules
from relais.screening.models import ScreeningRule, Trade, TradeCpv, TradeProfile


@transaction.atomic
def load_defaults(*, at: datetime) -> dict[str, int]:
    """Put the default trades and rules in place; equal rows are left alone. Gives what was created."""
    created = {"trades": 0, "figures": 0, "prefixes": 0, "rules": 0}
    for values in defaults.trades():
        profile, prefixes = values.pop("profile"), values.pop("cpv")
        trade, new = Trade.objects.update_or_create(code=values.pop("code"), defaults=values)
        created["trades"] += new
        created["figures"] += _load_profile(trade, profile, at)
        for prefix in prefixes:
            _row, new = TradeCpv.objects.update_or_create(prefix=prefix, defaults={"trade": trade})
            created["prefixes"] += new
    for values in defaults.rules():
        if not ScreeningRule.objects.filter(scheme=None, **_same(values)).exists():
            ScreeningRule.objects.create(scheme=None, entered_at=at, **values)
            created["rules"] += 1
    return created


def _load_profile(trade: Trade, profile: dict[str, Any], at: datetime) -> bool:
    same = TradeProfile.objects.filter(scheme=None, trade=trade, **_same(profile))
    if same.exists():
        return False
    TradeProfile.objects.create(scheme=None, trade=trade, entered_at=at, **profile)
    return True


def _same(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name != "verified"}


@transaction.atomic
def add_profile(
    scheme: Scheme, trade: Trade, values: dict[str, Any], *, actor: Actor, at: datetime
) -> TradeProfile:
    """New figures of a trade for the scheme, from a date, with their source."""
    require(rules.can_set_parameters(actor, scheme))
    row = TradeProfile.objects.create(
        scheme=scheme, trade=trade, entered_at=at, entered_by_id=actor.user_id, **values
    )
    _trace("screening.trade.dated", row, scheme, actor, at, f"{trade.code} from {row.starts_on}")
    return row


@transaction.atomic
def add_rule(
    scheme: Scheme, former: ScreeningRule, values: dict[str, Any], *, actor: Actor, at: datetime
) -> ScreeningRule:
    """A new value of a rule for the scheme, from a date, with its source."""
    require(rules.can_set_parameters(actor, scheme))
    row = ScreeningRule.objects.create(
        scheme=scheme,
        code=former.code,
        unit=former.unit,
        entered_at=at,
        entered_by_id=actor.user_id,
        **values,
    )
    _trace("screening.rule.dated", row, scheme, actor, at, f"{row.code} from {row.starts_on}")
    return row


def _trace(
    verb: str, row: TradeProfile | ScreeningRule, scheme: Scheme, actor: Actor, at: datetime, detail: str
) -> None:
    audit.record(verb, row, actor=actor, at=at, scope_id=scheme.pk, detail=detail)
