"""The default parameters as a book, without a database: to screen the contracts of a file."""

from relais.screening import defaults
from relais.screening.models import ScreeningRule, Trade, TradeProfile
from relais.screening.queries.parameters import ParameterBook


def default_book() -> ParameterBook:
    """What `ParameterBook.of` reads for a scheme that chose nothing, from the files of defaults."""
    trades, prefixes, profiles = [], {}, {}
    for number, values in enumerate(defaults.trades(), start=1):
        profile, cpv = values.pop("profile"), values.pop("cpv")
        trade = Trade(pk=number, **values)
        trades.append(trade)
        prefixes.update(dict.fromkeys(cpv, trade.code))
        profiles[number] = [TradeProfile(trade=trade, **profile)]
    rules: dict[str, list[ScreeningRule]] = {}
    for row in sorted(defaults.rules(), key=lambda row: row["starts_on"]):
        rules.setdefault(row["code"], []).append(ScreeningRule(**row))
    return ParameterBook(trades=trades, prefixes=prefixes, profiles=profiles, rules=rules, policies={})
