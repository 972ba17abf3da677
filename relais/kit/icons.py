"""Drawings of 16 by 16, in strokes: always beside a word, never alone, so always hidden from screen readers.

They are written in the page (some hundred bytes each): no request, and they follow the colour of the text.
"""

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

# ruff: noqa: E501 -- a path is one line: cutting it would help nobody

PATHS: dict[str, str] = {
    "alert": "M8 2 14.5 13.5h-13zM8 6.5v3.2M8 11.4v.2",
    "archive": "M2 3h12v3H2zM3 6v7.5h10V6M6.5 9h3",
    "arrow-down": "M8 3v10M4 9l4 4 4-4",
    "arrow-left": "M13 8H3M7 4 3 8l4 4",
    "arrow-right": "M3 8h10M9 4l4 4-4 4",
    "arrow-up": "M8 13V3M4 7l4-4 4 4",
    "book": "M8 4C6.5 2.8 4.5 2.5 2 2.5v10c2.5 0 4.5.3 6 1.5 1.5-1.2 3.5-1.5 6-1.5v-10c-2.5 0-4.5.3-6 1.5zM8 4v10",
    "briefcase": "M2 5.5h12v8H2zM6 5.5V3h4v2.5M2 9h12",
    "building": "M3 14V2.5h6V14M9 6h4v8M1.5 14h13M5.2 5.2h1.6M5.2 8h1.6M5.2 10.8h1.6",
    "calendar": "M2.5 3.5h11v10h-11zM2.5 6.5h11M5.5 2v3M10.5 2v3",
    "chart": "M2 14h12M4 14V9M8 14V3M12 14V6.5",
    "chat": "M2 3h12v8H7.5L4.5 13.5V11H2z",
    "check": "m3 8.5 3.2 3.2L13 4.8",
    "check-twice": "m1.5 8.5 2.8 3L10 5M7.8 11l.6.5L14.5 5",
    "chevron-down": "m4 6 4 4 4-4",
    "clock": "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM8 4.8V8l2.2 1.6",
    "copy": "M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3",
    "cross": "m4 4 8 8M12 4l-8 8",
    "dot": "M8 5.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z",
    "download": "M8 2v8M4.5 6.8 8 10.3l3.5-3.5M2.5 13.5h11",
    "edit": "m2.5 13.5.7-3L11 2.7l2.3 2.3-7.8 7.8z",
    "euro": "M12 4.2A4.5 4.5 0 0 0 5 8a4.5 4.5 0 0 0 7 3.8M3 7h5.5M3 9.2h5",
    "file": "M3.5 2h5.5l3.5 3.5V14h-9zM9 2v3.5h3.5",
    "flag": "M3.5 14V2.5h8.5l-2 3 2 3H3.5",
    "globe": "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM2 8h12M8 2c2.5 3.5 2.5 8.5 0 12M8 2c-2.5 3.5-2.5 8.5 0 12",
    "grid": "M2.5 2.5h4.5v4.5H2.5zM9 2.5h4.5v4.5H9zM2.5 9h4.5v4.5H2.5zM9 9h4.5v4.5H9z",
    "help": "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM6.2 6.3c.2-2.3 3.8-2 3.6.1-.1 1.2-1.8 1.3-1.8 2.7M8 11.3v.2",
    "home": "M2.5 7.5 8 2.5l5.5 5V14H10v-4H6v4H2.5z",
    "info": "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM8 7.3v4M8 4.7v.2",
    "key": "M5 7a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM7.2 7.8 13 2M10.5 4.5 12.5 6.5",
    "link": "M6.5 9.5a3 3 0 0 0 4.3 0l2-2a3 3 0 0 0-4.3-4.3l-.8.8M9.5 6.5a3 3 0 0 0-4.3 0l-2 2a3 3 0 0 0 4.3 4.3l.8-.8",
    "list": "M5.5 4h8M5.5 8h8M5.5 12h8M2.5 4h.2M2.5 8h.2M2.5 12h.2",
    "lock": "M3.5 7.5h9V14h-9zM5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5",
    "mail": "M2 3.5h12v9H2zM2 4.5 8 9l6-4.5",
    "map": "m2 4 4-1.5 4 1.5 4-1.5V12l-4 1.5L6 12l-4 1.5zM6 2.5V12M10 4v9.5",
    "minus": "M3.5 8h9",
    "phone": "M3 2.5h3l1 3.5-1.7 1.2a8 8 0 0 0 3.5 3.5L10 9l3.5 1v3C7.5 14 2 8.5 3 2.5z",
    "pin": "M8 14.5C5 11 3.5 8.8 3.5 6.5a4.5 4.5 0 0 1 9 0c0 2.3-1.5 4.5-4.5 8zM8 5v2.8",
    "plus": "M8 3.5v9M3.5 8h9",
    "print": "M4.5 6V2.5h7V6M4.5 11H2.5V6h11v5h-2M4.5 9.5h7v4h-7z",
    "question": "M5.7 5.8c.2-3 4.8-2.7 4.6.1-.1 1.6-2.3 1.7-2.3 3.6M8 12.5v.2",
    "scale": "M8 2.5v11M5 13.5h6M3 4.5h10M3 4.5 1.5 9.5h3zM13 4.5 11.5 9.5h3z",
    "search": "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM10.3 10.3 14 14",
    "settings": "M2 4.5h6M11.5 4.5H14M8 3v3h3V3zM2 11.5h2.5M8 11.5h6M4.5 10v3H8v-3z",
    "share": "M4 6a2 2 0 1 0 0 4 2 2 0 0 0 0-4zM12 2a2 2 0 1 0 0 4 2 2 0 0 0 0-4zM12 10a2 2 0 1 0 0 4 2 2 0 0 0 0-4zM5.8 7 10.2 5M5.8 9l4.4 2",
    "sort": "M5 6.5 8 3.5l3 3M5 9.5l3 3 3-3",
    "stop": "M5.5 2h5L14 5.5v5L10.5 14h-5L2 10.5v-5zM8 5v3.5M8 10.8v.2",
    "tag": "M2.5 2.5h5.5l5.5 5.5-5.5 5.5-5.5-5.5zM5.3 5.3h.2",
    "target": "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM8 7.9v.2",
    "undo": "M3 6.5h6.5a3.5 3.5 0 0 1 0 7H6M5.5 4 3 6.5 5.5 9",
    "user": "M8 2.5a2.7 2.7 0 1 0 0 5.4 2.7 2.7 0 0 0 0-5.4zM2.5 14c.3-3 2.5-4.3 5.5-4.3s5.2 1.3 5.5 4.3",
    "users": "M6 3a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5zM1.5 13.5c.2-2.7 2-3.8 4.5-3.8s4.3 1.1 4.5 3.8M10.5 3.2a2.5 2.5 0 0 1 0 4.7M12 9.9c1.5.5 2.4 1.7 2.5 3.6",
}


def icon(name: str) -> SafeString:
    """The drawing of this name; an unknown name is a mistake of the page, so it raises `KeyError`."""
    path = PATHS[name]
    return format_html(
        '<svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path d="{}"/></svg>',
        mark_safe(path),
    )
