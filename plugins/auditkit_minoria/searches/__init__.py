"""One file per search: what it is called, needs and proposes; its mathematics is imported when it runs."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import walk_packages
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from auditkit_minoria.searches.interface import Search


@cache
def every_search() -> Mapping[str, Search[Any]]:
    """Return the SEARCH of each file of this folder and those in it by its name; without one: AttributeError."""
    files = (file for file in walk_packages(__path__, f"{__name__}.") if not file.ispkg)
    named = (file.name for file in files if file.name != f"{__name__}.interface")
    found: list[Search[Any]] = [import_module(name).SEARCH for name in named]
    return MappingProxyType({search.name: search for search in found})
