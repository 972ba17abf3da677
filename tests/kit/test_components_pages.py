"""The frame around every page: well made in both languages, readable in both themes, light to fetch."""

import gzip
import re
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.conf import settings

from relais.kit import assets
from relais.kit.plots import GRID, INK, MARK, MUTED, PAPER, SERIES, THEME_OF
from tests.pages import GuardedClient

pytestmark = pytest.mark.urls("tests.kit.gallery")

THEME = (assets.THEME / "10-tokens.css").read_text(encoding="utf-8")
TEXT_PAIRS = [
    *(
        (text, ground)
        for text in ("ink", "muted", "link", "brand", "accent-ink", "good", "warn", "bad", "info", "wait")
        for ground in ("paper", "surface", "sunken")
    ),
    *((tone, f"{tone}-soft") for tone in ("good", "warn", "bad", "info", "wait", "brand")),
    *(("ink", f"{tone}-soft") for tone in ("good", "warn", "bad", "info", "wait", "accent")),
    ("accent-ink", "accent-soft"),
    ("on-accent", "accent"),
    ("on-accent", "accent-hover"),
    ("on-top", "top"),
    ("on-top", "top-soft"),
    *((f"series-{rank}", "surface") for rank in range(1, 6)),
]
EDGE_PAIRS = [
    *(("edge", ground) for ground in ("paper", "surface", "sunken")),
    *(("accent", ground) for ground in ("paper", "surface", "sunken")),
    *(("bar-fill", ground) for ground in ("surface", "sunken")),
    ("series-6", "surface"),
]


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def colours(theme: str) -> dict[str, str]:
    light, dark = THEME.split("@media (prefers-color-scheme: dark)")
    found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", light))
    return found if theme == "light" else found | dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", dark))


def test_contrast_is_computed_as_wcag_does() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_text_of_the_palette_can_be_read(theme: str) -> None:
    palette = colours(theme)
    weak = {pair: round(contrast(palette[pair[0]], palette[pair[1]]), 2) for pair in TEXT_PAIRS}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_edge_that_means_something_can_be_seen(theme: str) -> None:
    palette = colours(theme)
    weak = {pair: round(contrast(palette[pair[0]], palette[pair[1]]), 2) for pair in EDGE_PAIRS}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 3} == {}


def test_charts_and_theme_share_their_colours() -> None:
    palette = colours("light")
    for colour in (INK, MUTED, GRID, PAPER, MARK, *SERIES):
        assert palette[THEME_OF[colour].removeprefix("--")] == colour


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("path", ["/gallery/", "/gallery/form/", "/gallery/sheet/"])
def test_every_component_makes_a_sound_page(
    client: GuardedClient, path: str, language: str, db: None
) -> None:
    response = client.get(path, headers={"accept-language": language})
    assert response.status_code == 200
    assert BeautifulSoup(response.content, "html.parser").html["lang"] == language


@pytest.mark.parametrize("status", [400, 403, 404, 409])
def test_a_refusal_says_why_and_gives_a_way_out(client: GuardedClient, status: int, db: None) -> None:
    response = client.get(f"/gallery/refusal/{status}/")
    page = BeautifulSoup(response.content, "html.parser")
    assert response.status_code == status
    assert page.select_one(".lead").get_text(strip=True)
    assert page.select_one("main a.button")


def test_a_failure_page_needs_nothing_but_the_style(rf: Any) -> None:
    from django.template.loader import render_to_string

    page = BeautifulSoup(render_to_string("500.html"), "html.parser")
    assert len(page.select("h1")) == 1
    assert page.select_one("a.button")["href"] == "/"


def test_the_frame_names_its_landmarks(client: GuardedClient, db: None) -> None:
    page = BeautifulSoup(client.get("/gallery/").content, "html.parser")
    assert page.select_one("a.skip")["href"] == "#main"
    assert page.main["id"] == "main"
    assert page.select_one('nav.rooms a[aria-current="page"]').get_text(strip=True) == "Clauses"
    assert len(page.select("nav[aria-label]")) == len(page.select("nav"))


@pytest.mark.skipif(not (assets.ROOT / "node_modules").is_dir(), reason="npm ci has not been run")
def test_a_first_visit_is_light(client: GuardedClient, tmp_path: Path, db: None) -> None:
    style, htmx = assets.build(tmp_path, assets.ROOT / "node_modules")
    own = assets.PACKAGE / "static" / "kit" / "relais.js"
    sent = {path.name: len(gzip.compress(path.read_bytes())) for path in (style, htmx, own)}
    page = len(gzip.compress(client.get("/gallery/form/").content))
    assert sent["htmx.min.js"] + sent["relais.js"] <= 25 * 1024
    assert sum(sent.values()) + page <= 80 * 1024
    assert page <= 15 * 1024
    assert own.stat().st_size <= 8 * 1024


@pytest.mark.skipif(not (assets.ROOT / "node_modules").is_dir(), reason="npm ci has not been run")
def test_the_sheet_keeps_the_layout_of_bootstrap_and_not_its_colours(tmp_path: Path) -> None:
    sheet = assets.style_sheet(assets.ROOT / "node_modules")
    for kept in (".d-flex{", ".mb-3{", ".col-md-6{", ".gap-2{", ".text-end{", ".row{"):
        assert kept in sheet
    for left in (".bg-primary", ".btn", ".text-danger", "url("):
        assert left not in sheet
    assert sheet.count("{") == sheet.count("}")


def test_a_missing_package_is_named_with_its_remedy(tmp_path: Path) -> None:
    with pytest.raises(assets.MissingPackage, match="npm ci"):
        assets.build(tmp_path / "out", tmp_path)


def test_every_template_of_the_kit_uses_variables_of_the_theme() -> None:
    sheets = "".join(path.read_text(encoding="utf-8") for path in assets.THEME.glob("*.css"))
    used = set(re.findall(r"var\(--([\w-]+)", sheets))
    defined = set(re.findall(r"--([\w-]+):", sheets))
    assert used <= defined
    assert settings.STATICFILES_DIRS
