"""What can be odd in a notice: a closed list of codes, each with its one-line meaning."""

from enum import StrEnum

from relais.core.words import Words, gettext_noop
from relais.procurement.decp import meaning


class NoticeFlag(StrEnum):
    """Codes are stable: they are stored and counted in reports."""

    NOTICE_NO_BUYER = "NOTICE_NO_BUYER"
    NOTICE_BUYER_BY_NAME = "NOTICE_BUYER_BY_NAME"
    NOTICE_BUYER_AMBIGUOUS = "NOTICE_BUYER_AMBIGUOUS"
    NOTICE_SEVERAL_BUYERS = "NOTICE_SEVERAL_BUYERS"
    NOTICE_NO_DATE = "NOTICE_NO_DATE"
    NOTICE_NO_TITLE = "NOTICE_NO_TITLE"
    NOTICE_NO_LOT = "NOTICE_NO_LOT"
    NOTICE_LOT_REPEATED = "NOTICE_LOT_REPEATED"
    NOTICE_CPV_BAD = "NOTICE_CPV_BAD"
    NOTICE_CURRENCY = "NOTICE_CURRENCY"
    NOTICE_AMOUNT_UNREADABLE = "NOTICE_AMOUNT_UNREADABLE"
    NOTICE_UNKNOWN_CODE = "NOTICE_UNKNOWN_CODE"
    NOTICE_RESERVED_SOME_LOTS = "NOTICE_RESERVED_SOME_LOTS"
    NOTICE_CANCELLED = "NOTICE_CANCELLED"
    NOTICE_OLDER = "NOTICE_OLDER"


NOTICE_MEANINGS: dict[NoticeFlag, str] = {
    NoticeFlag.NOTICE_NO_BUYER: gettext_noop("The notice names no buyer: no lot was created."),
    NoticeFlag.NOTICE_BUYER_BY_NAME: gettext_noop(
        "The notice gives no valid SIRET for the buyer: it was known by its name alone."
    ),
    NoticeFlag.NOTICE_BUYER_AMBIGUOUS: gettext_noop(
        "Several bodies bear the buyer's name, and the notice gives no valid SIRET: no lot was created."
    ),
    NoticeFlag.NOTICE_SEVERAL_BUYERS: gettext_noop(
        "Several buyers are named: the first one leads, the others are kept with the notice."
    ),
    NoticeFlag.NOTICE_NO_DATE: gettext_noop("No publication date could be read."),
    NoticeFlag.NOTICE_NO_TITLE: gettext_noop("The notice has no title."),
    NoticeFlag.NOTICE_NO_LOT: gettext_noop("The notice describes no lot: it was read as one lot."),
    NoticeFlag.NOTICE_LOT_REPEATED: gettext_noop("Two lots bear the same number: both were kept."),
    NoticeFlag.NOTICE_CPV_BAD: gettext_noop("A CPV code could not be read."),
    NoticeFlag.NOTICE_CURRENCY: gettext_noop("An amount is not in euros: it was left out."),
    NoticeFlag.NOTICE_AMOUNT_UNREADABLE: gettext_noop("An estimated amount could not be read."),
    NoticeFlag.NOTICE_UNKNOWN_CODE: gettext_noop("A code of reservation or social objective is unknown."),
    NoticeFlag.NOTICE_RESERVED_SOME_LOTS: gettext_noop(
        "The reservation names some lots: only those were marked as reserved."
    ),
    NoticeFlag.NOTICE_CANCELLED: gettext_noop("The notice cancels the procedure: no lot was created."),
    NoticeFlag.NOTICE_OLDER: gettext_noop(
        "A more recent version was already known: this one was kept among the former versions."
    ),
}


def flag_meaning(code: str) -> Words:
    """What a flag of an import means, whether it is one of contracts or one of notices."""
    return Words(NOTICE_MEANINGS[NoticeFlag(code)]) if code in NOTICE_MEANINGS else meaning(code)
