"""Say a line of the trail in words: its act or its page, and the codes and figures of its detail.

Each room names its own, translated lazily: verbs in `audit.name_verbs`, pages and codes here. What nobody
named is shown as it is kept.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from urllib.parse import unquote_plus

from django.db.models import Choices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from relais.kit.audit import labels
from relais.kit.models import AuditEntry, Outcome
from relais.kit.refusals import MARK
from relais.kit.words import day, month, number, say

PARTS = re.compile(r"[\s&]+")
PAIR = re.compile(r"(\w+)=(.+)")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
FIGURE = re.compile(r"-?\d+(\.\d+)?")
PLACE = re.compile(r"%\(\w+\)s")
BETWEEN = " · "

COUNTED: Mapping[str, Any] = {
    "rows": gettext_lazy("lines"),
    "lines": gettext_lazy("lines"),
    "files": gettext_lazy("files"),
    "hours": gettext_lazy("hours"),
    "read": gettext_lazy("read"),
    "changed": gettext_lazy("changed"),
    "screened": gettext_lazy("screened"),
    "value": gettext_lazy("value"),
}
"""Keys followed by a figure; the other figures are numbers of things, which are not grouped."""

KEYS: Mapping[str, Any] = {
    **COUNTED,
    "after": pgettext_lazy("trail", "after"),
    "before": pgettext_lazy("trail", "before"),
    "from": gettext_lazy("from the"),
    "month": gettext_lazy("month"),
    "n": gettext_lazy("number"),
    "pk": gettext_lazy("number"),
    "version": gettext_lazy("version"),
    "format": gettext_lazy("format"),
    "q": gettext_lazy("words looked for"),
    "year": gettext_lazy("year"),
    "department": gettext_lazy("department"),
    "state": gettext_lazy("state"),
    "sort": gettext_lazy("sorted by"),
    "act": gettext_lazy("act"),
    "outcome": gettext_lazy("outcome"),
    "body": gettext_lazy("body"),
    "first": gettext_lazy("from the"),
    "last": gettext_lazy("to the"),
}

_codes: dict[str, dict[str, Any]] = {}
_keys: dict[str, Any] = {}
_pages: dict[str, Any] = {}


def name_details(codes: Mapping[str, Iterable[Any]], keys: Mapping[str, Any] | None = None) -> None:
    """Give words to the codes in the detail of some verbs, and to the keys that are the room's own.

    `codes`: verb → the lists of choices, or the mappings, its codes come from.
    """
    for verb, sources in codes.items():
        for source in sources:
            words = dict(source.choices) if is_choices(source) else dict(source)
            _codes.setdefault(verb, {}).update({str(code): label for code, label in words.items()})
    _keys.update(keys or {})


def is_choices(source: Any) -> bool:
    return isinstance(source, type) and issubclass(source, Choices)


def fields_of(model: Any) -> dict[str, Any]:
    """The names of a model's fields, for the verbs whose detail tells what changed."""
    return {field.name: field.verbose_name for field in model._meta.fields}


def name_pages(pages: Mapping[str, Any]) -> None:
    """Give words to the pages, for the refusals: words, or the verb of the act that the page does."""
    _pages.update(pages)


def verbs_of(verb: str) -> list[str]:
    """A verb and the pages that do it: what a refusal of the act is kept under."""
    return [verb, *(page for page, act in _pages.items() if act == verb)]


def act_label(entry: AuditEntry) -> str:
    """The words of the act or of the page; an address nobody named is told as one."""
    verb = _pages.get(entry.verb, entry.verb)
    label = labels().get(verb, verb)
    if label == entry.verb and entry.outcome == Outcome.REFUSED:
        return _("Page “%(address)s”") % {"address": entry.verb.replace("_", " ").replace("-", " ")}
    return str(label)


def detail_label(entry: AuditEntry) -> str:
    """The detail in the reader's language."""
    codes = _codes.get(entry.verb, {})
    asked, _mark, reason = entry.detail.partition(MARK)
    if entry.outcome != Outcome.REFUSED:
        return in_words(entry.detail, codes)
    method, _space, rest = asked.partition(" ")
    if not method.isupper():
        return in_words(entry.detail, codes)
    status, _space, ids = rest.partition(" ") if rest[:1].isdigit() else ("", "", rest)
    return BETWEEN.join(text for text in (why(status, reason), in_words(ids, codes)) if text)


def why(status: str, reason: str) -> str:
    """The reason told to the person, its values left out, or what the status says."""
    if reason:
        text = _(reason)
        return PLACE.sub("…", text).replace("%%", "%") if PLACE.search(reason) else text
    if status == "404":
        return _("Nothing there for this body")
    return _("Right missing") if status == "403" else ""


def in_words(detail: str, codes: Mapping[str, Any]) -> str:
    if detail in codes:
        return say(codes[detail])
    return BETWEEN.join(part_label(part, codes) for part in PARTS.split(detail) if part)


def part_label(part: str, codes: Mapping[str, Any]) -> str:
    """One code, or one `key=value`."""
    found = PAIR.fullmatch(part)
    if not found:
        return ", ".join(value_label("", value, codes) for value in part.split(","))
    key, values = found.groups()
    said = ", ".join(value_label(key, value, codes) for value in values.split(","))
    return _("%(name)s: %(value)s") % {"name": _keys.get(key) or KEYS.get(key, key), "value": said}


def value_label(key: str, value: str, codes: Mapping[str, Any]) -> str:
    if value in codes:
        return say(codes[value])
    if DAY.fullmatch(value):
        return told_day(value)
    if MONTH.fullmatch(value):
        return month(date.fromisoformat(f"{value}-01"))
    if FIGURE.fullmatch(value) and (key in COUNTED or "." in value):
        return number(value)
    return unquote_plus(value)


def told_day(value: str) -> str:
    try:
        return day(date.fromisoformat(value))
    except ValueError:  # a day that the address invented
        return value
