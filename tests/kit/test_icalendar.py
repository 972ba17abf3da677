"""The calendar that agendas read: what RFC 5545 asks of its lines, and that nothing is lost."""

from datetime import UTC, date, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from relais.kit.icalendar import Event, calendar, escaped, folded

AT = datetime(2026, 11, 26, 8, 30, tzinfo=UTC)


@settings(max_examples=60)
@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=300))
def test_a_folded_line_is_short_whole_and_unfolds_to_itself(text):
    parts = folded(text).split("\r\n")
    assert all(len(part.encode()) <= 75 for part in parts)
    assert "".join([parts[0], *(part[1:] for part in parts[1:])]) == text
    assert all(part.startswith(" ") for part in parts[1:])


def test_what_separates_values_is_escaped():
    assert escaped("a\\b; c, d\r\ne\x00") == "a\\\\b\\; c\\, d\\ne"


def test_the_calendar_is_what_agendas_expect():
    event = Event(
        "end-4@relais.test", date(2026, 12, 31), "Fin, été", "Détail\nsuite", "https://x.test/?a=1;b"
    )
    text = calendar("Relais; Clara", [event], at=AT)
    assert text.split("\r\n") == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Relais//Agenda//FR",
        "CALSCALE:GREGORIAN",
        "X-WR-CALNAME:Relais\\; Clara",
        "REFRESH-INTERVAL;VALUE=DURATION:PT12H",
        "BEGIN:VEVENT",
        "UID:end-4@relais.test",
        "DTSTAMP:20261126T083000Z",
        "DTSTART;VALUE=DATE:20261231",
        "DTEND;VALUE=DATE:20270101",
        "SUMMARY:Fin\\, été",
        "DESCRIPTION:Détail\\nsuite",
        "URL:https://x.test/?a=1;b",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]
