"""Build what the browser needs: `python -m relais.kit.assets [folder]` writes `kit/` below `var/assets`.

The style sheet is our theme and the few layout utilities of Bootstrap that pages may use, in one file;
htmx is copied as it is. Nothing of it is committed: the packages come from `npm ci`.
"""

import re
import sys
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
ROOT = PACKAGE.parent.parent
THEME = PACKAGE / "theme"

KEPT = re.compile(
    r"\.(row|col|col-(auto|\d+)|(g|gx|gy)-[0-5]|col-(md|lg)(-\w+)?"
    r"|d-(none|inline|inline-block|block|grid|flex|inline-flex)|d-(md|lg)-(none|block|flex|inline|grid)"
    r"|flex-(row|column|wrap|nowrap|fill|grow-[01]|shrink-[01])|flex-(md|lg)-(row|column)"
    r"|(justify-content|align-items|align-self)-\w+"
    r"|[mp][tbsexy]?-([0-5]|auto)|(row-|column-)?gap-[0-5]"
    r"|w-(25|50|75|100|auto)|h-100|text-(start|end|center|nowrap|break)|text-(md|lg)-(start|end)"
    r"|fw-(normal|medium|semibold|bold)|overflow-auto)"
)
"""Utilities kept from Bootstrap: layout and spacing. Its colours and components are left out."""

BREAKPOINTS = ("(min-width: 768px)", "(min-width: 992px)")


class MissingPackage(Exception):
    """A package of `package.json` is not installed."""


def main(arguments: list[str]) -> int:
    """Write the files; 1 when `npm ci` has not been run."""
    target = Path(arguments[0]) if arguments else ROOT / "var" / "assets"
    try:
        written = build(target / "kit", ROOT / "node_modules")
    except MissingPackage as error:
        print(error, file=sys.stderr)
        return 1
    for path in written:
        print(f"{path.stat().st_size:>8} {path.name}")
    return 0


def build(target: Path, packages: Path) -> list[Path]:
    """Write the style sheet and the scripts into `target`."""
    target.mkdir(parents=True, exist_ok=True)
    style = target / "relais.css"
    style.write_text(style_sheet(packages), encoding="utf-8")
    script = target / "htmx.min.js"
    script.write_bytes(needed(packages / "htmx.org" / "dist" / "htmx.min.js").read_bytes())
    return [style, script]


def style_sheet(packages: Path) -> str:
    """Our theme, then the utilities, which must win."""
    bootstrap = packages / "bootstrap" / "dist" / "css"
    both = "\n".join(
        needed(bootstrap / f"bootstrap-{part}.css").read_text(encoding="utf-8")
        for part in ("grid", "utilities")
    )
    theme = "\n".join(path.read_text(encoding="utf-8") for path in sorted(THEME.glob("*.css")))
    notice = "/* Relais, AGPL-3.0-or-later. Utilities: Bootstrap 5.3, (c) The Bootstrap Authors, MIT. */\n"
    return notice + smaller(f"{theme}\n{kept_rules(both)}")


def needed(path: Path) -> Path:
    if not path.is_file():
        raise MissingPackage(
            f"{path.name} is not there: run npm ci at the root of the project, then build again."
        )
    return path


def kept_rules(sheet: str) -> str:
    """The rules of Bootstrap whose every selector is a kept class, alone or under one of our breakpoints."""
    sheet = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
    kept = {rule: None for rule in re.findall(r"(?m)^\.[^{}@]+\{[^{}]*\}", sheet) if is_kept(rule)}
    under: dict[str, dict[str, None]] = {condition: {} for condition in BREAKPOINTS}
    for condition, body in re.findall(r"@media ([^{]+?) \{\n(.*?)\n\}", sheet, flags=re.DOTALL):
        if condition in under:
            rules = re.findall(r"\.[^{}@]+\{[^{}]*\}", body)
            under[condition].update((rule, None) for rule in rules if is_kept(rule))
    return "\n".join(
        [*kept, *(f"@media {condition}{{{''.join(rules)}}}" for condition, rules in under.items())]
    )


def is_kept(rule: str) -> bool:
    selectors = rule.split("{", 1)[0].split(",")
    return all(KEPT.fullmatch(selector.strip().removesuffix(" > *").strip()) for selector in selectors)


def smaller(sheet: str) -> str:
    """Without comments and useless white space. Strings of our theme hold neither braces nor comments."""
    sheet = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
    sheet = re.sub(r"\s+", " ", sheet)
    return re.sub(r"\s*([{};])\s*", r"\1", sheet).replace(";}", "}").strip() + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
