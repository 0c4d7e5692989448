"""What a step hands back, held to its contract: a fault names the step, not the report that chokes on it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from auditkit.errors import PluginError, nearest
from auditkit.store.report_json import plain
from auditkit.values.finding import Finding, Interval, as_declared

if TYPE_CHECKING:
    from auditkit.running.handed.names import Names
    from auditkit.step.step import Step
    from auditkit.values.metric import Metric
    from auditkit.values.outcome import Outcome

T = TypeVar("T")
_PLAIN = frozenset({str, int, float, bool, type(None)})


def items_of(found: Any, kind: type[T], *, who: str, what: str) -> tuple[T, ...]:
    """Return what was found as a tuple, read to its end, or raise PluginError unless all of it is of this kind."""
    if isinstance(found, str | bytes | Mapping) or not isinstance(found, Iterable):
        fault(who, f"{what} must be a tuple of {kind.__name__} values, and is {shown(found)}")
    items = tuple(found)
    for item in items:
        if not isinstance(item, kind):
            fault(who, f"{what} must be {kind.__name__} values, and hold {shown(item)}")
    return items


@dataclass(frozen=True)
class Contract:
    """What a step's findings are held to: its declaration, the names there are, and the words for who is at fault.

    `id` and `stage`, the repairs so far, are stamped on them, and the worse side under the subject's `outcome`.
    """

    step: Step[Any]
    names: Names
    who: str
    id: str
    stage: int
    outcome: Outcome | None = None

    @cached_property
    def metrics(self) -> Mapping[str, Metric]:
        """The declared metrics by name."""
        return {metric.name: metric for metric in reversed(tuple(self.step.metrics))}


def checked(finding: Finding, contract: Contract) -> Finding:
    """Return the finding with what its metric declares, its numbers plain and finite, stamped with step and stage.

    A value, or an interval, that is not finite becomes a finding without a value whose reason names it. Raises
    PluginError for anything that the contract does not allow.
    """
    step, names = contract.step, contract.names
    metric = _declared(finding, contract)
    try:
        _check_words(finding)
        if not step.own_names and not names.has(finding.group):
            raise _WrongError(f"there is no such group{names.nearest(finding.group)}")
        needed = finding.rows_needed
        told = {
            "step": contract.id,
            "n": _count(finding.n, "n"),
            "stage": contract.stage + _stage(finding.stage, step),
            "rows_needed": None if needed is None else _count(needed, "rows_needed"),
            **({} if _are_plain(finding.value, finding.interval) else _numbers(finding)),
        }
    except _WrongError as error:
        at = f"'{finding.group}'" if finding.group else "all rows"
        fault(f"{contract.who}: '{finding.metric}' of {at}", str(error))
    return as_declared(finding, metric, contract.outcome, **told)


class _WrongError(Exception):
    """What is wrong with a finding, before it is said with which."""


def _declared(finding: Finding, contract: Contract) -> Metric:
    """Return the metric that the step declares for the finding."""
    name, who = finding.metric, contract.who
    metric = contract.metrics.get(name) if isinstance(name, str) else None
    if metric is None:
        hint = nearest(str(name), contract.metrics)
        fault(who, f"it reports '{name}', which it does not declare{hint}")
    if finding.compare not in metric.compares:
        told = f"'{finding.metric}' as {finding.compare}"
        fault(who, f"it reports {told}, which it does not declare; declared: {', '.join(metric.compares)}")
    return metric


def _check_words(finding: Finding) -> None:
    """Raise unless texts are texts, and mappings such that a report can hold them."""
    for word in ("group", "unit", "reason"):
        if not isinstance(getattr(finding, word), str):
            raise _WrongError(f"{word} must be text, and is {shown(getattr(finding, word))}")
    for word in ("details", "left_out"):
        held = getattr(finding, word)
        if type(held) is dict and _PLAIN.issuperset(map(type, held.values())):
            continue
        if not isinstance(held, Mapping):
            raise _WrongError(f"{word} must be a mapping, and is {shown(held)}")
        try:
            plain(held, word)
        except (TypeError, RecursionError) as error:
            raise _WrongError(str(error)) from error
    if finding.value is None and not finding.reason.strip():
        raise _WrongError("there is neither a value nor a reason why there is none")


def _count(value: Any, what: str) -> int:
    """Return a number of rows as an int of Python."""
    if (type(value) is not int and (not isinstance(value, Integral) or isinstance(value, bool))) or value < 0:
        raise _WrongError(f"{what}: it must be a whole number from 0 on, and is {shown(value)}")
    return int(value)


def _stage(value: Any, step: Step[Any]) -> int:
    """Return a finding's own stage: 0, and 1 after a repair."""
    stage, last = _count(value, "stage"), int(step.kind == "repair")
    if stage > last:
        raise _WrongError(f"stage is {stage}, and may be {'0 or 1 in a repair' if last else '0'}")
    return stage


