"""Record the orders or invoices of a file: all of them, or none."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from relais.core.verdict import no
from relais.core.words import Words, gettext_noop
from relais.execution.actions.ledger import trace
from relais.execution.actions.owing import NewCall, Teller, same_verdict
from relais.execution.models import Call, Obligation
from relais.execution.owing_enums import CallKind
from relais.execution.queries.calls_file import CallIntake, ReadCall
from relais.execution.rules import owing as rules
from relais.kit.access import Refused, require
from relais.kit.actor import Actor


@dataclass
class CallReport:
    """What a file changed."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0


class _Undone(Exception):
    """A row was refused: everything is undone."""


def import_calls(
    obligation: Obligation, intake: CallIntake, *, name: str, actor: Actor, at: datetime
) -> CallReport | None:
    """Record what a file says, by date; the same file again changes nothing, other figures are a correction.

    A row that cannot be counted becomes a problem of `intake`, nothing at all is kept, and `None` is given.
    """
    require(rules.can_record_calls(actor, obligation))
    if not intake.is_whole:
        return None
    try:
        with transaction.atomic():
            report = _record(obligation, intake, name, actor, at)
    except _Undone:
        obligation.refresh_from_db()
        return None
    return report


def _record(obligation: Obligation, intake: CallIntake, name: str, actor: Actor, at: datetime) -> CallReport:
    teller = Teller(obligation, actor, at)
    own = Call.objects.filter(obligation=obligation).select_related("debtor")
    live = {(call.kind, call.number): call for call in own.filter(ended_at=None)}
    cancelled = {(call.kind, call.number): call for call in own.filter(ending_number__isnull=False)}
    report = CallReport()
    for read in sorted(intake.calls, key=lambda one: (one.on, one.row)):
        wanted = _wanted(read, name)
        key = (str(wanted.kind), wanted.number)
        try:
            _one(teller, wanted, live.get(key), cancelled.get(key), report)
        except Refused as refusal:
            reason = refusal.verdict.reason
            intake.refuse(read.row, reason or Words(gettext_noop("This row was refused.")))
    if intake.problems:
        raise _Undone
    detail = f"rows={len(intake.calls)} changed={report.created + report.updated}"
    trace("execution.calls.imported", obligation, actor=actor, at=at, detail=detail)
    return report


def _wanted(read: ReadCall, name: str) -> NewCall:
    """Without kind and without rule it is taken for an order, which is then refused with the reason."""
    kind = read.kind or CallKind.ORDER
    return NewCall(kind, read.number, read.on, read.amount, read.label, read.debtor, name)


def _one(
    teller: Teller, wanted: NewCall, known: Call | None, cancelled: Call | None, report: CallReport
) -> None:
    if known is None and cancelled is not None:
        require(
            no(
                gettext_noop("%(number)s was cancelled on %(day)s: take it out, or record it on the page."),
                number=wanted.number,
                day=cancelled.ended_at,
            )
        )
    if known is None:
        teller.record(wanted)
        report.created += 1
    elif same_verdict(known, wanted):
        report.unchanged += 1
    elif known.debtor_id != (wanted.debtor.pk if wanted.debtor else None):
        require(
            no(
                gettext_noop("%(number)s is recorded for other companies: cancel it, then record it again."),
                number=wanted.number,
            )
        )
    else:
        teller.change(known, wanted, wanted.source_file)
        report.updated += 1
