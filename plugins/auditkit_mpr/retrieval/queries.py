"""Queries and similarities from files: vectors with names, and the source of similarities they make."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from auditkit import DataError, PluginError, UsageError, nearest, read_array, read_arrays, read_table
from auditkit_mpr.retrieval.lists import queries_in
from auditkit_mpr.retrieval.scoring import Index, Scorer, Similarities, Unscored, Vectors, lengths_off, unit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from auditkit import Subject

NAMES = ("query", "queries", "name", "names", "id")
QUANTISED = 0.1
"""How far from 1 the length of a unit vector may be that an index stores in few bits."""
VECTORS = ("embedding", "embeddings", "vector", "vectors")


@dataclass(frozen=True, eq=False)
class Named:
    """Rows [q, d] of numbers in a file, and their names [q]."""

    path: str
    names: tuple[str, ...]
    rows: NDArray[Any]

    def places(self, wanted: Sequence[str]) -> list[int]:
        """Return where the wanted names stand, all of them if none is wanted; UsageError for an unknown name."""
        for name in wanted:
            if name not in self.names:
                message = f"{self.path} has no query '{name}'{nearest(name, self.names)}"
                raise UsageError(message)
        return (
            [self.names.index(name) for name in dict.fromkeys(wanted)]
            if wanted
            else list(range(len(self.names)))
        )


@dataclass(frozen=True, eq=False)
class Asked:
    """The queries of a run: names [q], where similarities come from, and unit vectors [q, d] if there are any."""

    names: tuple[str, ...]
    scorer: Scorer
    vectors: NDArray[np.float32] | None = None

    @property
    def scored(self) -> bool:
        """Whether there are similarities."""
        return not isinstance(self.scorer, Unscored)


def asked_by_lists(subject: Subject, lists: pd.DataFrame, path: str, wanted: Sequence[str]) -> Asked:
    """Return the queries that lists were made for, without similarities."""
    names = queries_in(lists, path, wanted)
    return Asked(names, Unscored(len(subject), len(names)))


def named_arrays(path: str, *, what: str) -> Named:
    """Return the names [q] and rows [q, d] of a file; a lone row of an .npy is named after its file, several 0, 1, ...

    An .npz holds one array of names and one of rows, or one array per name. A table holds a column of names, and a
    column of lists or columns of numbers. Raises DataError for anything else.
    """
    match Path(path).suffix.lower():
        case ".npy":
            rows = array_in(path, what=what)
            rows = rows[None, :] if rows.ndim == 1 else rows
            names = (Path(path).stem,) if len(rows) == 1 else tuple(map(str, range(len(rows))))
        case ".npz":
            names, rows = _from_npz(array_in(path, what=what), path, what)
        case _:  # every other format of tables, which refuses what it does not know
            names, rows = _from_table(read_table(Path(path)), path, what)
    if not rows.size:
        message = f"{what} {path} are empty; give one row of numbers per query"
        raise DataError(message)
    if rows.ndim != 2 or rows.dtype.kind not in "fiu":
        message = (
            f"{what} {path} hold {rows.ndim}-D values of type {rows.dtype}; give one row of numbers per query"
        )
        raise DataError(message)
    if len(names) != len(rows) or len(set(names)) != len(names):
        message = f"{what} {path} have {len(set(names))} different names for {len(rows)} rows"
        raise DataError(message)
    return Named(path, names, rows)


def asked_by_similarities(subject: Subject, similarities: Named, wanted: Sequence[str]) -> Asked:
    """Return the wanted rows of similarities; DataError unless there is one for each item."""
    if similarities.rows.shape[1] != len(subject):
        message = (
            f"similarities {similarities.path} are for {similarities.rows.shape[1]:,} items, and the table has "
            f"{len(subject):,}"
        )
        raise DataError(message)
    places = similarities.places(wanted)
    names = tuple(similarities.names[place] for place in places)
    return Asked(names, Similarities(similarities.rows[places], subject.embeddings))


def asked_by_vectors(subject: Subject, queries: Named, index: Any, wanted: Sequence[str]) -> Asked:
    """Return the wanted queries against the subject's vectors, or against a FAISS index.

    Raises UsageError where a part is missing, DataError where parts do not fit.
    """
    places = queries.places(wanted)
    names = tuple(queries.names[place] for place in places)
    vectors = unit(queries.rows[places], what=f"queries {queries.path}")
    if index is not None:
        _need_items(index.ntotal, len(subject), "index")
        _need_dimensions(vectors.shape[1], index.d, "index")
        found = Index(index, vectors)
        _need_unit_length(found)
        return Asked(names, found, vectors)
    if subject.embeddings is None:
        message = "items need vectors: --embeddings FILE.npy or a column of lists, --index, or --similarities"
        raise UsageError(message)
    _need_dimensions(vectors.shape[1], subject.embeddings.shape[1], "embeddings")
    return Asked(names, Vectors(subject.embeddings, vectors), vectors)


def faiss_index(path: str) -> Any:
    """Return a FAISS index by inner product; PluginError without FAISS, DataError for another file or index."""
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
    if index.metric_type != faiss.METRIC_INNER_PRODUCT:
        message = f"index {path} measures distance; build it with inner product on unit vectors"
        raise DataError(message)
    return index


def _need_unit_length(index: Index) -> None:
    """Raise DataError for an index of vectors of any length: its inner products are no cosines."""
    stored = index.sample()
    ends = None if stored is None else lengths_off(stored, by=QUANTISED)
    if ends is not None:
        message = (
            f"the index holds vectors of length {ends[0]:.2g} to {ends[1]:.2g}, so that its inner products rank long "
            "vectors first; build it on vectors of length 1, or give --embeddings instead"
        )
        raise DataError(message)


def _need_items(there: int, items: int, what: str) -> None:
    if there != items:
        message = f"the {what} holds {there:,} items, and the table has {items:,}"
        raise DataError(message)


def _need_dimensions(queries: int, items: int, what: str) -> None:
    if queries != items:
        message = (
            f"queries have {queries} dimensions and the {what} of the items {items}: use one model for both"
        )
        raise DataError(message)


def array_in(path: str, *, what: str) -> Any:
    """Return the array of an .npy file, mapped, or the arrays of an .npz; DataError for anything else."""
    place = Path(path)
    return read_arrays(place, what=what) if place.suffix.lower() == ".npz" else read_array(place, what=what)


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
