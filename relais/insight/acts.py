"""The acts of the first page, in words: what is to do, for which thing, by whom, before when."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from relais.clauses.enums import ClauseState
from relais.clauses.models import Clause
from relais.core.months import Month
from relais.execution.queries.standing import statement_due
from relais.insight.alerts import Alert, Running, Thresholds
from relais.kit.actor import Actor
from relais.kit.words import day, hours, month
from relais.screening.enums import OpportunityState
from relais.screening.models import Opportunity
from relais.screening.rules import can_decide

ALERTS = {
    Alert.LATE: gettext_lazy("Late"),
    Alert.FAILING: gettext_lazy("Failing"),
    Alert.ENDING: gettext_lazy("Ends soon"),
    Alert.NO_FIRST_HOURS: gettext_lazy("No hour since the award"),
    Alert.BEHIND: gettext_lazy("Behind the plan"),
    Alert.SILENT: gettext_lazy("Silent"),
    Alert.IDLE: gettext_lazy("Nobody in post"),
    Alert.NO_KICK_OFF: gettext_lazy("Not launched"),
    Alert.SURPLUS: gettext_lazy("Surplus"),
    Alert.NO_CONTACT: gettext_lazy("No correspondent"),
}


@dataclass(frozen=True, slots=True)
class Act:
    """One line of what is to do. `url_name` and `url_kwargs` lead to where it is done."""

    title: str
    subject: str
    owner: str
    due: date | None
    url_name: str
    url_kwargs: dict[str, Any]
    detail: str = ""
    alerts: tuple[Alert, ...] = ()
    query: str = ""

    def is_late(self, today: date) -> bool:
        return self.due is not None and self.due < today

    @property
    def states(self) -> list[tuple[str, Any]]:
        """The alerts as tones and words; a correspondent to name is not told beside something else."""
        return [(alert.tone, ALERTS[alert]) for alert in self.alerts if alert is not Alert.NO_CONTACT]


def of_obligations(
    rows: Iterable[tuple[Running, tuple[Alert, ...]]], today: date, limits: Thresholds
) -> Iterator[Act]:
    """One act for each obligation with an alert: its most pressing one."""
    for row, alerts in rows:
        if not alerts or alerts == (Alert.NO_CONTACT,):
            continue
        title, due = worded(row, alerts[0], today, limits)
        yield Act(
            title=title,
            subject=f"{row.reference} · {row.holder}" if row.holder else row.reference,
            owner=row.buyer,
            due=due,
            url_name="obligation-detail",
            url_kwargs={"pk": row.pk},
            detail=row.object,
            alerts=alerts,
        )


def of_silent(rows: Sequence[Running], today: date, limits: Thresholds) -> Iterator[Act]:
    """One act for all the contracts that are only silent."""
    if not rows:
        return
    oldest = min(row.standing.months[0] for row in rows)
    title = ngettext(
        "%(number)s contract with months not declared, from %(month)s: have its holder reminded",
        "%(number)s contracts with months not declared, from %(month)s: have their holders reminded",
        len(rows),
    )
    yield Act(
        title=title % {"number": len(rows), "month": month(oldest)},
        subject=", ".join(sorted({row.holder for row in rows if row.holder})[:4]),
        owner="",
        due=statement_due(oldest, limits.declaration_day),
        url_name="todo",
        url_kwargs={},
        alerts=(Alert.SILENT,),
        query="?seen=silent",
    )


def worded(row: Running, alert: Alert, today: date, limits: Thresholds) -> tuple[str, date]:
    """What to do about an alert, and before when."""
    left, end = hours(row.left), day(row.ends_on)
    match alert:
        case Alert.LATE:
            text = _("Performance ended on %(end)s with %(left)s left: extend, claim or close")
            return text % {"end": end, "left": left}, row.ends_on
        case Alert.FAILING:
            text = _("%(left)s left of %(owed)s: meet the holder before the end on %(end)s")
            return text % {"left": left, "owed": hours(row.owed), "end": end}, row.ends_on
        case Alert.ENDING:
            return _("Performance ends on %(end)s, %(left)s left") % {"end": end, "left": left}, row.ends_on
        case Alert.NO_FIRST_HOURS:
            text = _("Awarded on %(day)s and no hour declared yet: call the holder")
            return text % {"day": day(row.notified_on)}, row.first_hours_due(limits)
        case Alert.BEHIND:
            gap = hours(max(row.expected(today) - row.validated, row.owed * 0), 0)
            return _("%(gap)s behind the plan: ask the holder for a catch-up plan") % {
                "gap": gap
            }, row.ends_on
        case Alert.SILENT:
            missing = row.standing.months
            text = ngettext(
                "%(number)s month not declared, %(month)s: remind the holder",
                "%(number)s months not declared, from %(month)s: remind the holder",
                len(missing),
            )
            told = {"number": len(missing), "month": month(missing[0])}
            return text % told, statement_due(missing[0], limits.declaration_day)
        case Alert.IDLE:
            since = row.standing.idle_since or row.starts_on
            text = _("Nobody in post since %(day)s: propose candidates")
            return text % {"day": day(since)}, statement_due(Month.of(since), limits.declaration_day)
        case Alert.NO_KICK_OFF:
            text = _("Notified on %(day)s, no kick-off meeting: hold it")
            return text % {"day": day(row.notified_on)}, row.notified_on + timedelta(limits.kick_off_days)
        case Alert.SURPLUS:
            text = _("%(validated)s validated of %(owed)s owed: check the entries")
            return text % {"validated": hours(row.validated), "owed": hours(row.owed)}, row.ends_on
    return _("The holder has named no correspondent"), row.ends_on


def of_sheets(sheets: Iterable[Opportunity], actor: Actor) -> Iterator[Act]:
    """What opportunities wait for: the act planned on the sheet, or the next one of their state.

    Who may not decide is told who does.
    """
    decide = _("Decide on this lot")
    usual = {
        OpportunityState.UNDER_ANALYSIS: decide,
        OpportunityState.RETAINED: _("Write the clause"),
    }
    for sheet in sheets:
        planned = sheet.next_act
        if not planned and (sheet.state not in usual or getattr(sheet.lot, "clause", None) is not None):
            continue
        title = planned or usual[OpportunityState(sheet.state)]
        if title == decide and not can_decide(actor, sheet.lot, sheet):
            title = _("Have a purchaser or a manager of the buyer decide on this lot")
        yield Act(
            title=title,
            subject=sheet.lot.object,
            owner=sheet.lot.buyer.name,
            due=sheet.next_act_on,
            url_name="opportunity-detail",
            url_kwargs={"lot": sheet.lot_id},
            detail=str(sheet.get_state().label),
        )


def of_clauses(clauses: Iterable[Clause]) -> Iterator[Act]:
    """Clauses that wait for their text or for the award of their contract."""
    for clause in clauses:
        written = clause.state == ClauseState.WRITTEN
        yield Act(
            title=_("Record the award once the contract is signed")
            if written
            else _("Finish the text of the clause"),
            subject=f"{clause.reference} · {clause.lot.object}",
            owner=clause.buyer.name,
            due=None,
            url_name="clause-detail",
            url_kwargs={"pk": clause.pk},
            detail=str(clause.get_state().label),
        )


def in_order(acts: Iterable[Act]) -> list[Act]:
    """By date, those without one last."""
    return sorted(acts, key=lambda act: (act.due is None, act.due or date.max, act.subject))


def late_ones(acts: Sequence[Act], today: date) -> int:
    return sum(act.is_late(today) for act in acts)
