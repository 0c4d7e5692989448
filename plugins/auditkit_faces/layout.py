"""What the readers share: a path that must be there, and images by absolute path."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditkit import DataError

if TYPE_CHECKING:
    from pathlib import Path


def need(path: Path, dataset: str) -> Path:
    """Return the path, or raise DataError that says what the layout has there."""
    if not path.exists():
        message = f"{path.parent} is no folder of {dataset}: it has no {path.name}"
        raise DataError(message)
    return path


def path_of(folder: Path, name: str) -> str:
    """Return an image's absolute path, so that a table means the same wherever it is read."""
    return str((folder / name).absolute())
