"""The consolidated page and two questions under it: from the totals kept, from the lines, and by DuckDB.

The lines lie in our own tables, written by bulk SQL, and in one wide Parquet file that has nothing to join:
the best case for DuckDB. Every figure of every contender is compared, to the hundredth, before its speed.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django.db import connection, transaction
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench import lines
from bench.measure import Table, Times, duration, grouped, peak_mb, ratio, same, timed
from bench.people import lay_manager, lay_scheme
from bench.rivals import Duck, Plain
from bench.stage import say
from relais.core.months import Month
from relais.execution.actions.moves import move_lines
from relais.execution.enums import LineState
from relais.execution.models import StatementLine
from relais.insight.models import DebtMonth, HeadMargin, HoursCell, HoursMargin, PersonYear
from relais.insight.perimeter import Perimeter
from relais.insight.queries.consolidated import Consolidated, consolidate
from relais.insight.queries.dimensions import BREAKDOWNS, Ask
from relais.insight.rebuild import rebuild
from relais.insight.scopes import Scope
from relais.kit.actor import Actor
from relais.organisations.enums import Role
from relais.organisations.models import Scheme

SEED = 2026
LAST_YEAR = lines.FIRST_YEAR + lines.YEARS - 1
EVERYBODY = Scope(fewest=0)
"""No masking: the figures of all contenders are compared whole."""
MANY = 3_000_000
"""From so many lines on, contenders that take minutes run once."""
GOAL = 0.050
KEPT = (HoursCell, DebtMonth, PersonYear, HoursMargin, HeadMargin)


@dataclass(frozen=True, slots=True)
class View:
    """A page: what it is called, and its filters for us and for the rivals."""

    name: str
    years: tuple[int, int]
    filters: tuple[tuple[str, str], ...] = ()

    def perimeter(self, scheme: Scheme) -> Perimeter:
        first, last = self.years
        return Perimeter(scheme.pk, Month(first, 1), Month(last, 12), **dict(self.filters))  # type: ignore[arg-type]

    @property
    def condition(self) -> str:
        first, last = self.years
        said = [f"month >= '{first}-01-01'", f"month <= '{last}-12-01'"]
        return " AND ".join([*said, *(f"{name} = '{value}'" for name, value in self.filters)])


WHOLE, LAST = (lines.FIRST_YEAR, LAST_YEAR), (LAST_YEAR, LAST_YEAR)
VIEWS = (
    View("ten years", WHOLE),
    View("one year", LAST),
    View("one year, one department", LAST, (("department", "03"),)),
    View("one year, one sector", LAST, (("sector", "construction"),)),
    View("ten years, one department", WHOLE, (("department", "03"),)),
    View("ten years, one category", WHOLE, (("category", "B_DELD"),)),
)


def run(folder: Path, options: SimpleNamespace) -> list[Table]:
    scheme = lay_scheme()
    manager = lay_manager(scheme)
    say(f"  drawing {options.lines} lines")
    base = lines.drawn(lines.Size(options.lines), SEED, scheme)
    parquet = lines.export(base, folder)
    _, loading = timed(lambda: lines.load(base, scheme), 1)
    base.close()
    say("  totals")
    _, rebuilding = timed(lambda: rebuild([scheme.pk]), 1)
    lines.analyze()
    few = 1 if options.lines >= MANY else min(3, options.runs)
    match = Match(scheme, Duck(parquet, folder), Plain(connection), options.runs, few)
    tables = [match.pages(), match.questions(), _edited(scheme, manager.pk, options.runs)]
    tables[0].notes += [
        f"{grouped(options.lines)} lines, {_sizes()}. {connection.vendor}.",
        f"Lines written by bulk SQL in {duration(loading.median)}; every total rebuilt from them in "
        f"{duration(rebuilding.median)}. Peak memory of this process {peak_mb():.0f} MB.",
    ]
    return tables


def _sizes() -> str:
    return ", ".join(f"{grouped(model.objects.count())} {model.__name__}" for model in KEPT)


def page(view: View, scheme: Scheme) -> Consolidated:
    return consolidate([Ask(view.perimeter(scheme))], EVERYBODY)[0]


def figures(result: Consolidated) -> dict[tuple[str, str], tuple[int, ...]]:
    """Every figure of the page that comes from lines: hundredths by state, training, people."""
    found = {("all", ""): _row(result.totals)}
    for name in BREAKDOWNS:
        found |= {(name, row.key): _row(row) for row in result.breakdowns[name] if any(_row(row))}
    found["count", "worked"] = (result.counts.worked,)
    found["count", "companies"] = (result.counts.companies,)
    return found


def _row(row: Any) -> tuple[int, ...]:
    hours = (row.declared, row.queried, row.validated, row.rejected, row.training)
    return (*(int(one.scaleb(2)) for one in hours), row.people)


class Match:
    """The three contenders on the same lines."""

    def __init__(self, scheme: Scheme, duck: Duck, plain: Plain, runs: int, few: int) -> None:
        self.scheme, self.duck, self.plain, self.runs, self.few = scheme, duck, plain, runs, few

    def pages(self) -> Table:
        columns = (
            "page",
            "queries",
            "Relais",
            "worst",
            "DuckDB",
            "against DuckDB",
            "SQL on lines",
            "against SQL",
        )
        table = Table("Consolidated page", columns)
        every: list[float] = []
        for view in VIEWS:
            say(f"  page: {view.name}")
            ours, times = timed(lambda view=view: page(view, self.scheme), self.runs)
            every += times.seconds
            with CaptureQueriesContext(connection) as queries:
                page(view, self.scheme)
            found, duck = timed(lambda view=view: self.duck.page(view.condition), self.few)
            same(figures(ours), found, f"page {view.name}, Relais and DuckDB")
            plain = None
            if not view.filters:
                found, plain = timed(lambda view=view: self.plain.page(view.condition), 1)
                same(figures(ours), found, f"page {view.name}, Relais and SQL on lines")
            table.add(
                view.name,
                len(queries),
                *_against(times, duck),
                duration(plain.median) if plain else "–",
                ratio(plain.median, times.median) if plain else "–",
            )
        worst = Times(tuple(every)).percentile(0.95)
        kept = "kept" if worst <= GOAL else "NOT KEPT"
        table.notes += [
            "Nine breakdowns, six columns of hours, distinct people in each row. "
            f"Relais: {self.runs} runs; DuckDB: {self.few}; SQL on lines: 1.",
            f"95 % of all pages within {duration(worst)}; goal {duration(GOAL)}: {kept}.",
        ]
        return table

    def questions(self) -> Table:
        columns = (
            "question",
            "",
            "Relais",
            "worst",
            "DuckDB",
            "against DuckDB",
            "SQL on lines",
            "against SQL",
        )
        table = Table("Two questions apart", columns)
        for name, ours, groups, measure in QUESTIONS:
            say(f"  question: {name}")
            expected, times = timed(lambda ours=ours: as_dict(ours(self.scheme)), self.runs)
            found, duck = timed(lambda g=groups, m=measure: as_dict(self.duck.question(g, m)), self.few)
            same(expected, found, f"{name}, DuckDB")
            found, plain = timed(lambda g=groups, m=measure: as_dict(self.plain.question(g, m)), 1)
            same(expected, found, f"{name}, SQL on lines")
            table.add(
                name,
                f"{len(expected)} groups",
                *_against(times, duck),
                duration(plain.median),
                ratio(plain.median, times.median),
            )
        return table


def _against(ours: Times, duck: Times) -> tuple[str, ...]:
    return (
        duration(ours.median),
        duration(ours.worst),
        duration(duck.median),
        ratio(duck.median, ours.median),
    )


def as_dict(rows: Iterable[tuple[Any, ...]]) -> dict[tuple[str, ...], int]:
    return {tuple(str(part) for part in keys): int(number) for *keys, number in rows if number}


def _sums(scheme: Scheme) -> Iterable[tuple[Any, ...]]:
    rows = HoursMargin.objects.filter(scheme=scheme, filter="department", dimension="sector")
    grouped = rows.values("year", "value", "key").annotate(hours=Sum("validated"))
    return [(*keys, hours.scaleb(2)) for *keys, hours in grouped.values_list("year", "value", "key", "hours")]


def _people(scheme: Scheme) -> Iterable[tuple[Any, ...]]:
    rows = HeadMargin.objects.filter(scheme=scheme, filter="", dimension="sex")
    return rows.values("year", "key").annotate(people=Sum("number")).values_list("year", "key", "people")


QUESTIONS: tuple[tuple[str, Callable[[Scheme], Any], tuple[str, ...], str], ...] = (
    ("validated hours by year, department and sector", _sums, ("year", "department", "sector"), "sum(hours)"),
    ("distinct people by year and sex", _people, ("year", "sex"), "count(DISTINCT pseudonym)"),
)


def _edited(scheme: Scheme, user: int, runs: int) -> Table:
    """Validate one declared line, then read the page that counts it."""
    table = Table("After one edit", ("act", "median", "worst"))
    at = timezone.now()
    actor = Actor(user, scheme.coordinator_id, Role.MANAGER, timezone.localdate(at))
    declared = StatementLine.objects.filter(state=LineState.DECLARED, month__year=LAST_YEAR)
    waiting = list(declared.select_related("job_contract", "statement").order_by("pk")[:runs])
    view = VIEWS[1]
    before = page(view, scheme).totals.validated
    moved, read = [], []
    for line in waiting:
        _, times = timed(lambda line=line: _validate(line, actor, at), 1)
        moved += times.seconds
        result, times = timed(lambda: page(view, scheme), 1)
        read += times.seconds
        before += line.counted_hours
        same(before, result.totals.validated, "validated hours after an edit")
    for name, seconds in (
        ("validate one line, its totals included", moved),
        (f"then the page of {view.name}", read),
    ):
        table.add(name, duration(Times(tuple(seconds)).median), duration(max(seconds)))
    table.notes.append(f"The page counts the line each time. {len(waiting)} edits.")
    return table


@transaction.atomic
def _validate(line: StatementLine, actor: Actor, at: Any) -> None:
    move_lines([line], LineState.VALIDATED, actor=actor, at=at)
