"""Models that somebody trained already: a file or folder that a plugin reads, a pickle, or module:object."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditkit.data.memory import Room
from auditkit.data.paths import is_file, kind_of, names_in, why_unreadable
from auditkit.errors import DataError, UsageError, first_line, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from auditkit.values.offers import ModelReader

PICKLES = (".pkl", ".pickle", ".joblib")


def read_model(
    name: str, *, readers: Iterable[ModelReader], folder: Path, allow_pickle: bool, room: Room | None = None
) -> Any:
    """Return an object with `predict`, and perhaps `predict_proba`, as scikit-learn's classifiers have.

    A path below `folder` goes to the first reader that accepts it; a pickle runs the code it holds and is read only
    with `allow_pickle`. What is no path is `module:object`, imported with `folder` on the path.
    Raises DataError or UsageError in one sentence; for files larger than `room`, by default what is free, too.
    """
    path, readers = folder / name, tuple(readers)
    if reader := next((one for one in readers if one.scheme and name.startswith(f"{one.scheme}:")), None):
        model = reader.read(Path(name.partition(":")[2]))
    elif kind_of(path) not in {"nothing", "hidden"}:
        (room or Room()).need(_bytes_at(path), f"model {name}")
        model = _from_path(path, name, readers=readers, allow_pickle=allow_pickle)
    elif ":" in name and not path.suffix:
        model = _from_module(name, folder)
    elif kind_of(path) == "hidden" or path.is_symlink():
        message = f"model {name} {why_unreadable(path)}"
        raise DataError(message)
    else:
        message = (
            f"model '{name}' is neither a file nor module:object{nearest(path.name, names_in(path.parent))}"
        )
        raise DataError(message)
    if not callable(getattr(model, "predict", None)):
        message = f"model '{name}' is a {type(model).__name__}, which has no predict method"
        raise DataError(message)
    return model


def _bytes_at(path: Path) -> int:
    """Return the bytes of a file, or of the files in a folder."""
    files = [path / item for item in names_in(path)] if kind_of(path) == "folder" else [path]
    return sum(file.stat().st_size for file in files if is_file(file))


def _from_path(path: Path, name: str, *, readers: Iterable[ModelReader], allow_pickle: bool) -> Any:
    if kind_of(path) != "folder" and (problem := why_unreadable(path)):
        message = f"model {name} {problem}"
        raise DataError(message)
    for reader in readers:
        if reader.accepts(path):
            return reader.read(path)
    if path.suffix.lower() not in PICKLES or kind_of(path) == "folder":
        what = "folder" if kind_of(path) == "folder" else "file"
        message = (
            f"no plugin reads the model {name}, a {what}; see auditkit plugins list, or name module:object"
        )
        raise DataError(message)
    if not allow_pickle:
        message = (
            f"{name} is a pickle, which runs the code it holds: --allow-pickle, if you trust who wrote it"
        )
        raise UsageError(message)
    import joblib

    try:
        return joblib.load(path)
    except Exception as error:
        message = f"model {name} cannot be read: {type(error).__name__}: {first_line(error)}"
        raise DataError(message) from error


def _from_module(name: str, folder: Path) -> Any:
    """Import an object; a class or a function is called without arguments to make the model."""
    module_name, _, attribute = name.partition(":")
    with _first_on_path(folder):
        try:
            found = getattr(import_module(module_name), attribute)
            return found() if isinstance(found, type) or not hasattr(found, "predict") else found
        except Exception as error:
            message = f"model '{name}' cannot be imported: {type(error).__name__}: {first_line(error)}"
            raise DataError(message) from error


@contextmanager
def _first_on_path(folder: Path) -> Iterator[None]:
    place = str(folder.resolve())
    sys.path.insert(0, place)
    try:
        yield
    finally:
        sys.path.remove(place)
