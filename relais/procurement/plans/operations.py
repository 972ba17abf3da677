"""Operations rebuilt from lots: one buyer, a common way of naming the work, dates that hold together."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from relais.procurement.decp.vocabulary import fold

WITHIN = timedelta(days=365)
"""Longest silence between two lots of one operation: yearly programmes bear the same name each year."""
SHORTEST_WORDS = 3
SHORTEST = 15
OWN_WORDS = 2
KINDS = frozenset(
    {
        *("marche", "marches", "travaux", "prestation", "prestations", "service", "services", "fourniture"),
        *("fournitures", "accord", "cadre", "bons", "commande", "commandes", "relance", "consultation"),
        *("mission", "missions", "lot", "lots", "de", "du", "des", "la", "le", "les", "et", "pour", "public"),
        *("publics", "divers", "diverses", "achat", "achats", "pose", "en", "sur", "au", "aux", "une", "un"),
    }
)
"""Words that name a kind of contract, never a work."""
LONGEST_NAME = 300
FOUND_IN_NAME = re.compile(
    r"\b(?:(?:pour|du|le|les|de|des) )?(?:macro[- ]?)?lots? ?(?:n ?[°ºo]?\.? ?|num[eé]ro )?"
    r"(?:\d{1,3}(?:[-./]\d{1,2})?[a-z]?|[ivx]{1,4}|[a-h])\b(?: ?(?:et|,|&|a) ?\d{1,3}\b)*",
    re.IGNORECASE,
)
"""Where an object names its lot: lot 3, lot n°04, LOT 12a, lots 1 et 2, du lot B."""
_BREAK = re.compile(r" ?(?: [-–—/|] |[:;()\[\]]|[–—]|, | - ?|- )")
_COUNT = re.compile(r"[ \-–(]*\d{1,3} lots?\)?$", re.IGNORECASE)
_EDGE = " -–—:;,.()[]/|_*\"'«»"


@dataclass(frozen=True, slots=True)
class Item:
    """A lot as the rebuilding sees it. `named`: the operation that the plan itself gives."""

    key: int
    buyer: int
    object: str
    on: date | None = None
    number: str = ""
    named: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """An operation proposed: its name, the keys of its lots in the order of the objects."""

    name: str
    buyer: int
    keys: tuple[int, ...]


def rebuild(items: Sequence[Item]) -> list[Group]:
    """The operations that at least two lots share. A lot is in one of them, or in none.

    A lot goes with the name it shares with the most lots of its buyer, the longest when equal; lots that a
    year of silence separates are two operations. The order of the items changes nothing.
    """
    ordered = sorted(items, key=lambda item: (item.buyer, item.key))
    names = {item.key: _names(item) for item in ordered}
    shared = Counter((item.buyer, fold(name)) for item in ordered for name in dict.fromkeys(names[item.key]))
    groups: dict[tuple[int, str], list[Item]] = defaultdict(list)
    shown: dict[tuple[int, str], str] = {}
    for item in ordered:
        wished = [(item.buyer, fold(name), name) for name in names[item.key]]
        held = [one for one in wished if shared[one[0], one[1]] > 1]
        if held:
            buyer, folded, name = max(held, key=lambda one: (shared[one[0], one[1]], len(one[1]), one[1]))
            groups[buyer, folded].append(item)
            shown.setdefault((buyer, folded), name)
    return [
        Group(shown[key][:LONGEST_NAME], key[0], tuple(item.key for item in part))
        for key, lots in sorted(groups.items())
        for part in _by_time(lots)
        if len(part) > 1
    ]


def _by_time(lots: Sequence[Item]) -> list[list[Item]]:
    """Parts that a year of silence separates; lots without a date stay with the first part."""
    dated = sorted((lot for lot in lots if lot.on), key=lambda lot: (lot.on or date.min, lot.key))
    parts: list[list[Item]] = [[]]
    for lot in dated:
        last = parts[-1][-1].on if parts[-1] else None
        if last and lot.on and lot.on - last > WITHIN:
            parts.append([])
        parts[-1].append(lot)
    parts[0] += [lot for lot in lots if lot.on is None]
    return [sorted(part, key=lambda lot: lot.key) for part in parts]


def _names(item: Item) -> tuple[str, ...]:
    """What the operation of this lot may be called; none when the object names neither lot nor work apart."""
    if item.named.strip():
        return (item.named.strip(),)
    said = _candidates(" ".join(item.object.split())[:1000])
    if not said and item.number:
        return (item.object.strip(),) if _is_telling(item.object) else ()
    return said


@lru_cache(maxsize=4096)
def _candidates(text: str) -> tuple[str, ...]:
    found = FOUND_IN_NAME.search(text)
    if found is None:
        parts = [part for part in _BREAK.split(text) if part.strip(_EDGE)]
        head = parts[0].strip(_EDGE) if len(parts) > 1 else ""
        return (_whole(head),) if _is_telling(head) else ()
    before = text[: found.start()].strip(_EDGE)
    after = text[found.end() :].strip(_EDGE)
    names = [before, *_heads(before)]
    parts = [part.strip(_EDGE) for part in _BREAK.split(after)]
    names += [part for part in parts if part]
    names += [after[after.find(parts[1]) :].strip(_EDGE)] if len(parts) > 2 else []
    return tuple(dict.fromkeys(_whole(name) for name in names if _is_telling(name)))


def _whole(name: str) -> str:
    """The name without its count of lots, with the brackets that the cut opened."""
    name = _COUNT.sub("", name).strip(_EDGE)
    if name.count("(") > name.count(")"):
        return f"{name})"
    return f"({name}" if name.count(")") > name.count("(") else name


def _heads(text: str) -> list[str]:
    """The beginnings of a text, cut at its breaks."""
    cuts = [found.start() for found in _BREAK.finditer(text)]
    return [text[:cut].strip(_EDGE) for cut in cuts]


def _is_telling(name: str) -> bool:
    """Long enough, and with words enough of its own, to name a work rather than a kind of contract."""
    words = [word for word in re.findall(r"[^\W_]+", fold(name)) if len(word) > 1]
    own = [word for word in words if word not in KINDS]
    return len(name) >= SHORTEST and len(words) >= SHORTEST_WORDS and len(own) >= OWN_WORDS
