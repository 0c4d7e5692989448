"""Values of a JSON document held against the types that a dataclass declares, so that renderers need not doubt them."""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING, Any, get_args

from auditkit.errors import DataError
from auditkit.values.shown.exhibit import Colour

if TYPE_CHECKING:
    from collections.abc import Callable

UNSURE = object()
"""What is to be looked at more closely."""
_KINDS: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "bool": (bool,),
    "int": (int,),
    "float": (float, int),
    "None": (type(None),),
}
"""By annotation: the types whose values are of it."""
LARGEST = 2**63
"""Whole numbers lie below it: every count and every cell of a table does."""


def _is_int(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and -LARGEST <= value < LARGEST


def _is_float(value: Any) -> bool:
    return _is_int(value) or (isinstance(value, float) and math.isfinite(value))


_CHECKS: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "str": ("text", lambda value: isinstance(value, str)),
    "bool": ("true or false", lambda value: isinstance(value, bool)),
    "int": ("a whole number", _is_int),
    "float": ("a number", _is_float),
    "None": ("null", lambda value: value is None),
    "Cell": ("a cell", lambda value: value is None or isinstance(value, str | bool) or _is_float(value)),
    "Colour": (f"one of {', '.join(get_args(Colour))}", lambda value: value in get_args(Colour)),
    'Literal["above", "below", "either"]': (
        "one of above, below, either",
        lambda value: value in ("above", "below", "either"),
    ),
}
"""By annotation, as a dataclass writes it: what a value must be, in words, and whether it is."""


def need_type(declared: str, value: Any, path: str) -> None:
    """Raise DataError, with the place, unless a value is of a declared type; other types are not looked at.

    `declared` is the text of an annotation such as `float | None`, `tuple[str, ...]` or `Mapping[str, int]`.
    """
    if (fits := _plain_check(declared)) is not None and fits(value):
        return
    if declared.startswith("tuple["):
        if not isinstance(value, list | tuple):
            message = f"{path} should be a list, and is {type(value).__name__}"
            raise DataError(message)
        for index, item in enumerate(value):
            need_type(declared.removeprefix("tuple[").removesuffix(", ...]"), item, f"{path}[{index}]")
        return
    if declared == "Mapping[str, int]" and isinstance(value, dict):
        for key, item in value.items():
            need_type("int", item, f"{path}.{key}")
        return
    parts = [declared] if declared in _CHECKS else declared.split(" | ")
    checks = [_CHECKS[part] for part in parts if part in _CHECKS]
    if len(checks) < len(parts):  # a dataclass, or words that are chosen from: read elsewhere
        return
    if not any(fits(value) for _, fits in checks):
        wanted = " or ".join(words for words, _ in checks)
        message = f"{path} should be {wanted}, and is {value!r:.60}"
        raise DataError(message)


@cache
def _plain_check(declared: str) -> Callable[[Any], bool] | None:
    """Return the one check that nearly every value of a report passes; None where there is more to say than yes.

    A report holds ten thousands of values: what each annotation means is worked out once.
    """
    parts = [declared] if declared in _CHECKS else declared.split(" | ")
    if any(part not in _CHECKS for part in parts):
        return None
    checks = tuple(_CHECKS[part][1] for part in parts)
    return lambda value: any(fits(value) for fits in checks)


@cache
def surely(declared: str) -> Callable[[Any], Any]:
    """Return what makes the frozen form of a value that is plainly of a declared type, and UNSURE of any other.

    Nearly every value of a report is, and no place has to be written out for it.
    """
    if declared == "tuple[float, ...]":
        return _numbers
    if declared.startswith("Mapping[str, "):
        return lambda value: (
            value if type(value) is dict and (not value or declared.endswith("Any]")) else UNSURE
        )
    kinds = frozenset[type]().union(*(_KINDS.get(part, ()) for part in declared.split(" | ")))
    if not kinds:
        return lambda _: UNSURE

    def plain(value: Any) -> Any:
        kind = type(value)
        if kind not in kinds or (kind is float and not math.isfinite(value)):
            return UNSURE
        return UNSURE if kind is int and not -LARGEST <= value < LARGEST else value

    return plain


def _numbers(value: Any) -> Any:
    """Return the tuple of a list of finite floats."""
    if type(value) is list and all(type(item) is float for item in value) and all(map(math.isfinite, value)):
        return tuple(value)
    return UNSURE


def finite_number(text: str) -> float:
    """Return a number of a JSON document; ValueError where it is too large for one."""
    number = float(text)
    if not math.isfinite(number):
        message = f"{text:.20} is too large a number"
        raise ValueError(message)
    return number


def no_number(text: str) -> float:
    """Raise ValueError for NaN and Infinity, which Python writes and JSON does not know."""
    message = f"{text} is no JSON"
    raise ValueError(message)
