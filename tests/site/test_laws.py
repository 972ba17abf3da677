"""What holds for every room: a page that breaks a law of the site fails here, with the way out."""

import ast
import re
import shutil
from functools import cache
from io import StringIO
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.apps import apps
from django.core.management import call_command, get_commands
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from relais.config.frame import ENTRIES, navigation
from relais.organisations.identifiers import RESERVED_SLUGS
from relais.organisations.queries import capacities_of
from tests.cast import NAMES
from tests.site.rights import addresses

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGE = ROOT / "relais"
ROOMS = sorted(path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists())
CODE = sorted(PACKAGE.rglob("*.py"))
TEMPLATES = sorted(path for path in PACKAGE.rglob("templates/**/*") if path.suffix in (".html", ".txt"))
VIEWS = sorted({*PACKAGE.glob("*/views.py"), *PACKAGE.glob("*/views/*.py")})
CATALOGUES = sorted(PACKAGE.glob("*/locale/fr/LC_MESSAGES/django.po"))
MOST_LINES = 600


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def patterns(found: list[URLPattern | URLResolver]) -> list[URLPattern]:
    flat: list[URLPattern] = []
    for pattern in found:
        flat += patterns(pattern.url_patterns) if isinstance(pattern, URLResolver) else [pattern]
    return flat


@pytest.mark.parametrize("pattern", patterns(get_resolver().url_patterns), ids=lambda found: found.name)
def test_each_view_says_to_whom_it_opens(pattern):
    access = getattr(pattern.callback, "access", None)
    assert access, f"{pattern.name} carries none of open_to, signed_in, public"
    below_body = addresses()[pattern.name].below_body
    assert (access[0] == "open_to") == below_body, f"{pattern.name}: {access[0]} is not its gate"


def reads_beside_visible_to(tree: ast.AST) -> list[int]:
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr != "visible_to"
        and isinstance(node.value, ast.Attribute)
        and node.value.attr in ("objects", "_default_manager", "_base_manager")
    ]


@pytest.mark.parametrize("path", VIEWS, ids=named)
def test_views_read_only_through_visible_to(path):
    assert reads_beside_visible_to(ast.parse(path.read_text())) == []


def test_the_law_of_reading_sees_a_breach():
    assert reads_beside_visible_to(ast.parse("Clause.objects.filter(pk=1)")) == [1]
    assert reads_beside_visible_to(ast.parse("Clause.objects.visible_to(actor).filter(pk=1)")) == []


def test_each_template_is_used():
    sources = "\n".join(path.read_text() for path in [*CODE, *TEMPLATES])
    known = {"400.html", "403.html", "403_csrf.html", "404.html", "409.html", "500.html"}
    unused = [
        name
        for path in TEMPLATES
        if (name := str(path).rpartition("/templates/")[2]) not in known
        and not name.startswith(("account/", "allauth/"))
        and name not in sources
    ]
    assert unused == []


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_templates_carry_no_inline_style_nor_script(path):
    text = path.read_text()
    faults = re.findall(r"<style|\sstyle=|\son[a-z]+=\"|hx-on|javascript:", text)
    faults += [tag for tag in re.findall(r"<script[^>]*>", text) if "src=" not in tag]
    assert faults == []


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_pages_ask_nothing_of_a_third_party(path):
    asked = re.findall(
        r"(?:<(?:script|img|link|iframe|source)[^>]*(?:src|href)|<form[^>]*action)=[\"'](?:https?:)?//[^\"']*",
        path.read_text(),
    )
    assert asked == []


def rows_of_operations(pattern: str) -> set[str]:
    """First cells of the tables of docs/operations.md that follow the pattern."""
    text = (ROOT / "docs" / "operations.md").read_text()
    return set(re.findall(rf"^\| `{pattern}", text, re.MULTILINE))


def test_each_setting_is_documented():
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', (PACKAGE / "config" / "settings.py").read_text()))
    documented = rows_of_operations("([A-Z_]+)`")
    assert read - documented == set(), "add them to the table of docs/operations.md"
    assert documented - read == set(), "they are read no more"


def test_each_command_is_documented():
    own = {name for name, app in get_commands().items() if str(app).startswith("relais.")}
    documented = rows_of_operations("relais ([a-z-]+)")
    assert own - documented == set(), "add them to the table of docs/operations.md"
    assert documented - own == set(), "they exist no more"


@pytest.mark.parametrize("path", [path for path in CODE if "migrations" not in path.parts], ids=named)
def test_modules_stay_short(path):
    assert len(path.read_text().splitlines()) <= MOST_LINES


@pytest.mark.parametrize("path", CATALOGUES, ids=named)
def test_catalogues_are_complete(path):
    with path.open("rb") as file:
        catalogue = read_po(file, locale="fr")
    missing = [message.id for message in catalogue if message.id and not all(strings_of(message))]
    fuzzy = [message.id for message in catalogue if message.id and message.fuzzy]
    assert missing == []
    assert fuzzy == []


