"""The door that plugins come through: hooks that return values.

A plugin is an entry point in the group `auditkit` whose module defines some of these functions, each marked
with `@auditkit.hookimpl`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pluggy

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import pandas as pd

    from auditkit.report import Report
    from auditkit.step import Audit, Dataset, Finder, Repair

PROJECT = "auditkit"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@dataclass(frozen=True)
class Loader:
    """Reads a table: `read` gets the path, or what follows `scheme:`. Extensions carry their dot.

    With `local`, what follows the scheme is a path that starts at the recipe's folder, and `read` gets it whole.
    Notes for the report go into the table's `attrs["notes"]`, a tuple of sentences.
    """

    name: str
    read: Callable[[str], pd.DataFrame]
    scheme: str = ""
    extensions: tuple[str, ...] = ()
    local: bool = False


@dataclass(frozen=True)
class ModelReader:
    """Reads a trained model: `accepts` looks at a path without loading it, `read` returns an object with `predict`."""

    name: str
    accepts: Callable[[Path], bool]
    read: Callable[[Path], Any]


@dataclass(frozen=True)
class Renderer:
    """Turns a report into the text of a file with one of these extensions."""

    name: str
    render: Callable[[Report], str]
    extensions: tuple[str, ...]


@hookspec
def auditkit_finders() -> Sequence[type[Finder[Any]]]:  # type: ignore[empty-body]  # a specification has no body
    """Return Finder classes: Subject -> groups."""


@hookspec
def auditkit_audits() -> Sequence[type[Audit[Any]]]:  # type: ignore[empty-body]
    """Return Audit classes: Subject -> findings."""


@hookspec
def auditkit_repairs() -> Sequence[type[Repair[Any]]]:  # type: ignore[empty-body]
    """Return Repair classes: Subject -> Subject."""


@hookspec
def auditkit_loaders() -> Sequence[Loader]:  # type: ignore[empty-body]
    """Return readers of file formats or of schemes such as `sql:`."""


@hookspec
def auditkit_models() -> Sequence[ModelReader]:  # type: ignore[empty-body]
    """Return readers of model files or folders for --model."""


@hookspec
def auditkit_renderers() -> Sequence[Renderer]:  # type: ignore[empty-body]
    """Return writers of report formats."""


@hookspec
def auditkit_recipes() -> Sequence[Path]:  # type: ignore[empty-body]
    """Return recipe files that `auditkit recipes` lists and `auditkit run NAME` finds."""


@hookspec
def auditkit_datasets() -> Sequence[Dataset]:  # type: ignore[empty-body]
    """Return data sets that can be named instead of a path."""
