"""Write a calendar that agendas can read (RFC 5545): whole days, lines of 75 octets, stable names.

# source: RFC 5545 (iCalendar), sections 3.1, 3.3.11, 3.6.1 and 3.8.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

LONGEST_LINE = 75
"""Octets of a line, without its end (RFC 5545, 3.1)."""
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")
PRODUCT = "-//Relais//Agenda//FR"


@dataclass(frozen=True, slots=True)
class Event:
    """Something on a day. `uid` stays the same from one reading to the next, or the agenda adds."""

    uid: str
    day: date
    summary: str
    description: str = ""
    url: str = ""


def escaped(text: str) -> str:
    """A text as a value: backslash, semicolon, comma and new line escaped, control characters dropped."""
    kept = CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    for special in ("\\", ";", ","):
        kept = kept.replace(special, "\\" + special)
    return kept.replace("\n", "\\n")


def folded(line: str) -> str:
    """The line cut in lines of 75 octets, the next ones after a space; no character is cut in two."""
    parts, part, size = [], "", 0
    for character in line:
        width = len(character.encode())
        if size + width > LONGEST_LINE:
            parts.append(part)
            part, size = " ", 1
        part += character
        size += width
    return "\r\n".join([*parts, part])


def calendar(name: str, events: Iterable[Event], *, at: datetime) -> str:
    """The whole calendar, its events in the order given; `at` is when it is read, with its time zone."""
    lines = [
        *("BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN"),
        f"X-WR-CALNAME:{escaped(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT12H",
    ]
    for event in events:
        lines += event_lines(event, at)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded(line)}\r\n" for line in lines)


def event_lines(event: Event, at: datetime) -> Iterator[str]:
    """The lines of an event, not folded yet. It lasts the whole day and leaves its owner free."""
    yield "BEGIN:VEVENT"
    yield f"UID:{escaped(event.uid)}"
    yield f"DTSTAMP:{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{event.day + timedelta(1):%Y%m%d}"
    yield f"SUMMARY:{escaped(event.summary)}"
    if event.description:
        yield f"DESCRIPTION:{escaped(event.description)}"
    if event.url:
        yield f"URL:{CONTROL.sub('', event.url)}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"
