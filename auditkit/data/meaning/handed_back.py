"""A repair's own file of predictions, joined to the table: by id or by row, with the rows that it learned from."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from auditkit.data.formats.table import read_table
from auditkit.data.paths import is_file
from auditkit.data.sources import is_column_file
from auditkit.errors import DataError
from auditkit.groups.division import TRAINING, VALIDATION
from auditkit.values.labels import label_text

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from auditkit.data.memory import Room
    from auditkit.spec.data import DataSpec
    from auditkit.values.subject import Subject

PRED, SPLIT, ROW = "pred", "split", "row"
"""Columns of the file, besides the id: what is predicted, what the row was for, and its number where it has no id."""


def handed_back(
    table: pd.DataFrame, spec: DataSpec, *, folder: Path, room: Room
) -> tuple[pd.DataFrame, DataSpec, str | None]:
    """Return the table with a repair's predictions and parts as columns, the spec that names them, the parts' column.

    Such a file, named by `pred`, has the columns `pred` and `split`, and the id that the data name, or `row`. Where it
    is none, table and spec are as they were, and there is no column. Raises DataError for one of other rows.
    """
    found = _read(table, spec, folder=folder, room=room)
    if found is None:
        return table, spec, None
    rows = _places(table, found, spec)
    pred, split = (_free(name, table) for name in (PRED, SPLIT))
    parts = found[SPLIT].iloc[rows].astype(str).to_numpy()
    made = table.assign(**{pred: found[PRED].array[rows], split: parts})
    return made, replace(spec, pred=pred, split=spec.split or split), split


def _read(table: pd.DataFrame, spec: DataSpec, *, folder: Path, room: Room) -> pd.DataFrame | None:
    """Return the repair's file that `pred` names, if it names one."""
    name = spec.pred
    if name is None or name in table.columns or name.lower().endswith(".npy"):
        return None
    if not is_column_file(name) or not is_file(folder / name):
        return None
    found = read_table(folder / name, room=room)
    return found if {PRED, SPLIT} <= set(found.columns) else None


def with_seen(subject: Subject, split: str | None, spec: DataSpec) -> Subject:
    """Return the subject with the rows that the repair learned from marked, unless all are asked for, and a note."""
    if split is None:
        return subject
    parts = subject.column(split).str.casefold()
    seen = parts.isin((*TRAINING, *VALIDATION)).to_numpy(dtype=bool)
    if not seen.any() or seen.all():
        return subject
    of = f"{int((~seen).sum()):,} of {len(seen):,} rows"
    if spec.audited == "all":
        note = f"The repair learned from rows that are measured here: {of} are test rows, --audited test measures them."
        return replace(subject, notes=(*subject.notes, note))
    note = (
        f"Audits measure the {of} that the repair's file calls test; --audited all measures the others too."
    )
    return replace(subject, seen=seen, notes=(*subject.notes, note))


def _places(table: pd.DataFrame, found: pd.DataFrame, spec: DataSpec) -> NDArray[np.int64]:
    """Return where each row of the table stands in the file, int64 [n]."""
    import numpy as np
    import pandas as pd

    key = spec.id if spec.id is not None and spec.id in found.columns else ROW
    if key not in found.columns:
        others = [column for column in found.columns if column not in {PRED, SPLIT, "score"}]
        message = (
            f"pred file {spec.pred} names its rows by '{next(iter(others), '')}': name that column with --id"
        )
        raise DataError(message)
    here = pd.Series(np.arange(len(table))) if key == ROW else table[key]
    ids, theirs = (_texts(values) for values in (here, found[key]))
    if theirs.has_duplicates:
        message = f"pred file {spec.pred} names row '{theirs[theirs.duplicated()][0]}' twice; name each once"
        raise DataError(message)
    places: NDArray[np.int64] = theirs.get_indexer(ids).astype(np.int64)
    if (places < 0).any():
        lacking = int((places < 0).sum())
        message = (
            f"pred file {spec.pred} has no prediction for {lacking:,} of {len(table):,} rows, such as '{key}' "
            f"{ids[int((places < 0).argmax())]}"
        )
        raise DataError(message)
    return places


def _texts(values: pd.Series[Any]) -> pd.Index[Any]:
    """Return names of rows as texts: 7 and "7" are one."""
    import pandas as pd

    return pd.Index(values.map(label_text).astype(str))


def _free(name: str, table: pd.DataFrame) -> str:
    while name in table.columns:
        name += "_"
    return name
