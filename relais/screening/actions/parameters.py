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
    profiles = {}
    for values in defaults.trades():
        profile, prefixes, code = values.pop("profile"), values.pop("cpv"), values.pop("code")
        trade, new = Trade.objects.update_or_create(code=code, defaults=values)
        created["trades"] += new
        created["prefixes"] += _load_prefixes(trade, prefixes)
        profiles[trade] = profile
    created["figures"] = _load_rows(
        TradeProfile, [{"trade": trade, **profile} for trade, profile in profiles.items()], at
    )
    created["rules"] = _load_rows(ScreeningRule, defaults.rules(), at)
    return created


def _load_prefixes(trade: Trade, prefixes: list[str]) -> int:
    known = set(TradeCpv.objects.filter(trade=trade).values_list("prefix", flat=True))
    missing = [prefix for prefix in prefixes if prefix not in known]
    TradeCpv.objects.filter(prefix__in=missing).delete()
    TradeCpv.objects.bulk_create(TradeCpv(prefix=prefix, trade=trade) for prefix in missing)
    return len(missing)


def _load_rows(
    model: type[TradeProfile] | type[ScreeningRule], rows: list[dict[str, Any]], at: datetime
) -> int:
    """Add the default rows that are not there yet; a value checked since is left as it was checked."""
    if not model.objects.filter(scheme=None).exists():
        missing = rows
    else:
        missing = [row for row in rows if not model.objects.filter(scheme=None, **_same(row)).exists()]
    model.objects.bulk_create(model(scheme=None, entered_at=at, **row) for row in missing)  # type: ignore[misc]
    return len(missing)


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
    _trace("screening.trade.dated", row, scheme, actor, at, f"{trade.code} from={row.starts_on}")
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
    _trace("screening.rule.dated", row, scheme, actor, at, f"{row.code} from={row.starts_on}")
    return row


def _trace(
    verb: str, row: TradeProfile | ScreeningRule, scheme: Scheme, actor: Actor, at: datetime, detail: str
) -> None:
    audit.record(verb, row, actor=actor, at=at, scope_id=scheme.pk, detail=detail)
