"""What a report gives away: the counts of rows that follow from its numbers, by step, stage and group."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from auditkit.measures.counting.metrics import METRICS
from auditkit.measures.counting.values import selector
from auditkit.redact.bases import basis_counts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from auditkit.values.finding import Finding
    from auditkit.values.report import Report

Counts: TypeAlias = "dict[str, int]"
"""Rows by what they are the count of: `n`, or `METRIC with`, `METRIC without`, `METRIC outside` its condition, a
cell such as `cell fn`, or what an interval's basis holds. Each is a sum over rows: those of disjoint groups add up."""
ROWS = "n"
EVERYBODY = ""
CELLS = ("tn", "fp", "fn", "tp")


@dataclass(frozen=True)
class Known:
    """The counts of every group, in one step at one stage; the group "" is all rows."""

    step: str
    stage: int
    groups: dict[str, Counts] = field(default_factory=dict)

    @property
    def whole(self) -> Counts:
        """The counts of all rows."""
        return self.groups.get(EVERYBODY, {})


def group_of(finding: Finding) -> str:
    """Return the group that a finding is about, without the class that stands against all others."""
    positive = finding.details.get("class")
    return finding.group if positive is None else finding.group.removesuffix(f"[{positive}]").rstrip()


def known_counts(report: Report) -> tuple[Known, ...]:
    """Return what follows from the findings, one value for each step and stage, and first from the groups' sizes."""
    sizes = Known("", -1, {entry.name: {ROWS: entry.n} for entry in report.groups})
    rows = report.subject.get("rows")
    if isinstance(rows, int):
        sizes.groups[EVERYBODY] = {ROWS: rows}
    found: dict[tuple[str, int], Known] = {}
    gathered: dict[tuple[str, int], dict[str, list[Finding]]] = {}
    for finding in report.findings:
        if finding.compare == "absolute":
            of_step = gathered.setdefault((finding.step, finding.stage), {})
            of_step.setdefault(group_of(finding), []).append(finding)
    for (step, stage), groups in gathered.items():
        counts = {name: dict(_counts(same)) for name, same in groups.items()}
        found[step, stage] = Known(step, stage, counts)
    for finding in report.findings:
        if finding.compare == "to_rest" and (finding.step, finding.stage) in found:
            _add_whole(found[finding.step, finding.stage].groups, finding)
    return (sizes, *found.values())


def _add_whole(groups: dict[str, Counts], finding: Finding) -> None:
    """Add the counts of all rows, a group's and the rest's, that a gap gives away; of several the most."""
    sums: Counts = {}
    for _, what, rows in basis_counts(finding):
        key = f"{_named(finding)} {what}"
        sums[key] = sums.get(key, 0) + rows
    whole = groups.setdefault(EVERYBODY, {})
    whole |= {key: max(rows, whole.get(key, 0)) for key, rows in sums.items()}


def _named(finding: Finding) -> str:
    """Return a finding's metric and, of several classes, the class."""
    return f"{finding.metric} {finding.details.get('class', '')}".rstrip()


def _counts(same: Sequence[Finding]) -> Iterator[tuple[str, int]]:
    """Yield each count that follows from the findings about one group."""
    yield ROWS, max(finding.n for finding in same)
    seen: dict[str, int] = {}
    equations: dict[str, dict[str, tuple[int | None, int]]] = {}
    for finding in same:
        positive = finding.details.get("class", "")
        key = _named(finding)
        seen[key] = place = seen.get(key, -1) + 1
        key += f" #{place}" if place else ""
        rows = _condition_rows(finding)
        yield f"{key} condition", rows
        yield f"{key} outside", finding.n - rows
        if (hits := hits_of(finding)) is not None:
            yield f"{key} with", hits
            yield f"{key} without", rows - hits
        for side, what, counted in basis_counts(finding):
            yield f"{key} {what}" if side == "own" else f"{key} {what} of the others", counted
        if finding.metric in METRICS:
            equations.setdefault(str(positive), {})[finding.metric] = hits, rows
    n = max(finding.n for finding in same)
    for positive, known in equations.items():
        for cell, rows in _solved(known, n):
            yield f"cell {cell} {positive}".rstrip(), rows


def hits_of(finding: Finding) -> int | None:
    """Return how many of the condition's rows a share counts; None where it is no share of whole rows."""
    value, rows = finding.value, _condition_rows(finding)
    if value is None or finding.unit not in {"share", ""} or finding.signed:
        return None
    metric = METRICS.get(finding.metric)
    if metric is not None and metric.image_of is not None:
        value = value / (2 - value)  # f1 is 2 j / (1 + j) of the share j
    nearest = round(value * rows)
    return nearest if abs(value * rows - nearest) < 1e-6 * max(rows, 1) else None


def _condition_rows(finding: Finding) -> int:
    rows = finding.details.get("condition_rows", finding.n)
    return rows if isinstance(rows, int) else finding.n


def _solved(known: Mapping[str, tuple[int | None, int]], n: int) -> Iterator[tuple[str, int]]:
    """Yield each cell of the two classes' confusion table that the metrics' counts determine, with hits or without."""
    over_two = [name for name in known if METRICS[name].binary or name in {"accuracy", "error_rate"}]
    if not any(METRICS[name].binary for name in over_two):
        return
    told = tuple((name, known[name][0] is not None) for name in sorted(over_two))
    inverse, determined = _system(told)
    numbers = [known[name][::-1] if counted else known[name][1:] for name, counted in told]
    given = np.array([n, *(number for pair in numbers for number in pair)], dtype=np.float64)
    for cell, value, fixed in zip(CELLS, (inverse @ given).tolist(), determined, strict=True):
        if fixed:
            yield cell, round(value)


@cache
def _system(told: tuple[tuple[str, bool], ...]) -> tuple[NDArray[np.float64], tuple[bool, ...]]:
    """Return the matrix that solves for the cells, float64 [4, e], and which of them are determined.

    The equations are the rows in all, then each metric's condition and, where it is known, its hits.
    """
    rows = [np.ones(4)]
    for name, counted in told:
        metric = METRICS[name]
        shares = metric.image_of.proportion if metric.image_of is not None else metric
        hits, condition = (selector(shares, 2) > 0).T.astype(np.float64)
        rows += [condition, hits] if counted else [condition]
    system = np.array(rows, dtype=np.float64)
    inverse: NDArray[np.float64] = np.linalg.pinv(system).astype(np.float64)
    projected = inverse @ system
    return inverse, tuple(bool(abs(projected[i, i] - 1) < 1e-9) for i in range(4))
