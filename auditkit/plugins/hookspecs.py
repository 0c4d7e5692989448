"""The door that plugins come through: hooks that return values.

A plugin is an entry point in the group `auditkit` whose module defines some of these functions, each marked
with `@auditkit.hookimpl`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pluggy

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from auditkit.step.step import Audit, Finder, Repair
    from auditkit.values.offers import Dataset, Loader, ModelReader, Renderer

PROJECT = "auditkit"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


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
