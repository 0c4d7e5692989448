"""The recipe of a plan as it is written in another folder: its relative paths still lead to the same files."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditkit.data.sources import is_column_file
from auditkit.running.reach.parameter_files import file_fields

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditkit.running.plan import Plan, Planned
    from auditkit.spec.recipe import Recipe
    from auditkit.spec.step import StepSpec

COLUMN_OR_FILE = ("pred", "outcome", "score", "embeddings", "images")


def seen_from(folder: Path, plan: Plan) -> Recipe:
    """Return the plan's recipe with the paths that start at the plan's folder as they start at another one.

    What names no file that is there stays as it is: a data set, a column, or module:object.
    """
    files: dict[str, Any] = dict(_data_files(folder, plan))
    steps = {planned.spec.id: _step_seen_from(folder, planned, plan.folder) for planned in plan.steps}
    return replace(
        plan.recipe,
        data=replace(plan.recipe.data, **files),
        steps=tuple(steps.get(spec.id, spec) for spec in plan.recipe.steps),
    )


def _data_files(folder: Path, plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield each field of the data that names a file, with its path from the folder."""
    data, schemes = plan.recipe.data, {loader.scheme for loader in plan.host.loaders if loader.local}
    scheme, colon, rest = data.path.partition(":")
    if colon and scheme in schemes - {""}:
        yield "path", f"{scheme}:{_path_from(folder, rest, plan.folder)}"
    elif data.path not in plan.host.datasets:
        yield "path", _path_from(folder, data.path, plan.folder)
    for name in ("model", "versus"):
        if (value := getattr(data, name)) is not None:
            yield name, _path_from(folder, value, plan.folder)
    for name in COLUMN_OR_FILE:
        value = getattr(data, name)
        if value is not None and is_column_file(value):
            yield name, _path_from(folder, value, plan.folder)


def _step_seen_from(folder: Path, planned: Planned, home: Path) -> StepSpec:
    names = {name.rstrip("_") for name in file_fields(planned.given)}
    told = {
        name: _path_from(folder, value, home) if name in names else value
        for name, value in planned.spec.with_.items()
    }
    return replace(planned.spec, with_=told)


def _path_from(folder: Path, value: Any, home: Path) -> Any:
    """Return a relative path below `home` as it is written in the folder, if something is there."""
    if isinstance(value, list):
        return [_path_from(folder, item, home) for item in value]
    if not isinstance(value, str) or not value or Path(value).is_absolute() or not (home / value).exists():
        return value
    return os.path.relpath(home / value, folder)
