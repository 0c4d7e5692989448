"""What a step hands back, held to its contract: a fault names the step, not the report that chokes on it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from auditkit.errors import PluginError, nearest
from auditkit.store.report_json import plain
from auditkit.values.finding import Finding, Interval, as_declared

if TYPE_CHECKING:
    from auditkit.running.names import Names
    from auditkit.step.step import Step

T = TypeVar("T")


def items_of(found: Any, kind: type[T], *, who: str, what: str) -> tuple[T, ...]:
    """Return what was found as a tuple, read to its end, or raise PluginError unless all of it is of this kind."""
    if isinstance(found, str | bytes | Mapping) or not isinstance(found, Iterable):
        fault(who, f"{what} must be a tuple of {kind.__name__} values, and is {shown(found)}")
    items = tuple(found)
    for item in items:
        if not isinstance(item, kind):
            fault(who, f"{what} must be {kind.__name__} values, and hold {shown(item)}")
    return items


def checked(finding: Finding, step: Step[Any], names: Names, *, who: str) -> Finding:
    """Return the finding with what its metric declares, its numbers plain and finite.

    A value, or an interval, that is not finite becomes a finding without a value whose reason names it. Raises
    PluginError, beginning with `who`, for anything that the step's contract does not allow.
    """
    metrics = {metric.name: metric for metric in step.metrics}
    if finding.metric not in metrics:
        hint = nearest(finding.metric, metrics)
        fault(who, f"it reports '{finding.metric}', which it does not declare{hint}")
    metric = metrics[finding.metric]
    if finding.compare not in metric.compares:
        declared = ", ".join(metric.compares)
        fault(
            who,
            f"it reports '{finding.metric}' as {finding.compare}, which it does not declare; declared: {declared}",
        )
    place = f"{who}: '{finding.metric}' of {_place(finding)}"
    _check_words(finding, place)
    if not step.own_names and not names.has(finding.group):
        fault(place, f"there is no such group{names.nearest(finding.group)}")
    counted = replace(
        finding,
        n=_count(finding.n, f"{place}: n"),
        stage=_stage(finding.stage, step, place),
        rows_needed=None
        if finding.rows_needed is None
        else _count(finding.rows_needed, f"{place}: rows_needed"),
    )
    return as_declared(_finite(counted, place), metric)


def _check_words(finding: Finding, place: str) -> None:
    """Raise PluginError unless texts are texts, and mappings such that a report can hold them."""
    for word in ("metric", "group", "compare", "unit", "reason"):
        if not isinstance(getattr(finding, word), str):
            fault(place, f"{word} must be text, and is {shown(getattr(finding, word))}")
    for word in ("details", "left_out"):
        held = getattr(finding, word)
        if not isinstance(held, Mapping):
            fault(place, f"{word} must be a mapping, and is {shown(held)}")
        try:
            plain(held, word)
        except (TypeError, RecursionError) as error:
            fault(place, str(error))
    if finding.value is None and not finding.reason.strip():
        fault(place, "there is neither a value nor a reason why there is none")


def _count(value: Any, what: str) -> int:
    """Return a number of rows as an int of Python."""
    if not isinstance(value, Integral) or isinstance(value, bool) or value < 0:
        fault(what, f"it must be a whole number from 0 on, and is {shown(value)}")
    return int(value)


def _stage(value: Any, step: Step[Any], place: str) -> int:
    """Return a finding's own stage: 0, and 1 after a repair."""
    stage, last = _count(value, f"{place}: stage"), int(step.kind == "repair")
    if stage > last:
        fault(place, f"stage is {stage}, and may be {'0 or 1 in a repair' if last else '0'}")
    return stage


def _finite(finding: Finding, place: str) -> Finding:
    """Return the finding with plain and finite numbers, or with none and the reason."""
    value = None if finding.value is None else _number(finding.value, f"{place}: value")
    interval = None if finding.interval is None else _interval(finding.interval, place)
    held = {"the value": value}
    if interval is not None:
        held |= {"the interval's lower bound": interval.low, "the interval's upper bound": interval.high}
        held |= {f"the interval's basis [{i}]": number for i, number in enumerate(interval.basis)}
    infinite = (f"{name} is {x}" for name, x in held.items() if x is not None and not math.isfinite(x))
    wrong = next(infinite, "")
    if not wrong:
        return replace(finding, value=value, interval=interval)
    reason = finding.reason or f"not measured: {wrong}, which is no finite number"
    return replace(finding, value=None, interval=None, reason=reason)


def _interval(interval: Any, place: str) -> Interval:
    """Return an interval of plain numbers, or raise PluginError if it is none."""
    if not isinstance(interval, Interval):
        fault(place, f"interval must be an Interval, and is {shown(interval)}")
    low, high, confidence = (
        _number(getattr(interval, word), f"{place}: interval {word}")
        for word in ("low", "high", "confidence")
    )
    if low > high:
        fault(place, f"the interval's bounds are the wrong way round: {low:g} and {high:g}")
    if not 0 < confidence < 1:
        fault(place, f"the interval's confidence must lie between 0 and 1, and is {confidence:g}")
    if not isinstance(interval.basis, tuple):
        fault(place, f"the interval's basis must be a tuple of numbers, and is {shown(interval.basis)}")
    basis = tuple(_number(number, f"{place}: interval basis") for number in interval.basis)
    return replace(interval, low=low, high=high, confidence=confidence, basis=basis)


def _number(value: Any, what: str) -> float:
    """Return a number as Python's own; one too large for a float as infinity."""
    if not isinstance(value, Real) or isinstance(value, bool):
        fault(what, f"it must be a number, and is {shown(value)}")
    try:
        number = float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf
    return int(value) if isinstance(value, Integral) else number


def _place(finding: Finding) -> str:
    return f"'{finding.group}'" if finding.group else "all rows"


def shown(value: Any) -> str:
    """Return a wrong value in few words."""
    if value is None or isinstance(value, bool | Real):
        return str(value)
    return f"a {type(value).__name__}"


def fault(who: str, what: str) -> NoReturn:
    """Raise PluginError that says who did what."""
    message = f"{who}: {what}"
    raise PluginError(message)
