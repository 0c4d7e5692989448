"""A subject whose table has a row for each cell of the rows that an engine counted."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from auditkit.data.engines.aggregate import aggregated, need_few
from auditkit.data.engines.cells import cells_of, without_missing
from auditkit.data.engines.places import NAMES, place_of
from auditkit.data.engines.question import question_of
from auditkit.data.engines.sqlite import aggregated_in_sqlite
from auditkit.data.engines.tables import opened
from auditkit.data.meaning.counted_scores import with_counted_scores
from auditkit.data.meaning.decisions import as_decision, check_decisions
from auditkit.data.meaning.outcomes import outcome_of
from auditkit.data.meaning.scores import check_words
from auditkit.data.meaning.targets import check_target
from auditkit.data.predictions import check_pred
from auditkit.data.roles import need_one_role
from auditkit.errors import AuditkitError, DataError, UsageError, first_line, out_of_memory, ran_out
from auditkit.values.subject import Subject, is_number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import pandas as pd
    import pyarrow as pa

    from auditkit.data.engines.places import Place
    from auditkit.data.engines.question import Question
    from auditkit.spec.data import DataSpec
    from auditkit.spec.groups import GroupSpec
    from auditkit.values.grouping import Cells


def load_counted(spec: DataSpec, groups: Mapping[str, GroupSpec], *, folder: Path) -> Subject:
    """Return the checked subject of rows that stay where they are: its table has a row for each of their cells.

    It is as `data.subjects.load` would make it, but that groups are known beforehand: nothing else is asked for.
    """
    if spec.sample is not None:
        message = "--sample is for steps that need rows, such as minoria: counts are of all rows"
        raise UsageError(message)
    spec = checked_spec(spec)
    question, place = question_of(spec, groups), place_of(spec, folder)
    found = answer_of(place, question, spec)
    need_few(found.num_rows, question)
    table, cells, notes = without_missing(*cells_of(found, question, spec), spec)
    told = f"{engine_of(place)} counted {int(cells.rows.sum()):,} rows where they are and returned {len(cells):,} cells"
    return subject_of_cells(table, cells, spec, notes=(*notes, f"{told}: {question.words}"))


def checked_spec(spec: DataSpec) -> DataSpec:
    """Return the spec with its decisions as what is predicted; raise for roles that clash."""
    check_words(spec)
    spec = as_decision(spec)
    roles = {"target": spec.target, "pred": spec.pred, "score": spec.score, "weight": spec.weight}
    need_one_role(roles, spec.features, ignored=spec.ignore)
    return spec


def subject_of_cells(table: pd.DataFrame, cells: Cells, spec: DataSpec, *, notes: tuple[str, ...]) -> Subject:
    """Return the checked subject of cells that have a target, a prediction and a weight."""
    if spec.target is not None:
        check_target(table, spec.target, spec.task)
        if is_number(table[spec.target]):
            message = f"target '{spec.target}' is a number, whose errors need the rows; an engine only counts"
            raise DataError(message)
    else:
        check_decisions(table, str(spec.pred))
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
        notes=notes,
        cells=cells,
    )
    return with_counted_scores(check_pred(subject, str(spec.pred)), spec)


def answer_of(place: Place, question: Question, spec: DataSpec) -> pa.Table:
    """Return the engine's answer to a question."""
    with asking(place, spec):
        if place.engine == "sqlite":
            return aggregated_in_sqlite(place, question)
        with opened(place, spec, placed=question.draw is not None) as frame:
            return aggregated(frame, question, source=spec.path)


@contextmanager
def asking(place: Place, spec: DataSpec) -> Iterator[None]:
    """Turn whatever ends an engine's work into one sentence."""
    try:
        yield
    except AuditkitError:
        raise
    except Exception as error:  # an engine raises what it likes
        if ran_out(error):
            raise out_of_memory(error, f"{NAMES[place.engine]}, which counts {spec.path}") from error
        message = f"{NAMES[place.engine]} could not count {spec.path}: {first_line(error)}"
        raise DataError(message) from error


def engine_of(place: Place) -> str:
    """Return the engine's name and version."""
    import importlib.metadata

    if place.engine == "sqlite":
        import sqlite3

        return f"{NAMES['sqlite']} {sqlite3.sqlite_version}"
    return f"{NAMES[place.engine]} {importlib.metadata.version(place.engine)}"
