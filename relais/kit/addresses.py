"""Addresses that keep the filters of the page, so that what is seen can be sent to a colleague."""

from typing import Any

from django.http import HttpRequest, QueryDict


def address_with(request: HttpRequest | None, *, path: str = "", **changes: object) -> str:
    """The address of the page (or of `path`) with its query, some parameters changed; `None` removes one."""
    query = request.GET.copy() if request is not None else QueryDict(mutable=True)
    for name, value in changes.items():
        if value is None:
            query.pop(name, None)
        else:
            query[name] = str(value)
    base, question, own = path.partition("?")
    text = "&".join(part for part in (own, query.urlencode()) if part)
    return f"{base}?{text}" if text or not base else base + question


def bound_filters(form: Any) -> list[str]:
    """Labels of the filters that hold a value, to say that the list is not whole."""
    if not getattr(form, "is_bound", False):
        return []
    return [
        str(field.label) for field in form.visible_fields() if field.data not in (None, False, "", [], ())
    ]
