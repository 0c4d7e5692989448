"""The effect as findings: gain of the majority at the best share, what it costs the minority, equal representation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditkit import Finding, Interval

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditkit_mime.design.plan import Pair, Plan
    from auditkit_mime.effect.effect import Effect
    from auditkit_mime.effect.gain import Gain
    from auditkit_mime.train.kinds import Model


def effect_findings(
    effect: Effect, planned: Plan, pair: Pair, *, model: Model, confidence: float
) -> Iterator[Finding]:
    """Yield gain, its p-value, the best share of each curve, and the two costs."""
    betas = planned.betas
    n = effect.rows * len(effect.curves["majority"])
    yield _gain(effect, planned, pair, model=model, confidence=confidence)
    yield Finding(
        metric="gain_p",
        value=effect.majority.p_value,
        n=n,
        group="majority",
        details={"method": effect.majority.method, "shares_compared": len(betas) - 1},
    )
    yield Finding(
        metric="loss",
        value=effect.loss.value,
        n=n,
        group="majority",
        interval=_interval(effect.loss, confidence),
        details={"beta": betas[effect.loss.best], "p_value": effect.loss.p_value, "shown": effect.loss.shown},
    )
    for group, values in effect.curves.items():
        mean = values.mean(axis=0)
        best = int(mean.argmax())
        rows = 2 * n if group == "overall" else n
        details = {"accuracy": float(mean[best])}
        yield Finding(metric="beta_star", value=betas[best], n=rows, group=group, details=details)
    yield _minority_cost(effect, betas, n=n, confidence=confidence)
    yield _equal_representation(effect, planned, confidence, n=2 * n)


def _gain(effect: Effect, planned: Plan, pair: Pair, *, model: Model, confidence: float) -> Finding:
    found, curve = effect.majority, effect.curves["majority"]
    return Finding(
        metric="gain",
        value=found.value,
        n=effect.rows * len(curve),
        group="majority",
        interval=_interval(found, confidence),
        details={
            "beta": planned.betas[found.best],
            "verdict": found.verdict,
            "p_value": found.p_value,
            "critical_t": found.critical,
            "trials": (curve[:, found.best] - curve[:, 0]).tolist(),
            "model": model.name,
            "why_minority": pair.sides.why,
        },
    )


def _minority_cost(effect: Effect, betas: tuple[float, ...], *, n: int, confidence: float) -> Finding:
    found, lost, minor = effect.majority, effect.minority, effect.curves["minority"]
    return Finding(
        metric="minority_cost",
        value=lost.value,
        n=n,
        group="minority",
        interval=_interval(lost, confidence),
        details={
            "at_beta_star": betas[found.best],
            "best_beta_of_minority": betas[lost.best],
            "change_from_beta_0": float((minor[:, found.best] - minor[:, 0]).mean()),
            "p_value": lost.p_value,
        },
    )


def _equal_representation(effect: Effect, planned: Plan, confidence: float, *, n: int) -> Finding:
    found = effect.overall
    if found is None:
        return Finding(
            metric="equal_representation_cost",
            value=None,
            n=0,
            group="overall",
            reason="beta = 0.5 is not among --betas",
        )
    return Finding(
        metric="equal_representation_cost",
        value=found.value,
        n=n,
        group="overall",
        interval=_interval(found, confidence),
        details={"best_beta_overall": planned.betas[found.best], "p_value": found.p_value},
    )


def _interval(found: Gain, confidence: float) -> Interval:
    return Interval(found.low, found.high, confidence, f"largest t over the shares, {found.method}")
