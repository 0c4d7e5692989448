"""Models that somebody trained already: a file or folder that a plugin reads, a pickle, or module:object."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditkit.data.memory import room_in_force
from auditkit.data.paths import files_below, is_file, kind_of, names_in, why_unreadable
from auditkit.errors import DataError, UsageError, first_line, nearest, out_of_memory, ran_out
from auditkit.spec.consent import Consent

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from auditkit.data.memory import Room
    from auditkit.values.offers import ModelReader

PICKLES = (".pkl", ".pickle", ".joblib")
NO_CONSENT = Consent()


def read_model(
    name: str,
    *,
    readers: Iterable[ModelReader],
    folder: Path,
    consent: Consent = NO_CONSENT,
    room: Room | None = None,
) -> Any:
    """Return an object with `predict`, and perhaps `predict_proba`, as scikit-learn's classifiers have.

    `scheme:...` goes to the reader of that scheme, a path below `folder` to the first reader that accepts it; what is
    neither is `module:object`, imported with `folder` on the path. Nothing is unpickled or imported without consent.
    Raises DataError or UsageError in one sentence; for files larger than `room`, by default what is free, too.
    """
    readers, path = tuple(readers), folder / name
    is_there = kind_of(path) not in {"nothing", "hidden"}
    if is_there:
        (room or room_in_force()).need(_bytes_at(path), f"model {name}")
    if refused := why_refused(name, readers=readers, folder=folder, consent=consent):
        raise UsageError(refused)
    if reader := _reader_of_scheme(name, readers):
        model = reader.read(_after_scheme(name))
    elif is_there:
        model = _from_path(path, name, readers=readers)
    elif _is_code(name, path):
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


def why_refused(name: str, *, readers: Iterable[ModelReader], folder: Path, consent: Consent) -> str:
    """Return why a model is not read without more consent, in one sentence; empty if it may be."""
    readers = tuple(readers)
    if is_pickle(name, readers=readers, folder=folder):
        if consent.allow_pickle:
            return ""
        return f"{name} is a pickle, which runs the code it holds: --allow-pickle, if you trust who wrote it"
    refused = [code for code in code_of_model(name, readers=readers, folder=folder) if not consent.code(code)]
    if not refused:
        return ""
    where = "" if refused == [name] else f"model {name} names "
    return f"{where}{refused[0]}{', which' if where else ''} is code to run: --allow-code, if you trust who wrote it"


def code_of_model(name: str, *, readers: Iterable[ModelReader], folder: Path) -> tuple[str, ...]:
    """Return what reading a model would import, each as module:object; nothing is imported for it."""
    readers, path = tuple(readers), folder / name
    if reader := _reader_of_scheme(name, readers):
        return reader.code(_after_scheme(name))
    if kind_of(path) in {"nothing", "hidden"}:
        return (name,) if _is_code(name, path) else ()
    reader = _reader_of(path, readers)
    return reader.code(path) if reader else ()


def is_pickle(name: str, *, readers: Iterable[ModelReader], folder: Path) -> bool:
    """Return whether a model is a pickle that no plugin reads in another way."""
    readers, path = tuple(readers), folder / name
    pickled = path.suffix.lower() in PICKLES and kind_of(path) == "file"
    return pickled and _reader_of_scheme(name, readers) is None and _reader_of(path, readers) is None


def _is_code(name: str, path: Path) -> bool:
    module, colon, attribute = name.partition(":")
    dotted = all(part.isidentifier() for part in module.split(".")) and attribute.isidentifier()
    return bool(colon) and (dotted or not path.suffix)


def _reader_of_scheme(name: str, readers: Iterable[ModelReader]) -> ModelReader | None:
    """Return the reader by whose scheme a name begins."""
    return next((one for one in readers if one.scheme and name.startswith(f"{one.scheme}:")), None)


def _after_scheme(name: str) -> Path:
    return Path(name.partition(":")[2])


def _reader_of(path: Path, readers: Iterable[ModelReader]) -> ModelReader | None:
    """Return the first reader that accepts what is at a path."""
    if kind_of(path) != "folder" and why_unreadable(path):
        return None
    return next((reader for reader in readers if reader.accepts(path)), None)


def _bytes_at(path: Path) -> int:
    """Return the bytes of a file, or of the files in a folder, at any depth."""
    files = files_below(path) if kind_of(path) == "folder" else [path]
    return sum(file.stat().st_size for file in files if is_file(file))


def _from_path(path: Path, name: str, *, readers: Iterable[ModelReader]) -> Any:
    if kind_of(path) != "folder" and (problem := why_unreadable(path)):
        message = f"model {name} {problem}"
        raise DataError(message)
    if reader := _reader_of(path, readers):
        return reader.read(path)
    if path.suffix.lower() not in PICKLES or kind_of(path) == "folder":
        what = "folder" if kind_of(path) == "folder" else "file"
        message = (
            f"no plugin reads the model {name}, a {what}; see auditkit plugins list, or name module:object"
        )
        raise DataError(message)
    import joblib

    try:
        return joblib.load(path)
    except Exception as error:
        if ran_out(error):
            raise out_of_memory(error, f"reading model {name}") from error
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
            if ran_out(error):
                raise out_of_memory(error, f"making model {name}") from error
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
