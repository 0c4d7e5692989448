"""Explains a step, a metric or an exit code in a few lines."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from auditkit.errors import UsageError, nearest
from auditkit.values.exit_code import EXIT_CODES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from auditkit.step.step import Step
    from auditkit.values.metric import Metric


def explain(name: str, steps: Mapping[str, type[Step[Any]]]) -> str:
    """Return the explanation of a step, a metric or an exit code, or raise with the nearest name."""
    codes = {str(int(code)): meaning for code, meaning in EXIT_CODES.items()}
    if name in codes:
        return f"exit code {name}: {codes[name]}"
    if name in steps:
        return _step(steps[name])
    # Of several steps' metrics of one name, the one that says most.
    every = sorted(
        (metric for step in steps.values() for metric in step.metrics), key=lambda one: len(one.also)
    )
    metrics = {metric.name: metric for metric in every}
    other_names = _also(every)
    name = name if name in metrics else other_names.get(name.replace("-", "_"), name)
    if name in metrics:
        users = ", ".join(sorted(s.name for s in steps.values() if name in {m.name for m in s.metrics}))
        return f"{_metric(metrics[name])}\nmeasured by: {users}"
    message = f"nothing is called '{name}'{nearest(name, [*steps, *metrics, *other_names, *codes])}"
    raise UsageError(message)


def _also(metrics: Iterable[Metric]) -> dict[str, str]:
    """Return each metric's name by its other names."""
    return {other: metric.name for metric in metrics for other in metric.also}


def _step(step: type[Step[Any]]) -> str:
    lines = [f"{step.name}: {step.title} ({step.kind})", "", textwrap.fill(step.method, 96)]
    return "\n".join([*lines, *(f"\n{_metric(metric)}" for metric in step.metrics)])


def _metric(metric: Metric) -> str:
    source = f"\n  source: {metric.source}" if metric.source else ""
    called = f"\n  also called: {', '.join(metric.also)}" if metric.also else ""
    return (
        f"{metric.name}: {metric.title}\n  formula: {metric.formula}\n  unit: {metric.unit}; "
        f"{_worse(metric)}{called}{source}"
    )


def _worse(metric: Metric) -> str:
    """Return which side of a metric is worse, and on what that depends."""
    said = {
        "higher_is_worse": "higher is worse",
        "lower_is_worse": "lower is worse",
        "neither": "no side is worse",
    }
    if not metric.depends:
        return said[metric.direction]
    benefit, burden = (side or metric.direction for side in (metric.favourable, metric.unfavourable))
    return f"of a benefit {said[benefit]}, of a burden {said[burden]}"
