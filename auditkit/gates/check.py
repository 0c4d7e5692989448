"""Refuses gates that can never decide anything, before anything runs."""

from __future__ import annotations

import math
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from auditkit.errors import UsageError, nearest
from auditkit.gates.condition import parse_condition
from auditkit.gates.harm import harm_beyond, one_sided
from auditkit.values.compare import COMPARISONS
from auditkit.values.labels import label_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from auditkit.spec.gate import GateSpec
    from auditkit.spec.stats import Stats
    from auditkit.values.compare import Direction
    from auditkit.values.metric import Metric
    from auditkit.values.outcome import Outcome

BOUNDED = frozenset({"share", "ratio"})
"""Units whose numbers lie in [0, 1]."""


class GateError(UsageError):
    """A gate that cannot be right; `key` is the line of the recipe to change."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key = key


def check_gate(
    gate: GateSpec, metrics: Sequence[Metric], stats: Stats, *, step: str, outcome: Outcome | None = None
) -> None:
    """Raise GateError for a gate that no finding of its step could match, or no number could break.

    `outcome` is what the recipe or its data set declares; without one, it is that of a target that has not two
    classes, and `check_side` refuses the gate once there are two.
    """
    metric = _metric(gate, metrics, step)
    _check_rules(gate)
    direction = COMPARISONS[gate.compare].direction or metric.direction_under(outcome)
    for key, threshold in _thresholds(gate, direction, signed=metric.signed):
        _check_reach(key, threshold, gate, metric, direction)
    parts = (gate.group or "").split(" & ")
    if len(parts) > stats.max_order:
        message = (
            f"group '{gate.group}' joins {len(parts)} attributes, and stats.max_order is {stats.max_order}"
        )
        raise GateError("group", message)


def check_reference(gate: GateSpec, references: Mapping[str, str | None]) -> None:
    """Raise GateError for a gap to a reference group that is not named; `references` are the attributes' own."""
    if gate.compare != "to_reference":
        return
    parts = [part.partition("=") for part in (gate.group or "").split(" & ")] if gate.group else []
    read = [attribute for attribute, _, _ in parts if attribute in references] or list(references)
    lacking = [attribute for attribute in read if references[attribute] is None]
    if len(lacking) == len(read) or (parts and lacking):
        attribute = lacking[0] if lacking else "sex"
        message = (
            "compare: to_reference, and no group is named to compare with; "
            f"write groups: {{{attribute}: {{column: {attribute}, reference: NAME}}}}"
        )
        raise GateError("compare", message)
    if parts and all(references.get(attribute) == label for attribute, _, label in parts):
        message = f"'{gate.group}' is the reference group, which has no gap to itself; name another one"
        raise GateError("group", message)


def check_side(gate: GateSpec, metrics: Sequence[Metric], outcome: Outcome | None) -> None:
    """Raise GateError for a gate whose worse side nobody has said, or that needs one where there is none.

    `outcome` is the subject's: guessed, said, or None where there are not two classes.
    """
    metric = next(metric for metric in metrics if metric.name == gate.metric)
    if COMPARISONS[gate.compare].direction is not None:
        return
    if metric.depends and outcome is not None and not outcome.said:
        message = (
            f"which side of {metric.name} is worse depends on what is good for a person: add data.favourable: "
            f"{_as_yaml(outcome.value)} if that is a benefit, data.unfavourable: if it is a burden, or data.positive: "
            f"to count it without a side (column '{outcome.column}')"
        )
        raise GateError("metric", message)
    if gate.compare == "to_best" and metric.direction_under(outcome) == "neither":
        message = (
            f"no side of {metric.name} is better here, so that no group is the best: use compare: to_rest"
        )
        raise GateError("compare", message)


def _as_yaml(value: Any) -> str:
    return f"'{value}'" if isinstance(value, str) else label_text(value)


def check_clusters(cluster: str | None, *, step: str, read: bool) -> None:
    """Raise GateError for a gate on a step that takes rows for strangers which the data say belong together."""
    if cluster is not None and not read:
        message = (
            f"{step} takes rows of one '{cluster}' for strangers, so that its bounds claim too much; gate a step that "
            "reads data.cluster, such as rates, or leave the cluster out"
        )
        raise GateError("on", message)


