"""Find the jobs that crumbs of obligations make together (OR-Tools CP-SAT): same question, same answer.

Variables are hundredths of hours of each crumb in each month of each possible job. The search is bounded by a
deterministic effort, not by a clock: the answer does not depend on the machine.
"""

from collections.abc import Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import batched, combinations, pairwise
from typing import Any

from relais.core.money import hundredths
from relais.core.months import Month, months_between
from relais.core.pooling import Crumb, Job, Left, Pooling, PoolingRules, may_meet, neighbours, why_apart
from relais.core.words import Words, gettext_noop

EFFORT = 3.0
"""Deterministic effort for one batch; a machine of 2026 spends some seconds at most."""
TOGETHER = 14
"""Crumbs tried together; a larger group of neighbours is cut by date, and what is left is tried once more."""


def pool(crumbs: Sequence[Crumb], rules: PoolingRules, *, effort: float = EFFORT) -> Pooling:
    """The jobs that place most hours, few and long rather than many and short; a crumb is taken whole or not.

    Raises `BadValue` (a ValueError) for crumbs without hours or rules that no job can keep.
    """
    jobs: list[Job] = []
    left: list[Left] = []
    proven = True
    for group in neighbours(crumbs, rules):
        found, group_proven = _jobs_of_group(group, rules, effort)
        proven = proven and group_proven
        jobs += found
        taken = _taken(found)
        left += [_why_left(crumb, crumbs, rules) for crumb in group if crumb.name not in taken]
    jobs.sort(key=lambda job: (-job.total, min(job.hours)))
    return Pooling(tuple(jobs), tuple(sorted(left, key=lambda crumb: crumb.name)), proven)


def _jobs_of_group(group: Sequence[Crumb], rules: PoolingRules, effort: float) -> tuple[list[Job], bool]:
    """One question for a small group; a large one is asked by batches, then what is left once more."""
    if len(group) <= TOGETHER:
        return _jobs_of(group, rules, effort)
    jobs: list[Job] = []
    for batch in batched(_by_date(group), TOGETHER):
        jobs += _jobs_of(batch, rules, effort)[0]
    taken = _taken(jobs)
    again = [crumb for crumb in _by_date(group) if crumb.name not in taken]
    for batch in batched(again, TOGETHER):
        jobs += _jobs_of(batch, rules, effort)[0]
    return jobs, False


def _by_date(group: Sequence[Crumb]) -> list[Crumb]:
    return sorted(group, key=lambda crumb: (crumb.starts_on, crumb.ends_on, crumb.name))


def _taken(jobs: Sequence[Job]) -> set[str]:
    return {name for job in jobs for name in job.hours}


def _why_left(crumb: Crumb, crumbs: Sequence[Crumb], rules: PoolingRules) -> Left:
    near = [other for other in crumbs if other != crumb and may_meet(crumb, other, rules)]
    if not near:
        return Left(crumb.name, Words(gettext_noop("No other contract of this trade around has hours left.")))
    reasons = [why_apart(crumb, other, rules) for other in near]
    if all(reasons):
        reason = next(reason for reason in reasons if reason is not None)
        return Left(crumb.name, reason)
    return Left(
        crumb.name,
        Words(
            gettext_noop(
                "Its %(hours)s h do not fill, with those around, %(months)s months of %(least)s h at least "
                "without a hole."
            ),
            {"hours": crumb.hours, "months": str(rules.least_months), "least": rules.least_month},
        ),
    )


def _units(hours: Decimal, rounding: str = ROUND_FLOOR) -> int:
    return int((hours * 100).to_integral_value(rounding))


