"""What `data.versus` names, found and read: a column or a file of predictions, a table, a model, or a stored run."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from auditkit.data.formats.table import read_table
from auditkit.data.pairing import same_rows
from auditkit.data.paths import is_file, kind_of, names_in
from auditkit.data.predictions import check_pred, plain_values
from auditkit.data.sources import is_column_file, loader_of_scheme, read_source
from auditkit.data.subjects import load
from auditkit.errors import DataError, UsageError, nearest
from auditkit.groups.cut import group_by, group_specs
from auditkit.groups.expressions import columns_read
from auditkit.running.reach.inputs import Input, of_file
from auditkit.running.versus.stored import stored, stored_run
from auditkit.store.runs import read_report, runs, runs_folder
from auditkit.values.labels import label_text
from auditkit.values.subject import Subject, Versus

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd
    from numpy.typing import NDArray

    from auditkit.plugins.host import Host
    from auditkit.spec.consent import Consent
    from auditkit.spec.data import DataSpec
    from auditkit.spec.groups import GroupSpec

Kind = Literal["column", "run", "column file", "table", "model"]


@dataclass(frozen=True)
class Source:
    """What `data.versus` turned out to be, and the file that holds it, where one file does."""

    kind: Kind
    name: str
    file: Path | None = None


@dataclass(frozen=True)
class Surroundings:
    """What reading takes: the plan's data, groups, folder, plugins, and what was agreed to."""

    data: DataSpec
    groups: Mapping[str, GroupSpec]
    host: Host
    folder: Path
    consent: Consent


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
            return _of_table(source, subject, around)
        case "column" if around.data.pred is not None or around.data.outcome is not None:
            return _on_these_rows(source, _of_column(subject, source.name), subject), []
        case "column" | "column file" | "model":
            return _on_these_rows(source, _loaded(_swapped(source, around.data), around), subject), []


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


def _of_table(source: Source, subject: Subject, around: Surroundings) -> tuple[Versus, list[str]]:
    """Return the accepted predictions of another table, by row where the rows are known to be the same."""
    dataset = around.host.datasets.get(source.name)
    table = read_source(
        source.name, dataset, datasets=around.host.datasets, loaders=around.host.loaders, folder=around.folder,
        read=read_table,
    )  # fmt: skip
    _need_own_predictions(table, around.data)
    if (
        subject.target is not None
        and subject.target not in table.columns
        and around.data.pred in table.columns
    ):
        old = _bare(table, source, around.data)
    else:
        spec = _of_columns(_as_declared(around, subject), set(table.columns))
        old = _loaded(replace(spec, path=source.name), around)
        groups = around.groups or _groups_of(around)
        old = group_by(old, {name: one for name, one in groups.items() if _can_cut(one, old.table)})
    if around.data.id is not None and around.data.id not in old.table.columns:
        message = f"it has no column '{around.data.id}', which --id names{nearest(around.data.id, old.table.columns)}"
        raise DataError(message)
    rows, notes = same_rows(subject, old, key=around.data.id)
    if rows is None and subject.target is not None and old.target is None:
        message = f"it has no column '{subject.target}', and its rows are not known to be these: name them with --id"
        raise DataError(message)
    if rows is not None:
        notes += _moved(subject, old, rows)
    if around.data.model is not None:
        notes.append(
            f"Both tables are predicted by {around.data.model}: what changed is the rows, not the model."
        )
    return Versus(name=source.name, subject=old, rows=rows), notes


def _need_own_predictions(table: pd.DataFrame, data: DataSpec) -> None:
    """Raise DataError where the new predictions lie in a file: the other table would be given them too."""
    for role in ("outcome", "pred", "score"):
        name = getattr(data, role)
        if name is not None and name not in table.columns and is_column_file(name):
            message = (
                f"its predictions would be those of {name}, which belong to the new table: put both into their tables, "
                "as columns of one name"
            )
            raise DataError(message)


