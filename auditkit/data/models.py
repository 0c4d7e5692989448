"""Models that somebody trained already: a file or folder that a plugin reads, a pickle, or module:object."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any

from auditkit.data.paths import kind_of, names_in, why_unreadable
from auditkit.errors import AuditkitError, DataError, UsageError, first_line, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from auditkit.values.offers import ModelReader

PICKLES = (".pkl", ".pickle", ".joblib")


def read_model(name: str, *, readers: Iterable[ModelReader], folder: Path, allow_pickle: bool) -> Any:
    """Return an object with `predict`, and perhaps `predict_proba`, as scikit-learn's classifiers have.

    A path below `folder` goes to the first reader that accepts it; a pickle runs the code it holds and is read only
    with `allow_pickle`. What is no path is `module:object`, imported with `folder` on the path.
    Raises DataError or UsageError in one sentence.
    """
    path = folder / name
    if kind_of(path) not in {"nothing", "hidden"}:
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


def _from_path(path: Path, name: str, *, readers: Iterable[ModelReader], allow_pickle: bool) -> Any:
    if kind_of(path) != "folder" and (problem := why_unreadable(path)):
        message = f"model {name} {problem}"
        raise DataError(message)
    for reader in readers:
        try:
            if reader.accepts(path):
                return reader.read(path)
        except AuditkitError:
            raise
        except Exception as error:  # a plugin's code on a stranger's file
            message = (
                f"model {name} cannot be read by {reader.name}: {type(error).__name__}: {first_line(error)}"
            )
            raise DataError(message) from error
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
