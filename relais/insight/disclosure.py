"""Hide small groups of people so that neither a cell nor a subtraction reveals them. Plain Python.

# source: rule of 11 people of official statistics, with secondary suppression; parameters in `scopes`.
"""

from collections.abc import Hashable, Mapping


def hidden[K: Hashable](
    people: Mapping[K, int], fewest: int, *, outside: Mapping[K, int] | None = None
) -> frozenset[K]:
    """The groups not to show among `people` (number by group): those below `fewest`, and enough others.

    A total is shown beside the groups, so what is hidden must not be found by subtraction: two groups at
    least are hidden, the smallest first, until they hold `fewest` people together. `outside` gives the same
    groups in the wider figures that the reader may also ask: a group is small too when what the wider one
    has more is small. A group of nobody hides nothing and is shown.
    """
    wider = outside or {}
    small = {
        group
        for group, number in people.items()
        if 0 < number < fewest or 0 < wider.get(group, number) - number < fewest
    }
    if not small:
        return frozenset()
    masked, left = set(small), sorted((n, str(g), g) for g, n in people.items() if n and g not in small)
    for _number, _name, group in left:
        if len(masked) >= 2 and sum(people[one] for one in masked) >= fewest:
            break
        masked.add(group)
    return frozenset(masked)
