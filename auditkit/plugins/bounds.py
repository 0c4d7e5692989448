"""Types and bounds of a step's parameters: a recipe can write them, something keeps them, and so does the default."""

from __future__ import annotations

import math
import types
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, is_dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, get_args, get_origin

from auditkit.errors import PluginError
from auditkit.spec.declared import bare_type, parameters

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from auditkit.spec.declared import Parameter

_WORDS = (int, float, bool, str, type(None), Any, object, ..., tuple, list, dict)
_HOLDERS = (tuple, list, dict, Mapping, Sequence, Union, types.UnionType)
_NUMBERS = ("gt", "ge", "lt", "le", "multiple_of")
_LENGTHS = ("min_length", "max_length")


def check_bounds(params: type[Any], what: str) -> None:
    """Raise PluginError for a parameter of a type that no recipe can write, or of bounds that its default breaks."""
    for parameter in parameters(params):
        problem = _problem(parameter)
        if problem:
            message = f"{what}: parameter '{parameter.name}' {problem}"
            raise PluginError(message)


def _problem(parameter: Parameter) -> str:
    """Return what is wrong with a parameter's bounds, as the end of a sentence; empty if nothing is."""
    kind, default = bare_type(parameter.type), parameter.default
    if unknown := next(_unwritable(parameter.type), None):
        return f"is of type {unknown}, which no recipe can write"
    numbers = _limits(parameter.bounds, _NUMBERS)
    lengths = _limits(parameter.bounds, _LENGTHS)
    wrong = [f"{name} {value!r}" for name, value in (*numbers, *lengths) if not _is_number(value)]
    if wrong:
        return f"has a bound that is no number: {wrong[0]}"
    if numbers and kind not in {int, float}:
        return f"has bounds of a number, and is {getattr(kind, '__name__', kind)}"
    if lengths and not (kind is str or get_origin(kind) is tuple):
        return f"has bounds of a length, and is {getattr(kind, '__name__', kind)}"
    if _is_empty(numbers) or _is_empty([("ge", 0), *_as_numbers(lengths)]):
        return "has bounds that nothing keeps"
    if any(name == "multiple_of" and value <= 0 for name, value in numbers):
        return "must be a multiple of a number above 0"
    if default is None or default is MISSING:
        return ""
    if get_origin(kind) is Literal and default not in get_args(kind):
        return f"has the default {default!r}, which is none of its words"
    value = len(default) if lengths else default
    limits = _as_numbers(lengths) if lengths else numbers
    if limits and not (_is_number(value) and all(_keeps(value, *limit) for limit in limits)):
        return f"has the default {default!r}, which its bounds refuse"
    return ""


def _unwritable(hint: Any) -> Iterator[str]:
    """Yield the types within a type that have no word in YAML."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Literal or hint in _WORDS or (isinstance(hint, type) and is_dataclass(hint)):
        return
    if origin is Annotated:
        yield from _unwritable(inner[0])
    elif origin in _HOLDERS:
        for one in inner:
            yield from _unwritable(one)
    else:
        yield getattr(hint, "__name__", str(hint))


def _limits(bounds: Iterable[Any], names: tuple[str, ...]) -> list[tuple[str, Any]]:
    """Return the limits that the notes of a parameter set, by the words of annotated_types."""
    found = [(name, getattr(bound, name, None)) for bound in bounds for name in names]
    return [(name, value) for name, value in found if value is not None]


def _as_numbers(lengths: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    words = {"min_length": "ge", "max_length": "le"}
    return [(words[name], value) for name, value in lengths]


def _is_empty(limits: list[tuple[str, Any]]) -> bool:
    """Return whether no number keeps all limits."""
    low = max((value for name, value in limits if name in {"gt", "ge"}), default=-math.inf)
    high = min((value for name, value in limits if name in {"lt", "le"}), default=math.inf)
    open_at_end = any(name in {"gt", "lt"} and value in {low, high} for name, value in limits)
    return low > high or (low == high and open_at_end)


def _keeps(value: float, name: str, limit: float) -> bool:
    match name:
        case "gt":
            return value > limit
        case "ge":
            return value >= limit
        case "lt":
            return value < limit
        case "le":
            return value <= limit
        case _:
            return math.isclose(value / limit, round(value / limit))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and not math.isnan(value)
