"""Hours and rules found in the text of a social clause, each with the passage that says it.

The texts are those of published notices: French, dirty, sentences glued together. What is read is a proposal
to show beside its passage, never a commitment. A percentage stays one: nothing here turns it into hours.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from relais.core.words import Words, gettext_noop

LONGEST = 200_000
"""Characters read of one text: the longest published clause has some thousands."""
REACH_BEFORE, REACH_AFTER = 700, 250
"""How far from a number of hours the words of insertion may stand, in characters."""
LARGEST = Decimal(5_000_000)


class FindingKind(StrEnum):
    """What a passage gives."""

    TOTAL_HOURS = "total_hours"
    LOT_HOURS = "lot_hours"
    TRANCHE_HOURS = "tranche_hours"
    YEARLY_HOURS = "yearly_hours"
    HOURS_PER_EUROS = "hours_per_euros"
    LABOUR_SHARE = "labour_share"


class Tranche(StrEnum):
    """The part of a contract that the hours go with."""

    FIRM = "firm"
    OPTIONAL = "optional"


class Doubt(StrEnum):
    """Why a finding has to be read again by a person."""

    SEVERAL_LOTS = "several_lots"
    LOT_OR_THOUSANDS = "lot_or_thousands"
    DOTTED_THOUSANDS = "dotted_thousands"
    LOT_FROM_AFAR = "lot_from_afar"
    SEVERAL_TOTALS = "several_totals"
    SUM_DIFFERS = "sum_differs"


DOUBTS = {
    Doubt.SEVERAL_LOTS: gettext_noop(
        "Several lots are named: the hours may be for each or for all together."
    ),
    Doubt.LOT_OR_THOUSANDS: gettext_noop("The number of the lot touches the hours: check where one ends."),
    Doubt.DOTTED_THOUSANDS: gettext_noop("A point was read as a separator of thousands."),
    Doubt.LOT_FROM_AFAR: gettext_noop("The lot is named in another sentence."),
    Doubt.SEVERAL_TOTALS: gettext_noop("The text gives several totals: none was chosen."),
    Doubt.SUM_DIFFERS: gettext_noop("The total differs from the sum of the tranches."),
}


@dataclass(frozen=True, slots=True)
class Passage:
    """A slice of the text: `text[start:end] == quote`."""

    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Finding:
    """Hours, or a rule that gives hours, said by a passage.

    `value` is in hours, or in percent (5 for 5 %) for a labour share; `per_euros` is the slice of a rate, in
    euros as the notice writes them. `lots` are the numbers named, without leading zeros.
    """

    kind: FindingKind
    value: Decimal
    passage: Passage
    lots: tuple[str, ...] = ()
    per_euros: Decimal | None = None
    tranche: Tranche | None = None
    tranche_number: str = ""
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class LotHours:
    """The hours a text asks of a lot (empty: of the whole contract); None when it contradicts itself."""

    lot: str
    hours: Decimal | None
    firm: Decimal
    optional: Decimal
    doubts: tuple[Doubt, ...] = ()


_GROUPED = r"\d{1,3}(?: \d{3})+|\d{1,3}(?:\.\d{3})+(?!\d)|\d{1,7}"
_NUMBER = rf"(?<![\d,.])(?P<number>{_GROUPED})(?P<cents>,\d{{1,2}}|\.\d{{1,2}}(?!\d))?(?!\d)"
_HOURS = re.compile(rf"{_NUMBER} ?\)? ?(?:\([a-z ,-]{{1,60}}\) ?)?(?P<unit>heures?(?!ux)|hrs?|h)")
_COUNTED = re.compile(
    r"(?:nombre|volume|quota)(?: total| minimal| minimum| global)? d.heures[^.;:=\d]{0,80}[:=] ?"
    + _NUMBER
    + r"(?! ?(?:%|pour ?cent|€|euro|eur\b|h|/|jours?\b|mois\b))"
)
_PERCENT = re.compile(rf"{_NUMBER} ?(?:%|pour ?cent)")
_INSERTION = re.compile(
    r"insertion|clauses? social|caractere social|conditions? d.execution social|eloignee?s? de l.emploi"
    r"|en difficulte|difficultes? (?:sociale|particuliere|d.acces)|demandeurs? d.emploi|defavoris"
    r"|promotion de l.emploi|publics? prioritaire"
    r"|retour a l.emploi|lutte contre le chomage|considerations? sociale|handicap"
    r"|l\. ?21 ?12-2\b|l\. ?2112-2|developpement durable"
)
_CLOCK_AFTER = re.compile(
    r"(?:s? ?(?:/|sur) ?\d|\d| ?[-–/] ?\d{1,2} ?h| ?(?:et|a) \d{1,2} ?(?:h|heures)\b"
    r"| ?(?:du|le) (?:matin|soir)| ?(?:avant|apres|a compter|ouvr|consecutiv|maximum (?:apres|suivant)"
    r"|suivant|d.ouverture|de retard|supplementaire|par (?:jour|semaine|mois|nuit)|hebdo|de preavis"
    r"|de delai|de nuit|de formation initiale|\d))"
)
_CLOCK_BEFORE = re.compile(
    r"(?:\bsous|\bdelais? (?:maximum |maximal |d.intervention |de \w+ )?(?:de|est de|:)|dans les|\bentre"
    r"|\bde \d{1,2} ?h?(?:eures)? ?a|jusqu.a|a partir de|\bavant|\bdes|des le|\d{4} ?(?:-|–|a|,)"
    r"|\d ?h ?(?:\d\d)? ?(?:-|–|/|a|et)|\bhoraires? ?:?|duree(?: d.intervention)? de|\bvers"
    r"|tel(?:ephone)?\.? ?:?|intervention de|pendant|au moins|preavis de) ?$"
)
_FAR_CLOCK = re.compile(r"ouverture|intervenir|astreinte|permanence|penalit|amplitude|horaire")
_RATE = re.compile(
    r"[^.;:\d]{0,60}?(?:\bpar|\bpour|/|tou(?:te)?s les|\bchaque) ?(?:chaque )?(?:tranches? )?"
    rf"(?:complete |entiere )?(?:de |d.)?{_NUMBER} ?"
    r"(?P<money>k ?€|k ?euros?|€|euros?|eur\b)(?: ?h\.? ?t\b\.?)?"
)
_RATE_BEFORE = re.compile(
    rf"(?:par|pour chaque|chaque) tranches? (?:complete |entiere )?(?:de |d.){_NUMBER} ?"
    r"(?P<money>k ?€|€|euros?\b|eur\b)[^.;\d]{0,80}$"
)
_YEARLY = re.compile(r"[^.;:\d]{0,40}?(?:(?:/|\bpar|\bchaque) ?an(?:nees?)?(?![a-z])|\bannuel)")
_YEARLY_BEFORE = re.compile(r"(?:\bchaque annee|\bpar an|annuel(?:le)?(?:ment)?)[^.;\d]{0,60}$")
_TRANCHE = (
    r"(?:tranches? (?P<which>ferme|optionnelles?|conditionnelles?)"
    r"|\bt(?P<short>f|o|c)(?=\d{0,2}\b)(?P<nth3>\d{1,2})?)"
    r"(?: ?n[o°º]?\.? ?(?P<nth>\d{1,2})(?!\d)| (?P<nth2>\d{1,2})(?!\d))?"
)
_TRANCHE_BEFORE = re.compile(_TRANCHE + r" ?\)? ?(?P<colon>[:=–-])? ?")
_TRANCHE_AFTER = re.compile(
    r"(?: ?\([a-z ]{0,20}\))?[^.;:\d]{0,60}?(?:\bpour|\bsur|\ben|\ba|\bau titre de|\bdans|\bde) (?:la |l.)?"
    + _TRANCHE
)
_TRANCHE_NEXT = re.compile(r" ?\(?(?:en )?" + _TRANCHE)
_LOTS = re.compile(
    r"(?<![fgilpu])lots?(?: ?n[o°º]s?\.?| numeros?)? ?(?P<first>\d{1,3})(?!\d)"
    r"(?P<more>(?: ?(?:,|et|&|a|/) ?(?:n[o°º])?\d{1,3}(?!\d| ?h| \d))*)"
)
_OWN_FIGURE = re.compile(r"[^.;]{0,60}[:=] ?\d")
_OWN_LOT = re.compile(
    r"[^.;:\d]{0,40}?\b(?:pour|sur|au titre d[eu]|dans|du|des) (?:le |les )?" + _LOTS.pattern
)
_LOT_TOUCHING = re.compile(r"(?<![fgilpu])lots?(?: ?n[o°º]s?\.?)? ?$")
_PARENTHESIS = re.compile(r"(?: ?\([a-z]+\))?[ ,;–-]*")
_WHOLE = re.compile(
    r"\bau total|\ben tout|pour l.ensemble|totalite|tous lots|l.operation|l.ensemble des lots"
)
_SPLIT = re.compile(r"reparti|comme suit|ci-apres|\bdont\b|\bsoit\b|decompos")
_SENTENCE = re.compile(r"[.;!?\n](?=\s|[A-ZÀ-Ý«\-]|$)")
_SHARE = re.compile(
    r"\bclauses?\b|taux rh|taux d.insertion|taux d.effort|effort d.insertion|part (?:de|du|des) |heures"
    r"|main[ -]d.|temps (?:total )?de travail|travaillees"
)
_NOT_SHARE = re.compile(
    r"retenue|garantie|avance|feder|fse|subvention|financ|proportion minimale|emploient|employant|effectif"
    r"|recycl|reemploi|biolog|bois|tva|penalit|critere|ponder|note|caution|acompte|collectivite|carbone"
    r"|region|etat :|departement :|montant"
)
_RESERVED = re.compile(
    r"l\. ?21 ?13-1[2-6]|marches? reserves?\b"
    r"|(?:lots?|marche|consultation|procedure)[^.;]{0,40}\b(?:est|sont) reservee?s? a\b"
    r"|reserver (?:l.execution|la participation|le lot|ce marche|le marche|ce lot|cette)|ateliers? proteges?"
)

_RESERVED_LOTS = re.compile(
    r"(?<![fgilpu])lots?[ \dn°º,eta]{1,40}[^.;]{0,60}?\b(?:est|sont|seront|sera) reserve"
    r"|reserver[^.;]{0,30}?\blots? ?(?:n[o°º] ?)?\d{1,3}(?:(?: ?, ?| et )\d{1,3})*"
)


def find(text: str) -> tuple[Finding, ...]:
    """Hours and rules said by `text`, in the order of the text. Nothing found gives an empty tuple."""
    text = text[:LONGEST]
    plain = _plain(text)
    hits = [match for match in _HOURS.finditer(plain) if _is_unit(match, text)]
    found = [_hours(match, plain, text, hits) for match in hits]
    ends = {match.start("number") for match in hits}
    counted = [match for match in _COUNTED.finditer(plain) if match.start("number") not in ends]
    found += [_hours(match, plain, text, hits) for match in counted]
    found += [_share(match, plain, text) for match in _PERCENT.finditer(plain)]
    return tuple(sorted((one for one in found if one), key=lambda one: one.passage.start))


def reserved(text: str) -> tuple[Passage, ...]:
    """Passages that reserve a contract or a lot: the article, or the words themselves."""
    text = text[:LONGEST]
    return tuple(_passage(text, *match.span()) for match in _RESERVED.finditer(_plain(text)))


def reserved_lots(text: str) -> tuple[str, ...]:
    """Numbers of the lots that `text` names as reserved; none when it speaks of the whole."""
    numbers: list[str] = []
    for found in _RESERVED_LOTS.finditer(_plain(text[:LONGEST])):
        mention = _LOTS.search(found[0])
        numbers += _numbers(mention) if mention else ()
    return tuple(dict.fromkeys(numbers))


def speaks_of_insertion(text: str) -> bool:
    """Whether any word of insertion stands in `text`."""
    return bool(_INSERTION.search(_plain(text[:LONGEST]).replace("developpement durable", "")))


def hours_by_lot(findings: tuple[Finding, ...]) -> tuple[LotHours, ...]:
    """The hours asked of each lot named, of the whole contract first: a total, or the sum of the tranches."""
    scopes: dict[str, list[Finding]] = {}
    for one in findings:
        if one.kind in (FindingKind.TOTAL_HOURS, FindingKind.LOT_HOURS, FindingKind.TRANCHE_HOURS):
            for lot in one.lots or ("",):
                scopes.setdefault(lot, []).append(one)
    return tuple(_lot_hours(lot, scopes[lot]) for lot in sorted(scopes, key=_rank))


def doubt_words(doubt: Doubt) -> Words:
    """What a doubt means."""
    return Words(DOUBTS[doubt])


def _rank(lot: str) -> tuple[int, int]:
    return (1, int(lot)) if lot else (0, 0)


def _lot_hours(lot: str, findings: list[Finding]) -> LotHours:
    totals = {one.value for one in findings if one.kind is not FindingKind.TRANCHE_HOURS}
    parts = {
        (one.tranche, one.tranche_number, one.value): one
        for one in findings
        if one.kind is FindingKind.TRANCHE_HOURS
    }
    firm = sum((one.value for one in parts.values() if one.tranche is Tranche.FIRM), Decimal(0))
    optional = sum((one.value for one in parts.values() if one.tranche is Tranche.OPTIONAL), Decimal(0))
    doubts = {doubt for one in findings for doubt in one.doubts}
    hours: Decimal | None = firm + optional
    if len(totals) == 1:
        hours = totals.pop()
        if parts and hours != firm + optional:
            doubts.add(Doubt.SUM_DIFFERS)
    elif totals:
        hours = None
        doubts.add(Doubt.SEVERAL_TOTALS)
    return LotHours(lot, hours, firm, optional, tuple(sorted(doubts)))


def _plain(text: str) -> str:
    """Lower case without accents, each blank a space, sign for sign: offsets stay those of `text`."""
    return "".join(map(_plain_sign, text))


_SIGNS = {"½": "œ", "’": "'", "‘": "'", "´": "'", "`": "'", "−": "-", "‐": "-", "‑": "-", "—": "–"}


def _plain_sign(sign: str) -> str:
    if sign in _SIGNS:
        return _SIGNS[sign]
    if sign.isspace():
        return " "
    if sign in "°º" or sign.isascii():
        return sign.lower()
    base = unicodedata.normalize("NFD", sign)[0].lower()
    return base if len(base) == 1 and not base.isspace() else sign


def _is_unit(match: re.Match[str], text: str) -> bool:
    """`h` alone ends a word: `250 hConsultation` is two words glued, `14h30` and `2 ha` are not hours."""
    after = text[match.end() : match.end() + 1]
    if match["unit"].startswith("heure"):
        return True
    return not (after.islower() or after.isdigit() or after == "²")


def _value(match: re.Match[str]) -> Decimal:
    whole = match["number"].replace(" ", "").replace(".", "")
    return Decimal(whole + (match["cents"] or "").replace(",", "."))


def _euros(match: re.Match[str]) -> Decimal:
    return _value(match) * (1000 if match["money"].startswith("k") else 1)


def _passage(text: str, start: int, end: int) -> Passage:
    return Passage(start, end, text[start:end])


def _hours(match: re.Match[str], plain: str, text: str, hits: list[re.Match[str]]) -> Finding | None:
    start, end = match.start("number"), match.end()
    before, after = plain[max(0, start - 160) : start], plain[end : end + 200]
    if _is_clock(before, after, match):
        return None
    near = plain[max(0, start - REACH_BEFORE) : end + REACH_AFTER]
    if not _INSERTION.search(near):
        return None
    value, doubts = _value(match), []
    if "." in match["number"]:
        doubts.append(Doubt.DOTTED_THOUSANDS)
    lot_touching = _LOT_TOUCHING.search(before)
    touching: tuple[str, ...] = ()
    if lot_touching and " " in match["number"]:
        number, _, rest = match["number"].partition(" ")
        value, touching = Decimal(rest.replace(" ", "")), (str(int(number)),)
        start += len(number) + 1
        doubts.append(Doubt.LOT_OR_THOUSANDS)
    if not 0 < value <= LARGEST:
        return None
    if rate := _rate(before, after, end):
        per, rate_start, rate_end = rate
        lots, _, _ = _lots(start, rate_end, plain, text, hits)
        passage = _passage(text, min(start, rate_start + start - len(before)), rate_end)
        return Finding(FindingKind.HOURS_PER_EUROS, value, passage, lots, per, doubts=tuple(doubts))
    if (yearly := _YEARLY.match(after)) or _YEARLY_BEFORE.search(before):
        lots, _, _ = _lots(start, end, plain, text, hits)
        stop = end + yearly.end() if yearly else end
        return Finding(
            FindingKind.YEARLY_HOURS, value, _passage(text, start, stop), lots, doubts=tuple(doubts)
        )
    return _amount(value, start, end, plain, text, hits, touching, doubts)


def _amount(
    value: Decimal,
    start: int,
    end: int,
    plain: str,
    text: str,
    hits: list[re.Match[str]],
    touching: tuple[str, ...],
    doubts: list[Doubt],
) -> Finding:
    """Hours of a tranche, of a lot, or of the whole."""
    tranche, number, left, right = _tranche(plain, start, end)
    lots, lot_left, lot_right = (touching, start, end) if touching else _lots(start, end, plain, text, hits)
    if len(lots) > 1:
        doubts.append(Doubt.SEVERAL_LOTS)
    if lots and len(_SENTENCE.findall(text[lot_left:start])) > 0:
        doubts.append(Doubt.LOT_FROM_AFAR)
        lot_left = start
    if start - lot_left > 120:
        lot_left = start
    if lot_right - end > 120:
        lot_right = end
    passage = _passage(text, min(left, lot_left if not tranche else left), max(right, lot_right))
    kind = FindingKind.TOTAL_HOURS
    if tranche:
        kind = FindingKind.TRANCHE_HOURS
    elif lots:
        kind = FindingKind.LOT_HOURS
    return Finding(kind, value, passage, lots, None, tranche, number, tuple(doubts))


def _is_clock(before: str, after: str, match: re.Match[str]) -> bool:
    """A time of day, a delay, a shift: not hours of work to give."""
    if _CLOCK_AFTER.match(after):
        return True
    close = before[-60:]
    if found := _CLOCK_BEFORE.search(close):
        # "au moins 300 heures", "pendant 300 heures" are hours to give; below two days they are not.
        return not (re.search(r"(?:au moins|pendant|des) ?$", found[0]) and _value(match) > 48)
    return bool(
        _FAR_CLOCK.search(before[-50:] + " " + after[:25]) and "insertion" not in after[:25] + before[-50:]
    )


def _rate(before: str, after: str, end: int) -> tuple[Decimal, int, int] | None:
    """Euros of the slice, and where the words of the rate start (in `before`) and end (in the text)."""
    if found := _RATE.match(after):
        return _euros(found), len(before), end + found.end()
    if found := _RATE_BEFORE.search(before):
        return _euros(found), found.start(), end
    return None


def _tranche(plain: str, start: int, end: int) -> tuple[Tranche | None, str, int, int]:
    """The tranche told just before or just after, its number, and the edges of the passage."""
    before, after = plain[max(0, start - 80) : start], plain[end : end + 120]
    labelled = None
    for found in _TRANCHE_BEFORE.finditer(before):
        if found.end() == len(before):
            labelled = found
    following = _TRANCHE_AFTER.match(after) or _TRANCHE_NEXT.match(after)
    if labelled and (labelled["colon"] or not following):
        return *_which(labelled), start - len(before) + labelled.start(), end
    if following:
        return *_which(following), start, end + following.end()
    return None, "", start, end


def _which(found: re.Match[str]) -> tuple[Tranche, str]:
    firm = (found["which"] or "").startswith("ferme") or found["short"] == "f"
    number = found["nth"] or found["nth2"] or found["nth3"] or ""
    return (Tranche.FIRM, "") if firm else (Tranche.OPTIONAL, number)


def _lots(
    start: int, end: int, plain: str, text: str, hits: list[re.Match[str]]
) -> tuple[tuple[str, ...], int, int]:
    """The lots named before the hours, in their sentence or the one before; else after, in their sentence."""
    left = max(0, start - 420)
    mentions = list(_LOTS.finditer(plain, left, start))
    if mentions:
        last = mentions[-1]
        between, between_text = plain[last.end() : start], text[last.end() : start]
        sentences = len(_SENTENCE.findall(between_text))
        if sentences == 1 and (own := _OWN_LOT.match(plain, end, end + 90)):
            return _numbers(own), start, own.end()
        if not _WHOLE.search(between) and sentences <= 1:
            return _numbers(last), last.start(), end
    following_hit = next((hit.start() for hit in hits if hit.start() > end), len(plain))
    stop = min(end + 220, following_hit)
    sentence = _SENTENCE.search(text, end)
    stop = min(stop, sentence.start() if sentence else stop)
    found = _LOTS.search(plain, end, stop)
    glued = found is not None and _PARENTHESIS.fullmatch(plain, end, found.start())
    if not found or glued or _SPLIT.search(plain, end, found.start()):
        return (), start, end
    if _OWN_FIGURE.match(plain, found.end(), found.end() + 80):
        return (), start, end
    return _numbers(found), start, found.end()


def _numbers(found: re.Match[str]) -> tuple[str, ...]:
    numbers = [int(found["first"])]
    for link, digits in re.findall(r"(,|et|&|a|/) ?(?:n[o°º])?(\d{1,3})", found["more"]):
        number = int(digits)
        if link == "a" and numbers[-1] < number <= numbers[-1] + 60:
            numbers += range(numbers[-1] + 1, number + 1)
        else:
            numbers.append(number)
    return tuple(str(number) for number in dict.fromkeys(numbers))


def _share(match: re.Match[str], plain: str, text: str) -> Finding | None:
    """A share of labour: the percentage as written, when its sentence is about the clause only."""
    before = plain[_sentence_start(text, match.start()) : match.start()][-160:]
    after = plain[match.end() : match.end() + 90]
    after = re.split(r"[.;]", after, maxsplit=1)[0]
    if _NOT_SHARE.search(before + " " + after) or not _SHARE.search(before + " " + after):
        return None
    near = plain[max(0, match.start() - REACH_BEFORE) : match.end() + REACH_AFTER]
    value = _value(match)
    if not _INSERTION.search(near) or not 0 < value <= 100:
        return None
    sentence = _sentence_start(text, match.start())
    mentions = list(_LOTS.finditer(plain, sentence, match.start()))
    lots = _numbers(mentions[-1]) if mentions else ()
    return Finding(FindingKind.LABOUR_SHARE, value, _passage(text, match.start(), match.end()), lots)


def _sentence_start(text: str, position: int) -> int:
    ends = [found.end() for found in _SENTENCE.finditer(text, max(0, position - 600), position)]
    return ends[-1] if ends else max(0, position - 600)
