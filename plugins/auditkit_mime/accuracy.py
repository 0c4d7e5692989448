"""The curve: accuracy of the majority, the minority and both at every share, with its spread over trials."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import stdtrit

from auditkit import Finding, Interval
from auditkit_mime.curves import average_accuracy, error_bound
from auditkit_mime.design import shared_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from auditkit import Context
    from auditkit_mime.plan import Pair, Plan
    from auditkit_mime.sweep import Swept

    Floats = NDArray[np.float64]

WHOLE = ("majority", "minority", "overall")


def curves(accuracy: Floats) -> dict[str, Floats]:
    """Return accuracies [trials, betas] of majority, minority and both together, from [trials, betas, 2]."""
    return dict(zip(WHOLE, (accuracy[..., 0], accuracy[..., 1], accuracy.mean(axis=2)), strict=True))


def accuracy_findings(swept: Swept, planned: Plan, pair: Pair, context: Context) -> Iterator[Finding]:
    """Yield accuracy, and the error of each group on models of its own rows only."""
    confidence, rows = context.stats.confidence, swept.right.shape[3]
    shares = shared_rows(pair.counts, pair.sizes)
    for (group, curve), shared in zip(curves(swept.accuracy).items(), shares, strict=True):
        n = rows * len(curve) * (2 if group == "overall" else 1)
        mean, zeta = average_accuracy(curve), error_bound(curve)
        low, high = _mean_interval(curve, 1 / rows, shared, confidence)
        for i, beta in enumerate(planned.betas):
            yield Finding(
                metric="accuracy", value=float(mean[i]), n=n, group=group, direction="lower_is_worse",
                interval=Interval(float(low[i]), float(high[i]), confidence, "normal"),
                details={
                    "beta": beta, "zeta": float(zeta[i]), "trials": curve[:, i].tolist(),
                    "epochs": swept.epoch[:, i].tolist(),
                },
            )  # fmt: skip
    for group, index, alone in (("majority", 0, 0.0), ("minority", 1, 1.0)):
        yield _complexity(swept.accuracy[..., index], planned.betas, group, alone, n=rows * len(swept.right))


def _complexity(accuracy: Floats, betas: tuple[float, ...], group: str, alone: float, *, n: int) -> Finding:
    if alone not in betas:
        return Finding(
            metric="task_complexity", value=None, n=0, group=group,
            reason=f"no model was trained at beta = {alone:g}, on the {group} alone",
        )  # fmt: skip
    trials = 1 - accuracy[:, betas.index(alone)]
    return Finding(
        metric="task_complexity", value=float(trials.mean()), n=n, group=group,
        details={"beta": alone, "trials": trials.tolist()},
    )  # fmt: skip


def _mean_interval(curve: Floats, step: float, shared: float, confidence: float) -> tuple[Floats, Floats]:
    """Return the ends [betas] of t intervals of the mean over trials, within [0, 1].

    Rounding to whole test rows adds to the variance, and trials that share test rows tell less than fresh ones.
    """
    trials = len(curve)
    error = np.sqrt((curve.var(axis=0, ddof=1) + step**2 / 12) * (1 / trials + shared / (1 - shared)))
    reach = float(stdtrit(trials - 1, (1 + confidence) / 2)) * error
    mean = curve.mean(axis=0)
    return np.clip(mean - reach, 0, 1), np.clip(mean + reach, 0, 1)
