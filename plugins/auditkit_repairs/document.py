"""A model's one file: JSON that describes it, with no code, written whole and read with suspicion."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from auditkit import DataError
from auditkit_repairs.card import FORMAT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

M = TypeVar("M")
LARGEST = 200_000_000
"""Bytes of a model file."""


def write_document(
    folder: str | Path, name: str, document: Mapping[str, Any], *, write: Callable[[Path, str | bytes], None]
) -> Path:
    """Write the description of a model into a folder, made if need be, and return it; `write` writes one file."""
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"format": FORMAT, **document}, indent=1, ensure_ascii=False, default=_plain)
    write(place / name, text + "\n")
    return place


def read_document(folder: str | Path, name: str, model_of: Callable[[Any], M]) -> M:
    """Return the model of a description, as `model_of` reads it. Raises DataError for any other file.

    `model_of` raises TypeError, ValueError or KeyError for a document that does not describe a model.
    """
    path = Path(folder) / name
    try:
        if path.stat().st_size > LARGEST:
            message = f"model file {path} has more than {LARGEST:,} bytes"
            raise DataError(message)
        document = json.loads(path.read_bytes())
    except OSError as error:
        message = f"model file {path} cannot be read: {error.strerror}"
        raise DataError(message) from error
    except (ValueError, RecursionError) as error:
        message = f"model file {path} is not JSON: {error}"
        raise DataError(message) from error
    try:
        if document["format"] != FORMAT:
            raise ValueError
        return model_of(document)
    except (TypeError, ValueError, KeyError) as error:
        message = f"model file {path} does not describe a model of format {FORMAT}"
        raise DataError(message) from error


def two_classes(document: Mapping[str, Any]) -> tuple[Any, Any]:
    """Return the two classes that a document names, or raise ValueError."""
    first, second = document["classes"]
    if not all(isinstance(label, str | int | float) for label in (first, second)):
        raise ValueError
    return first, second


def _plain(value: Any) -> Any:
    """Return a NumPy number as the plain number of JSON."""
    if isinstance(value, np.generic):
        return value.item()
    message = f"a {type(value).__name__} cannot stand in a model file"
    raise TypeError(message)
