"""The curve: accuracy of the majority, the minority and both at every share, with its spread over trials."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditkit import Finding, Interval, Table
from auditkit_mime.effect.curves import average_accuracy, error_bound, mean_interval

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from auditkit_mime.design.plan import Pair, Plan
    from auditkit_mime.effect.effect import Effect
    from auditkit_mime.effect.judged import Judged
    from auditkit_mime.train.sweep import Swept

    Floats = NDArray[np.float64]

SPREAD = "t over trials, and rows they share"


def accuracy_findings(
    swept: Swept, parts: Mapping[str, Judged], planned: Plan, *, confidence: float
) -> Iterator[Finding]:
    """Yield accuracy, and the error of each group on models of its own rows only."""
    rows = swept.right.shape[3]
    for group, part in parts.items():
        curve = part.curve
        n = part.right.shape[2] * len(curve)
        mean, zeta = average_accuracy(curve), error_bound(curve)
        low, high = mean_interval(curve, part.step, part.shared(), confidence)
        for i, beta in enumerate(planned.betas):
            yield Finding(
                metric="accuracy",
                value=float(mean[i]),
                n=n,
                group=group,
                interval=Interval(float(low[i]), float(high[i]), confidence, SPREAD),
                details={
                    "beta": beta,
                    "zeta": float(zeta[i]),
                    "trials": curve[:, i].tolist(),
                    "epochs": swept.epoch[:, i].tolist(),
                },
            )
    for group, index, alone in (("majority", 0, 0.0), ("minority", 1, 1.0)):
        yield _complexity(swept.accuracy[..., index], planned.betas, group, alone, n=rows * len(swept.right))


def accuracy_table(effect: Effect, planned: Plan, pair: Pair) -> Table:
    """Return the curves as a table whose columns are the groups by name."""
    majority, minority = pair.sides.majority, pair.sides.minority
    curve = effect.curves["majority"]
    gains = [0.0, *(curve[:, 1:] - curve[:, :1]).mean(axis=0).tolist()]
    means = (average_accuracy(values).tolist() for values in effect.curves.values())
    rows = zip(planned.betas, *means, gains, [None, *effect.band.tolist()], strict=True)
    return Table(
        title=f"Accuracy of {majority} and {minority} by the share of {minority}{pair.label}",
        columns=(f"share of {minority}", majority, minority, "both", f"{majority} over none", "±"),
        rows=tuple(rows),
        caption="Means over trials; ± holds for all shares at once.",
    )


def _complexity(accuracy: Floats, betas: tuple[float, ...], group: str, alone: float, *, n: int) -> Finding:
    if alone not in betas:
        return Finding(
            metric="task_complexity",
            value=None,
            n=0,
            group=group,
            reason=f"no model was trained at beta = {alone:g}, on the {group} alone",
        )
    trials = 1 - accuracy[:, betas.index(alone)]
    return Finding(
        metric="task_complexity",
        value=float(trials.mean()),
        n=n,
        group=group,
        details={"beta": alone, "trials": trials.tolist()},
    )
