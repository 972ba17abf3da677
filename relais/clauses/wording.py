"""The kit of a clause: notice, tender rules, special conditions and annex, by regime and modality.

The texts are French whatever the reader's language: they go into French contracts. They are rendered from
`texts/kit.toml` while the clause is a draft, and kept as plain text with the clause once written.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from django.utils import formats, translation

from relais.clauses.enums import CRITERION_MODALITIES, Modality, Part
from relais.clauses.models import Clause
from relais.core.regime import article, regime_on
from relais.core.words import NotInForce, Words, gettext_noop
from relais.kit import words
from relais.organisations.enums import PolicyKey
from relais.organisations.policies import PolicyValue

DOCUMENT_MARK, SECTION_MARK = "# ", "## "


@dataclass(frozen=True, slots=True)
class Section:
    heading: str
    paragraphs: tuple[str, ...]
    source: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """One of the documents of the consultation, with what it says of insertion."""

    title: str
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that is missing or does not agree; a blocking gap forbids to keep the text."""

    words: Words
    blocking: bool


@cache
def library() -> Mapping[str, Any]:
    """The texts, read once."""
    return tomllib.loads(files("relais.clauses").joinpath("texts/kit.toml").read_text("utf-8"))


def version() -> str:
    return str(library()["version"])


def compose(clause: Clause, policies: Mapping[PolicyKey, PolicyValue]) -> tuple[Document, ...]:
    """The kit of a clause as it stands. Reads `clause.lot`, `clause.buyer` and `clause.parties`."""
    values = values_of(clause, policies)
    return tuple(
        Document(title, tuple(_section(block, values) for block in _blocks(clause, key, values)))
        for key, title in library()["documents"].items()
    )


def _blocks(clause: Clause, document: str, values: Mapping[str, str]) -> Iterable[Mapping[str, Any]]:
    for block in library()["block"]:
        if (
            block["document"] == document
            and clause.modality in block.get("modalities", (clause.modality,))
            and clause.regime in block.get("regimes", (clause.regime,))
            and ("with" not in block or values[block["with"]])
            and ("without" not in block or not values[block["without"]])
        ):
            yield block


def _section(block: Mapping[str, Any], values: Mapping[str, str]) -> Section:
    text = typeset(block["body"].strip().format_map(values))
    paragraphs = tuple(part.strip() for part in text.split("\n\n") if part.strip())
    return Section(block["heading"], paragraphs, block["source"].format_map(values))


def values_of(clause: Clause, policies: Mapping[PolicyKey, PolicyValue]) -> dict[str, str]:
    """What fills the places of the texts, in French; an empty value is one that is not known."""
    lot = clause.lot
    weight = clause.criterion_weight
    with translation.override("fr"):
        hours = (
            words.with_unit(clause.hours, "heures" if clause.hours >= 2 else "heure")
            if clause.hours
            else "……… heures"
        )
        mixed = clause.modality == Modality.MIXED
        return {
            "reference": clause.reference,
            "buyer": clause.buyer.name,
            "object": _plain(lot.object),
            "lot_number": f"n° {lot.number} " if lot.number else "",
            "lot_label": f"n° {lot.number}" if lot.number else "unique",
            "article": with_article(clause.article),
            "of_article": f"de {with_article(clause.article)}".replace("de les ", "des "),
            "hours": hours,
            "launched_on": formats.date_format(clause.launched_on, "j F Y"),
            "facilitators": ", ".join(
                party.organisation.name
                for party in clause.parties.all()
                if party.part == Part.FACILITATOR and party.ends_on is None
            ),
            "eligible_note": _plain(clause.eligible_note),
            "particulars": "\n\n".join(_plain(part) for part in clause.particulars.split("\n\n")),
            "unit_penalty": words.euros(clause.unit_penalty) if clause.unit_penalty else "",
            "criterion_weight": words.with_unit(weight, "%") if weight else "……… %",
            "criterion_floor": f" au-delà de {hours}" if mixed and clause.hours else "",
            "criterion_floor_text": f", dont {hours} au titre de la condition d'exécution" if mixed else "",
            "declaration_day": _whole(policies, PolicyKey.DECLARATION_DAY),
            "kickoff_days": _whole(policies, PolicyKey.KICKOFF_DAYS),
        }


_SEVERAL = re.compile(r"art\. (?=(?:[LRD]\. )?[\d-]+(?:, (?:[LRD]\. )?[\d-]+)* et (?:[LRD]\. )?\d)")


def with_article(citation: str) -> str:
    """A citation inside a French sentence: "art. 14 du code" becomes "l'article 14 du code"."""
    text = _SEVERAL.sub("les articles ", citation).replace("art. ", "l'article ")
    return f"l'{text}" if text.startswith("ordonnance") else text


def typeset(text: str) -> str:
    """French typography: curved apostrophes, no-break spaces in guillemets and before high punctuation."""
    text = text.replace("'", "’").replace("« ", "«\u00a0").replace(" »", "\u00a0»").replace(" :", "\u00a0:")
    return re.sub(" ([;?!])", "\u202f\\1", text)


def _whole(policies: Mapping[PolicyKey, PolicyValue], key: PolicyKey) -> str:
    found = policies.get(key)
    return f"{found.value:.0f}" if found else "………"


