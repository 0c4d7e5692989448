"""Findings about the feature space and what the theorems make of it, beside the effect that was measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from auditkit import Finding, Interval
from auditkit_mime.feature_space import feature_space
from auditkit_mime.foretold import foretell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditkit import Context
    from auditkit_mime.feature_space import Estimate, FeatureSpace
    from auditkit_mime.foretold import Foretold
    from auditkit_mime.gain import Gain
    from auditkit_mime.plan import Pair, Plan
    from auditkit_mime.sweep import Swept

GROUPS = ("majority", "minority")
SPACE = (("overlap", "majority"), ("overlap", "minority"), ("domain_gap", ""))


@dataclass(frozen=True, eq=False)
class Analysed:
    """The feature space of one model, which one it is, and what the theorems foretell (None: nothing)."""

    space: FeatureSpace
    foretold: Foretold | None
    beta: float
    trial: int
    classes: tuple[str, str]


def analyse(swept: Swept, planned: Plan, pair: Pair, params: Any, context: Context) -> Analysed | str:
    """Return the analysis of the model nearest beta = 0.5 that serves the majority best, or why there is none."""
    mixed = [i for i, beta in enumerate(planned.betas) if 0 < beta < 1]
    if not mixed:
        return "no model was trained on both groups: give --betas a share between 0 and 1"
    place = min(mixed, key=lambda i: abs(planned.betas[i] - 0.5))
    trial = int(swept.accuracy[:, place, 0].argmax())
    projected = swept.projected[trial, place]
    if not np.isfinite(projected).all():
        return f"{params.model} has no last linear layer to project on"
    if projected.min() == projected.max():
        return "the chosen model gives every row the same projected feature"
    k = len(planned.classes)
    label = k - 1 if k == 2 else 0
    names = (
        (str(planned.classes[0]), str(planned.classes[1]))
        if k == 2
        else (f"not {planned.classes[0]}", str(planned.classes[0]))
    )
    second = planned.codes[swept.trials[trial].test] == label
    stats = context.stats
    space = feature_space(
        projected, second, threshold=params.threshold, draws=stats.bootstrap, confidence=stats.confidence,
        rng=context.rng(f"features/{pair.sides.majority}"),
    )  # fmt: skip
    foretold = foretell(space, error_share=params.threshold_error, prior=1 / k, confidence=stats.confidence)
    return Analysed(space, foretold, planned.betas[place], trial, names)


def space_findings(analysed: Analysed | str, measured: Gain, context: Context) -> Iterator[Finding]:
    """Yield overlaps, the gap, a chi-square for each distribution and the theorems' margins."""
    if isinstance(analysed, str):
        for metric, group in (*SPACE, *(("chi_square", group) for group in GROUPS)):
            yield Finding(metric=metric, value=None, n=0, group=group, reason=analysed)
        for i in (1, 2, 3):
            yield Finding(metric=f"theorem_{i}", value=None, n=0, group="majority", reason=analysed)
        return
    confidence, space = context.stats.confidence, analysed.space
    model = {"beta": analysed.beta, "trial": analysed.trial}
    for group, found in zip(GROUPS, space.groups, strict=True):
        yield _estimate("overlap", found.overlap, group, confidence, model | {"threshold": found.threshold})
    gap = {f"threshold_{name}": found.threshold for name, found in zip(GROUPS, space.groups, strict=True)}
    yield _estimate("domain_gap", space.gap, "", confidence, model | gap)
    yield from _normality(analysed)
    yield from _predictions(analysed, measured, confidence)


def _estimate(
    metric: str, found: Estimate, group: str, confidence: float, details: dict[str, Any]
) -> Finding:
    return Finding(
        metric=metric, value=found.value, n=found.n, group=group, details=details,
        unit="share" if metric == "overlap" else "projected feature",
        interval=Interval(found.low, found.high, confidence, "normal"),
    )  # fmt: skip


def _normality(analysed: Analysed) -> Iterator[Finding]:
    for group, found in zip(GROUPS, analysed.space.groups, strict=True):
        for label, values, fit in zip(analysed.classes, found.values, found.fits, strict=True):
            finding = Finding(
                metric="chi_square", value=None, n=len(values), group=group, unit="chi-square",
                reason="" if fit else "fewer than 20 rows, or all alike", details={"class": label},
            )  # fmt: skip
            if fit is not None:
                told = {
                    "critical": fit.critical, "p_value": fit.p_value, "bins": fit.bins, "gaussian": fit.gaussian,
                    "mean": float(values.mean()), "sd": float(values.std()),
                }  # fmt: skip
                finding = Finding(
                    metric="chi_square", value=fit.statistic, n=len(values), group=group, unit="chi-square",
                    details={"class": label, **told},
                )  # fmt: skip
            yield finding


def _predictions(analysed: Analysed, measured: Gain, confidence: float) -> Iterator[Finding]:
    """Yield each theorem's margin with its bootstrap interval, beside the effect that was measured."""
    said = measured.verdict
    foretold, n = analysed.foretold, analysed.space.gap.n
    if foretold is None:
        reason = "the two groups' classes do not lie in the same order on the projected feature"
        for i in (1, 2, 3):
            yield Finding(
                metric=f"theorem_{i}",
                value=None,
                n=n,
                group="majority",
                reason=reason,
                details={"measured": said},
            )
        return
    for i, margin in enumerate(foretold.margins, start=1):
        extra = (
            {"density_ratio": foretold.density_ratio, "least_error": foretold.least_error} if i == 2 else {}
        )
        yield Finding(
            metric=f"theorem_{i}", value=margin.value, n=n, group="majority", unit="learning rates",
            interval=Interval(margin.low, margin.high, confidence, "normal"),
            details={"foretells": margin.foretells, "measured": said, "error": foretold.error, **extra},
        )  # fmt: skip
