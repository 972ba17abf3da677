"""Small obligations that may go together: the crumbs an actor may pool, and the jobs that they make."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from relais.core import pooling as core
from relais.core.distance import Point
from relais.core.money import hundredths
from relais.core.months import Month
from relais.core.pooling import Crumb, Job, Left, Measure, PoolingRules
from relais.core.words import BadValue, Words, gettext_noop
from relais.execution.enums import AgreementState, ObligationState
from relais.execution.models import Debtor, PoolingPart
from relais.execution.models.obligations import read_whole
from relais.kit.actor import Actor
from relais.organisations.models import Organisation, Scheme
from relais.screening.models import TradeCpv

ZERO = Decimal(0)
MOST_ASKED = 60
"""Crumbs of one question: beyond, the search would keep the page waiting for minutes."""
EFFORT = 1.0
"""Deterministic effort of one batch on a page; the command line may ask for more."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which crumbs are asked for: hours left at most, and a department when one is chosen."""

    most_hours: Decimal = Decimal(600)
    department: str = ""


@dataclass(frozen=True, slots=True)
class Crumbs:
    """The crumbs found, the debtor behind each, and those set aside with the reason."""

    found: tuple[Crumb, ...]
    debtors: dict[str, Debtor]
    aside: tuple[Left, ...] = ()

    @property
    def departments(self) -> list[tuple[str, str]]:
        """Code and name of the departments that have crumbs."""
        return sorted({place for debtor in self.debtors.values() if (place := _department(debtor))})

    def asked(self, asked: Asked) -> "Crumbs":
        """Those of a department only, when one is asked."""
        if not asked.department:
            return self
        kept = {
            name: debtor
            for name, debtor in self.debtors.items()
            if (place := _department(debtor)) and place[0] == asked.department
        }
        return Crumbs(
            tuple(crumb for crumb in self.found if crumb.name in kept),
            kept,
            tuple(left for left in self.aside if left.name in kept),
        )


@dataclass(frozen=True, slots=True)
class Share:
    """What one debtor brings to a job; `percent` of all the shares total 100."""

    debtor: Debtor
    hours: Decimal
    percent: Decimal