def _metric(gate: GateSpec, metrics: Sequence[Metric], step: str) -> Metric:
    """Return the metric that a gate reads, if its step reports it in that comparison."""
    known = {metric.name: metric for metric in metrics}
    if gate.metric not in known:
        own = next((metric.name for metric in metrics if gate.metric in metric.also), "")
        hint = f"; {gate.metric} is called {own} here" if own else nearest(gate.metric, known)
        raise GateError("metric", f"{step} has no metric '{gate.metric}'{hint}")
    metric = known[gate.metric]
    if gate.compare not in metric.compares:
        fitting = [one for one in metrics if gate.compare in one.compares]
        others = [one.name for one in sorted(fitting, key=lambda one: len(one.compares))]
        hint = f"; with {gate.compare} it reports {_few(others)}" if others else ""
        message = (
            f"{step} does not report '{gate.metric}' with compare: {gate.compare}, only with "
            f"{', '.join(metric.compares)}{hint}"
        )
        raise GateError("compare", message)
    if gate.group is not None and COMPARISONS[gate.compare].between and "=" in gate.group:
        message = (
            f"compare: {gate.compare} stands between the groups of an attribute; group names that attribute"
        )
        raise GateError("group", message)
    return metric


def _check_rules(gate: GateSpec) -> None:
    if gate.margin is not None and gate.compare != "change":
        raise GateError("margin", "a margin is the limit of compare: change; write limit here")
    if gate.margin is not None and gate.limit is not None:
        raise GateError("margin", "limit and margin are one thing of a change; keep one of the two")
    if gate.largest is None and gate.fail_if is None:
        raise GateError("id", 'it has no rule; write limit: 0.10, or fail_if: "lower_bound > 0.10"')
    if gate.largest is not None and (gate.fail_if or gate.warn_if):
        key = "fail_if" if gate.fail_if else "warn_if"
        word = "limit" if gate.margin is None else "margin"
        raise GateError(
            key, f"it has a {word} and {key}; a {word} reads both bounds already: keep one of the two"
        )


def _thresholds(gate: GateSpec, direction: Direction, *, signed: bool) -> Iterator[tuple[str, float]]:
    """Yield each rule's key and threshold, once its words and its side are good."""
    if gate.largest is not None:
        key = "limit" if gate.margin is None else "margin"
        if not math.isfinite(gate.largest):
            raise GateError(key, f"a {key} is a finite number")
        with _pointing_at(key):
            harm_beyond(gate.largest, gate.compare, direction, signed=signed)
        yield key, gate.largest
    for key, text in (("fail_if", gate.fail_if), ("warn_if", gate.warn_if)):
        if text is not None:
            with _pointing_at(key):
                condition = parse_condition(text)
                one_sided(condition, gate.compare, direction)
            yield key, condition.threshold


@contextmanager
def _pointing_at(key: str) -> Iterator[None]:
    """Turn a fault of a rule's words into one that names its line."""
    try:
        yield
    except UsageError as error:
        raise GateError(key, str(error)) from error


def _check_reach(key: str, threshold: float, gate: GateSpec, metric: Metric, direction: Direction) -> None:
    """Raise GateError for a threshold that the number cannot lie beyond, or that blames the better side."""
    kind = COMPARISONS[gate.compare]
    bounded = (kind.unit or metric.unit) in BOUNDED
    two_sided = key == "limit" and metric.signed and direction == "neither"
    if kind.signed or gate.compare == "difference" or two_sided:
        if threshold < 0:
            raise GateError(key, f"{threshold:g} blames the better side: harm is counted from 0 up")
        if bounded and threshold >= 1:
            raise GateError(key, f"no gap of {metric.name} lies beyond {threshold:g}: it is at most 1")
    elif bounded and not metric.signed:
        floor = direction == "lower_is_worse"
        if not (0 < threshold <= 1 if floor else 0 <= threshold < 1):
            raise GateError(key, f"{metric.name} lies between 0 and 1, so none lies beyond {threshold:g}")


def _few(names: Sequence[str]) -> str:
    return ", ".join(names[:6]) + (", ..." if len(names) > 6 else "")
