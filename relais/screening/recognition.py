"""Which trade a lot is about: from its CPV code, and from the words of its object. No database.

Buyers often give a general code (45000000) or the code of the goods; the words of the lot then say more.
Both sides are folded: no case, no accent, no ligature, no plural.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache

from relais.core.regime import Nature
from relais.territories.names import fold

_SUPPLY = (" fourniture ", " acquisition ", " achat ", " livraison ", " location ")
_WORK = (
    " travau ",
    " pose ",
    " construction ",
    " rehabilitation ",
    " renovation ",
    " amenagement ",
    " extension ",
    " refection ",
    " prestation ",
    " entretien ",
)
_HEAD = 70
"""Decisive words count at the head of the object, or of the name of the lot, in characters."""


def folded(text: str) -> str:
    """The words of a text, comparable, spaces around: `"Gros Œuvres"` gives `" gro oeuvre "`."""
    words = fold(text.replace("½", "œ").replace("?uvre", "œuvre")).split()
    return f" {' '.join(_singular(word) for word in words)} "


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word[-1] in "sx" else word


@cache
def _phrase(text: str) -> str:
    return folded(text)


def has(text: str, phrases: Iterable[str]) -> str:
    """The first phrase found in a folded text, as written in the list; empty when none is."""
    return next((phrase for phrase in phrases if _phrase(phrase) in text), "")


@dataclass(frozen=True, slots=True)
class TradeValues:
    """A trade with the figures in force for a lot; None where the scheme's general value applies."""

    code: str
    name: str
    nature: Nature
    labour_share: Decimal
    openness: Decimal
    effort: Decimal | None = None
    hourly_cost: Decimal | None = None
    hours_per_10k: Decimal | None = None
    season_months: int | None = None
    words: tuple[str, ...] = ()
    decisive_words: tuple[str, ...] = ()
    is_generic: bool = False
    takes_over_staff: bool = False
    is_reservable: bool = False


@dataclass(frozen=True, slots=True)
class Recognised:
    """A trade and how it was found: by a CPV prefix, by words of the object, or not at all."""

    trade: TradeValues | None
    by_words: str = ""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The trades of a date with their words and their CPV prefixes."""

    trades: Mapping[str, TradeValues]
    prefixes: Mapping[str, str]
    _decisive: tuple[tuple[str, str, TradeValues], ...] = field(init=False)
    _words: tuple[tuple[str, str, TradeValues], ...] = field(init=False)

    def __post_init__(self) -> None:
        ordered = sorted(self.trades.values(), key=lambda trade: trade.code)
        object.__setattr__(self, "_decisive", _longest_first((t, t.decisive_words) for t in ordered))
        object.__setattr__(self, "_words", _longest_first((t, t.words) for t in ordered))

    def of_cpv(self, cpv: str) -> TradeValues | None:
        """The trade of the longest prefix of the code."""
        for length in range(len(cpv), 1, -1):
            if code := self.prefixes.get(cpv[:length]):
                return self.trades.get(code)
        return None

    def recognise(self, cpv: str, text: str) -> Recognised:
        """The trade of a lot from its CPV code and its folded object."""
        by_code, nature = self.of_cpv(cpv), nature_of_cpv(cpv)
        heads = (text[:_HEAD], _named_lot(text)[:_HEAD])
        for phrase, said, trade in self._decisive:
            if any(phrase in f"{head} " for head in heads):
                return Recognised(trade, said if trade is not by_code else "")
        if by_code is not None and not by_code.is_generic:
            return Recognised(by_code)
        found = self._by_words(text, nature)
        if found.trade is not None and not (found.trade.is_generic and by_code is not None):
            return found
        return Recognised(by_code) if by_code is not None else found

    def _by_words(self, text: str, nature: Nature | None) -> Recognised:
        if _is_supply(text):
            return Recognised(None)
        for part in (_named_lot(text), text):
            if found := [(p, s, t) for p, s, t in self._words if p in part and _allowed(t, nature, text)]:
                special = [row for row in found if not row[2].is_generic] or found
                _phrase_found, said, trade = special[0]
                return Recognised(trade, said)
        return Recognised(None)


def nature_of_cpv(cpv: str) -> Nature | None:
    """Works for division 45, supplies for 03 to 44 and 48, services for 50 to 98; None without a code."""
    if len(cpv) < 2 or not cpv[:2].isdigit():
        return None
    division = int(cpv[:2])
    if division == 45:
        return Nature.WORKS
    if division == 48 or 3 <= division <= 44:
        return Nature.SUPPLIES
    return Nature.SERVICES if 50 <= division <= 98 else None


def _longest_first(
    trades: Iterable[tuple[TradeValues, tuple[str, ...]]],
) -> tuple[tuple[str, str, TradeValues], ...]:
    rows = [(_phrase(said), said, trade) for trade, words in trades for said in words]
    return tuple(sorted(rows, key=lambda row: (-len(row[0]), row[0], row[2].code)))


def _named_lot(text: str) -> str:
    """What follows the last word "lot": the name of the lot, in an object that begins with the operation."""
    _operation, mark, name = text.rpartition(" lot ")
    return f" {name}" if mark else ""


def _is_supply(text: str) -> bool:
    head = text[:_HEAD]
    return any(word in head for word in _SUPPLY) and not any(word in text for word in _WORK)


def _allowed(trade: TradeValues, nature: Nature | None, text: str) -> bool:
    """Words do not turn works into a training course, nor a delivery of paint into painting works."""
    if nature is Nature.WORKS:
        return trade.nature is Nature.WORKS
    if nature is Nature.SUPPLIES:
        return trade.nature is Nature.WORKS and any(word in text for word in _WORK)
    return True
