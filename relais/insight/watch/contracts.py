"""What deserves a look in running contracts: silence, lateness, ends, meetings, amendments."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from relais.core.months import Month
from relais.core.words import Words, gettext_noop
from relais.execution.enums import EntryKind
from relais.execution.models import Entry, Obligation
from relais.execution.queries.standing import elapsed, statement_due
from relais.insight import alerts
from relais.insight.alerts import Alert, Running, Thresholds, alerts_of, thresholds
from relais.insight.watch.files import File, files_of
from relais.organisations.alerting import Code, Level, Limits, Seen
from relais.organisations.enums import PolicyKey
from relais.organisations.models import Scheme
from relais.procurement.models import Amendment

FOLLOW_UP, KICK_OFF, HOURS = "obligation-detail", "launch-detail", "hours-home"
SIZED_ANEW = (
    *(EntryKind.AMENDMENT, EntryKind.TRANCHE, EntryKind.RENEWAL, EntryKind.WAIVER),
    *(EntryKind.CORRECTION, EntryKind.ORDER, EntryKind.INVOICE),
)
"""Entries that answer an amendment."""

OWED, VALIDATED = Words(gettext_noop("Hours owed")), Words(gettext_noop("Hours validated"))
LEFT, END = Words(gettext_noop("Hours left to do")), Words(gettext_noop("End of performance"))
EXPECTED = Words(gettext_noop("Hours expected today by a steady plan"))
GONE = Words(gettext_noop("Time of performance gone, in percent"))
NOTIFIED = Words(gettext_noop("Notified on"))


def contracts(scheme: Scheme, on: date, limits: Limits) -> Iterable[Seen]:
    """AL01 to AL04, AL10, AL11 and AL19, in five queries; a suspended contract is not awaited."""
    asked = thresholds(limits)
    files = files_of(scheme, on)
    for row in alerts.running(Obligation.objects.filter(scheme=scheme), on):
        file = files.get(row.pk)
        if file is not None:
            yield from _of_contract(row, file, on, asked)


def _of_contract(row: Running, file: File, on: date, limits: Thresholds) -> Iterator[Seen]:
    found = alerts_of(row, on, limits)
    if Alert.LATE in found or Alert.ENDING in found:
        yield _ending(row, file, on, limits)
    if Alert.FAILING in found:
        yield _failing(row, file, on)
    if Alert.BEHIND in found:
        yield _behind(row, file, on)
    if Alert.SILENT in found:
        yield from _silences(row, file, on, limits)
    elif Alert.NO_FIRST_HOURS in found:
        yield _unheard(row, file, limits)
    if Alert.NO_KICK_OFF in found:
        yield _no_kick_off(row, file, limits)
    if Alert.SURPLUS in found:
        yield _surplus(row, file)
    if Alert.NO_CONTACT in found:
        yield _no_contact(row, file)


def _ending(row: Running, file: File, on: date, limits: Thresholds) -> Seen:
    """AL04; critical when the end is near, or passed."""
    late = row.ends_on < on
    near = late or row.ends_on <= on + timedelta(limits.ending_soon_days)
    text = (
        gettext_noop("Performance ended on %(day)s with %(hours)s h left")
        if late
        else gettext_noop("Performance ends on %(day)s with %(hours)s h left")
    )
    act = (
        gettext_noop("Extend the contract, claim the hours or close it")
        if late
        else gettext_noop("Decide with the holder what to do with the hours left")
    )
    return Seen(
        Code.AL04,
        Level.CRITICAL if near else Level.WARNING,
        str(row.pk),
        Words(text, {"day": row.ends_on, "hours": row.left}),
        Words(act),
        owner_id=file.buyer if late else file.follower,
        page=FOLLOW_UP,
        place={"pk": row.pk},
        working=((OWED, row.owed), (VALIDATED, row.validated), (LEFT, row.left), (END, row.ends_on)),
        due_on=row.ends_on,
        concerned_id=file.only_debtor,
        **file.ids,
    )


def _failing(row: Running, file: File, on: date) -> Seen:
    return Seen(
        Code.AL03,
        Level.CRITICAL,
        str(row.pk),
        Words(
            gettext_noop("%(left)s h left of %(owed)s before the end on %(day)s"),
            {"left": row.left, "owed": row.owed, "day": row.ends_on},
        ),
        Words(gettext_noop("Meet the holder, and agree on a plan to catch up")),
        owner_id=file.buyer,
        page=FOLLOW_UP,
        place={"pk": row.pk},
        working=(*_pace(row, on), (LEFT, row.left)),
        due_on=row.ends_on,
        **file.ids,
    )


def _behind(row: Running, file: File, on: date) -> Seen:
    expected = row.expected(on)
    gap = max(expected - row.validated, Decimal(0)).quantize(Decimal(1))
    return Seen(
        Code.AL02,
        Level.WARNING,
        str(row.pk),
        Words(
            gettext_noop("%(hours)s h validated, %(gap)s behind the plan"),
            {"hours": row.validated, "gap": gap},
        ),
        Words(gettext_noop("Ask the holder for a plan to catch up")),
        owner_id=file.follower,
        page=FOLLOW_UP,
        place={"pk": row.pk},
        working=_pace(row, on),
        due_on=row.ends_on,
        **file.ids,
    )


def _pace(row: Running, on: date) -> tuple[tuple[Words, object], ...]:
    gone = (elapsed(row.starts_on, row.ends_on, on) * 100).quantize(Decimal(1))
    expected = row.expected(on).quantize(Decimal(1))
    return (OWED, row.owed), (VALIDATED, row.validated), (EXPECTED, expected), (GONE, gone)


def _silences(row: Running, file: File, on: date, limits: Thresholds) -> Iterator[Seen]:
    """AL01, one by body that declares: told to it from the due day, to who follows it a while later."""
    months: dict[int, list[Month]] = defaultdict(list)
    names: dict[int, str] = {}
    for gap in row.standing.gaps:
        months[gap.body_id].append(gap.month)
        names[gap.body_id] = gap.body
    for body, missing in months.items():
        due = statement_due(missing[0], limits.declaration_day)
        if due < on:
            told = statement_due(missing[0], limits.silent_day) < on
            yield _silence(row, file, (body, names[body]), missing, due, told)


def _silence(
    row: Running, file: File, body: tuple[int, str], missing: list[Month], due: date, told: bool
) -> Seen:
    text = (
        gettext_noop("%(body)s has not declared %(month)s")
        if len(missing) == 1
        else gettext_noop("%(body)s has not declared %(number)s months, from %(month)s")
    )
    params: dict[str, object] = {"body": body[1], "month": missing[0].first_day}
    if len(missing) > 1:
        params["number"] = len(missing)
    remind = Words(gettext_noop("Remind %(body)s of its statement"), {"body": body[1]})
    return Seen(
        Code.AL01,
        Level.WARNING if told else Level.INFO,
        f"{row.pk}:{body[0]}",
        Words(text, params),
        remind if told else Words(gettext_noop("Declare the hours of the month, even none")),
        owner_id=file.follower if told else body[0],
        page=FOLLOW_UP if told else HOURS,
        place={"pk": row.pk} if told else {},
        working=(
            (Words(gettext_noop("Months not declared")), len(missing)),
            (Words(gettext_noop("Statement due on")), due),
        ),
        due_on=due,
        concerned_id=body[0],
        **file.ids,
    )


def _unheard(row: Running, file: File, limits: Thresholds) -> Seen:
    """AL01 when nothing was ever declared."""
    due = row.first_hours_due(limits)
    return Seen(
        Code.AL01,
        Level.WARNING,
        f"{row.pk}:first",
        Words(gettext_noop("No hour declared since the award of %(day)s"), {"day": row.notified_on}),
        Words(gettext_noop("Call the holder")),
        owner_id=file.follower,
        page=KICK_OFF,
        place={"pk": row.pk},
        working=((NOTIFIED, row.notified_on), (Words(gettext_noop("First hours expected by")), due)),
        due_on=due,
        concerned_id=file.only_debtor,
        **file.ids,
    )


def _no_kick_off(row: Running, file: File, limits: Thresholds) -> Seen:
    due = row.notified_on + timedelta(limits.kick_off_days)
    return Seen(
        Code.AL10,
        Level.WARNING,
        str(row.pk),
        Words(
            gettext_noop("Notified on %(day)s, no kick-off meeting since"),
            {"day": row.notified_on},
        ),
        Words(gettext_noop("Hold the kick-off meeting with the holder")),
        owner_id=file.follower,
        page=KICK_OFF,
        place={"pk": row.pk},
        working=((NOTIFIED, row.notified_on), (Words(gettext_noop("Days allowed")), limits.kick_off_days)),
        due_on=due,
        **file.ids,
    )


def _surplus(row: Running, file: File) -> Seen:
    over = ((row.validated / row.owed - 1) * 100).quantize(Decimal(1))
    return Seen(
        Code.AL19,
        Level.ANOMALY,
        str(row.pk),
        Words(
            gettext_noop("%(validated)s h validated for %(owed)s owed"),
            {"validated": row.validated, "owed": row.owed},
        ),
        Words(gettext_noop("Check the entries: hours typed twice, or an amendment not recorded")),
        owner_id=file.follower,
        page=FOLLOW_UP,
        place={"pk": row.pk},
        working=(
            (OWED, row.owed),
            (VALIDATED, row.validated),
            (Words(gettext_noop("Above what is owed, in percent")), over),
        ),
        **file.ids,
    )


def _no_contact(row: Running, file: File) -> Seen:
    return Seen(
        Code.AL11,
        Level.INFO,
        str(row.pk),
        Words(gettext_noop("The holder has named no correspondent")),
        Words(gettext_noop("Ask the holder for the name of its correspondent")),
        owner_id=file.follower,
        page=KICK_OFF,
        place={"pk": row.pk},
        working=((Words(gettext_noop("Start of performance")), row.starts_on),),
        **file.ids,
    )


def amendments(scheme: Scheme, on: date, limits: Limits) -> Iterable[Seen]:
    """AL09: an amendment that changes the amount or the duration, and no entry in the ledger since.

    Five queries.
    """
    files = files_of(scheme, on)
    by_clause = {file.clause: file for file in files.values()}
    running = Obligation.objects.filter(scheme=scheme).running()
    answered = _answered(running)
    days = int(limits[PolicyKey.ALERT_AMENDMENT_DAYS].value)
    rows = (
        Amendment.objects.filter(contract__clause__obligation__in=running)
        .annotate(day=Coalesce("notified_on", "published_on"))
        .exclude(day=None)
        .exclude(amount=None, duration_months=None)
        .order_by("day", "pk")
        .values_list("pk", "number", "day", "contract__clause__id")
    )
    for pk, number, day, clause in rows:
        file = by_clause[clause]
        late = day + timedelta(days) < on
        if late and not any(entry >= day for entry in answered.get(file.obligation, ())):
            yield _amendment(pk, number, day, days, file)


def _answered(obligations: QuerySet[Obligation]) -> Mapping[int, list[date]]:
    """When the hours of each obligation were sized anew."""
    found: dict[int, list[date]] = defaultdict(list)
    rows = Entry.objects.filter(obligation__in=obligations, kind__in=SIZED_ANEW).order_by()
    for obligation, day in rows.values_list("obligation_id", "effective_on"):
        found[obligation].append(day)
    return found


def _amendment(pk: int, number: int, day: date, days: int, file: File) -> Seen:
    return Seen(
        Code.AL09,
        Level.WARNING,
        str(pk),
        Words(
            gettext_noop("Amendment %(number)s of %(day)s: the hours were not sized anew"),
            {"number": str(number), "day": day},
        ),
        Words(gettext_noop("Size the hours anew and record them, or say why nothing changes")),
        owner_id=file.buyer,
        page=FOLLOW_UP,
        place={"pk": file.obligation},
        working=(
            (Words(gettext_noop("Amendment of")), day),
            (Words(gettext_noop("Days allowed")), days),
        ),
        due_on=day + timedelta(days),
        **file.ids,
    )
