"""What the components show: small values a view makes, and the arithmetic of the bar of hours."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from relais.core.words import Words
from relais.kit import words


class Tone(StrEnum):
    """How a state is meant; each tone has its colour and its usual drawing."""

    GOOD = "good"
    WARN = "warn"
    BAD = "bad"
    INFO = "info"
    WAIT = "wait"
    NEUTRAL = "neutral"
    DONE = "done"


TONE_ICONS: Mapping[str, str] = {
    Tone.GOOD: "check",
    Tone.WARN: "alert",
    Tone.BAD: "stop",
    Tone.INFO: "info",
    Tone.WAIT: "clock",
    Tone.NEUTRAL: "dot",
    Tone.DONE: "check-twice",
}
MESSAGE_TONES: Mapping[str, str] = {
    "success": Tone.GOOD,
    "warning": Tone.WARN,
    "error": Tone.BAD,
    "info": Tone.INFO,
    "debug": Tone.NEUTRAL,
}
"""Levels of Django's messages, as tones."""


@dataclass(frozen=True, slots=True)
class Bar:
    """Hours from zero to what is owed. `declared` counts what is declared and not validated yet.

    The scale is the largest quantity, so that an overrun is seen with the end of the obligation marked.
    """

    owed: Decimal
    validated: Decimal
    declared: Decimal = Decimal(0)
    expected: Decimal | None = None

    @classmethod
    def of(cls, owed: Any, validated: Any, declared: Any = 0, expected: Any = None) -> "Bar":
        """Take what a template gives: numbers, text or nothing."""
        return cls(
            _amount(owed),
            _amount(validated),
            _amount(declared),
            None if expected in (None, "") else _amount(expected),
        )

    @property
    def scale(self) -> Decimal:
        return max(self.owed, self.validated + self.declared, self.expected or Decimal(0), Decimal("0.01"))

    def along(self, quantity: Decimal) -> str:
        """Place of a quantity on the scale, as an SVG percentage (a point whatever the language)."""
        share = min(max(quantity / self.scale, Decimal(0)), Decimal(1)) * 100
        return f"{share:.2f}%"

    @property
    def validated_width(self) -> str:
        return self.along(self.validated)

    @property
    def declared_width(self) -> str:
        return self.along(self.declared) if self.declared > 0 else ""

    @property
    def expected_at(self) -> str:
        return "" if self.expected is None else self.along(self.expected)

    @property
    def owed_at(self) -> str:
        """Where the obligation ends when more than it was done; empty otherwise."""
        return self.along(self.owed) if self.scale > self.owed else ""

    @property
    def share(self) -> Decimal | None:
        """Validated over owed; none when nothing is owed."""
        return self.validated / self.owed if self.owed > 0 else None

    @property
    def gap(self) -> Decimal | None:
        """Validated less expected today: negative when late."""
        return None if self.expected is None else self.validated - self.expected

    @property
    def lateness(self) -> Decimal:
        """Hours missing to what is expected today; zero when on time."""
        return max(-(self.gap or Decimal(0)), Decimal(0))

    @property
    def sentence(self) -> str:
        """The whole bar in words, for who does not see it."""
        parts = [
            _("%(validated)s validated of %(owed)s owed")
            % {"validated": words.hours(self.validated), "owed": words.hours(self.owed)}
        ]
        if self.share is not None:
            parts[0] += f" ({words.percent(self.share, 0)})"
        if self.declared > 0:
            parts.append(_("%(hours)s declared, to validate") % {"hours": words.hours(self.declared)})
        if self.expected is not None:
            parts.append(_("%(hours)s expected today") % {"hours": words.hours(self.expected, 0)})
        return ", ".join(parts)


def _amount(value: Any) -> Decimal:
    return Decimal(0) if value in (None, "") else Decimal(str(value))


@dataclass(frozen=True, slots=True)
class Fact:
    """Something known about a thing, with where it comes from.

    `kind` says how it is known: `observed`, `reported`, `computed` or `supposed`.
    """

    label: Any
    value: Any
    source: Any = ""
    source_url: str = ""
    kind: str = ""

    @property
    def kind_label(self) -> Any:
        return FACT_KINDS.get(self.kind, "")


FACT_KINDS: Mapping[str, Any] = {
    "observed": _("observed"),
    "reported": _("reported"),
    "computed": _("computed"),
    "supposed": _("supposed"),
}


@dataclass(frozen=True, slots=True)
class Event:
    """One act in a timeline: when, what, by whom; `tone` colours its mark."""

    at: date | datetime
    text: Any
    who: Any = ""
    tone: str = Tone.NEUTRAL
    url: str = ""
    detail: Any = ""

    @property
    def icon(self) -> str:
        return TONE_ICONS[self.tone]

    @property
    def has_hour(self) -> bool:
        return isinstance(self.at, datetime)


@dataclass(frozen=True, slots=True)
class NextAction:
    """The one thing to do next, its owner and its date."""

    title: Any
    owner: Any = ""
    due: date | None = None
    url: str = ""
    label: Any = ""
    detail: Any = ""
    late: bool = False


@dataclass(frozen=True, slots=True)
class WorkingStep:
    """One line of the working of a number, ready to be shown."""

    label: str
    value: str
    formula: str = ""
    source: str = ""
    source_url: str = ""


def working_steps(steps: Iterable[Any]) -> list[WorkingStep]:
    """Read steps of the core (objects) or of a kept calculation (dictionaries)."""
    return [_working_step(step) for step in steps or ()]


def _working_step(step: Any) -> WorkingStep:
    def part(name: str) -> Any:
        found = step.get(name, "") if isinstance(step, Mapping) else getattr(step, name, "")
        return Words.from_dict(found) if isinstance(found, Mapping) and "text" in found else found

    return WorkingStep(
        label=words.say(part("label")),
        value=with_unit_said(part("value"), str(part("unit") or "")),
        formula=words.say(part("formula")),
        source=words.say(part("source")),
        source_url=str(part("source_url") or ""),
    )


def with_unit_said(value: Any, unit: str) -> str:
    """A value of a working: numbers grouped with their unit, anything else as it says itself."""
    if unit == "€":
        return words.euros(value)
    if isinstance(value, (Decimal, int, float)) and not isinstance(value, bool):
        return words.with_unit(value, unit)
    if unit and isinstance(value, str) and value:
        return words.with_unit(value, unit)
    return words.spoken(value)


def tone_of(state: Any) -> tuple[str, str]:
    """Tone and word of a state: an object with `tone` and `label`, whatever it is."""
    return str(getattr(state, "tone", Tone.NEUTRAL)), words.say(getattr(state, "label", state))
