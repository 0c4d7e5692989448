"""The effect as findings: gain of the majority at the best share, what it costs the minority, equal representation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from auditkit import Finding, Interval

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditkit import Context
    from auditkit_mime.design.plan import Pair, Plan
    from auditkit_mime.effect.effect import Effect
    from auditkit_mime.effect.gain import Gain


def effect_findings(
    effect: Effect, planned: Plan, pair: Pair, params: Any, context: Context
) -> Iterator[Finding]:
    """Yield gain, its p-value, the best share of each curve, and the two costs."""
    found, betas, confidence = effect.majority, planned.betas, context.stats.confidence
    n = effect.rows * len(effect.curves["majority"])
    curve = effect.curves["majority"]
    context.say(_sentence(effect, planned, pair))
    yield Finding(
        metric="gain", value=found.value, n=n, group="majority", interval=_interval(found, confidence),
        details={
            "beta": betas[found.best], "verdict": found.verdict, "p_value": found.p_value, "critical_t": found.critical,
            "trials": (curve[:, found.best] - curve[:, 0]).tolist(), "model": params.model,
            "why_minority": pair.sides.why,
        },
    )  # fmt: skip
    yield Finding(
        metric="gain_p", value=found.p_value, n=n, group="majority", unit="probability",
        details={"method": found.method, "shares_compared": len(betas) - 1},
    )  # fmt: skip
    for group, values in effect.curves.items():
        best = int(values.mean(axis=0).argmax())
        yield Finding(
            metric="beta_star", value=betas[best], n=2 * n if group == "overall" else n, group=group,
            details={"accuracy": float(values.mean(axis=0)[best])},
        )  # fmt: skip
    lost = effect.minority
    minor = effect.curves["minority"]
    yield Finding(
        metric="minority_cost", value=lost.value, n=n, group="minority", direction="higher_is_worse",
        interval=_interval(lost, confidence),
        details={
            "at_beta_star": betas[found.best], "best_beta_of_minority": betas[lost.best],
            "change_from_beta_0": float((minor[:, found.best] - minor[:, 0]).mean()), "p_value": lost.p_value,
        },
    )  # fmt: skip
    yield _equal_representation(effect, planned, confidence, n=2 * n)


def _equal_representation(effect: Effect, planned: Plan, confidence: float, *, n: int) -> Finding:
    found = effect.overall
    if found is None:
        return Finding(
            metric="equal_representation_cost", value=None, n=0, group="overall",
            reason="beta = 0.5 is not among --betas",
        )  # fmt: skip
    return Finding(
        metric="equal_representation_cost", value=found.value, n=n, group="overall",
        interval=_interval(found, confidence),
        details={"best_beta_overall": planned.betas[found.best], "p_value": found.p_value},
    )  # fmt: skip


def _sentence(effect: Effect, planned: Plan, pair: Pair) -> str:
    """Return the result in one sentence."""
    found, sides = effect.majority, pair.sides
    where = f"{planned.attribute.name} = {sides.majority}"
    span = f"[{100 * found.low:.1f}, {100 * found.high:.1f}] points, p = {found.p_value:.2g}"
    if not found.shown:
        return f"mime: no effect shown on {where}: the interval of its largest gain, {span}, covers 0"
    return (
        f"mime: effect shown on {where}: its accuracy is {100 * found.value:.1f} points higher at beta = "
        f"{planned.betas[found.best]:g} than at 0, {span}"
    )


def _interval(found: Gain, confidence: float) -> Interval:
    return Interval(found.low, found.high, confidence, f"largest t over the shares, {found.method}")
