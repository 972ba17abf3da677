"""What is signed when hours are sent, how a replay is recognised, and two versions side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from relais.core.attestation import digest
from relais.core.months import Month
from relais.execution.enums import LineState
from relais.execution.models import JobContract, Obligation, Statement, StatementLine, Submission
from relais.execution.queries.claims import Worked
from relais.execution.queries.statements import MonthSheet
from relais.kit.words import month as month_words


def attestation_words(obligation: Obligation, month: Month, body: str) -> str:
    """The sentence that is signed with a month."""
    return _(
        "I certify, for %(body)s, that the people of this statement worked these hours in %(month)s "
        "for the clause %(clause)s of %(buyer)s, and that no other statement claims them."
    ) % {
        "body": body,
        "month": month_words(month),
        "clause": obligation.clause.reference,
        "buyer": obligation.buyer.name,
    }


def asked_digest(lines: Sequence[Worked], *, nothing: bool, signed_by: str, signed_as: str = "") -> str:
    """The digest of what a page sends, to tell a replay from another content under the same key."""
    hours = sorted(
        [
            line.job.pk,
            str(line.starts_on or ""),
            str(line.ends_on or ""),
            f"{line.hours:.2f}",
            f"{line.training_hours:.2f}",
        ]
        for line in lines
    )
    return digest({"lines": hours, "nothing": nothing, "by": signed_by.strip(), "as": signed_as.strip()})


def replayed(
    obligation: Obligation, month: Month, declarant_id: int, *, key: str, asked: str
) -> Statement | None:
    """The statement already sent under this key with this very content; none when it is another act."""
    if not key:
        return None
    found = (
        Submission.objects.filter(
            statement__obligation=obligation,
            statement__declarant_id=declarant_id,
            statement__month=month.first_day,
            key=key,
            asked=asked,
        )
        .select_related("statement")
        .first()
    )
    return found.statement if found else None


def signed_content(
    statement: Statement,
    obligation: Obligation,
    lines: Sequence[StatementLine],
    *,
    rank: int,
    signed_by: str,
    signed_as: str,
    at: datetime,
) -> dict[str, Any]:
    """All that is signed, people by their number: names are not kept here."""
    body = statement.declarant
    month = Month.of(statement.month)
    return {
        "number": f"{statement.number}-{rank}",
        "clause": obligation.clause.reference,
        "buyer": obligation.buyer.name,
        "body": body.name,
        "siret": body.siret,
        "month": str(month),
        "words": attestation_words(obligation, month, body.name),
        "signed_by": signed_by,
        "signed_as": signed_as,
        "sent_at": at.isoformat(),
        "lines": [_line(line) for line in lines],
        "total": f"{sum((line.hours for line in lines), Decimal(0)):.2f}",
    }


def _line(line: StatementLine) -> dict[str, Any]:
    return {
        "person": line.job_contract.person.number,
        "job": line.job_contract.job,
        "first": line.starts_on.isoformat(),
        "last": line.ends_on.isoformat(),
        "hours": f"{line.hours:.2f}",
        "training": f"{line.training_hours:.2f}",
    }


@dataclass(frozen=True, slots=True)
class Sides:
    """The hours of one job in two versions: what is kept, and what was typed on a page now stale."""

    job: JobContract
    starts_on: date
    ends_on: date
    kept: Decimal | None
    state: LineState | None
    mine: Decimal | None
    training: Decimal | None

    @property
    def is_sent(self) -> bool:
        """Whether the hours kept are already with the facilitator: they change by a correction only."""
        return self.state not in (None, LineState.DRAFT)

    @property
    def differs(self) -> bool:
        return self.kept != self.mine

    @property
    def key(self) -> str:
        return f"{self.job.pk}-{self.starts_on.day}-{self.ends_on.day}"

    @property
    def period(self) -> str:
        return f"{self.job.pk}:{self.starts_on.isoformat()}:{self.ends_on.isoformat()}"


def both_sides(sheet: MonthSheet, typed: Sequence[Worked]) -> list[Sides]:
    """Every job with hours in one version at least, in the order of the sheet."""
    mine = {(line.job.pk, line.starts_on, line.ends_on): line for line in typed}
    jobs = {row.job.pk: row.job for row in sheet.rows} | {
        line.job_contract_id: line.job_contract for line in sheet.sent
    }
    kept: dict[Any, tuple[Decimal, LineState]] = {
        (row.job.pk, row.starts_on, row.ends_on): (row.hours, LineState.DRAFT)
        for row in sheet.rows
        if row.hours
    }
    kept |= {
        (line.job_contract_id, line.starts_on, line.ends_on): (line.hours, LineState(line.state))
        for line in sheet.sent
        if line.corrects_id is None
    }
    order = {pk: rank for rank, pk in enumerate(jobs)}
    found = []
    for place in sorted({*kept, *mine}, key=lambda place: (order.get(place[0], -1), place[1], place[2])):
        pk, first, last = place
        hours, state = kept.get(place, (None, None))
        line = mine.get(place)
        found.append(
            Sides(
                job=line.job if line else jobs[pk],
                starts_on=first,
                ends_on=last,
                kept=hours,
                state=state,
                mine=line.hours if line else None,
                training=line.training_hours if line else None,
            )
        )
    return found
