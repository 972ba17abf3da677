"""Time an act several times; say the median and the worst; lay figures in tables."""

import gc
import resource
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


class VoidRunError(Exception):
    """Two contenders gave different results: their speeds mean nothing."""


@dataclass(frozen=True, slots=True)
class Times:
    """Durations of the same act, in seconds."""

    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    @property
    def worst(self) -> float:
        return max(self.seconds)

    def percentile(self, share: float) -> float:
        """The duration that this share of the runs stays below, by nearest rank."""
        ranked = sorted(self.seconds)
        return ranked[min(len(ranked) - 1, max(0, round(share * len(ranked) + 0.5) - 1))]


def timed[T](act: Callable[[], T], runs: int) -> tuple[T, Times]:
    """Run an act and keep its last result; the first run counts too: caches warm up for every contender."""
    found: Any = None
    seconds = []
    for _ in range(runs):
        gc.collect()
        start = time.perf_counter()
        found = act()
        seconds.append(time.perf_counter() - start)
    return found, Times(tuple(seconds))


def peak_mb() -> float:
    """The most memory this process ever held, in MB.

    Linux gives `getrusage` the peak of the parent when it is the larger one: /proc tells the process's own.
    """
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024 / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


def same(expected: object, found: object, what: str) -> None:
    """Stop the run when a contender does not give the same result."""
    if expected != found:
        raise VoidRunError(f"{what}: {_short(found)} instead of {_short(expected)}. The run is void.")


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 400 else f"{text[:400]}…"


def grouped(number: float) -> str:
    """A whole number, its thousands apart."""
    return f"{number:,.0f}".replace(",", " ")


def duration(seconds: float) -> str:
    """Seconds as people read them."""
    if seconds < 0.001:
        return f"{seconds * 1e6:.0f} µs"
    if seconds < 1:
        return f"{seconds * 1e3:.1f} ms" if seconds < 0.1 else f"{seconds * 1e3:.0f} ms"
    return f"{seconds:.2f} s" if seconds < 100 else f"{seconds:.0f} s"


def ratio(rival: float, ours: float) -> str:
    """How many times faster than the rival; below 1, slower."""
    times = rival / ours if ours else 0.0
    return f"× {times:.2f}" if times < 10 else f"× {grouped(times)}"


@dataclass(slots=True)
class Table:
    """Figures of one comparison, and what must be said of them."""

    title: str
    columns: Sequence[str]
    rows: list[Sequence[str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, *cells: object) -> None:
        self.rows.append([str(cell) for cell in cells])

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    def text(self) -> str:
        """For a terminal."""
        rows = [list(self.columns), *self.rows]
        widths = [max(len(row[at]) for row in rows) for at in range(len(self.columns))]
        lines = [self.title, "=" * len(self.title)] if self.rows else [self.title]
        for row in rows if self.rows else []:
            cells = [
                row[at].ljust(width) if at == 0 else row[at].rjust(width) for at, width in enumerate(widths)
            ]
            lines.append("  ".join(cells).rstrip())
        return "\n".join([*lines, *(f"  {note}" for note in self.notes)])

    def markdown(self) -> str:
        """For the documentation."""
        lines = [f"### {self.title}", ""]
        if self.rows:
            lines.append(f"| {' | '.join(self.columns)} |")
            lines.append(f"| --- |{' ---: |' * (len(self.columns) - 1)}")
            lines += [f"| {' | '.join(row)} |" for row in self.rows]
            lines.append("")
        lines += [f"{note}\n" for note in self.notes]
        return "\n".join(lines).rstrip() + "\n"
