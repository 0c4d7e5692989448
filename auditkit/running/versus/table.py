"""Another table: its predictions, its rows as far as they are the same, and its groups."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from auditkit.data.formats.table import read_table
from auditkit.data.pairing import same_rows
from auditkit.data.predictions import plain_values
from auditkit.data.sources import is_column_file, read_source
from auditkit.errors import DataError, nearest
from auditkit.groups.cut import group_by, group_specs
from auditkit.groups.syntax import columns_read
from auditkit.running.versus.around import Source, Surroundings, loaded
from auditkit.values.subject import Subject, Versus

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from auditkit.spec.data import DataSpec
    from auditkit.spec.groups import GroupSpec


def of_table(source: Source, subject: Subject, around: Surroundings) -> tuple[Versus, list[str]]:
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
        old = loaded(replace(spec, path=source.name), around)
        groups = around.groups or _groups_of(around)
        old = group_by(old, {name: one for name, one in groups.items() if _can_cut(one, old.table)})
    if around.data.id is not None and around.data.id not in old.table.columns:
        message = f"it has no column '{around.data.id}', which --id names{nearest(around.data.id, old.table.columns)}"
        raise DataError(message)
    rows, notes = same_rows(subject, old, key=around.data.id)
    if rows is None:
        _need_own_columns(table, subject, around.data)
    if rows is not None:
        notes += _moved(subject, old, rows)
    if around.data.model is not None:
        notes.append(
            f"Both tables are predicted by {around.data.model}: what changed is the rows, not the model."
        )
    return Versus(name=source.name, subject=old, rows=rows), notes


def _need_own_columns(table: pd.DataFrame, subject: Subject, data: DataSpec) -> None:
    """Raise DataError where other rows lack what says how they count: their numbers would be of another kind."""
    for name in (subject.target, data.weight, data.cluster, data.count):
        if name is not None and name not in table.columns:
            message = (
                f"it has no column '{name}', and its rows are not known to be these: name them with --id"
            )
            raise DataError(message)


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
