"""Kernels: functions of plain numbers and arrays that run as Python or as machine code, from one source."""

from __future__ import annotations

from functools import cache
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
R = TypeVar("R")

_kernels: set[Callable[..., Any]] = set()


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Return the function as it is, known as one that may be compiled; so are the kernels that it calls."""
    _kernels.add(function)
    return function


def machine_code(function: Any) -> Any:
    """Return a kernel compiled by numba on first call, without the interpreter lock; 1 / 0 is infinite in it.

    With no writable cache beside the source nor in the user's folder, numba raises at decoration; then the
    code is compiled anew in each process.
    """
    try:
        return by_numba(function, cache=True)
    except RuntimeError:
        return by_numba(function)


@cache
def by_numba(function: Any, **options: Any) -> Any:
    """Return that with more of numba's options. Its `cache` does not notice that a kernel of another file changed."""
    import numba

    called = {name: by_numba(kernel, **options) for name, kernel in _called(function).items()}
    twin = FunctionType(function.__code__, {**function.__globals__, **called}, function.__name__)
    return numba.njit(nogil=True, error_model="numpy", **options)(twin)


def essence(function: Any) -> str:
    """Return all that the machine code of a kernel follows from: the same text for the same code in any process.

    Byte code and constants, of the kernel and of all that it calls. ValueError of what has no such text.
    """
    told = {}
    waiting = [function]
    while waiting:
        kernel = waiting.pop()
        place = f"{kernel.__module__}.{kernel.__qualname__}"
        if place not in told:
            told[place] = _told(kernel)
            waiting += _called(kernel).values()
    return repr(sorted(told.items()))


def _told(kernel: Any) -> str:
    code, known = kernel.__code__, kernel.__globals__
    values = {name: _constant(known[name]) for name in code.co_names if name in known}
    names = (code.co_names, code.co_varnames, code.co_argcount)
    return repr((code.co_code, _constant(code.co_consts), names, _constant(kernel.__defaults__), values))


def _constant(value: Any) -> str:
    """Return a constant's text, or that of what a kernel calls."""
    match value:
        case ModuleType():
            return value.__name__
        case FunctionType() if value in _kernels:
            return f"{value.__module__}.{value.__qualname__}"
        case tuple():
            return f"({','.join(_constant(one) for one in value)})"
        case None | bool() | int() | float() | str():
            return repr(value)
        case _:
            raise ValueError(f"a kernel reads {value!r}, which is no constant")


def _called(function: Any) -> dict[str, Any]:
    """Return the kernels that a kernel calls, by the name it has for each."""
    known = function.__globals__
    return {name: known[name] for name in function.__code__.co_names if _is_kernel(known.get(name))}


def _is_kernel(value: Any) -> bool:
    return isinstance(value, FunctionType) and value in _kernels
