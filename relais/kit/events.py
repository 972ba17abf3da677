"""Small frozen events by which a lower room is heard by an upper one, in the same transaction.

The lower room defines the event and emits it inside its action; the upper room subscribes when the
application starts. A handler that fails makes the whole action fail: nothing is half done.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

_handlers: dict[type[Any], list[Callable[[Any], None]]] = defaultdict(list)


def subscribe[E](event: type[E]) -> Callable[[Callable[[E], None]], Callable[[E], None]]:
    """Hear every event of this class; the handlers run in the order of their subscription."""

    def decorate(handler: Callable[[E], None]) -> Callable[[E], None]:
        if handler not in _handlers[event]:
            _handlers[event].append(handler)
        return handler

    return decorate


def emit(event: object) -> None:
    """Tell the subscribers, now, in the caller's transaction."""
    for handler in _handlers[type(event)]:
        handler(event)
