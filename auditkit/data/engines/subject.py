"""A subject whose table has a row for each cell of the rows that an engine counted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditkit.data.engines.aggregate import aggregated, need_few
from auditkit.data.engines.question import question_of
from auditkit.data.engines.sqlite import aggregated_in_sqlite
from auditkit.data.engines.tables import NAMES, opened, place_of
from auditkit.data.formats.arrow import plain_frame
from auditkit.data.meaning.decisions import as_decision, check_decisions
from auditkit.data.meaning.outcomes import outcome_of
from auditkit.data.meaning.scores import check_words
from auditkit.data.meaning.targets import check_target
from auditkit.data.memory import room_of
from auditkit.data.predictions import check_pred
from auditkit.data.roles import need_one_role
from auditkit.errors import AuditkitError, DataError, first_line, out_of_memory, ran_out
from auditkit.values.grouping import Cells
from auditkit.values.subject import Subject, is_number

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    import pyarrow as pa

    from auditkit.data.engines.question import Question
    from auditkit.data.engines.tables import Place
    from auditkit.spec.data import DataSpec
    from auditkit.spec.groups import GroupSpec

MIN_ROWS = 3


def load_counted(spec: DataSpec, groups: Mapping[str, GroupSpec], *, folder: Path) -> Subject:
    """Return the checked subject of rows that stay where they are: its table has a row for each of their cells.

    It is as `data.subjects.load` would make it, but that groups are known beforehand: nothing else is asked for.
    """
    check_words(spec)
    spec = as_decision(spec)
    question, place = question_of(spec, groups), place_of(spec, folder)
    roles = {"target": spec.target, "pred": spec.pred, "weight": spec.weight}
    need_one_role(roles, spec.features, ignored=spec.ignore)
    found = _answer(place, question, spec)
    need_few(found.num_rows, question)
    table, cells, notes = _without_missing(*_cells_of(found, question, spec), spec)
    if spec.target is not None:
        check_target(table, spec.target, spec.task)
        if is_number(table[spec.target]):
            message = f"target '{spec.target}' is a number, whose errors need the rows; an engine only counts"
            raise DataError(message)
    else:
        check_decisions(table, str(spec.pred))
    engine = f"{NAMES[place.engine]} {_version(place.engine)}"
    told = f"{engine} counted {int(cells.rows.sum()):,} rows where they are and returned {len(cells):,} cells"
    subject = Subject(
        table=table,
        source=spec.path,
        target=spec.target,
        said_task=spec.task if spec.target is not None else None,
        pred=spec.pred,
        weight=spec.weight,
        given=spec.given,
        outcome=outcome_of(table, spec.target or spec.pred, spec, None),
        sensitive=spec.sensitive,
        notes=(*notes, f"{told}: {question.words}"),
        cells=cells,
    )
    return check_pred(subject, str(spec.pred))


def _answer(place: Place, question: Question, spec: DataSpec) -> pa.Table:
    """Return the engine's answer; whatever ends it becomes one sentence."""
    try:
        if place.engine == "sqlite":
            return aggregated_in_sqlite(place.files[0], place.table, question)
        with opened(place, spec) as frame:
            return aggregated(frame, question, source=spec.path)
    except AuditkitError:
        raise
    except Exception as error:  # an engine raises what it likes
        if ran_out(error):
            raise out_of_memory(error, f"{NAMES[place.engine]}, which counts {spec.path}") from error
        message = f"{NAMES[place.engine]} could not count {spec.path}: {first_line(error)}"
        raise DataError(message) from error


def _cells_of(found: pa.Table, question: Question, spec: DataSpec) -> tuple[pd.DataFrame, Cells]:
    """Return the keys of each cell by their names, in an order of their own, and what the cells sum up."""
    import numpy as np

    frame = plain_frame(found, Path(spec.path), room_of(None))
    by = [f"k{i}" for i in range(len(question.keys))]
    frame = frame.sort_values(by, key=lambda values: values.astype(str), kind="stable").reset_index(drop=True)
    table = frame[by].set_axis([key.name for key in question.keys], axis=1)
    rows = frame["rows"].to_numpy(dtype=np.int64)
    if question.weight is None:
        ones = rows.astype(np.float64)
        return table, Cells(rows=rows, weights=ones, squares=ones)
    table[question.weight] = np.where(frame["unweighed"].astype(bool), np.nan, frame["weights"])
    _check_weights(frame[~frame["unweighed"].astype(bool)], question.weight)
    weights, squares = (frame[name].to_numpy(dtype=np.float64) for name in ("weights", "squares"))
    return table, Cells(rows=rows, weights=weights, squares=squares)


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


def _without_missing(
    table: pd.DataFrame, cells: Cells, spec: DataSpec
) -> tuple[pd.DataFrame, Cells, tuple[str, ...]]:
    """Return the cells with a target, a prediction and a weight, and a note; raise DataError unless some may go."""
    needed = [name for name in (spec.target, spec.pred, spec.weight) if name is not None]
    lacking = table[needed].isna()
    some = {name: int(cells.rows[lacking[name].to_numpy()].sum()) for name in needed if lacking[name].any()}
    roles: dict[Any, str] = {spec.target: "target", spec.pred: "pred", spec.weight: "weight"}
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


def _version(engine: str) -> str:
    import importlib.metadata

    if engine == "sqlite":
        import sqlite3

        return sqlite3.sqlite_version
    return importlib.metadata.version(engine)
