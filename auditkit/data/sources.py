"""Where a table comes from: a loader's scheme, a data set's name, or a file.

The order is scheme, data set, file. A data set's name always means the data set, so that a recipe means the
same in every folder; a file of that name is written ./name.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from auditkit.data.formats.table import readable
from auditkit.data.paths import files_below, is_file, is_folder, kind_of, names_in, why_unreadable
from auditkit.errors import DataError, nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import pandas as pd

    from auditkit.spec.data import DataSpec
    from auditkit.values.offers import Dataset, Loader


def read_source(
    path: str,
    dataset: Dataset | None,
    *,
    datasets: Mapping[str, Dataset],
    loaders: Iterable[Loader],
    folder: Path,
    read: Callable[[Path], pd.DataFrame],
) -> pd.DataFrame:
    """Return the table that `path` or `dataset` points to, with text column names and index 0..n-1.

    `read` reads a file that no loader does.
    """
    where = path if dataset is None else dataset.path
    loaders = tuple(loaders)
    if loader := loader_of_scheme(where, loaders):
        rest = where.removeprefix(f"{loader.scheme}:")
        return _tidy(loader.read(str(folder / rest) if loader.local else rest), where)
    file = folder / where
    if dataset is None and kind_of(file) in {"nothing", "hidden"}:
        raise DataError(_unknown(path, file, datasets))
    for loader in loaders:
        if loader.extensions and file.name.lower().endswith(tuple(loader.extensions)):
            if problem := why_unreadable(file):
                message = f"{file} {problem}"
                raise DataError(message)
            return _tidy(loader.read(str(file)), where)
    return read(file)


def loader_of_scheme(path: str, loaders: Iterable[Loader]) -> Loader | None:
    """Return the loader by whose scheme a path begins, such as `celeba:`, or None for a file or a data set."""
    return next((one for one in loaders if one.scheme and path.startswith(f"{one.scheme}:")), None)


def inputs_of(spec: DataSpec, *, datasets: Mapping[str, Dataset], folder: Path) -> tuple[Path, ...]:
    """Return the files that a load of this spec reads: the table, unless it stays where it is, and files beside it."""
    dataset = datasets.get(spec.path)
    tables = [] if spec.counted else [folder / (spec.path if dataset is None else dataset.path)]
    embeddings = spec.embeddings or (dataset.embeddings if dataset else None)
    named = (spec.pred, spec.outcome, spec.score, embeddings, spec.images)
    beside = [folder / name for name in named if name is not None and is_column_file(name)]
    beside += [folder / name for name in (dataset.files.values() if dataset else ())]
    return tuple(file for file in (*tables, *beside, *_model_files(spec, folder)) if is_file(file))


def _model_files(spec: DataSpec, folder: Path) -> list[Path]:
    """Return the model's file, or those of its folder at any depth, or those of the module or package it is in."""
    if spec.model is None:
        return []
    place = folder / spec.model
    if is_folder(place):
        return files_below(place)
    names = spec.model.partition(":")[0].split(".")
    packages = [folder.joinpath(*names[: i + 1], "__init__.py") for i in range(len(names))]
    there = [place, folder.joinpath(*names[:-1], f"{names[-1]}.py"), *packages]
    imported = _imported(names[0]) if ":" in spec.model and "\0" not in spec.model else []
    known = {os.path.realpath(path) for path in there} if imported else set()
    return there + [path for path in imported if os.path.realpath(path) not in known]


def _imported(package: str) -> list[Path]:
    """Return the files of a package or a module that were imported so far, unless Python has it installed."""
    modules = [module for name, module in sys.modules.items() if name.partition(".")[0] == package]
    files = sorted({str(file) for module in modules if (file := getattr(module, "__file__", None))})
    installed = (sys.prefix, sys.base_prefix)
    return [Path(file) for file in files if not any(Path(file).is_relative_to(place) for place in installed)]


def hashed_of_code(spec: DataSpec, folder: Path) -> str:
    """Return which files of a model's own code stand among a run's inputs, as a sentence."""
    files = [path.name for path in _model_files(spec, folder) if is_file(path)]
    named = ", ".join(files[:4]) + (f" and {len(files) - 4} more" if len(files) > 4 else "")
    return f"Hashed of it: {named or 'nothing'}; what it imports from elsewhere is not."


def is_column_file(name: str) -> bool:
    """Return whether a --pred or --score that is no column can only be meant as a file."""
    return readable(name) or name.lower().endswith(".npy")


def _tidy(frame: pd.DataFrame, where: str) -> pd.DataFrame:
    """Return a loader's table with text column names and a plain index."""
    frame = frame.reset_index(drop=True)
    frame.columns = frame.columns.map(str)
    twice = frame.columns[frame.columns.duplicated()]
    if len(twice):
        message = f"{where} has more than one column named '{twice[0]}'; rename all but one"
        raise DataError(message)
    return frame


def _unknown(path: str, file: Path, datasets: Mapping[str, Dataset]) -> str:
    """Return the message for what is neither a data set nor a file, with the nearest of both."""
    if kind_of(file) == "hidden" or file.is_symlink():
        return f"{file} {why_unreadable(file)}"
    inside = is_folder(file.parent)
    files = [name for name in names_in(file.parent) if readable(name)]
    folder = "" if inside else f" (there is no folder {file.parent})"
    hint = nearest(file.name, [*datasets, *files])
    return f"'{path}' is neither a file nor a data set{folder}{hint}"
