"""What was signed, what the ledger opened with and what was published, against the terms of the clause."""

from collections.abc import Iterable, Iterator
from datetime import date

from relais.core.coherence.file import (
    NOTHING,
    THE_CLAUSE,
    THE_CONTRACT,
    THE_DATA,
    THE_FOLLOW_UP,
    THE_LEDGER,
    THE_LOT,
    Announced,
    Contradiction,
    FileSet,
    Ledger,
    Reading,
    Signed,
    Where,
    as_is,
    said_day,
    said_hours,
    said_months,
    the_notice,
)
from relais.core.declarations import NO_CONSIDERATION, RESERVED_TO, european_notice, social_considerations
from relais.core.words import Words, gettext_noop

SLACK_MONTHS = 1
"""A duration of months and two dates say the same thing within a month."""
DAYS_OF_A_MONTH = 365.25 / 12
RESERVED_SAYS = {
    "res-ws": "res-ws",
    "res-pub-ser": "res-pub-ser",
    "RESTRICTED_SHELTERED_WORKSHOP": "res-ws",
    "ATELIER_PROTEGE": "res-ws",
    "RESERVED_ORGANISATIONS_SERVICE_MISSION": "res-pub-ser",
}
"""Codes of reservation of each format, as eForms says them (BT-71)."""
OBJECTIVES = ("BT-06", "BT-775")

CORRECT_THE_DATA = Words(gettext_noop("Publish a correction of the essential data, or amend the clause."))
CORRECT_THE_NOTICE = Words(gettext_noop("Publish a corrective notice before the offers are due."))


def of_signed(file: FileSet) -> Iterator[Contradiction]:
    """The contract and the ledger, once there are some."""
    if not file.cpv:
        yield Contradiction(
            Words(gettext_noop("The lot has no CPV code: the notice and the essential data need one.")),
            blocking=False,
            where=Where.LOT,
            readings=(Reading(THE_LOT, NOTHING),),
            todo=Words(gettext_noop("Give the lot the CPV code that the notice will bear.")),
        )
    if file.contract is not None:
        yield from _dates(file, file.contract)
        yield from _essential_data(file, file.contract)
    if file.ledger is not None:
        yield from _ledger(file, file.ledger)


def _dates(file: FileSet, signed: Signed) -> Iterator[Contradiction]:
    if signed.notified_on and signed.notified_on < file.launched_on:
        yield Contradiction(
            Words(
                gettext_noop("The contract is notified on %(day)s, before the launch on %(launch)s."),
                {"day": signed.notified_on, "launch": file.launched_on},
            ),
            blocking=True,
            where=Where.CONTRACT,
            readings=(
                Reading(THE_CONTRACT, said_day(signed.notified_on)),
                Reading(THE_CLAUSE, said_day(file.launched_on)),
            ),
            todo=Words(gettext_noop("One of the two dates is wrong: read it in the signed contract.")),
        )
    if signed.is_concession not in (None, file.is_concession):
        yield Contradiction(
            Words(gettext_noop("The lot and the contract do not agree on whether this is a concession.")),
            blocking=True,
            where=Where.CONTRACT,
            readings=(
                Reading(THE_LOT, _kind(concession=file.is_concession)),
                Reading(THE_CONTRACT, _kind(concession=bool(signed.is_concession))),
            ),
            todo=Words(gettext_noop("Correct the one that is wrong: texts and codes follow it.")),
        )


def _kind(*, concession: bool) -> Words:
    return Words(gettext_noop("concession")) if concession else Words(gettext_noop("contract"))


def _essential_data(file: FileSet, signed: Signed) -> Iterator[Contradiction]:
    if file.cpv and signed.cpv and not same_cpv(file.cpv, signed.cpv):
        yield Contradiction(
            Words(
                gettext_noop("The lot has the CPV code %(lot)s, the essential data published %(published)s."),
                {"lot": file.cpv, "published": signed.cpv},
            ),
            blocking=False,
            where=Where.LOT,
            readings=(Reading(THE_LOT, as_is(file.cpv)), Reading(THE_DATA, as_is(signed.cpv))),
            todo=CORRECT_THE_DATA,
        )
    expected = frozenset(social_considerations(file.modality, concession=file.is_concession))
    if signed.published is not None and signed.published != expected:
        yield Contradiction(
            Words(
                gettext_noop(
                    "The essential data published “%(published)s”, this modality is entered “%(expected)s”. "
                    "Publish a correction."
                ),
                {"published": _listed(signed.published), "expected": _listed(expected)},
            ),
            blocking=False,
            where=Where.CONTRACT,
            readings=(
                Reading(THE_CLAUSE, as_is(_listed(expected))),
                Reading(THE_DATA, as_is(_listed(signed.published))),
            ),
            todo=CORRECT_THE_DATA,
        )
    if file.ccag and signed.ccag and _folded(file.ccag) != _folded(signed.ccag):
        yield Contradiction(
            Words(gettext_noop("The essential data published other general conditions than the clause's.")),
            blocking=False,
            where=Where.CONTRACT,
            readings=(Reading(THE_CLAUSE, as_is(file.ccag)), Reading(THE_DATA, as_is(signed.ccag))),
            todo=CORRECT_THE_DATA,
        )
    if file.months and signed.months and file.months != signed.months:
        yield _durations(file.months, Reading(THE_DATA, said_months(signed.months)), CORRECT_THE_DATA)


