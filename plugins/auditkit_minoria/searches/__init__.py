"""One file per search: what it is called, needs and proposes; its mathematics is imported when it runs."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from auditkit_minoria.searches.interface import Search


@cache
def every_search() -> Mapping[str, Search[Any]]:
    """Return the SEARCH of each file of this folder by its name; a file without one is an AttributeError."""
    files = (file.name for file in iter_modules(__path__) if file.name != "interface")
    found: list[Search[Any]] = [import_module(f"{__name__}.{file}").SEARCH for file in files]
    return MappingProxyType({search.name: search for search in found})
