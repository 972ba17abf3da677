"""Who may import, enter and correct contracts; and what a record published again is."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from relais.core.verdict import YES, Verdict, no
from relais.core.words import gettext_noop
from relais.kit.actor import Actor
from relais.organisations.enums import Capacity, Role
from relais.organisations.models import Scheme
from relais.procurement.decp import Record
from relais.procurement.enums import Origin, SameState
from relais.procurement.models import Contract, SameLot
from relais.territories.names import fold

WRITERS = frozenset({Role.MANAGER, Role.OFFICER, Role.PURCHASER})
"""Roles that write the purchases of their body."""
IMPORTERS = frozenset({Role.MANAGER, Role.OFFICER})


def can_import(actor: Actor, scheme: Scheme) -> Verdict:
    """Open data covers many buyers: only the coordinator brings it into its scheme."""
    if actor.organisation_id != scheme.coordinator_id:
        return no(gettext_noop("Only the coordinator of the scheme imports files of contracts."))
    if actor.role not in IMPORTERS:
        return no(
            gettext_noop("Only the manager or an officer of the coordinator imports files of contracts.")
        )
    return YES


def can_enter(actor: Actor, capacities: frozenset[str]) -> Verdict:
    """A buyer enters its own contracts."""
    if Capacity.BUYER not in capacities:
        return no(gettext_noop("Only a buyer enters its contracts."))
    if actor.role not in WRITERS:
        return no(gettext_noop("Only a manager, an officer or a purchaser of the buyer enters contracts."))
    return YES


def can_correct(actor: Actor, contract: Contract) -> Verdict:
    """The buyer corrects its contracts, the coordinator those that its imports brought."""
    if contract.buyer_id == actor.organisation_id:
        if actor.role == Role.PROJECT_LEAD and contract.lot.project_lead_id == actor.user_id:
            return YES
        if actor.role in WRITERS:
            return YES
        return no(gettext_noop("Only a manager, an officer or a purchaser of the buyer corrects a contract."))
    if contract.scheme.coordinator_id == actor.organisation_id and contract.lot.origin == Origin.IMPORTED:
        if actor.role in IMPORTERS:
            return YES
        return no(
            gettext_noop("Only the manager or an officer of the coordinator corrects an imported contract.")
        )
    return no(gettext_noop("Only its buyer corrects this contract."))


def can_refuse_match(actor: Actor, pair: SameLot) -> Verdict:
    """Settle a match: the buyer's people, or those of the coordinator whose imports brought both."""
    if pair.state != SameState.PROPOSED:
        return no(gettext_noop("This match is settled. Undo it to choose again."))
    return _can_settle(actor, pair)


def can_merge(actor: Actor, pair: SameLot, *, held: bool) -> Verdict:
    """Merge: nobody works on the lot that would be hidden."""
    if held:
        return no(
            gettext_noop(
                "Work began on the lot of this contract: its sheet, its clause or its line of a plan would "
                "be lost. Keep them as two purchases."
            )
        )
    return can_refuse_match(actor, pair)


def can_undo_match(actor: Actor, pair: SameLot) -> Verdict:
    """Take a merge or a refusal back."""
    if pair.state == SameState.PROPOSED:
        return no(gettext_noop("Nothing is settled on this match."))
    return _can_settle(actor, pair)


def _can_settle(actor: Actor, pair: SameLot) -> Verdict:
    own = pair.call_lot.buyer_id == actor.organisation_id
    coordinated = pair.call_lot.scheme.coordinator_id == actor.organisation_id
    if (own and actor.role in WRITERS) or (coordinated and actor.role in IMPORTERS):
        return YES
    return no(gettext_noop("An officer of the buyer, or of the coordinator that imported both, settles it."))


class Outcome(StrEnum):
    """What becomes of a record read from a file."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    OLDER = "older"
    """A version older than the one in force: kept among the former ones."""
    OTHER_LOT = "other_lot"
    """Another lot published under the same identifier."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the register holds under a key: one contract, with the marks that tell it from another lot."""

    contract_id: int
    lot_id: int
    rank: int
    digests: frozenset[str]
    object: str
    holders: frozenset[str]
    notified_on: date | None
    last_published_on: date | None


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do with a record, with which contract, and whether the likeness is doubtful."""

    outcome: Outcome
    known: Known | None = None
    doubtful: bool = False


def decide(record: Record, digest: str, known: Sequence[Known]) -> Decision:
    """Tell an update from another lot, among the contracts that have the record's key.

    A version already seen changes nothing, in whatever order files come. A record that shares neither
    object, nor holder, nor date with a contract is another lot: buyers number lots by operation; so is one
    whose object names another lot number. Anything between is an update, doubtful when both object and
    holders changed.
    """
    for one in known:
        if digest in one.digests:
            return Decision(Outcome.UNCHANGED, one)
    likenesses = sorted(
        ((_likeness(record, one), -one.rank, one) for one in known), key=lambda item: item[:2]
    )
    if not likenesses:
        return Decision(Outcome.CREATED)
    likeness, _, nearest = likenesses[-1]
    if not likeness:
        return Decision(Outcome.OTHER_LOT)
    if _is_older(record, nearest):
        return Decision(Outcome.OLDER, nearest)
    return Decision(Outcome.UPDATED, nearest, doubtful=likeness == DATE)


OBJECT, HOLDERS, DATE = 4, 2, 1


def _likeness(record: Record, known: Known) -> int:
    """What is missing on one side differs from nothing; another lot number, from all."""
    if _names_another_lot(record.object, known.object):
        return 0
    same_object = not record.object or not known.object or fold(record.object)[:1000] == known.object
    mine = holder_marks(record)
    same_holders = not mine or not known.holders or bool(mine & known.holders)
    same_date = not record.notified_on or not known.notified_on or record.notified_on == known.notified_on
    return OBJECT * same_object + HOLDERS * same_holders + DATE * same_date


_LOT_NUMBER = re.compile(r"\blots? ?(?:n ?|numero )?0*(\d{1,3}[a-z]?)\b")


def _names_another_lot(mine: str, other: str) -> bool:
    """Whether each object names lots, and no lot is named by both."""
    here, there = (frozenset(_LOT_NUMBER.findall(fold(text))) for text in (mine, other))
    return bool(here and there) and not here & there


def holder_marks(record: Record) -> frozenset[str]:
    """Holders as companies rather than offices: the first nine digits of a SIRET."""
    return frozenset(holder_mark(holder.id_type, holder.identifier, holder.name) for holder in record.holders)


def holder_mark(id_type: str, identifier: str, name: str) -> str:
    """One holder, under the number of its company, its foreign identifier or its name."""
    if id_type in ("SIRET", "SIREN", "") and identifier[:9].isdigit():
        return identifier[:9]
    return identifier or fold(name)


def _is_older(record: Record, known: Known) -> bool:
    last = record.last_published_on
    return bool(known.digests and last and known.last_published_on and last < known.last_published_on)
