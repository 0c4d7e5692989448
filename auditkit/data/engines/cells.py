"""The rows of an engine's answer as cells: a table of what they were counted by, and what each cell stands for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditkit.data.formats.arrow import plain_frame
from auditkit.data.memory import room_of
from auditkit.errors import DataError
from auditkit.values.grouping import Cells, ScoreSums

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from auditkit.data.engines.question import Question
    from auditkit.spec.data import DataSpec

MIN_ROWS = 3


def cells_of(found: pa.Table, question: Question, spec: DataSpec) -> tuple[pd.DataFrame, Cells]:
    """Return the keys of each cell by their names, conditions by their expressions, and what the cells sum up.

    The cells have an order of their own, whatever the engine's.
    """
    import numpy as np

    frame = plain_frame(found, Path(spec.path), room_of(None))
    by = [f"k{i}" for i in range(len(question.keys))] + [f"c{i}" for i in range(len(question.conditions))]
    order = by if question.score is None else [*by, "hundredth"]
    frame = frame.sort_values(order, key=lambda values: values.astype(str), kind="stable")
    frame = frame.reset_index(drop=True)
    names = [*(key.name for key in question.keys), *question.conditions]
    table = frame[by].set_axis(names, axis=1)
    rows = frame["rows"].to_numpy(dtype=np.int64)
    scores = None if question.score is None else _scores(frame, question.score)
    if question.score is not None and question.score not in table:
        table[question.score] = frame["hundredth"]
    if question.weight is None:
        ones = rows.astype(np.float64)
        return table, Cells(rows=rows, weights=ones, squares=ones, scores=scores)
    table[question.weight] = np.where(frame["unweighed"].astype(bool), np.nan, frame["weights"])
    _check_weights(frame[~frame["unweighed"].astype(bool)], question.weight)
    weights, squares = (frame[name].to_numpy(dtype=np.float64) for name in ("weights", "squares"))
    return table, Cells(rows=rows, weights=weights, squares=squares, scores=scores)


def _scores(frame: pd.DataFrame, score: str) -> ScoreSums:
    """Return the sums of scores, 0 in cells of rows without one; raise DataError for infinite ones."""
    import numpy as np

    names = ("first", "squares_first", "squares_second", "lowest", "highest")
    first, squares_first, squares_second, least, most = (
        frame[one].to_numpy(dtype=np.float64) for one in names
    )
    if np.isinf(least).any() or np.isinf(most).any():
        message = f"score column '{score}' has infinite values"
        raise DataError(message)
    hundredth = frame["hundredth"].fillna(0).to_numpy(dtype=np.int64)
    return ScoreSums(
        hundredth=hundredth, first=first, squares_first=squares_first, squares_second=squares_second,
        least=least, most=most,
    )  # fmt: skip


def _check_weights(frame: pd.DataFrame, weight: str) -> None:
    """Raise DataError unless all weights are finite, none below zero, and some above."""
    import numpy as np

    least, most = (frame[name].to_numpy(dtype=np.float64) for name in ("least", "most"))
    finite = np.isfinite(least).all() and np.isfinite(most).all()
    wrong = "infinite values" if not finite else "negative values" if (least < 0).any() else ""
    if wrong:
        message = f"weight column '{weight}' has {wrong}"
        raise DataError(message)
    if not (most > 0).any():
        message = f"weight column '{weight}' is zero in every row"
        raise DataError(message)


def without_missing(
    table: pd.DataFrame, cells: Cells, spec: DataSpec
) -> tuple[pd.DataFrame, Cells, tuple[str, ...]]:
    """Return the cells with a target, a prediction and a weight, and a note; raise DataError unless some may go."""
    needed = [name for name in (spec.target, spec.pred, spec.weight, spec.score) if name is not None]
    lacking = table[needed].isna()
    some = {name: int(cells.rows[lacking[name].to_numpy()].sum()) for name in needed if lacking[name].any()}
    roles: dict[Any, str] = {
        spec.target: "target",
        spec.pred: "pred",
        spec.weight: "weight",
        spec.score: "score",
    }
    if some and spec.missing != "drop":
        name, rows = next(iter(some.items()))
        message = f"{roles[name]} column '{name}' has {rows:,} missing values; leave those rows out with --missing drop"
        raise DataError(message)
    kept = ~lacking.any(axis=1).to_numpy()
    dropped = int(cells.rows[~kept].sum())
    shown = ", ".join(f"{name} {rows:,}" for name, rows in some.items())
    notes = (f"{dropped:,} rows with missing values were left out ({shown})",) if dropped else ()
    table, cells = table[kept].reset_index(drop=True), cells[kept]
    if cells.rows.sum() < MIN_ROWS:
        message = f"{spec.path} has {int(cells.rows.sum())} rows; at least {MIN_ROWS} are needed"
        raise DataError(message)
    return table, cells, notes
