"""The worst harms that no gate failed for: of each metric the group that is worst off beyond doubt, largest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditkit.render import by_metric, outline
from auditkit.render.screen.amounts import Amounts
from auditkit.values.compare import COMPARISONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from auditkit.render.screen.names import Names
    from auditkit.values.finding import Finding
    from auditkit.values.report import Report


@dataclass(frozen=True)
class Elsewhere:
    """One metric's worst-off group. `gap` is `−46 points [−54, −37]`, of the interval that is printed, uncorrected."""

    step: str
    metric: str
    group: str
    gap: str
    n: int
    is_change: bool = False
    shown_by: str = ""


def heading(rows: Iterable[Elsewhere]) -> str:
    """Return what the numbers of some rows are: changes, gaps to the rest, or some of each."""
    kinds = {one.is_change for one in rows}
    both = "change, or gap to the rest"
    return both if len(kinds) != 1 else "change" if True in kinds else "gap to the rest"


def elsewhere(
    report: Report, names: Names, made: Sequence[outline.Section] | None = None
) -> tuple[Elsewhere, ...]:
    """Return the worst certain gap of each metric, but for those that a failed gate reads."""
    failed = {(gate.on, gate.metric) for gate in report.gates if gate.outcome == "fail"}
    mined = {entry.name for entry in report.groups if entry.step}
    found = [
        (least, finding)
        for section, table, row in outline.worst(report, made)
        if (section.step.id, table.metric.name) not in failed
        for least, finding in [_gap(row, table)]
        if finding is not None and finding.group not in mined
    ]
    # Shares before losses: what is in points can be compared, and goes by how far it is harm at the kinder end.
    found.sort(key=lambda pair: (pair[1].unit != "share" if pair[1] else True, -pair[0]))
    beside = bool(report.recipe.get("alternatives"))
    return tuple(_told(finding, names, alternatives=beside) for _, finding in found if finding is not None)


def _gap(row: by_metric.Row, table: by_metric.Table) -> tuple[float, Finding | None]:
    certain = [cell for cell, sure in zip(row.cells, row.certain, strict=True) if sure and cell is not None]
    cell = next(iter(certain), None)
    return (by_metric.harm(cell, table.reference(cell.compare)), cell) if cell else (0.0, None)


def _told(finding: Finding, names: Names, *, alternatives: bool) -> Elsewhere:
    own_change = finding.signed and finding.compare == "absolute"
    amounts = Amounts(finding.compare, finding.unit, change=own_change)
    value = finding.value or 0.0
    said = amounts.number(value) if value < 0 else f"+{amounts.number(value)}"
    interval = finding.interval
    span = "" if interval is None else f" [{amounts.number(interval.low)}, {amounts.number(interval.high)}]"
    repairs = f"{finding.stage} repair{'' if finding.stage == 1 else 's'}"
    stage = f" after {finding.step if alternatives else repairs}" if finding.stage else ""
    unit = " points" if amounts.in_points else ""
    plain = finding.compare in {"to_rest", "absolute", "change"}
    beside = "" if plain else f" ({COMPARISONS[finding.compare].title})"
    return Elsewhere(
        step=finding.step,
        metric=names.metric(finding.step, finding.metric),
        group=names.group(finding.group) + stage,
        gap=f"{said}{unit}{span}{beside}",
        n=finding.n,
        is_change=own_change or finding.compare == "change",
    )
