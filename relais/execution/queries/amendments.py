"""The proposed amendments of an obligation, as far as the actor reads them."""

from dataclasses import dataclass

from relais.execution.models import AmendmentProposal, Obligation
from relais.kit.actor import Actor


def proposals_of(obligation: Obligation, actor: Actor) -> list[AmendmentProposal]:
    """Newest first, in one query."""
    own = AmendmentProposal.objects.visible_to(actor).filter(obligation=obligation)
    found = list(own.select_related("organisation"))
    for proposal in found:
        proposal.obligation = obligation
    return found


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """A proposal with what the actor may do of it."""

    proposal: AmendmentProposal
    may_answer: bool
    may_withdraw: bool


@dataclass(frozen=True, slots=True)
class Amendments:
    """What the follow-up shows of the amendments."""

    rows: tuple[ProposalRow, ...]
    may_propose: bool