def _durations(months: int, other: Reading, todo: Words, *, notice: Announced | None = None) -> Contradiction:
    return Contradiction(
        Words(gettext_noop("The duration is not the same everywhere.")),
        blocking=False,
        where=Where.NOTICE if notice else Where.CONTRACT,
        readings=(Reading(THE_LOT, said_months(months)), other),
        todo=todo,
        about=notice.key if notice else None,
    )


def _ledger(file: FileSet, ledger: Ledger) -> Iterator[Contradiction]:
    if ledger.opened_with != file.hours:
        yield Contradiction(
            Words(
                gettext_noop("The contract owes %(owed)s h, the texts of the clause say %(hours)s h."),
                {"owed": ledger.opened_with, "hours": file.hours},
            ),
            blocking=False,
            where=Where.LEDGER,
            readings=(
                Reading(THE_LEDGER, said_hours(ledger.opened_with)),
                Reading(THE_CLAUSE, said_hours(file.hours)),
            ),
            todo=Words(
                gettext_noop("Record a correction in the ledger, with the page of the contract that says it.")
            ),
        )
    signed = file.contract
    if signed and signed.notified_on and ledger.starts_on < signed.notified_on:
        yield Contradiction(
            Words(gettext_noop("Performance starts before the contract is notified.")),
            blocking=False,
            where=Where.LEDGER,
            readings=(
                Reading(THE_FOLLOW_UP, said_day(ledger.starts_on)),
                Reading(THE_CONTRACT, said_day(signed.notified_on)),
            ),
            todo=Words(gettext_noop("One of the two dates is wrong: read it in the signed contract.")),
        )
    if ledger.ends_on < ledger.starts_on:
        yield Contradiction(
            Words(gettext_noop("The end of performance cannot come before its start.")),
            blocking=True,
            where=Where.LEDGER,
            readings=(
                Reading(THE_FOLLOW_UP, said_day(ledger.starts_on)),
                Reading(THE_FOLLOW_UP, said_day(ledger.ends_on)),
            ),
            todo=Words(gettext_noop("Record an entry that gives the right end of performance.")),
        )
    elif file.months and not ledger.moved_end:
        spent = months_between(ledger.starts_on, ledger.ends_on)
        if abs(spent - file.months) > SLACK_MONTHS:
            yield Contradiction(
                Words(gettext_noop("Performance does not last as long as the lot says.")),
                blocking=False,
                where=Where.LEDGER,
                readings=(
                    Reading(THE_LOT, said_months(file.months)),
                    Reading(
                        THE_FOLLOW_UP,
                        Words(
                            gettext_noop("from %(start)s to %(end)s"),
                            {"start": ledger.starts_on, "end": ledger.ends_on},
                        ),
                    ),
                ),
                todo=Words(gettext_noop("Correct the duration of the lot, or the end by an entry.")),
            )


def months_between(start: date, end: date) -> int:
    """Whole months nearest to the time from the first day to the last one, both worked."""
    return round(((end - start).days + 1) / DAYS_OF_A_MONTH)


def of_notices(file: FileSet) -> Iterator[Contradiction]:
    """The lot as each notice announced it."""
    for notice in file.notices:
        source = the_notice(notice.number)
        if file.cpv and notice.cpv and not same_cpv(file.cpv, notice.cpv):
            yield Contradiction(
                Words(gettext_noop("The notice bears another CPV code than the lot.")),
                blocking=False,
                where=Where.NOTICE,
                readings=(Reading(THE_LOT, as_is(file.cpv)), Reading(source, as_is(notice.cpv))),
                todo=CORRECT_THE_NOTICE,
                about=notice.key,
            )
        if file.months and notice.months and file.months != notice.months:
            other = Reading(source, said_months(notice.months))
            yield _durations(file.months, other, CORRECT_THE_NOTICE, notice=notice)
        yield from _codes(file, notice, source)


def _codes(file: FileSet, notice: Announced, source: Words) -> Iterator[Contradiction]:
    """The codes to enter for this modality against those of the notice."""
    wanted = {entry.field: entry for entry in european_notice(file.modality)}
    reserved = frozenset({RESERVED_TO[file.modality]} if file.modality in RESERVED_TO else ())
    if notice.reserved is not None and wanted["BT-71"].verified:
        found = frozenset(RESERVED_SAYS[code] for code in notice.reserved if code in RESERVED_SAYS)
        if found != reserved:
            yield _code(
                Words(gettext_noop("The notice and the clause do not agree on the reservation (BT-71).")),
                (sorted(reserved), sorted(found)),
                notice,
                source,
            )
    expected = [code for name in OBJECTIVES for code in wanted[name].values]
    if notice.codes is not None and not set(expected) <= notice.codes:
        yield _code(
            Words(gettext_noop("The notice lacks the social objective of the clause (BT-06, BT-775).")),
            (expected, sorted(notice.codes)),
            notice,
            source,
        )


def _code(
    words: Words, codes: tuple[Iterable[str], Iterable[str]], notice: Announced, source: Words
) -> Contradiction:
    wanted, found = codes
    return Contradiction(
        words,
        blocking=False,
        where=Where.NOTICE,
        readings=(
            Reading(THE_CLAUSE, as_is(", ".join(wanted))),
            Reading(source, as_is(", ".join(found))),
        ),
        todo=CORRECT_THE_NOTICE,
        about=notice.key,
    )


def same_cpv(one: str, other: str) -> bool:
    """Eight digits; what follows is a check digit that not everybody writes."""
    return one[:8] == other[:8]


def _folded(text: str) -> str:
    return text.casefold().replace("’", "'").replace("î", "i").replace("œ", "oe").strip()


def _listed(codes: Iterable[str]) -> str:
    return " + ".join(sorted(codes)) or NO_CONSIDERATION
