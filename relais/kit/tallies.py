"""What a load did to records, in words that agree with their numbers."""

from collections.abc import Mapping

from django.utils.translation import npgettext

from relais.kit.words import number

NAMES = ("read", "created", "updated", "unchanged", "gone", "conflicts", "rejected")


def tally_said(counts: Mapping[str, int]) -> str:
    """The counts named as in `NAMES`, those that are given, in that order: `40 read, 1 rejected`."""
    return ", ".join(_said(name, counts[name]) for name in NAMES if name in counts)


def _said(name: str, count: int) -> str:
    texts = {
        "read": npgettext("records", "%(count)s read", "%(count)s read", count),
        "created": npgettext("records", "%(count)s created", "%(count)s created", count),
        "updated": npgettext("records", "%(count)s updated", "%(count)s updated", count),
        "unchanged": npgettext("records", "%(count)s unchanged", "%(count)s unchanged", count),
        "gone": npgettext("records", "%(count)s gone", "%(count)s gone", count),
        "conflicts": npgettext("records", "%(count)s to settle", "%(count)s to settle", count),
        "rejected": npgettext("records", "%(count)s rejected", "%(count)s rejected", count),
    }
    return texts[name] % {"count": number(count)}
