"""What `data.versus` names, found and read: a column or a file of predictions, a table, a model, or a stored run."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from auditkit.data.formats.table import read_table
from auditkit.data.paths import is_file, kind_of, names_in
from auditkit.data.predictions import check_pred
from auditkit.data.sources import is_column_file, loader_of_scheme
from auditkit.errors import DataError, UsageError, nearest
from auditkit.running.reach.inputs import Input, of_file
from auditkit.running.reach.intact import UNKNOWN, intact_report
from auditkit.running.versus.around import Source, Surroundings, loaded
from auditkit.running.versus.stored import stored, stored_run
from auditkit.running.versus.table import of_table
from auditkit.store.runs import runs, runs_folder
from auditkit.values.labels import label_text
from auditkit.values.subject import Subject, Versus

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from auditkit.spec.data import DataSpec


def versus_file(data: DataSpec, folder: Path) -> Path | None:
    """Return the file that `data.versus` names, if it names one that is there; a column may be called so too."""
    if data.versus is None:
        return None
    if (report := stored_run(data.versus, folder)) is not None:
        return report
    return folder / data.versus if is_file(folder / data.versus) else None


def with_versus(subject: Subject, around: Surroundings) -> tuple[Subject, tuple[Input, ...]]:
    """Return the subject with what `data.versus` names, and what was read for it.

    Raises DataError or UsageError where there is no such thing, where its hash is not the one that is pinned, or where
    it does not go with the data.
    """
    if around.data.versus is None:
        if subject.versus is not None:
            message = (
                f"run {around.data.path} has no rows: name the run that it is compared with in data.versus"
            )
            raise UsageError(message)
        if around.data.versus_sha256 is not None:
            message = "data.versus_sha256 is the hash of what data.versus names, and that is missing"
            raise UsageError(message)
        return subject, ()
    source = _source(around.data.versus, subject.table, around)
    _check_pin(source, around)
    read = (of_file(source.file),) if source.file is not None else ()
    try:
        versus, notes = _versus(source, subject, around)
    except (DataError, UsageError) as error:
        message = f"versus {source.name}: {error}"
        raise type(error)(message) from error
    if subject.versus is not None:
        if versus.before is None:
            message = f"run {around.data.path} has no rows: only another run can stand in data.versus"
            raise UsageError(message)
        versus = replace(versus, now=subject.versus.now)
    return replace(subject, versus=versus, notes=(*subject.notes, *notes)), read


def _source(name: str, table: pd.DataFrame, around: Surroundings) -> Source:
    """Return what a name means: a column first, then a run, a table, a file of one column, a model."""
    if name in table.columns:
        return Source("column", name)
    if (report := stored_run(name, around.folder)) is not None:
        return Source("run", name, report)
    path = around.folder / name
    if name in around.host.datasets or loader_of_scheme(name, around.host.loaders):
        return Source("table", name)
    if is_column_file(name):
        one = not name.lower().endswith(".npy") and len(read_table(path).columns) > 1
        return Source("table" if one else "column file", name, path)
    if any(one.extensions and name.lower().endswith(tuple(one.extensions)) for one in around.host.loaders):
        return Source("table", name, path if is_file(path) else None)
    if kind_of(path) == "nothing" and ":" not in name:
        known = [*map(str, table.columns), *runs(runs_folder()), *names_in(around.folder)]
        message = f"versus '{name}' is no column, file or stored run{nearest(name, known)}"
        raise DataError(message)
    return Source("model", name, path if is_file(path) else None)


def _check_pin(source: Source, around: Surroundings) -> None:
    """Raise DataError unless the file has the hash that the recipe pins."""
    pinned = around.data.versus_sha256
    if pinned is None:
        return
    if source.file is None:
        message = (
            f"versus_sha256: '{source.name}' is a {source.kind}, which is no single file; leave the hash out"
        )
        raise UsageError(message)
    with source.file.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != pinned.lower():
        message = (
            f"versus {source.name} is not what was accepted: its SHA-256 is {found}, and versus_sha256 says {pinned}; "
            "accept the new one by changing that line"
        )
        raise DataError(message)


def _versus(source: Source, subject: Subject, around: Surroundings) -> tuple[Versus, list[str]]:
    match source.kind:
        case "run":
            return _of_run(source, subject)
        case "table":
            return of_table(source, subject, around)
        case "column" if around.data.pred is not None or around.data.outcome is not None:
            return _on_these_rows(source, _of_column(subject, source.name), subject), []
        case "column" | "column file" | "model":
            return _on_these_rows(source, loaded(_swapped(source, around.data), around), subject), []


def _on_these_rows(source: Source, old: Subject, subject: Subject) -> Versus:
    """Return the accepted predictions of the subject's own rows, or raise DataError where they are of fewer."""
    if len(old) != len(subject):
        message = (
            f"{len(old):,} rows are left with these predictions and {len(subject):,} with the new ones, as different "
            "rows lack a value; leave out --missing drop, or rows that lack either"
        )
        raise DataError(message)
    places = np.arange(len(subject), dtype=np.int64)
    return Versus(name=f"{source.kind} '{source.name}'", subject=old, rows=places)


def _of_column(subject: Subject, name: str) -> Subject:
    """Return the subject with a column of other labels, or decisions, in the place of its predictions."""
    outcome = subject.outcome
    if outcome is not None and subject.target is None:
        outcome = replace(outcome, column=name)
    return check_pred(replace(subject, pred=name, score=None, model=None, outcome=outcome), name)


def _swapped(source: Source, data: DataSpec) -> DataSpec:
    """Return the data with the other predictions in the place of theirs, on the same rows."""
    bare = replace(data, versus=None, pred=None, score=None, score_of=None, model=None)
    if source.kind == "model":
        return replace(bare, model=source.name, versus=data.pred or data.score)
    if data.outcome is not None:  # of a column file, as a column is looked at in place
        return replace(bare, outcome=source.name, versus=data.outcome)
    if data.pred is None and data.score is not None:
        return replace(bare, score=source.name, score_of=data.score_of, versus=data.score)
    return replace(bare, pred=source.name, versus=data.pred)


def _of_run(source: Source, subject: Subject) -> tuple[Versus, list[str]]:
    """Return the numbers of a stored run, which holds no rows: nothing is paired."""
    if source.file is None:
        message = f"there is no run '{source.name}'"
        raise UsageError(message)
    report = intact_report(source.file, source.name)
    counted, mine = report.subject.get("outcome"), subject.outcome
    if isinstance(counted, dict) and mine is not None and str(counted.get("value")) != label_text(mine.value):
        message = f"it counts '{counted.get('value')}', and these data count '{label_text(mine.value)}'"
        raise DataError(message)
    note = (
        f"Run {source.name} ({report.provenance.get('started', 'no time known')}) is compared by its numbers, which "
        "name no rows: as different rows, with wider intervals."
    )
    unknown = [f"Run {source.name}: {UNKNOWN}"] if UNKNOWN in report.notes else []
    return Versus(name=f"run {source.name}", before=stored(report)), [note, *unknown]