@dataclass(frozen=True, slots=True)
class MonthRow:
    """A month of a job: hours of each contract, in the order of the shares, and how full the month is."""

    month: Month
    hours: tuple[Decimal, ...]
    total: Decimal
    part: Decimal

    @property
    def width(self) -> str:
        """Of the bar that draws it."""
        return f"{hundredths(self.part * 100)}%"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A job found: its shares, its months, who must accept it."""

    shares: tuple[Share, ...]
    rows: tuple[MonthRow, ...]
    trades: tuple[str, ...]
    department: str

    @property
    def key(self) -> str:
        """What names the job in an address: its debtors."""
        return "-".join(str(pk) for pk in sorted(share.debtor.pk for share in self.shares))

    @property
    def total(self) -> Decimal:
        return sum((share.hours for share in self.shares), ZERO)

    def plan_of(self, rank: int) -> dict[Month, Decimal]:
        """The hours of the share of that rank in each month that has some."""
        return {row.month: row.hours[rank] for row in self.rows if row.hours[rank]}

    @property
    def firms(self) -> list[tuple[Organisation, Decimal]]:
        """Each company that must accept, and the hours it owes in the job."""
        return _by_body((share.debtor.organisation, share.hours) for share in self.shares)

    @property
    def buyers(self) -> list[tuple[Organisation, Decimal]]:
        """Each buyer that must accept, and the hours of its contracts in the job."""
        return _by_body((share.debtor.obligation.buyer, share.hours) for share in self.shares)


@dataclass(frozen=True, slots=True)
class Search:
    """What the search found. `proven`: no better plan exists by the rules given."""

    proposals: tuple[Proposal, ...]
    left: tuple[Left, ...]
    before: Measure
    after: Measure
    proven: bool


def schemes_to_pool(actor: Actor) -> list[Scheme]:
    """The schemes in which the actor reads obligations whole."""
    running = Debtor.objects.filter(read_whole(actor), obligation__state=ObligationState.ACTIVE)
    schemes = Scheme.objects.filter(pk__in=running.values("obligation__scheme_id"))
    return list(schemes.order_by("name", "pk"))


def whole_months(starts_on: date, ends_on: date, on: date) -> tuple[date, date] | None:
    """The whole months still to come in a period: first and last day, none when there is no whole month."""
    day = max(on, starts_on)
    first = Month.of(day) if day.day == 1 else Month.of(day).next()
    end = Month.of(ends_on)
    last = end if ends_on == end.last_day else end.previous()
    return None if first > last else (first.first_day, last.last_day)


def hours_left(debtor: Debtor, reserved: Decimal = ZERO) -> Decimal:
    """What nobody did, declared nor reserved: owed, less validated, less what waits, less the agreements."""
    return debtor.owed - debtor.validated - debtor.declared - debtor.queried - reserved


def reserved_by_agreements(debtor_ids: Collection[int], on: date) -> dict[int, Decimal]:
    """Hours that agreements in force keep for the months not declared yet: the last one and those to come.

    A month that is over is declared in the next one, so that it stays reserved until then. One query.
    """
    first = Month.of(on).previous()
    parts = PoolingPart.objects.filter(
        debtor__in=debtor_ids,
        agreement__state=AgreementState.IN_FORCE,
        agreement__ends_on__gte=first.first_day,
    )
    found: dict[int, Decimal] = defaultdict(Decimal)
    for debtor_id, plan in parts.values_list("debtor_id", "plan"):
        found[debtor_id] += sum(
            (Decimal(hours) for month, hours in plan.items() if Month.parse(month) >= first), ZERO
        )
    return found


def crumbs_of(actor: Actor, scheme: Scheme, *, most_hours: Decimal) -> Crumbs:
    """The crumbs of a scheme that the actor may pool: those of the obligations it reads whole.

    A crumb without trade, place or whole month to come is set aside, and the reason is told.
    """
    debtors = (
        Debtor.objects.filter(
            read_whole(actor),
            obligation__scheme=scheme,
            obligation__state=ObligationState.ACTIVE,
            obligation__ends_on__gte=actor.on,
        )
        .select_related(
            "organisation",
            "obligation__buyer",
            "obligation__clause__lot__department",
            "obligation__clause__lot__commune__department",
            "obligation__clause__scheme",
        )
        .prefetch_related("obligation__clause__parties")
        .order_by("obligation__clause__reference", "pk")
    )
    open_debts = [debtor for debtor in debtors if hours_left(debtor) > 0]
    reserved = reserved_by_agreements([debtor.pk for debtor in open_debts], actor.on)
    left = {debtor.pk: hours_left(debtor, reserved.get(debtor.pk, ZERO)) for debtor in open_debts}
    small = [debtor for debtor in open_debts if 0 < left[debtor.pk] <= most_hours]
    names = names_of(small)
    trades = dict(TradeCpv.objects.values_list("prefix", "trade__name"))
    found, aside = [], []
    for debtor in small:
        made = _crumb(debtor, names[debtor.pk], left[debtor.pk], trade_of(debtor, trades), actor.on)
        (found if isinstance(made, Crumb) else aside).append(made)
    by_name = {names[debtor.pk]: debtor for debtor in small}
    return Crumbs(
        tuple(one for one in found if isinstance(one, Crumb)),
        by_name,
        tuple(one for one in aside if isinstance(one, Left)),
    )


def _crumb(debtor: Debtor, name: str, hours: Decimal, trade: str, on: date) -> Crumb | Left:
    obligation = debtor.obligation
    window = whole_months(obligation.starts_on, obligation.ends_on, on)
    place = _department(debtor)
    if window is None:
        return Left(name, Words(gettext_noop("No whole month is left before its end.")))
    if not trade:
        return Left(name, Words(gettext_noop("Its trade is not known: give it on the clause or the lot.")))
    if place is None:
        return Left(name, Words(gettext_noop("Its place is not known: give it on the lot.")))
    return Crumb(
        name=name,
        firm=debtor.organisation.name,
        buyer=obligation.buyer.name,
        hours=hours,
        starts_on=window[0],
        ends_on=window[1],
        trade=trade,
        department=place[0],
        point=_point(debtor),
    )


def names_of(debtors: Sequence[Debtor]) -> dict[int, str]:
    """A name for each debtor, never twice the same: the clause and the company, then the buyer."""
    told = {debtor.pk: f"{debtor.obligation.clause.reference} · {debtor.organisation}" for debtor in debtors}
    times = Counter(told.values())
    return {
        debtor.pk: told[debtor.pk]
        if times[told[debtor.pk]] == 1
        else f"{told[debtor.pk]} · {debtor.obligation.buyer} · {debtor.pk}"
        for debtor in debtors
    }


def trade_of(debtor: Debtor, by_prefix: dict[str, str]) -> str:
    """The trade of the clause, else that of the longest CPV prefix known; empty when neither tells."""
    clause = debtor.obligation.clause
    if clause.trade:
        return clause.trade
    cpv = clause.lot.cpv
    return next((by_prefix[cpv[:size]] for size in range(len(cpv), 1, -1) if cpv[:size] in by_prefix), "")


def _department(debtor: Debtor) -> tuple[str, str] | None:
    lot = debtor.obligation.clause.lot
    department = lot.department or (lot.commune.department if lot.commune else None)
    return (department.code, department.name) if department else None


def _point(debtor: Debtor) -> Point | None:
    commune = debtor.obligation.clause.lot.commune
    if commune is None or commune.latitude is None or commune.longitude is None:
        return None
    return Point(float(commune.latitude), float(commune.longitude))


def search(crumbs: Crumbs, rules: PoolingRules, *, effort: float = EFFORT) -> Search:
    """The jobs that crumbs make. `BadValue` beyond `MOST_ASKED`, or on a plan that breaks a rule."""
    from relais.core.pooling_solver import pool  # the solver takes a second to load

    if len(crumbs.found) > MOST_ASKED:
        raise BadValue(
            gettext_noop(
                "%(count)s contracts are asked for, %(most)s at most are searched at once. Choose a "
                "department, or ask for fewer hours left."
            ),
            count=len(crumbs.found),
            most=MOST_ASKED,
        )
    pooling = pool(crumbs.found, rules, effort=effort)
    if core.faults_of(pooling, crumbs.found, rules):
        raise BadValue(
            gettext_noop("The plan found breaks a rule: nothing is proposed. Change a figure and try again.")
        )
    return Search(
        tuple(_proposal(job, crumbs, rules) for job in pooling.jobs),
        (*pooling.left, *crumbs.aside),
        core.before(crumbs.found, rules),
        core.after(pooling, crumbs.found, rules),
        pooling.proven,
    )


def _proposal(job: Job, crumbs: Crumbs, rules: PoolingRules) -> Proposal:
    names = sorted(job.hours)
    parts = job.parts
    percents = core.percentages(parts)
    members = [crumb for crumb in crumbs.found if crumb.name in job.hours]
    rows = []
    for month in job.months:
        load = job.load(month)
        hours = tuple(job.hours[name].get(month, ZERO) for name in names)
        rows.append(MonthRow(month, hours, load, load / rules.full_month))
    return Proposal(
        tuple(Share(crumbs.debtors[name], parts[name], percents[name]) for name in names),
        tuple(rows),
        tuple(sorted({crumb.trade for crumb in members})),
        min(crumb.department for crumb in members),
    )


def _by_body(hours: Iterable[tuple[Organisation, Decimal]]) -> list[tuple[Organisation, Decimal]]:
    bodies: dict[int, Organisation] = {}
    sums: Counter[int] = Counter()
    for body, number in hours:
        bodies[body.pk] = body
        sums[body.pk] += number  # type: ignore[assignment]
    return sorted(((bodies[pk], Decimal(sums[pk])) for pk in bodies), key=lambda pair: pair[0].name)