def _plain(text: str) -> str:
    """Free text as one paragraph, which cannot pass for a heading of the kit."""
    return " ".join(text.split()).lstrip("# ")


def as_text(documents: Iterable[Document]) -> str:
    """The kit in plain text, as it is kept with a written clause."""
    lines: list[str] = []
    for document in documents:
        lines.append(DOCUMENT_MARK + document.title)
        for section in document.sections:
            lines.append(SECTION_MARK + section.heading)
            lines.extend(section.paragraphs)
    return "\n\n".join(lines)


def from_text(text: str) -> tuple[Document, ...]:
    """The kept kit, as documents again: the inverse of `as_text`, but for the sources."""
    kit: list[tuple[str, list[tuple[str, list[str]]]]] = []
    for block in text.split("\n\n"):
        if block.startswith(SECTION_MARK) and kit:
            kit[-1][1].append((block.removeprefix(SECTION_MARK), []))
        elif block.startswith(DOCUMENT_MARK):
            kit.append((block.removeprefix(DOCUMENT_MARK), []))
        elif kit and kit[-1][1]:
            kit[-1][1][-1][1].append(block)
    return tuple(
        Document(title, tuple(Section(heading, tuple(paragraphs)) for heading, paragraphs in sections))
        for title, sections in kit
    )


def read(clause: Clause, policies: Mapping[PolicyKey, PolicyValue]) -> tuple[Document, ...]:
    """The kit to show: the kept text once written, the composed one while a draft."""
    return from_text(clause.wording) if clause.wording else compose(clause, policies)


def gaps(clause: Clause, policies: Mapping[PolicyKey, PolicyValue]) -> list[Gap]:
    """What is missing or does not agree between the lot, the dates, the hours and the texts."""
    return [*_legal_gaps(clause), *_hours_gaps(clause, policies), *_people_gaps(clause)]


def _legal_gaps(clause: Clause) -> Iterable[Gap]:
    try:
        cited = article(
            _core_modality(clause), clause.launched_on, concession=clause.lot.is_concession
        ).citation
    except NotInForce as error:
        yield Gap(error.words, blocking=True)
        return
    if clause.article != cited or clause.regime != regime_on(clause.launched_on):
        yield Gap(
            Words(
                gettext_noop(
                    "The article kept (%(kept)s) is not that of the launch date (%(cited)s). Save again."
                ),
                {"kept": clause.article, "cited": cited},
            ),
            blocking=True,
        )
    launched_on = launch_date(clause)
    if launched_on is not None and launched_on != clause.launched_on:
        yield Gap(
            Words(
                gettext_noop(
                    "The clause is dated %(clause)s and the lot is launched on %(lot)s. Make them agree."
                ),
                {"clause": clause.launched_on, "lot": launched_on},
            ),
            blocking=False,
        )


def launch_date(clause: Clause) -> Any:
    """The launch date that the lot or its procedure knows, if any."""
    lot = clause.lot
    return lot.launched_on or (lot.procedure.launched_on if lot.procedure else None)


def _core_modality(clause: Clause) -> Any:
    from relais.core.regime import Modality as CoreModality  # the same name as ours

    return CoreModality(clause.modality)


def _hours_gaps(clause: Clause, policies: Mapping[PolicyKey, PolicyValue]) -> Iterable[Gap]:
    if clause.modality in (Modality.EXEC_CONDITION, Modality.MIXED) and clause.hours <= 0:
        yield Gap(Words(gettext_noop("A performance condition needs hours: none is asked.")), blocking=True)
    if clause.modality in CRITERION_MODALITIES and clause.criterion_weight is None:
        yield Gap(Words(gettext_noop("The weight of the criterion is missing.")), blocking=True)
    least = policies.get(PolicyKey.MINIMUM_HOURS)
    if least and 0 < clause.hours < least.value:
        yield Gap(
            Words(
                gettext_noop("%(hours)s h is below the %(least)s h under which the scheme writes no clause."),
                {"hours": clause.hours, "least": least.value},
            ),
            blocking=False,
        )
    months = clause.lot.duration_months
    divisor = policies.get(PolicyKey.FTE_DIVISOR)
    if months and divisor and clause.hours > divisor.value * Decimal(months) / 12 * 20:
        yield Gap(
            Words(
                gettext_noop(
                    "%(hours)s h in %(months)s months is more than twenty full-time people. Check the figure."
                ),
                {"hours": clause.hours, "months": months},
            ),
            blocking=False,
        )
    if not clause.unit_penalty and clause.modality in (Modality.EXEC_CONDITION, *CRITERION_MODALITIES):
        yield Gap(
            Words(gettext_noop("No penalty per missing hour: the clause has no sanction of its own.")),
            blocking=False,
        )


def _people_gaps(clause: Clause) -> Iterable[Gap]:
    if not any(party.part == Part.FACILITATOR and party.ends_on is None for party in clause.parties.all()):
        yield Gap(
            Words(gettext_noop("No facilitator is named: candidates and hours have nobody to follow them.")),
            blocking=False,
        )
    if not clause.lot.number:
        yield Gap(
            Words(gettext_noop("The lot has no number: the texts name it by its object.")), blocking=False
        )