def _are_plain(value: Any, interval: Any) -> bool:
    """Whether these are finite numbers of Python's own in the right order, of which a closer look would change none."""
    if type(value) is not float:
        return value is None and interval is None
    if interval is None:
        return math.isfinite(value)
    return (
        type(interval) is Interval
        and type(interval.basis) is tuple
        and {float}.issuperset(map(type, (interval.low, interval.high, interval.confidence, *interval.basis)))
        and interval.low <= interval.high
        and 0.0 < interval.confidence < 1.0
        and math.isfinite(sum(interval.basis, value + interval.low + interval.high))
    )


def _numbers(finding: Finding) -> dict[str, Any]:
    """Return value, interval and reason: numbers that are plain and finite, or none and the reason."""
    value = None if finding.value is None else _number(finding.value, "value")
    interval = None if finding.interval is None else _interval(finding.interval)
    wrong = _not_finite(value, interval)
    if not wrong:
        return {"value": value, "interval": interval}
    reason = finding.reason or f"not measured: {wrong}, which is no finite number"
    return {"value": None, "interval": None, "reason": reason}


def _not_finite(value: float | None, interval: Interval | None) -> str:
    """Return which number is not finite, and what it is; "" if all are."""
    held = {"the value": value}
    if interval is not None:
        held |= {"the interval's lower bound": interval.low, "the interval's upper bound": interval.high}
        held |= {f"the interval's basis [{i}]": number for i, number in enumerate(interval.basis)}
    return next((f"{name} is {x}" for name, x in held.items() if x is not None and not math.isfinite(x)), "")


def _interval(interval: Any) -> Interval:
    """Return an interval of plain numbers, or raise if it is none."""
    if not isinstance(interval, Interval):
        raise _WrongError(f"interval must be an Interval, and is {shown(interval)}")
    low, high = _number(interval.low, "interval low"), _number(interval.high, "interval high")
    confidence = _number(interval.confidence, "interval confidence")
    if low > high:
        raise _WrongError(f"the interval's bounds are the wrong way round: {low:g} and {high:g}")
    if not 0 < confidence < 1:
        raise _WrongError(f"the interval's confidence must lie between 0 and 1, and is {confidence:g}")
    if not isinstance(interval.basis, tuple):
        raise _WrongError(f"the interval's basis must be a tuple of numbers, and is {shown(interval.basis)}")
    basis = tuple([_number(number, "interval basis") for number in interval.basis])
    return Interval(low, high, confidence, interval.method, basis)


def _number(value: Any, what: str) -> float:
    """Return a number as Python's own; one too large for a float as infinity."""
    if type(value) is float:
        return value
    if not isinstance(value, Real) or isinstance(value, bool):
        raise _WrongError(f"{what}: it must be a number, and is {shown(value)}")
    try:
        number = float(value)
    except OverflowError:
        return math.inf if str(value)[0] != "-" else -math.inf
    return int(value) if isinstance(value, Integral) else number


def shown(value: Any) -> str:
    """Return a wrong value in few words."""
    if value is None or isinstance(value, bool | Real):
        return str(value)
    return f"a {type(value).__name__}"


def fault(who: str, what: str) -> NoReturn:
    """Raise PluginError that says who did what."""
    message = f"{who}: {what}"
    raise PluginError(message)
