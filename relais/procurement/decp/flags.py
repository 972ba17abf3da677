"""What can be odd in a published record: a closed list of codes, each with its one-line meaning."""

from enum import StrEnum

from relais.core.words import Words, gettext_noop


class FlagCode(StrEnum):
    """Codes are stable: they are stored, counted in reports and searched by."""

    AMOUNT_MISSING = "AMOUNT_MISSING"
    AMOUNT_UNREADABLE = "AMOUNT_UNREADABLE"
    AMOUNT_ZERO = "AMOUNT_ZERO"
    AMOUNT_ONE = "AMOUNT_ONE"
    AMOUNT_NEGATIVE = "AMOUNT_NEGATIVE"
    AMOUNT_REPEATED_NINES = "AMOUNT_REPEATED_NINES"
    AMOUNT_ABSURD = "AMOUNT_ABSURD"
    BELOW_PUBLICATION_FLOOR = "BELOW_PUBLICATION_FLOOR"
    AMENDMENT_AMOUNT_AMBIGUOUS = "AMENDMENT_AMOUNT_AMBIGUOUS"
    AMENDMENT_UNREADABLE = "AMENDMENT_UNREADABLE"
    DATE_MISSING = "DATE_MISSING"
    DATE_IMPOSSIBLE = "DATE_IMPOSSIBLE"
    DATE_WITH_ZONE = "DATE_WITH_ZONE"
    PUBLISHED_LATE = "PUBLISHED_LATE"
    PUBLISHED_BEFORE = "PUBLISHED_BEFORE"
    NOTIFIED_LONG_AGO = "NOTIFIED_LONG_AGO"
    DURATION_BAD = "DURATION_BAD"
    CPV_BAD = "CPV_BAD"
    HOLDER_MISSING = "HOLDER_MISSING"
    HOLDER_UNREADABLE = "HOLDER_UNREADABLE"
    HOLDER_ID_BAD = "HOLDER_ID_BAD"
    HOLDER_ID_FOREIGN = "HOLDER_ID_FOREIGN"
    BUYER_ID_BAD = "BUYER_ID_BAD"
    PLACE_UNREADABLE = "PLACE_UNREADABLE"
    SUBCONTRACT_INCOHERENT = "SUBCONTRACT_INCOHERENT"
    SOCIAL_INCOHERENT = "SOCIAL_INCOHERENT"
    OBJECT_MISSING = "OBJECT_MISSING"
    OBJECT_CUT_255 = "OBJECT_CUT_255"
    HTML_ENTITIES = "HTML_ENTITIES"
    CHARACTERS_REMOVED = "CHARACTERS_REMOVED"
    VALUE_CUT = "VALUE_CUT"
    MARK_MISSING = "MARK_MISSING"
    MARK_INEXACT = "MARK_INEXACT"
    CONCESSION_IN_CONTRACTS = "CONCESSION_IN_CONTRACTS"
    WRONG_WRAPPER = "WRONG_WRAPPER"
    SAME_KEY_OTHER_LOT = "SAME_KEY_OTHER_LOT"
    REPEAT_DOUBTFUL = "REPEAT_DOUBTFUL"
    CORRECTED_BY_HAND = "CORRECTED_BY_HAND"
    CORRECTION_REPLACED = "CORRECTION_REPLACED"


