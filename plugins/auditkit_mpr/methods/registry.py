"""Every method of this room, found by its file: options, checks, docs and dispatch are read from here."""

from __future__ import annotations

import inspect
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

import auditkit_mpr.methods
from auditkit import UsageError, nearest
from auditkit_mpr.methods.interface import Method

if TYPE_CHECKING:
    from auditkit_mpr.classes.interface import FunctionClass


def _in_this_room() -> tuple[Method, ...]:
    """Return one of every method that a module of this room declares, by preference.

    Raises TypeError where two have one name or one preference.
    """
    room = auditkit_mpr.methods
    found: list[Method] = []
    for info in iter_modules(room.__path__, f"{room.__name__}."):
        if info.name == __name__:
            continue
        kinds = vars(import_module(info.name)).values()
        found += [
            kind()
            for kind in kinds
            if inspect.isclass(kind)
            and issubclass(kind, Method)
            and not inspect.isabstract(kind)
            and kind.__module__ == info.name
        ]
    for attribute in ("name", "preference"):
        values = [getattr(method, attribute) for method in found]
        if len(set(values)) < len(values):
            message = f"two methods have one {attribute}: {sorted(values)}"
            raise TypeError(message)
    return tuple(sorted(found, key=lambda method: method.preference))


METHODS = _in_this_room()
NAMES = tuple(method.name for method in METHODS)


def method_named(name: str) -> Method:
    """Return the method of a name; UsageError for an unknown one."""
    found = next((method for method in METHODS if method.name == name), None)
    if found is None:
        hint = nearest(name, NAMES)
        message = f"there is no method '{name}'{hint}; known: {', '.join(NAMES)}"
        raise UsageError(message)
    return found


def default_for(one: FunctionClass) -> Method:
    """Return the method that a class is served by where none is named."""
    return next(method for method in METHODS if method.serves(one))
