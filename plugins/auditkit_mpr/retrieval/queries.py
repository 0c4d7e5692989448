"""Queries and similarities from files: vectors with names, and the source of similarities they make."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from auditkit import DataError, PluginError, UsageError, nearest
from auditkit_mpr.retrieval.scoring import Index, Scorer, Similarities, Vectors, unit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from auditkit import Subject

NAMES = ("query", "queries", "name", "names", "id")
VECTORS = ("embedding", "embeddings", "vector", "vectors")


def named_arrays(path: str, *, what: str) -> tuple[tuple[str, ...], NDArray[Any]]:
    """Return the names [q] and rows [q, d] of a file; rows of an .npy are named 0, 1, ...

    An .npz holds one array of names and one of rows, or one array per name. A table holds a column of names, and a
    column of lists or columns of numbers. Raises DataError for anything else.
    """
    match Path(path).suffix.lower():
        case ".npy":
            rows = array_in(path, what=what)
            rows = rows[None, :] if rows.ndim == 1 else rows
            names = tuple(map(str, range(len(rows))))
        case ".npz":
            names, rows = _from_npz(array_in(path, what=what), path, what)
        case _:
            from auditkit import read_table

            names, rows = _from_table(read_table(Path(path)), path, what)
    if rows.ndim != 2 or rows.dtype.kind not in "fiu" or not rows.size:
        message = (
            f"{what} {path} hold {rows.ndim}-D values of type {rows.dtype}; give one row of numbers per query"
        )
        raise DataError(message)
    if len(names) != len(rows) or len(set(names)) != len(names):
        message = f"{what} {path} have {len(set(names))} different names for {len(rows)} rows"
        raise DataError(message)
    return names, rows


def scorer_of(
    subject: Subject, queries: str | None, similarities: str | None, index: str | None, wanted: Sequence[str]
) -> tuple[tuple[str, ...], Scorer, NDArray[np.float32] | None]:
    """Return the names of the wanted queries, their source of similarities, and unit query vectors if there are any.

    Raises UsageError where a part is missing, DataError where parts do not fit.
    """
    source = queries or subject.files.get("queries")
    if similarities is not None:
        names, rows = named_arrays(similarities, what="similarities")
        if rows.shape[1] != len(subject):
            message = f"similarities {similarities} are for {rows.shape[1]:,} items, and the table has {len(subject):,}"
            raise DataError(message)
        places = _places(names, wanted, similarities)
        return tuple(names[p] for p in places), Similarities(rows[places], subject.embeddings), None
    if source is None:
        message = "name a file of query vectors with --queries, or similarities with --similarities"
        raise UsageError(message)
    names, rows = named_arrays(source, what="queries")
    places = _places(names, wanted, source)
    vectors = unit(rows[places], what=f"queries {source}")
    chosen = tuple(names[p] for p in places)
    if index is not None:
        return chosen, Index(_faiss_index(index, subject, vectors.shape[1]), vectors), vectors
    if subject.embeddings is None:
        message = "items need vectors: --embeddings FILE.npy or a column of lists, --index, or --similarities"
        raise UsageError(message)
    _same_dimensions(vectors.shape[1], subject.embeddings.shape[1], "embeddings")
    return chosen, Vectors(subject.embeddings, vectors), vectors


def _faiss_index(path: str, subject: Subject, dimensions: int) -> Any:
    try:
        import faiss
    except ImportError as error:
        message = '--index needs FAISS: pip install "fair-auditkit[retrieval]"'
        raise PluginError(message) from error
    try:
        index = faiss.read_index(path)
    except RuntimeError as error:
        message = f"index {path} is not a whole FAISS index"
        raise DataError(message) from error
    if index.ntotal != len(subject):
        message = f"index {path} holds {index.ntotal:,} items, and the table has {len(subject):,}"
        raise DataError(message)
    if index.metric_type != faiss.METRIC_INNER_PRODUCT:
        message = f"index {path} measures distance; build it with inner product on unit vectors"
        raise DataError(message)
    _same_dimensions(dimensions, index.d, "index")
    return index


def _same_dimensions(queries: int, items: int, what: str) -> None:
    if queries != items:
        message = (
            f"queries have {queries} dimensions and the {what} of the items {items}: use one model for both"
        )
        raise DataError(message)


def _places(names: Sequence[str], wanted: Sequence[str], path: str) -> list[int]:
    for name in wanted:
        if name not in names:
            message = f"{path} has no query '{name}'{nearest(name, names)}"
            raise UsageError(message)
    return [names.index(name) for name in dict.fromkeys(wanted)] if wanted else list(range(len(names)))


def array_in(path: str, *, what: str) -> Any:
    """Return the array of an .npy file, mapped, or the arrays of an .npz; DataError for anything else."""
    try:
        return np.load(path, mmap_mode="r" if path.endswith(".npy") else None, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        message = f"{what} {path} cannot be read: not a whole NumPy file of numbers"
        raise DataError(message) from error


def _from_npz(arrays: Mapping[str, Any], path: str, what: str) -> tuple[tuple[str, ...], NDArray[Any]]:
    words = [key for key in arrays if arrays[key].dtype.kind == "U" and arrays[key].ndim == 1]
    tables = [key for key in arrays if arrays[key].ndim == 2]
    if len(words) == 1 and len(tables) == 1:
        return tuple(map(str, arrays[words[0]])), arrays[tables[0]]
    keys = list(arrays)
    numbers = all(arrays[key].ndim == 1 and arrays[key].dtype.kind in "fiu" for key in keys)
    if numbers and len({arrays[key].shape for key in keys}) == 1:
        return tuple(keys), np.stack([arrays[key] for key in keys])
    message = (
        f"{what} {path}: an .npz needs one array of names and one of rows, or one array of numbers per name"
    )
    raise DataError(message)


def _from_table(table: pd.DataFrame, path: str, what: str) -> tuple[tuple[str, ...], NDArray[Any]]:
    named = next((column for column in NAMES if column in table.columns), None)
    names = tuple(map(str, table[named] if named else range(len(table))))
    lists = next((column for column in VECTORS if column in table.columns), None)
    numbers = table.drop(columns=[named] if named else []).select_dtypes("number")
    try:
        rows = (
            np.stack([np.asarray(value, dtype=np.float64) for value in table[lists]])
            if lists
            else numbers.to_numpy()
        )
    except (ValueError, TypeError) as error:
        message = f"{what} {path}: column '{lists}' needs a list of numbers in every row, all of one length"
        raise DataError(message) from error
    return names, rows
