"""What every page shows around its content: the rooms of the role, the bodies of the person."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from relais import __version__
from relais.kit.actor import Actor
from relais.organisations.enums import Capacity, Role
from relais.organisations.landing import landing_url
from relais.organisations.models import Organisation, Scheme

MOST_ENTRIES = 7

BUYING = frozenset({Capacity.COORDINATOR, Capacity.BUYER})
FOLLOWING = BUYING | {Capacity.FACILITATOR}
EXECUTING = FOLLOWING | {Capacity.COMPANY, Capacity.STRUCTURE}
EVERYBODY = frozenset(Capacity)
DAILY = frozenset({Role.MANAGER, Role.OFFICER, Role.READER})
ALL_ROLES = frozenset(Role)


@dataclass(frozen=True, slots=True)
class Entry:
    """A room in the menu: its page, its word, and for whom it is there.

    `below`: the first words of the addresses, after the body's, where the entry is the current one.
    """

    label: Any
    url_name: str
    icon: str
    capacities: frozenset[Capacity]
    roles: frozenset[Role]
    below: tuple[str, ...]

    def is_for(self, capacities: Collection[str], role: str) -> bool:
        return role in self.roles and bool(self.capacities & set(capacities))


ENTRIES = (
    Entry(_("To do"), "todo", "home", EVERYBODY, ALL_ROLES, ("", "alertes", "charge")),
    Entry(
        _("Opportunities"),
        "opportunity-list",
        "target",
        FOLLOWING,
        DAILY | {Role.PROJECT_LEAD, Role.PURCHASER},
        ("opportunites", "programmation"),
    ),
    Entry(
        _("Contracts"),
        "contract-list",
        "briefcase",
        BUYING,
        DAILY | {Role.PROJECT_LEAD, Role.PURCHASER},
        ("marches",),
    ),
    Entry(
        _("Clauses"),
        "clause-list",
        "scale",
        EXECUTING,
        DAILY | {Role.PROJECT_LEAD, Role.PURCHASER},
        ("clauses", "suivi", "textes"),
    ),
    Entry(
        _("Hours"),
        "hours-home",
        "clock",
        frozenset({Capacity.FACILITATOR, Capacity.COMPANY, Capacity.STRUCTURE}),
        DAILY,
        ("execution",),
    ),
    Entry(_("Results"), "consolidated", "chart", EVERYBODY, ALL_ROLES, ("bilan",)),
    Entry(
        _("Directory"),
        "body-list",
        "building",
        EVERYBODY,
        ALL_ROLES - {Role.MANAGER},
        ("annuaire", "dispositifs", "offre"),
    ),
    Entry(
        _("Administration"),
        "member-list",
        "settings",
        EVERYBODY,
        frozenset({Role.MANAGER}),
        ("membres", "journal", "annuaire", "dispositifs", "offre"),
    ),
)

SEARCHES = (("contract-list", _("Search the contracts")), ("clause-list", _("Search the clauses")))
"""Where the field of the top bar looks: the first of these lists that the role has."""


def navigation(
    slug: str, capacities: Collection[str], role: str, path: str, entries: Collection[Entry] = ENTRIES
) -> list[dict[str, Any]]:
    """The entries open to a role of a body, in the order of the trade; no query."""
    here = path.removeprefix(f"/{slug}/").split("/")[0] if path.startswith(f"/{slug}/") else None
    found = []
    for entry in entries:
        if not entry.is_for(capacities, role):
            continue
        try:
            url = reverse(entry.url_name, kwargs={"organisation": slug})
        except NoReverseMatch:
            continue
        found.append(
            {"label": entry.label, "url": url, "icon": entry.icon, "current": here in entry.below, "count": 0}
        )
    return found[:MOST_ENTRIES]


def search_of(entries: Collection[dict[str, Any]], request: HttpRequest) -> dict[str, Any]:
    """The field of the top bar: its list, its words, and what was typed when the list is the page shown."""
    urls = {entry["url"] for entry in entries}
    for name, label in SEARCHES:
        url = reverse(name, kwargs={"organisation": request.organisation.slug})  # type: ignore[attr-defined]
        if url in urls:
            text = request.GET.get("q", "") if request.path == url else ""
            return {"search_url": url, "search_label": label, "search_text": text}
    return {}


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of every page; two queries at most, none for an anonymous page or an error."""
    context: dict[str, Any] = {
        "version": __version__,
        "accessibility_url": reverse("accessibility"),
        "navigation": [],
        "organisations": [],
        "organisation_name": "",
        "scheme_name": "",
        "search_url": "",
        "search_label": "",
        "search_text": "",
        "person_url": "",
    }
    user: Any = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return context
    context["person_url"] = reverse("account")
    organisation = getattr(request, "organisation", None)
    current = organisation.pk if organisation else None
    context["organisations"] = lazily(lambda: bodies_of(user.pk, current))
    if organisation is not None and hasattr(request, "actor"):
        context["organisation_name"] = organisation.name
        context["scheme_name"] = lazily(lambda: scheme_name(request.actor))
        context["navigation"] = navigation(
            organisation.slug, getattr(request, "capacities", frozenset()), request.actor.role, request.path
        )
        context |= search_of(context["navigation"], request)
    return context


def lazily(make: Callable[[], Any]) -> Any:
    """A value found when the page shows it, and once: fragments of pages do not pay for it."""
    return SimpleLazyObject(make)


def bodies_of(user_id: int, current: int | None) -> list[dict[str, Any]]:
    bodies = Organisation.objects.for_user(user_id, timezone.localdate()).order_by("search_name", "pk")
    return [
        {"name": name, "url": landing_url(slug), "current": pk == current}
        for pk, slug, name in bodies.values_list("pk", "slug", "name")
    ]


def scheme_name(actor: Actor) -> str:
    """The name of the body's scheme; nothing when it takes part in several."""
    names = list(Scheme.objects.visible_to(actor).values_list("name", flat=True)[:2])
    return names[0] if len(names) == 1 else ""
