"""Rows keep their identity through a repair: everything that belongs to a row goes where the row goes.

What a repair hands back is trusted in its table and its columns' roles only. Attributes, groups, and the rows that
searches and repairs have seen are those of before, taken along by the table's index.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from auditkit.data.meaning.scores import score_values
from auditkit.data.predictions import check_pred
from auditkit.data.roles import check_loss, check_weight
from auditkit.errors import DataError
from auditkit.running.handed.contract import fault, shown
from auditkit.running.handed.moved import lost_index
from auditkit.values.subject import Subject

if TYPE_CHECKING:
    from collections.abc import Sized

    import pandas as pd
    from numpy.typing import NDArray

    from auditkit.step.step import Repaired
    from auditkit.values.subject import Images, Retrieval


ROLES = ("target", "pred", "score", "loss", "weight", "cluster", "id", "split")


def followed(before: Subject, repaired: Repaired, *, who: str) -> Subject:
    """Return the repaired subject with the groups of before, regrouped by the identity of its rows.

    Raises PluginError, beginning with `who`, for a table without rows, for an index that does not say which rows they
    are, and for arrays of other lengths.
    """
    after = repaired.subject
    _check_types(repaired, who)
    rows = _places(before, after.table, who)
    learned = _learned(before, repaired, who)
    same = len(rows) == len(before) and bool((rows == np.arange(len(rows))).all())
    moved = before if same else before.take(rows)
    seen = learned if before.seen is None else before.seen if learned is None else before.seen | learned
    subject = replace(
        after,
        table=after.table if same else after.table.reset_index(drop=True),
        groupings=moved.groupings,
        groups=moved.groups,
        embeddings=_embeddings(before, after, moved, who),
        images=_images(before, after, moved, who),
        retrieval=_retrieval(before, after, moved),
        seen=None if seen is None else seen[rows],
        versus=moved.versus,
    )
    _check_roles(subject, who)
    _check_values(before, subject, who)
    return subject


def unseen(subject: Subject) -> NDArray[np.int64] | None:
    """Return the places of the rows that no repair learned from, int64 [m]; None where all or none are such rows."""
    if subject.seen is None or not subject.seen.any() or subject.seen.all():
        return None
    return np.flatnonzero(~subject.seen)


def _check_types(repaired: Repaired, who: str) -> None:
    import pandas as pd

    if not isinstance(repaired.subject, Subject) or not isinstance(repaired.subject.table, pd.DataFrame):
        fault(who, f"it must hand back a Subject with a table, and hands back {shown(repaired.subject)}")
    if not isinstance(repaired.result, pd.DataFrame | None):
        fault(who, f"its result must be a pandas DataFrame, and is {shown(repaired.result)}")


def _places(before: Subject, table: pd.DataFrame, who: str) -> NDArray[np.int64]:
    """Return which row of before each row of the table is, int64 [m]."""
    if not len(table):
        fault(who, "it hands back no rows")
    if not table.index.is_unique:
        fault(who, f"it hands back row {table.index[table.index.duplicated()][0]} more than once")
    rows: NDArray[np.int64] = before.table.index.get_indexer(table.index).astype(np.int64)
    if (rows < 0).any():
        fault(
            who,
            f"it hands back row {table.index[rows < 0][0]}, which it was not given; keep the table's index",
        )
    if lost_index(before.table, table, rows):
        fault(
            who,
            "it hands back rows under the numbers of other rows; keep the table's index when rows are reordered or "
            "left out (no reset_index)",
        )
    return rows


def _learned(before: Subject, repaired: Repaired, who: str) -> NDArray[np.bool_] | None:
    if repaired.learned is None:
        return None
    learned = np.asarray(repaired.learned)
    if learned.dtype != bool or learned.shape != (len(before),):
        fault(who, f"learned must mark the {len(before):,} rows that the repair was given, bool [n]")
    return learned


def _embeddings(
    before: Subject, after: Subject, moved: Subject, who: str
) -> NDArray[np.floating[Any]] | None:
    """Return the repaired embeddings: those of before follow their rows, new ones are one for each row."""
    if after.embeddings is before.embeddings:
        return moved.embeddings
    _need_length(after.embeddings, len(moved), "embeddings", who)
    return after.embeddings


def _images(before: Subject, after: Subject, moved: Subject, who: str) -> Images | None:
    """Return the repaired images, by the same rule."""
    if after.images is before.images:
        return moved.images
    _need_length(after.images, len(moved), "images", who)
    return after.images


def _retrieval(before: Subject, after: Subject, moved: Subject) -> Retrieval | None:
    """Return the repaired result lists: those of before without the items that are gone."""
    return moved.retrieval if after.retrieval is before.retrieval else after.retrieval


def _need_length(held: Sized | None, rows: int, what: str, who: str) -> None:
    if held is not None and len(held) != rows:
        fault(who, f"it hands back {rows:,} rows and {len(held):,} {what}")


def _check_roles(subject: Subject, who: str) -> None:
    """Raise PluginError where a column that the repaired subject names is not in its table."""
    named = {role: getattr(subject, role) for role in ROLES}
    many = {
        "a feature": subject.features,
        "a sensitive column": subject.sensitive,
        "a column to compare within": subject.given,
    }
    held = [(role, name) for role, name in named.items() if name is not None]
    held += [(role, name) for role, names in many.items() for name in names]
    for role, name in held:
        if name not in subject.table.columns:
            fault(who, f"it hands back a table without column '{name}', which is {role} of its subject")


def _check_values(before: Subject, after: Subject, who: str) -> None:
    """Raise PluginError for values that predictions, scores, losses or weights cannot have."""
    try:
        if after.pred is not None and set(before.classes) <= set(after.classes):
            check_pred(after, after.pred)
        if after.score is not None:
            score_values(after.column(after.score))
        if after.loss is not None:
            check_loss(after.table, after.loss)
        if after.weight is not None:
            check_weight(after.table, after.weight)
    except DataError as error:
        fault(who, f"it hands back a table that cannot be: {error}")
