"""The alternatives in one table and one chart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditkit.running.alternatives.choose import GAP
from auditkit.running.alternatives.outcomes import BEFORE
from auditkit.values.shown.exhibit import Chart, Layer, Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from auditkit.running.alternatives.choose import Choice
    from auditkit.running.alternatives.outcomes import Compared
    from auditkit.values.finding import Finding
    from auditkit.values.shown.exhibit import Cell

TABLE, CHART = "Repairs beside each other", "What each repair costs and brings"
PAID = {"accuracy": "accuracy_cost", "balanced_accuracy": "balanced_accuracy_cost"}
NONE = "–"


def table_of(every: Sequence[Compared]) -> Table:
    """Return a row for each number, a column for each alternative: its value, and its change with an interval."""
    return Table(
        title=TABLE,
        columns=("on held-out rows", *(one.name for one in every)),
        rows=tuple(_rows(every)),
        caption="In brackets the interval of the change from before, on the same rows; of accuracies, after - before.",
    )


def _rows(every: Sequence[Compared]) -> Iterator[tuple[Cell, ...]]:
    before = every[0]
    for metric, cost in PAID.items():
        yield (metric.replace("_", " "), *(_whole(one, metric, cost) for one in every))
    for finding in before.test:
        if finding.compare == "difference":
            yield (
                f"{finding.metric.replace('_', ' ')} · {finding.group}",
                *(_of(one, finding) for one in every),
            )
    for finding in before.test:
        if finding.compare == "absolute" and finding.group and finding.metric != "balanced_accuracy":
            yield (
                f"{finding.metric.replace('_', ' ')} · {finding.group}",
                *(_of(one, finding) for one in every),
            )
    yield ("seconds", *(NONE if one.name == BEFORE else f"{one.seconds:.1f}" for one in every))


def _whole(one: Compared, metric: str, cost: str) -> str:
    value = f"{one.overall(metric, part='test'):.3f}"
    paid = next((c for c in one.measured.costs if c.metric == cost), None) if one.measured else None
    if paid is None or paid.interval is None:
        return value
    return f"{value} ({-paid.interval.high:+.3f} to {-paid.interval.low:+.3f})"


def _of(one: Compared, finding: Finding) -> str:
    """Return an alternative's number in place of that before, with the interval of its change."""
    found = _same(one.test, finding, finding.metric)
    if found is None or found.value is None:
        return NONE
    moved = _same(one.measured.moved, finding, f"{finding.metric}_change") if one.measured else None
    if moved is None or moved.interval is None:
        return f"{found.value:.3f}"
    return f"{found.value:.3f} ({moved.interval.low:+.3f} to {moved.interval.high:+.3f})"


def _same(found: Sequence[Finding], finding: Finding, metric: str) -> Finding | None:
    return next(
        (
            one
            for one in found
            if (one.metric, one.group, one.compare) == (metric, finding.group, finding.compare)
        ),
        None,
    )


def chart_of(every: Sequence[Compared], choice: Choice) -> Chart:
    """Return balanced accuracy against the gap, with the front of those that no other beats in both."""
    placed = [(one, *_place(one)) for one in every]
    known = [(one, gap, accuracy) for one, gap, accuracy in placed if gap is not None]
    front = sorted(
        (gap, accuracy)
        for _, gap, accuracy in known
        if not any(g <= gap and a >= accuracy and (g, a) != (gap, accuracy) for _, g, a in known)
    )
    layers = [
        Layer(
            kind="points",
            name="recommended" if one is choice.chosen else one.name,
            x=(gap,),
            y=(accuracy,),
            texts=(one.name,),
            colour="accent" if one is choice.chosen else "faint" if one.name == BEFORE else "second",
        )
        for one, gap, accuracy in known
    ]
    if len(front) > 1:
        x, y = zip(*front, strict=True)
        layers.insert(0, Layer(kind="line", name="Pareto front", x=x, y=y, colour="ink", thin=True))
    told = "Nothing is recommended" if choice.chosen is None else f"Recommended: {choice.chosen.name}"
    return Chart(
        title=CHART,
        layers=tuple(layers),
        x_title="equalized odds difference (mean)",
        y_title="balanced accuracy",
        caption=f"Held-out rows; better is to the left and up. {told}: {choice.why}.",
    )


def _place(one: Compared) -> tuple[float | None, float]:
    """Return an alternative's largest gap, None where none is known, and its balanced accuracy."""
    gaps = [gap.value for gap in one.gaps(GAP, part="test") if gap.value is not None]
    return (max(gaps) if gaps else None), one.overall("balanced_accuracy", part="test")