def strings_of(message) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple) else (message.string,)


@pytest.mark.parametrize("path", CATALOGUES, ids=named)
def test_translations_keep_the_places_of_the_english(path):
    place = re.compile(r"%\(\w+\)[sd]")
    with path.open("rb") as file:
        catalogue = read_po(file, locale="fr")
    wrong = []
    for message in catalogue:
        if not message.id:
            continue
        wanted = set(place.findall(message.id[-1] if isinstance(message.id, tuple) else message.id))
        wrong += [text for text in strings_of(message)[-1:] if text and set(place.findall(text)) != wanted]
    assert wrong == []


@pytest.mark.parametrize("path", CATALOGUES, ids=named)
def test_french_is_typed_as_french(path):
    """A narrow no-break space before ; ? !, a no-break space before a colon, no « veuillez »."""
    with path.open("rb") as file:
        catalogue = read_po(file, locale="fr")
    texts = [text for message in catalogue if message.id for text in strings_of(message) if text]
    wrong = [text for text in texts if re.search(r"(?<![\u202f&\w])[;?!](?=\s|$)|(?<=\w)[?!](?=\s|$)", text)]
    wrong += [text for text in texts if re.search(r"[^\u00a0]:(?=\s|$)", text) and "://" not in text]
    wrong += [text for text in texts if "veuillez" in text.lower()]
    assert wrong == []


@pytest.mark.skipif(shutil.which("xgettext") is None, reason="xgettext is absent (Debian package gettext)")
@pytest.mark.parametrize("room", ROOMS)
def test_each_sentence_of_the_sources_is_in_a_catalogue(room, tmp_path, monkeypatch, settings):
    """Every msgid that the extractor finds in the room is known to a catalogue."""
    settings.LOCALE_PATHS = []
    copied = tmp_path / room
    shutil.copytree(PACKAGE / room, copied, ignore=shutil.ignore_patterns("__pycache__", "locale", "static"))
    (copied / "locale").mkdir()
    monkeypatch.chdir(copied)
    call_command("makemessages", locale=["fr"], no_obsolete=True, no_location=True, stdout=StringIO())
    extracted = ids_of(copied / "locale" / "fr" / "LC_MESSAGES" / "django.po")
    assert extracted - known_ids() == set(), "run makemessages in the room and say them in French"


@cache
def known_ids() -> frozenset[str]:
    return frozenset().union(*(ids_of(path) for path in CATALOGUES))


def ids_of(path: Path) -> set[str]:
    if not path.exists():
        return set()
    with path.open("rb") as file:
        ids = [message.id for message in read_po(file, locale="fr") if message.id]
    return {text[0] if isinstance(text, tuple) else text for text in ids}


FORBIDDEN = re.compile(
    r"\b(TODO|FIXME|XXX|raise NotImplementedError|[Cc]oming soon|[Ll]orem ipsum|pypi\.org|registry\.npmjs)\b"
    r"|(?<![\w.>])/(root|work)/"
)


def test_nothing_unfinished_and_no_path_of_a_machine():
    folders = [PACKAGE, ROOT / "docs", ROOT / "tests"]
    texts = (".py", ".html", ".txt", ".md", ".toml", ".css", ".js")
    found = [
        f"{named(path)}:{number}: {match[0]}"
        for folder in folders
        for path in folder.rglob("*")
        if path.suffix in texts and path != Path(__file__)
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if (match := FORBIDDEN.search(line))
    ]
    assert found == []


def test_no_body_can_take_the_address_of_the_site():
    first_words = {
        str(pattern.pattern).split("/")[0].lstrip("^") for pattern in get_resolver().url_patterns
    } - {"", "<slug:organisation>"}
    assert first_words <= RESERVED_SLUGS, "add them to RESERVED_SLUGS of organisations.identifiers"


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.url_name)
def test_each_entry_of_the_menu_leads_somewhere(entry):
    assert entry.url_name in addresses()


def test_each_room_is_an_application():
    installed = {config.name for config in apps.get_app_configs()}
    assert [room for room in ROOMS if room != "core" and f"relais.{room}" not in installed] == []


@pytest.mark.parametrize("name", [name for name in NAMES if name not in ("vera", "remi")])
def test_each_entry_of_somebodys_menu_opens(cast, client_for, name):
    person = cast[name]
    slug = person.organisation.slug
    held = capacities_of(person.organisation, timezone.localdate())
    browser = client_for(person)
    closed = {
        entry["url"]: status
        for entry in navigation(slug, held, person.role, f"/{slug}/")
        if (status := browser.get(entry["url"], follow=True).status_code) != 200
    }
    assert closed == {}
