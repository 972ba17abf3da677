"""The same hour claimed twice: refused to the second, and told to who follows the first (alert AL08)."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from relais.core.counting import Level
from relais.core.words import Words, gettext_noop
from relais.execution.models import Obligation, StatementLine
from relais.execution.queries.claims import Checked, obligation_label
from relais.kit import audit
from relais.kit.actor import Actor
from relais.organisations.models import Organisation

RULE = "AL08"
SAID = gettext_noop(
    "%(body)s claimed the same hours for %(obligation)s on %(day)s: it was refused, one hour counts once."
)


@transaction.atomic
def tell_other_side(
    obligation: Obligation,
    refused: Sequence[Checked],
    *,
    declarant: Organisation,
    actor: Actor,
    at: datetime,
) -> int:
    """Write on each line already claimed that somebody claimed it again; the number of lines told.

    The line keeps its state: its facilitator reads the anomaly and asks. Told once per obligation.
    """
    words = Words(
        SAID,
        {
            "body": declarant.name,
            "obligation": obligation_label(obligation.clause.reference, obligation.buyer.name),
            "day": timezone.localdate(at),
        },
    )
    told = 0
    for item in refused:
        if not any(finding.rule == RULE for finding in item.refusals):
            continue
        for line in _claimed(obligation, item):
            if any(_is_told(finding, words) for finding in line.findings):
                continue
            finding = {"rule": RULE, "level": str(Level.QUERIED), "words": words.as_dict()}
            StatementLine.objects.filter(pk=line.pk).update(
                findings=[*line.findings, finding], is_flagged=True
            )
            told += 1
            audit.record(
                "execution.line.claimed_twice",
                line,
                actor=actor,
                at=at,
                owner_id=line.obligation.buyer_id,
                scope_id=obligation.scheme_id,
                detail=f"obligation={obligation.pk}",
            )
    return told


def _claimed(obligation: Obligation, item: Checked) -> list[StatementLine]:
    """Lines of other obligations that claim days of the same person for the same employer."""
    job = item.worked.job
    lines = StatementLine.objects.live().filter(
        obligation__scheme_id=obligation.scheme_id,
        job_contract__person__pseudonym=job.person.pseudonym,
        job_contract__employer_id=job.employer_id,
        starts_on__lte=item.ends_on,
        ends_on__gte=item.starts_on,
        corrects=None,
    )
    return list(lines.exclude(obligation=obligation).select_related("obligation"))


def _is_told(finding: dict[str, object], words: Words) -> bool:
    known = Words.from_dict(finding["words"])  # type: ignore[arg-type]
    return known.text == words.text and known.params["obligation"] == words.params["obligation"]
