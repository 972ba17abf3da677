"""The figures as tables: for the terminal, and between the marks of a page of the documentation."""

from datetime import date
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from relais.core.evaluation import Interval
from relais.screening.evaluation.contenders import Contender
from relais.screening.evaluation.result import Evaluation, Figures

START, END = "<!-- evaluation -->", "<!-- end: evaluation -->"
NAMES = {
    Contender.SCORE: gettext_lazy("Score of Relais"),
    Contender.AMOUNT: gettext_lazy("Amount only"),
    Contender.CPV: gettext_lazy("Rate of the CPV division"),
    Contender.SUPPLIERS: gettext_lazy("Number of structures near"),
    Contender.LEARNED: gettext_lazy("Learned component"),
}
VALUES = {
    "labour_share": gettext_lazy("Labour share"),
    "openness": gettext_lazy("Posts open to low qualification"),
    "log_amount": gettext_lazy("Amount (logarithm)"),
    "log_months": gettext_lazy("Duration (logarithm)"),
    "works": gettext_lazy("Works"),
    "supplies": gettext_lazy("Supplies"),
    "no_trade": gettext_lazy("No trade recognised"),
    "framework": gettext_lazy("Framework agreement"),
}
type Table = list[list[str]]


def sentences(found: Evaluation) -> list[str]:
    """What was read, and what the figures rest on."""
    told = {name: str(value) for name, value in found.told.items()}
    said = [
        _("%(contracts)s labelled contracts of %(buyers)s buyers, from %(files)s files.") % told,
        _(
            "%(social)s have a social consideration, by %(social_buyers)s buyers; "
            "one buyer alone published %(social_of_largest_buyer)s of them."
        )
        % told,
        _("Left out: %(unlabelled)s without the information, %(repeated)s published again.") % told,
        _(
            "Cross-validation in %(folds)s groups of buyers (seed %(seed)s); 95 %% intervals over %(draws)s "
            "draws of buyers."
        )
        % {"folds": found.folds, "seed": found.seed, "draws": found.draws},
    ]
    if all(row.name is not Contender.SUPPLIERS for row in found.figures):
        said.append(
            _(
                "The rule on the number of structures was not tried: "
                "give lists of structures with --structures."
            )
        )
    return said


def verdict(found: Evaluation) -> str:
    if found.learned_helps:
        return _("The learned component ranks better than the score: its whole interval is above.")
    return _("The learned component does not surely rank better than the score: it is not used.")


def figures(found: Evaluation) -> Table:
    heads = [
        _("Contender"),
        "ROC AUC",
        _("Within a buyer"),
        _("Precision, top 10 %"),
        "Brier",
        _("Calibration error"),
        _("Score minus this (AUC)"),
    ]
    return [heads, *(_line(row) for row in found.figures)]


def bands(found: Evaluation) -> Table:
    heads = [_("Score"), _("Contracts"), _("With a social consideration")]
    rows = [[f"{b.low:.0f}–{b.high:.0f}", str(b.cases), f"{b.happened * 100:.1f} %"] for b in found.bands]
    return [heads, *rows]


def learned(found: Evaluation) -> Table:
    """The weights, strongest first: log-odds for one standard deviation of the value."""
    ordered = sorted(found.weights.items(), key=lambda row: -abs(row[1]))
    return [[_("Value"), _("Weight")], *([str(VALUES[name]), f"{weight:+.2f}"] for name, weight in ordered)]


def as_text(rows: Table) -> str:
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [
            row[0].ljust(widths[0]),
            *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)),
        ]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def as_markdown(rows: Table) -> str:
    head, *body = (f"| {' | '.join(row)} |" for row in rows)
    return "\n".join([head, f"| --- |{' ---: |' * (len(rows[0]) - 1)}", *body])


def write(page: Path, found: Evaluation, *, day: date) -> None:
    """Put the figures between the marks of a page, at its end when it has none; its other words stay."""
    parts = [
        f"Measured on {day.isoformat()}. {' '.join(sentences(found))}",
        as_markdown(figures(found)),
        verdict(found),
        as_markdown(bands(found)),
        as_markdown(learned(found)),
    ]
    block = "\n\n".join([START, *parts, END])
    text = page.read_text(encoding="utf-8") if page.exists() else "# Quality of the screening\n"
    before, mark, rest = text.partition(START)
    if mark:
        page.write_text(before + block + rest.partition(END)[2], encoding="utf-8")
    else:
        page.write_text(f"{text.rstrip()}\n\n{block}\n", encoding="utf-8")


def _line(row: Figures) -> list[str]:
    return [
        str(NAMES[row.name]),
        f"{row.auc:.3f} {_between(row.auc_between)}",
        "–" if row.within is None else f"{row.within:.3f}",
        f"{row.top * 100:.1f} % {_between(row.top_between, 100)}",
        f"{row.brier:.4f}",
        f"{row.error:.3f}",
        "–" if row.gain is None else _between(row.gain),
    ]


def _between(found: Interval | None, times: int = 1) -> str:
    if found is None:
        return "[–]"
    return (
        f"[{found.low * times:.{2 if times == 1 else 0}f} ; {found.high * times:.{2 if times == 1 else 0}f}]"
    )
