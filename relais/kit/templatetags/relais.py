"""`{% load relais %}`: the words, figures and components of pages; docs/components.md shows each of them."""

from typing import Any

from django import template
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from relais.kit import components, icons
from relais.kit import words as say_words
from relais.kit.addresses import address_with, bound_filters

register = template.Library()

register.filter("hours", say_words.hours)
register.filter("euros", say_words.euros)
register.filter("percent", say_words.percent)
register.filter("number", say_words.number)
register.filter("signed", say_words.signed)
register.filter("day", say_words.day)
register.filter("month", say_words.month)
register.filter("moment", say_words.moment)
register.filter("words", say_words.say)
register.filter("said", say_words.spoken)


@register.filter
def message_tone(level_tag: str) -> str:
    """Tone of one of Django's messages."""
    return components.MESSAGE_TONES.get(level_tag, components.Tone.INFO)


@register.filter
def iso(value: Any) -> str:
    """A date for machines, in `<time datetime>` and in attributes."""
    return value.isoformat() if hasattr(value, "isoformat") else str(value or "")


@register.simple_tag
def icon(name: str) -> SafeString:
    return icons.icon(name)


@register.simple_tag
def tone_icon(tone: str) -> SafeString:
    """The usual drawing of a tone."""
    return icons.icon(components.TONE_ICONS[str(tone) or components.Tone.NEUTRAL])


@register.simple_tag
def state(first: Any, text: Any = "", icon_name: str = "") -> SafeString:
    """A state by word, icon and colour: `{% state "good" word %}`, or an object with `tone` and `label`."""
    if text or isinstance(first, components.Tone):
        tone, word = str(first), say_words.say(text)
    else:
        tone, word = components.tone_of(first)
    drawing = icons.icon(icon_name or components.TONE_ICONS[tone])
    return format_html('<span class="state {}">{}{}</span>', tone, drawing, word)


@register.inclusion_tag("components/bar.html")
def bar(
    owed: Any, validated: Any, declared: Any = 0, expected: Any = None, compact: bool = False, label: Any = ""
) -> dict[str, Any]:
    return {
        "bar": components.Bar.of(owed, validated, declared, expected),
        "compact": compact,
        "label": say_words.say(label),
    }


@register.inclusion_tag("components/figure.html")
def figure(
    label: Any,
    value: Any,
    note: Any = "",
    trend: Any = None,
    trend_text: Any = "",
    better: str = "up",
    url: str = "",
    tone: str = "",
) -> dict[str, Any]:
    """A tile: label, figure, movement since a reference, note. `trend` is a share of one."""
    direction = "flat" if not trend else "up" if trend > 0 else "down"
    return {
        "label": say_words.say(label),
        "value": say_words.spoken(value),
        "note": say_words.say(note),
        "has_trend": trend is not None,
        "trend": say_words.percent(trend if trend is None else abs(trend)),
        "direction": direction,
        "trend_tone": "neutral" if direction == "flat" else "good" if direction == better else "bad",
        "trend_text": say_words.say(trend_text),
        "url": url,
        "tone": tone,
    }


@register.inclusion_tag("components/column.html", takes_context=True)
def column(context: Context, key: str, label: Any, unit: str = "", numeric: bool = False) -> dict[str, Any]:
    """Head of a column; with a key, a link that sorts through the address."""
    request = context.get("request")
    current = request.GET.get("sort", "") if request else ""
    order = {key: "ascending", f"-{key}": "descending"}.get(current, "") if key else ""
    following = f"-{key}" if order == "ascending" or (numeric and not order) else key
    return {
        "key": key,
        "label": say_words.say(label),
        "unit": unit,
        "numeric": numeric,
        "order": order,
        "url": address_with(request, sort=following, page=None) if key and request else "",
    }


@register.inclusion_tag("components/pager.html", takes_context=True)
def pager(context: Context, page: Any, target: str = "") -> dict[str, Any]:
    request = context.get("request")
    return {
        "page": page,
        "target": target,
        "before": address_with(request, page=page.number - 1) if page.has_previous else "",
        "after": address_with(request, page=page.number + 1) if page.has_next else "",
    }


