"""What a plugin hands over besides steps: data sets, and readers and writers of files."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pandas as pd

    from auditkit.values.report import Report


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """A bundled or plugged-in data set: a file and the role of each column.

    `files` are what steps may read besides, by the name of the parameter that they stand in for, such as queries.
    """

    name: str
    title: str
    path: str
    licence: str
    citation: str
    caveat: str = ""
    target: str | None = None
    favourable: Any = None
    unfavourable: Any = None
    positive: Any = None
    split: str | None = None
    sensitive: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    embeddings: str | None = None
    files: dict[str, str] = field(default_factory=dict)
    groups: dict[str, dict[str, Any]] = field(default_factory=dict)


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


def no_code(path: Path) -> tuple[str, ...]:  # noqa: ARG001  whatever the path
    """Return that a reader of models imports nothing."""
    return ()


@dataclass(frozen=True)
class ModelReader:
    """Reads a trained model: `accepts` looks at a path without loading it, `read` returns an object with `predict`.

    A model that is named `scheme:...` goes to the reader of that scheme, and `read` gets what follows it. `code` names
    what reading the path would import, each as module:object, and imports nothing: a model that names code is read only
    where the one who starts the run allows it. A reader that runs no code of a model's has none.
    """

    name: str
    accepts: Callable[[Path], bool]
    read: Callable[[Path], Any]
    scheme: str = ""
    code: Callable[[Path], tuple[str, ...]] = no_code


@dataclass(frozen=True)
class Renderer:
    """Turns a report into the text of a file with one of these extensions."""

    name: str
    render: Callable[[Report], str]
    extensions: tuple[str, ...]