MEANINGS: dict[FlagCode, str] = {
    FlagCode.AMOUNT_MISSING: gettext_noop("The record gives no amount."),
    FlagCode.AMOUNT_UNREADABLE: gettext_noop(
        "The amount is not a number, or has two readings: it was left out."
    ),
    FlagCode.AMOUNT_ZERO: gettext_noop(
        "The amount is zero: not filled in, or a framework agreement without a maximum."
    ),
    FlagCode.AMOUNT_ONE: gettext_noop("The amount is one euro: a symbolic value, kept apart from totals."),
    FlagCode.AMOUNT_NEGATIVE: gettext_noop("The amount is negative: kept apart from totals."),
    FlagCode.AMOUNT_REPEATED_NINES: gettext_noop(
        "The amount is a row of nines, which stands for “no maximum”: kept apart from totals."
    ),
    FlagCode.AMOUNT_ABSURD: gettext_noop(
        "The amount exceeds 15 billion euros, more than any French public contract: kept apart from totals."
    ),
    FlagCode.BELOW_PUBLICATION_FLOOR: gettext_noop(
        "The amount is below the value from which publication is required: small lot, order or "
        "slip of a figure."
    ),
    FlagCode.AMENDMENT_AMOUNT_AMBIGUOUS: gettext_noop(
        "The amount of an amendment reads as a new total by the schema, but may be an increase: "
        "both readings are shown."
    ),
    FlagCode.AMENDMENT_UNREADABLE: gettext_noop("An amendment could not be read."),
    FlagCode.DATE_MISSING: gettext_noop("The record gives no notification date."),
    FlagCode.DATE_IMPOSSIBLE: gettext_noop(
        "A date does not exist or lies outside 1990-2100: it was left out."
    ),
    FlagCode.DATE_WITH_ZONE: gettext_noop("A date carries a time zone: the day written was kept."),
    FlagCode.PUBLISHED_LATE: gettext_noop(
        "Published more than 60 days after notification, later than the two months allowed."
    ),
    FlagCode.PUBLISHED_BEFORE: gettext_noop("Published before it was notified."),
    FlagCode.NOTIFIED_LONG_AGO: gettext_noop("Notified more than ten years before its last publication."),
    FlagCode.DURATION_BAD: gettext_noop("The duration is not a number of months: it was left out."),
    FlagCode.CPV_BAD: gettext_noop(
        "The CPV code does not have eight digits, or lacks the dash of its check digit."
    ),
    FlagCode.HOLDER_MISSING: gettext_noop("The record names no holder."),
    FlagCode.HOLDER_UNREADABLE: gettext_noop("A holder could not be read."),
    FlagCode.HOLDER_ID_BAD: gettext_noop("The identifier of a holder is wrong: bad length or bad key."),
    FlagCode.HOLDER_ID_FOREIGN: gettext_noop(
        "A holder is identified by something other than a SIRET number."
    ),
    FlagCode.BUYER_ID_BAD: gettext_noop("The SIRET number of the buyer is wrong: bad length or bad key."),
    FlagCode.PLACE_UNREADABLE: gettext_noop("The place of performance has a code without a known type."),
    FlagCode.SUBCONTRACT_INCOHERENT: gettext_noop(
        "Subcontracting acts and the field “subcontracting declared” disagree, or an act could not be read."
    ),
    FlagCode.SOCIAL_INCOHERENT: gettext_noop(
        "The social consideration says “none” beside another value, or holds an unknown value."
    ),
    FlagCode.OBJECT_MISSING: gettext_noop("The record gives no object."),
    FlagCode.OBJECT_CUT_255: gettext_noop(
        "The object stops at 255 characters: it was probably cut by the publisher."
    ),
    FlagCode.HTML_ENTITIES: gettext_noop("The text held codes of web pages (&#8211;): they were decoded."),
    FlagCode.CHARACTERS_REMOVED: gettext_noop(
        "The text held control characters: they were removed or replaced."
    ),
    FlagCode.VALUE_CUT: gettext_noop(
        "A value is longer than the register keeps: it was shortened; the source record has it whole."
    ),
    FlagCode.MARK_MISSING: gettext_noop("The ministry's table marks a required value as missing (MQ)."),
    FlagCode.MARK_INEXACT: gettext_noop(
        "The ministry's table marks a value as inexact (INX): the original value was kept."
    ),
    FlagCode.CONCESSION_IN_CONTRACTS: gettext_noop("A concession was published in the list of contracts."),
    FlagCode.WRONG_WRAPPER: gettext_noop("A level of the format is missing or too many: read all the same."),
    FlagCode.SAME_KEY_OTHER_LOT: gettext_noop(
        "Another lot was published under the same identifier: both are kept."
    ),
    FlagCode.REPEAT_DOUBTFUL: gettext_noop(
        "Published again with another object and another holder: read as an update, the former "
        "version is kept."
    ),
    FlagCode.CORRECTED_BY_HAND: gettext_noop(
        "Values were corrected by hand: the source record keeps what was published."
    ),
    FlagCode.CORRECTION_REPLACED: gettext_noop(
        "A later publication replaced values corrected by hand: compare the versions."
    ),
}

#: An amount so flagged says nothing of what is bought, so it stays out of every total.
OUT_OF_TOTALS = frozenset(
    {
        FlagCode.AMOUNT_MISSING,
        FlagCode.AMOUNT_UNREADABLE,
        FlagCode.AMOUNT_ZERO,
        FlagCode.AMOUNT_ONE,
        FlagCode.AMOUNT_NEGATIVE,
        FlagCode.AMOUNT_REPEATED_NINES,
        FlagCode.AMOUNT_ABSURD,
    }
)


def meaning(code: str) -> Words:
    """The meaning of a code, for reports and screens; a code of another origin stands for itself."""
    try:
        return Words(MEANINGS[FlagCode(code)])
    except ValueError:
        return Words(code)
