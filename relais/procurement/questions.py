"""What procurement asks of the rooms above it without knowing them: they answer, it never imports them."""

from collections.abc import Callable, Collection

type Answer = Callable[[Collection[int]], frozenset[int]]

_settled: list[Answer] = []
_worked: list[Answer] = []


def answers_settled(answer: Answer) -> Answer:
    """Register who knows that some lots are decided: a file may not change them silently."""
    if answer not in _settled:
        _settled.append(answer)
    return answer


def settled_lots(lots: Collection[int]) -> frozenset[int]:
    """Those of these lots (primary keys) on which somebody decided."""
    return frozenset().union(*(answer(lots) for answer in _settled)) if lots else frozenset()


def answers_worked(answer: Answer) -> Answer:
    """Register who knows that somebody works on some lots: they do not disappear with a line of a plan."""
    if answer not in _worked:
        _worked.append(answer)
    return answer


def worked_lots(lots: Collection[int]) -> frozenset[int]:
    """Those of these lots (primary keys) on which somebody works, decided or not."""
    return frozenset().union(*(answer(lots) for answer in _worked)) if lots else frozenset()
