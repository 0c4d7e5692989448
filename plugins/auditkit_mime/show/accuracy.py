"""The curve: accuracy of the majority, the minority and both at every share, with its spread over trials."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditkit import Finding, Interval
from auditkit_mime.design.trials import shared_rows
from auditkit_mime.effect.curves import average_accuracy, curves, error_bound, mean_interval

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    from auditkit_mime.design.plan import Pair, Plan
    from auditkit_mime.train.sweep import Swept

    Floats = NDArray[np.float64]

SPREAD = "t over trials, widened for shared test rows"


def accuracy_findings(swept: Swept, planned: Plan, pair: Pair, *, confidence: float) -> Iterator[Finding]:
    """Yield accuracy, and the error of each group on models of its own rows only."""
    rows = swept.right.shape[3]
    shares = shared_rows(pair.counts, pair.sizes)
    for (group, curve), shared in zip(curves(swept.accuracy).items(), shares, strict=True):
        n = rows * len(curve) * (2 if group == "overall" else 1)
        mean, zeta = average_accuracy(curve), error_bound(curve)
        low, high = mean_interval(curve, 1 / rows, shared, confidence)
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
