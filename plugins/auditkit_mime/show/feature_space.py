"""Findings about the feature space and what the theorems make of it, beside the effect that was measured."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from auditkit import Finding, Interval
from auditkit_mime.metrics import THEOREMS
from auditkit_mime.theory.analysis import NotAnalysed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditkit_mime.effect.gain import Gain
    from auditkit_mime.theory.analysis import Analysed
    from auditkit_mime.theory.feature_space import Estimate

GROUPS = ("majority", "minority")
SPACE = (("overlap", "majority"), ("overlap", "minority"), ("domain_gap", ""))


def space_findings(
    analysed: Analysed | NotAnalysed, measured: Gain, *, confidence: float
) -> Iterator[Finding]:
    """Yield overlaps, the gap, a chi-square for each distribution and the theorems' margins."""
    if isinstance(analysed, NotAnalysed):
        for metric, group in (*SPACE, *(("chi_square", group) for group in GROUPS)):
            yield Finding(metric=metric, value=None, n=0, group=group, reason=analysed.reason)
        for theorem in THEOREMS:
            yield Finding(metric=theorem.name, value=None, n=0, group="majority", reason=analysed.reason)
        return
    space = analysed.space
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
        metric=metric,
        value=found.value,
        n=found.n,
        group=group,
        details=details,
        interval=Interval(
            found.low, found.high, confidence, "normal, bootstrap standard error over test rows"
        ),
    )


def _normality(analysed: Analysed) -> Iterator[Finding]:
    for group, found in zip(GROUPS, analysed.space.groups, strict=True):
        for label, values, fit in zip(analysed.classes, found.values, found.fits, strict=True):
            finding = Finding(
                metric="chi_square",
                value=None,
                n=len(values),
                group=group,
                reason="" if fit else "fewer than 20 rows, or all alike",
                details={"class": label},
            )
            if fit is not None:
                told = {
                    "critical": fit.critical,
                    "p_value": fit.p_value,
                    "bins": fit.bins,
                    "gaussian": fit.gaussian,
                    "mean": float(values.mean()),
                    "sd": float(values.std()),
                }
                finding = Finding(
                    metric="chi_square",
                    value=fit.statistic,
                    n=len(values),
                    group=group,
                    details={"class": label, **told},
                )
            yield finding


def _predictions(analysed: Analysed, measured: Gain, confidence: float) -> Iterator[Finding]:
    """Yield each theorem's margin with its bootstrap interval, beside the effect that was measured."""
    said = measured.verdict
    foretold, n = analysed.foretold, analysed.space.gap.n
    if foretold is None:
        reason = "the two groups' classes do not lie in the same order on the projected feature"
        for metric in THEOREMS:
            details = {"measured": said}
            yield Finding(
                metric=metric.name, value=None, n=n, group="majority", reason=reason, details=details
            )
        return
    second_order = {"density_ratio": foretold.density_ratio, "least_error": foretold.least_error}
    method = "normal, bootstrap standard error over test rows"
    for metric, margin in zip(THEOREMS, foretold.margins, strict=True):
        extra = second_order if metric.name == "theorem_2" else {}
        yield Finding(
            metric=metric.name,
            value=margin.value,
            n=n,
            group="majority",
            interval=Interval(margin.low, margin.high, confidence, method),
            details={"foretells": margin.foretells, "measured": said, "error": foretold.error, **extra},
        )
