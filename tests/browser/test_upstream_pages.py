"""The pages before the award (plans, triage, notices, offer, texts, duty): the rules of accessibility, and
nothing wider than a phone.

One thing of each kind is laid once, by the examples of the permission matrix; each page is loaded once, read
by axe on a wide screen, then at the width of a phone by the rules that width may change.
"""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.browser.driving import Visit, needs_browser, violations
from tests.cast import Cast
from tests.site.objects import World, target_of
from tests.site.rights import addresses

pytestmark = [*needs_browser, pytest.mark.django_db(transaction=True)]
WIDE = {"width": 1280, "height": 900}
OF_A_PHONE = ("scrollable-region-focusable", "target-size")
"""Rules that width alone may change; the contrast of dark colours is that of the other pages."""
PHONES = ({"width": 390, "height": 844}, {"width": 360, "height": 780})

LAID_FIRST = ("plan-settle", "version-propose", "version-approve", "library-close")
"""Examples that leave something to show: a difference between a plan and its lot, drafts, an open library."""
PAGES = {
    "clara": (
        *("plan-list", "plan-import", "plan-mapping", "plan-detail", "plan-operations"),
        *("opportunity-triage", "duty-register", "duty-register-print"),
        *("notice-list", "notice-detail", "import-list", "contract-correct"),
        *("structure-offer-list", "structure-offer-detail", "rule-detail", "trade-detail"),
        *("text-add", "text-detail", "text-write", "text-compare", "version-withdraw", "clause-kit"),
    ),
    "carole": ("text-list",),
    "fanny": (
        *("opinion-list", "opinion-answer", "text-list"),
        *("launch-detail", "launch-print", "launch-spread", "launch-plan"),
        *("launch-minutes", "correspondent-add"),
    ),
    "pascal": ("opportunity-list",),
    None: ("public-texts",),
}


@pytest.fixture
def world(cast: Cast) -> World:
    made = World(cast, timezone.localdate())
    for name in LAID_FIRST:
        target_of(name, made)
    return made


def test_the_pages_before_the_award_suit_everybody(visit: Visit, cast: Cast, world: World) -> None:
    found: dict[str, Any] = {}
    for name, urls in PAGES.items():
        person = cast[name] if name else None
        targets = {url: target_of(url, world) for url in urls}
        page = visit(person)
        for url, target in targets.items():
            kwargs = dict(target.kwargs)
            if person is not None and addresses()[url].below_body:
                kwargs["organisation"] = person.organisation.slug
            page.set_viewport_size(WIDE)
            answer = page.goto(reverse(url, kwargs=kwargs))
            assert answer.status == 200, (name, url, answer.status)
            faults = violations(page)
            for phone in PHONES:
                page.set_viewport_size(phone)
                wide = page.evaluate("document.documentElement.scrollWidth")
                if wide > phone["width"]:
                    faults.append(f"{wide} pixels wide on a phone of {phone['width']}")
            faults += violations(page, *OF_A_PHONE)
            if faults:
                found[f"{name} {url}"] = faults
    assert found == {}