class _Model:
    """The question for one group, as CP-SAT reads it: `slots` possible jobs over the months of the group."""

    def __init__(self, crumbs: Sequence[Crumb], rules: PoolingRules) -> None:
        from ortools.sat.python import cp_model  # takes a second: only when somebody asks for a pooling

        self.model: Any = cp_model.CpModel()
        self.crumbs, self.rules = crumbs, rules
        self.months = months_between(
            Month.of(min(crumb.starts_on for crumb in crumbs)),
            Month.of(max(crumb.ends_on for crumb in crumbs)),
        )
        self.slots = range(self._most_jobs())
        self.takes: dict[tuple[int, str], Any] = {}
        self.hours: dict[tuple[int, str, Month], Any] = {}
        self.active: dict[tuple[int, Month], Any] = {}
        self.used: dict[int, Any] = {}
        for slot in self.slots:
            self._add_job(slot)
        for crumb in crumbs:
            self.model.add_at_most_one(self.takes[slot, crumb.name] for slot in self.slots)
        self._break_symmetry()
        self.model.maximize(
            sum(_units(crumb.hours) * self.takes[slot, crumb.name] for slot in self.slots for crumb in crumbs)
            - sum(_units(rules.overhead) * self.used[slot] for slot in self.slots)
        )

    def _most_jobs(self) -> int:
        """No more jobs than pairs of crumbs, nor than the hours can fill."""
        whole = sum((crumb.hours for crumb in self.crumbs), Decimal(0))
        by_hours = int(whole // (self.rules.least_month * self.rules.least_months))
        return min(len(self.crumbs) // 2, by_hours)

    def _add_job(self, slot: int) -> None:
        model, rules = self.model, self.rules
        used = self.used[slot] = model.new_bool_var(f"used {slot}")
        for crumb in self.crumbs:
            self._add_part(slot, crumb)
        members = [self.takes[slot, crumb.name] for crumb in self.crumbs]
        model.add(sum(members) <= rules.most_parts * used)
        model.add(sum(members) >= 2 * used)
        for one, other in combinations(self.crumbs, 2):
            if not may_meet(one, other, rules):
                model.add_at_most_one([self.takes[slot, one.name], self.takes[slot, other.name]])
        full, least = _units(rules.full_month), _units(rules.least_month, ROUND_CEILING)
        starts = []
        for rank, month in enumerate(self.months):
            active = self.active[slot, month] = model.new_bool_var(f"active {slot} {month}")
            load = sum(
                self.hours[slot, crumb.name, month]
                for crumb in self.crumbs
                if (slot, crumb.name, month) in self.hours
            )
            model.add(load <= full * active)
            model.add(load >= least * active)
            begins = model.new_bool_var(f"begins {slot} {month}")
            earlier = self.active[slot, self.months[rank - 1]] if rank else 0
            model.add(begins >= active - earlier)
            starts.append(begins)
        model.add(sum(starts) <= used)
        model.add(sum(self.active[slot, month] for month in self.months) >= rules.least_months * used)

    def _add_part(self, slot: int, crumb: Crumb) -> None:
        model = self.model
        takes = self.takes[slot, crumb.name] = model.new_bool_var(f"takes {slot} {crumb.name}")
        full = min(_units(self.rules.full_month), _units(crumb.hours))
        for month in crumb.months:
            self.hours[slot, crumb.name, month] = model.new_int_var(0, full, f"{slot} {crumb.name} {month}")
        worked = sum(self.hours[slot, crumb.name, month] for month in crumb.months)
        model.add(worked == _units(crumb.hours) * takes)

    def _break_symmetry(self) -> None:
        """Jobs are used in order, the one with most hours first."""
        totals = [
            sum(_units(crumb.hours) * self.takes[slot, crumb.name] for crumb in self.crumbs)
            for slot in self.slots
        ]
        for first, second in pairwise(totals):
            self.model.add(first >= second)


def _jobs_of(crumbs: Sequence[Crumb], rules: PoolingRules, effort: float) -> tuple[list[Job], bool]:
    if len(crumbs) < 2:
        return [], True
    question = _Model(crumbs, rules)
    if not question.slots:
        return [], True
    from ortools.sat.python import cp_model

    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.max_deterministic_time = effort
    status = solver.solve(question.model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return [], status == cp_model.INFEASIBLE
    jobs = []
    for slot in question.slots:
        parts = {
            crumb.name: {
                month: hundredths(Decimal(solver.value(question.hours[slot, crumb.name, month])) / 100)
                for month in crumb.months
                if solver.value(question.hours[slot, crumb.name, month])
            }
            for crumb in crumbs
            if solver.value(question.takes[slot, crumb.name])
        }
        if parts:
            jobs.append(Job(parts))
    return jobs, status == cp_model.OPTIMAL