def _bare(table: pd.DataFrame, source: Source, data: DataSpec) -> Subject:
    """Return a table of predictions without true labels: which row each belongs to is all that is asked of it."""
    pred = str(data.pred)
    if data.missing == "drop":
        table = table.dropna(subset=[name for name in (pred, data.id) if name in table.columns]).reset_index(
            drop=True
        )
    plain_values(table[pred], role="pred")
    return Subject(table=table, source=source.name, pred=pred)


def _as_declared(around: Surroundings, subject: Subject) -> DataSpec:
    """Return the data with the target and the outcome that a bundled data set gives them, where it does."""
    if around.data.path not in around.host.datasets:
        return around.data
    told: dict[str, Any] = {"target": subject.target}
    if subject.outcome is not None and subject.outcome.said:
        told[subject.outcome.kind] = subject.outcome.value
    return replace(around.data, **told)


def _groups_of(around: Surroundings) -> Mapping[str, GroupSpec]:
    """Return the groups that a bundled data set has of its own."""
    dataset = around.host.datasets.get(around.data.path)
    return group_specs(dataset.groups) if dataset is not None else {}


def _of_columns(data: DataSpec, columns: set[str]) -> DataSpec:
    """Return the data without what the other table has no column for; it may hold ids and predictions alone."""
    spec = replace(data, versus=None, embeddings=None, images=None, loss=None)
    lacking: dict[str, Any] = {
        role: None
        for role in ("target", "weight", "cluster", "split", "count", "id")
        if (name := getattr(data, role)) is not None and name not in columns
    }
    if "target" in lacking:
        lacking |= dict.fromkeys(("task", "favourable", "unfavourable", "positive"))
    if data.pred is not None and data.score is not None and data.score not in columns:
        lacking |= dict.fromkeys(("score", "score_of", "cut"))
    held: dict[str, Any] = {
        role: tuple(name for name in getattr(data, role) if name in columns)
        for role in ("features", "ignore", "sensitive")
    }
    return replace(spec, **lacking, **held)


def _can_cut(group: GroupSpec, table: pd.DataFrame) -> bool:
    read = columns_read(group.where) if group.where is not None else (str(group.column),)
    return all(name in table.columns for name in read)


def _moved(new: Subject, old: Subject, rows: NDArray[np.int64]) -> list[str]:
    """Return what is to be said of rows that were in another group before."""
    theirs, here, said = {grouping.name: grouping for grouping in old.groupings}, rows >= 0, []
    for mine in new.groupings:
        other = theirs.get(mine.name)
        if other is None:
            continue
        labels = [np.array([*one.labels, ""], dtype=object) for one in (mine, other)]
        moved = int((labels[0][mine.codes[here]] != labels[1][other.codes[rows[here]]]).sum())
        if moved:
            said.append(
                f"{moved:,} rows have another {mine.name} in {old.source}: they stand in the new group."
            )
    return said


def _of_run(source: Source, subject: Subject) -> tuple[Versus, list[str]]:
    """Return the numbers of a stored run, which holds no rows: nothing is paired."""
    if source.file is None:
        message = f"there is no run '{source.name}'"
        raise UsageError(message)
    report = read_report(source.file)
    counted, mine = report.subject.get("outcome"), subject.outcome
    if isinstance(counted, dict) and mine is not None and str(counted.get("value")) != label_text(mine.value):
        message = f"it counts '{counted.get('value')}', and these data count '{label_text(mine.value)}'"
        raise DataError(message)
    note = (
        f"Run {source.name} ({report.provenance.get('started', 'no time known')}) is compared by its numbers, which "
        "name no rows: as different rows, with wider intervals."
    )
    return Versus(name=f"run {source.name}", before=stored(report)), [note]


def _loaded(spec: DataSpec, around: Surroundings) -> Subject:
    return load(
        spec,
        datasets=around.host.datasets,
        loaders=around.host.loaders,
        models=around.host.models,
        folder=around.folder,
        consent=around.consent,
    )