@register.inclusion_tag("components/filters.html", takes_context=True)
def filters(context: Context, form: Any, target: str = "", action: Any = "") -> dict[str, Any]:
    request = context.get("request")
    return {
        "form": form,
        "target": target,
        "action": say_words.say(action) or _("Show"),
        "path": request.path if request else "",
        "sort": request.GET.get("sort", "") if request else "",
        "active": bound_filters(form),
    }


@register.inclusion_tag("components/export_links.html", takes_context=True)
def export_links(context: Context, url: str, kinds: str = "csv xlsx") -> dict[str, Any]:
    """Files of what is shown: the filters of the address are kept, `format` names the kind of file."""
    names = {"csv": "CSV", "xlsx": "Excel", "ods": "ODS", "json": "JSON", "pdf": "PDF", "docx": "Word"}
    request = context.get("request")
    links = [
        {"name": names[kind], "url": address_with(request, path=url, page=None, format=kind)}
        for kind in kinds.split()
    ]
    return {"links": links}


@register.inclusion_tag("components/empty_state.html")
def empty_state(title: Any, text: Any = "", url: str = "", action: Any = "") -> dict[str, Any]:
    return {
        "title": say_words.say(title),
        "text": say_words.say(text),
        "url": url,
        "action": say_words.say(action),
    }


@register.inclusion_tag("components/working.html")
def working(steps: Any, summary: Any = "", opened: bool = False) -> dict[str, Any]:
    return {
        "steps": components.working_steps(steps),
        "summary": say_words.say(summary) or _("How this number was found"),
        "opened": opened,
    }


@register.inclusion_tag("components/facts.html")
def facts(items: Any) -> dict[str, Any]:
    return {"facts": items}


@register.inclusion_tag("components/timeline.html")
def timeline(events: Any) -> dict[str, Any]:
    return {"events": events}


@register.inclusion_tag("components/next_action.html")
def next_action(action: components.NextAction | None) -> dict[str, Any]:
    return {"action": action}


@register.inclusion_tag("components/stages.html")
def stages(items: Any, label: Any = "") -> dict[str, Any]:
    return {"items": items, "label": say_words.say(label) or _("Stages")}


@register.inclusion_tag("components/tabs.html")
def tabs(items: Any, label: Any = "") -> dict[str, Any]:
    return {"items": items, "label": say_words.say(label) or _("Parts of this file")}


@register.inclusion_tag("components/crumbs.html")
def crumbs(*pairs: Any) -> dict[str, Any]:
    """The way back: labels and addresses by turns, from the widest to the nearest page."""
    texts = [say_words.say(part) for part in pairs]
    return {"steps": list(zip(texts[::2], texts[1::2], strict=True))}


@register.inclusion_tag("components/verdict_button.html", takes_context=True)
def verdict_button(
    context: Context,
    verdict: Any,
    label: Any,
    url: str,
    method: str = "post",
    tone: str = "",
    name: str = "",
    value: Any = "",
    confirm: Any = "",
    icon_name: str = "",
) -> dict[str, Any]:
    """The act if the verdict allows it, its reason in words otherwise."""
    return {
        "csrf_token": context.get("csrf_token"),
        "allowed": bool(verdict),
        "reason": say_words.say(getattr(verdict, "reason", None)),
        "label": say_words.say(label),
        "url": url,
        "method": method,
        "tone": tone,
        "name": name,
        "value": value,
        "confirm": say_words.say(confirm),
        "icon_name": icon_name,
    }


@register.inclusion_tag("components/chart.html")
def chart(chart: Any, opened: bool = False) -> dict[str, Any]:
    return {"chart": chart, "opened": opened}


@register.simple_block_tag
def disclosure(content: SafeString, summary: Any, opened: bool = False) -> SafeString:
    return format_html(
        '<details class="disclosure"{}><summary>{}{}</summary>'
        '<div class="disclosure-body">{}</div></details>',
        SafeString(" open") if opened else "",
        icons.icon("chevron-down"),
        say_words.say(summary),
        content,
    )


@register.simple_block_tag
def notice(content: SafeString, tone: str = "info", title: Any = "") -> SafeString:
    head = format_html("<strong>{}</strong> ", say_words.say(title)) if title else ""
    drawing = icons.icon(components.TONE_ICONS[str(tone)])
    return format_html('<div class="notice {}">{}<div>{}{}</div></div>', tone, drawing, head, content)
