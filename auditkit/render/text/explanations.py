"""Explains a step, a metric, an exit code, a word of the reports, or what the last run printed, in a few lines."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from auditkit.errors import UsageError, nearest
from auditkit.render.text.explained_run import explained, names_in
from auditkit.values.exit_code import EXIT_CODES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from auditkit.step.step import Step
    from auditkit.values.metric import Metric
    from auditkit.values.report import Report


WORDS = {
    "fail": "some group is shown to be beyond the limit, by a confidence bound that is corrected for all comparisons",
    "pass": "every group that was assessed is shown to be within the limit, each by its own bound",
    "not shown": "no group is shown to break the rule, nor every group to keep to it: more rows would decide",
    "warn": "nothing fails, and something that the recipe asks to be told about was found or could not be decided",
    "too few rows": "a group has fewer rows than a number needs: it is neither a pass nor a fail",
    "points": "percentage points: a rate of 34 % against 58 % is a gap of 24 points",
    "at least": "the bound of a gap that is the kinder to the model, after correction for all comparisons",
    "at most": "a bound that no group's harm exceeds: of one group after correction, or of all assessed groups at once",
    "the rest": "all rows outside the group",
    "confirmed": "a group fares worse also on rows that the search did not see, after correction for all groups tested",
}
"""Words of the reports that are no names."""


def explain(name: str, steps: Mapping[str, type[Step[Any]]], last: Report | None = None) -> str:
    """Return the explanation of a name, or raise with the nearest one; `last` is the report of the last run."""
    codes = {str(int(code)): meaning for code, meaning in EXIT_CODES.items()}
    metrics = _metrics(steps)
    found = (
        f"exit code {name}: {codes[name]}" if name in codes else "",
        "" if last is None else explained(name, last),
        _step(steps[name]) if name in steps else "",
        *(f"{_metric(one)}\nmeasured by: {_users(one, steps)}" for one in _called(name, metrics)),
        f"{name.lower()}: {WORDS[name.lower()]}" if name.lower() in WORDS else "",
    )
    if any(found):
        return "\n\n".join(filter(None, found))
    of_run = () if last is None else names_in(last)
    others = [other for metric in metrics.values() for other in metric.also]
    message = (
        f"nothing is called '{name}'{nearest(name, [*steps, *metrics, *others, *codes, *WORDS, *of_run])}"
    )
    raise UsageError(message)


def _metrics(steps: Mapping[str, type[Step[Any]]]) -> dict[str, Metric]:
    """Return every step's metrics by name; of several of one name, the one that says most."""
    every = (metric for step in steps.values() for metric in step.metrics)
    return {metric.name: metric for metric in sorted(every, key=lambda one: len(one.also))}


def _called(name: str, metrics: Mapping[str, Metric]) -> list[Metric]:
    """Return the metrics of a name, the one that is its own before those that are called so too."""
    found = [metric for metric in metrics.values() if metric.is_called(name)]
    return sorted(found, key=lambda metric: metric.name != name)


def _users(metric: Metric, steps: Mapping[str, type[Step[Any]]]) -> str:
    """Return the steps that report a metric."""
    return ", ".join(sorted(s.name for s in steps.values() if metric.name in {one.name for one in s.metrics}))


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
