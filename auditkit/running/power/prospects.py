"""What the rows that there are tell about more rows: the chance to measure a group, and how its number would vary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditkit.measures.between.planning import GapSampling, sampling_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from auditkit.gates.decide import Weighed
    from auditkit.measures.between.planning import Sampling
    from auditkit.spec.stats import Stats
    from auditkit.values.finding import Finding, Interval


@dataclass(frozen=True, kw_only=True)
class Prospect:
    """A group that a gate reads: `share` of its rows count for the metric, as many as weights and clusters leave.

    `measured` tells a group with enough rows from one with too few, whose prospects are those of everybody.
    """

    group: str
    rows: int
    share: float
    sampling: Sampling
    measured: bool


def prospects(read: Weighed, findings: Sequence[Finding], stats: Stats) -> Iterator[Prospect]:
    """Yield the prospects of each group that a gate reads, as far as its numbers' intervals tell any."""
    own = {(f.step, f.metric, f.group): f.interval for f in findings if f.compare == "absolute"}
    known: list[Prospect] = []
    for evidence in read.evidence:
        finding = evidence.finding
        beside = own.get((finding.step, finding.metric, finding.group))
        if prospect := _measured(finding, None if finding.compare == "absolute" else beside):
            known.append(prospect)
    yield from known
    for finding in read.silent:
        alike = [p for p in known if class_of(p.group) == class_of(finding.group)]
        if alike and finding.rows_needed:
            yield _as_everybody(finding, max(alike, key=lambda p: p.rows), stats)


def class_of(group: str) -> str:
    """Return the class that stands against the rest in a group's name such as `sex=F [low]`, "" without one."""
    return group.rpartition(" [")[2] if group.endswith("]") else ""


def _measured(finding: Finding, own: Interval | None) -> Prospect | None:
    """Return the prospects of a group that has enough rows; None where its interval tells none."""
    if finding.interval is None:
        return None
    found = sampling_of(finding.interval, finding.n, own=own)
    if found is None or not found[1] > 0:
        return None
    sampling, rows = found
    return Prospect(
        group=finding.group, rows=finding.n, share=rows / finding.n, sampling=sampling, measured=True
    )


def _as_everybody(finding: Finding, other: Prospect, stats: Stats) -> Prospect:
    """Return the prospects of a group with too few rows: its own share, and the rate that another group's rest has."""
    share, sampling = stats.min_n / (finding.rows_needed or stats.min_n), other.sampling
    if isinstance(sampling, GapSampling):
        everybody = sampling.rest_rows + other.rows * other.share
        sampling = GapSampling(sampling.pooled, max(everybody - finding.n * share, 1.0))
    return Prospect(group=finding.group, rows=finding.n, share=share, sampling=sampling, measured=False)
