"""What a repair cost, and whether it closed a gap by making the better-off worse."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import norm

from auditkit import Finding, Interval
from auditkit_shasam.repair.measure import seed_error

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from auditkit import Stats
    from auditkit_shasam.repair.measure import HeldOut, Stage

NOTICEABLE = 0.005
"""A change of a rate below half a percentage point is not worth a warning."""


def accuracy_cost(before: Stage, after: Stage, *, rows: HeldOut, stats: Stats) -> Finding:
    """Return accuracy before - after on the same rows, paired: what both stages get right cancels out."""
    weights = np.ones(len(rows.truth)) if rows.weights is None else rows.weights
    right = [(stage.predicted == rows.truth).astype(np.float64) for stage in (before, after)]
    lost = right[0][0] - right[1][0]
    cost = float(np.average(lost, weights=weights))
    row_error = float(np.sqrt((weights**2 * (lost - cost) ** 2).sum())) / float(weights.sum())
    by_run = [np.average(r, axis=1, weights=weights)[:, None] for r in right]
    seed_errors = [seed_error(values, confidence=stats.confidence) for values in by_run]
    error = float(np.sqrt(row_error**2 + np.square(seed_errors).sum()))
    half = float(norm.ppf((1 + stats.confidence) / 2)) * error
    return Finding(
        metric="accuracy_cost",
        value=cost,
        n=len(lost),
        stage=after.number,
        interval=Interval(cost - half, cost + half, stats.confidence, "normal"),
        details={
            "newly_wrong": int((lost > 0).sum()),
            "newly_right": int((lost < 0).sum()),
            "runs_before": len(right[0]),
            "runs_after": len(right[1]),
        },
    )


def levelling_down(before: Sequence[Finding], after: Sequence[Finding]) -> Iterator[str]:
    """Yield a sentence for every rate whose gap closed because the best group fell and the worst did not rise.

    Read are TPR, accuracy and, as 1 - FPR, the true negative rate, of groups measured at both stages.
    """
    for metric, better in (("tpr", 1.0), ("accuracy", 1.0), ("fpr", -1.0)):
        first, second = _by_attribute(before, metric), _by_attribute(after, metric)
        for attribute, old in first.items():
            new = second.get(attribute, {})
            groups = [group for group in old if group in new]
            if len(groups) < 2:
                continue
            was, now = (np.array([better * values[g] for g in groups]) for values in (old, new))
            best, worst = int(was.argmax()), int(was.argmin())
            closed = float(np.ptp(was) - np.ptp(now))
            if closed > NOTICEABLE and was[best] - now[best] > NOTICEABLE and now[worst] <= was[worst]:
                fell, stayed = (f"{abs(was[i]):.3f} to {abs(now[i]):.3f}" for i in (best, worst))
                yield (
                    f"Levelling down: the gap in {metric} by {attribute} closed from {np.ptp(was):.3f} to "
                    f"{np.ptp(now):.3f} because '{groups[best]}' got worse ({fell}) while '{groups[worst]}' did "
                    f"not gain ({stayed})."
                )


def _by_attribute(findings: Sequence[Finding], metric: str) -> dict[str, dict[str, float]]:
    """Return the values of one metric by attribute and group."""
    found: dict[str, dict[str, float]] = {}
    for finding in findings:
        if finding.metric == metric and finding.group and finding.value is not None:
            name = finding.group.split("=")[0] if " & " not in finding.group else "combination"
            label = (
                finding.group.rpartition(" [")[2]
                if finding.group.endswith("]") and " [" in finding.group
                else ""
            )
            found.setdefault(f"{name} {label}".strip().rstrip("]"), {})[finding.group] = finding.value
    return found


def unchanged(before: Sequence[Finding], after: Sequence[Finding]) -> Iterator[str]:
    """Yield a sentence for every attribute whose equalized odds did not improve, or not beyond the intervals."""
    old = {f.group: f for f in before if f.metric == "equalized_odds_mean" and f.value is not None}
    for finding in after:
        first = old.get(finding.group)
        if (
            finding.metric != "equalized_odds_mean"
            or finding.value is None
            or first is None
            or first.value is None
        ):
            continue
        change = f"{first.value:.3f} to {finding.value:.3f}"
        if finding.value >= first.value:
            yield f"Equalized odds (mean) by {finding.group} did not improve: {change}."
        elif first.interval and finding.interval and finding.interval.high >= first.interval.low:
            yield f"Equalized odds (mean) by {finding.group} went from {change}, but the intervals overlap."
