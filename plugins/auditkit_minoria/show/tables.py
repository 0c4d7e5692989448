"""What a reader acts on: tails at many percentiles, groups that overlap, and the rows to look at first."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from auditkit import Finding, Table, label_text
from auditkit_minoria.groups.threshold import tail_mask, tail_threshold
from auditkit_minoria.show.quality import PERCENTILES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from auditkit import Cell
    from auditkit_minoria.features.levels import Which
    from auditkit_minoria.features.material import Material
    from auditkit_minoria.groups.tail import Tail
    from auditkit_minoria.show.quality import Judged

SHOWN_FEATURES = 5


def tails_of(
    projection: NDArray[np.float64], base: Which, one: Tail, *, own: float
) -> Iterator[tuple[float, NDArray[np.bool_]]]:
    """Yield shares from large to small, and which rows [n] are beyond that quantile of the `base` rows.

    `base` is bool [n] or places. The shares are the paper's and the tail's `own`. One that leaves no row between it and
    the next larger one (too few rows, or ties) is not repeated.
    """
    before = -1
    for share in sorted({*PERCENTILES, own}, reverse=True):
        if share == 1.0:
            members = np.ones(len(projection), dtype=np.bool_)
        else:
            limit = tail_threshold(projection[base], share=share, side=one.side)
            members = tail_mask(projection, limit, one.side)
        size = int(members.sum())
        if size != before:
            yield share, members
        before = size


def percentile_table(
    name: str, tails: Sequence[tuple[float, NDArray[np.bool_]]], how: Judged, *, confidence: float, of: str
) -> Table:
    """Return one row per tail of a direction: rows, share, accuracy, F1 and loss where they are known."""
    rows: list[tuple[Cell, ...]] = []
    for share, members in tails:
        n = int((members & how.rows).sum())
        accuracy = how.metric("accuracy", members, confidence=confidence)
        f1 = how.metric("f1", members, confidence=confidence)
        rows.append(
            (
                f"{share:g}",
                n,
                _rounded(how.share(members)),
                _rounded(accuracy and accuracy[0]),
                _rounded(accuracy and accuracy[1].low),
                _rounded(accuracy and accuracy[1].high),
                _rounded(f1 and f1[0]),
                _rounded(how.mean_loss(members)),
            )
        )
    return Table(
        title=f"Tails of {name}",
        columns=("Percentile", "Rows", "Share", "Accuracy", "Low", "High", "F1", f"Mean {how.unit}"),
        rows=tuple(rows),
        caption=f"Thresholds are quantiles of the {of} rows; the numbers are those of the rows that were not mined."
        if how.loss is not None
        else "All rows: there is no loss to judge by.",
    )


def percentile_findings(
    name: str,
    tails: Sequence[tuple[float, NDArray[np.bool_]]],
    how: Judged,
    *,
    confidence: float,
    min_n: int,
) -> Iterator[Finding]:
    """Yield accuracy, F1 and share of each tail with at least min_n rows to judge by; the table has all."""
    total = int(how.rows.sum())
    for share, members in tails:
        n = int((members & how.rows).sum())
        if n < min_n or share == 1.0:
            continue
        group, details = f"{name} [{share:g}]", {"percentile": share, "of": name}
        for metric in ("accuracy", "f1"):
            estimate = how.metric(metric, members, confidence=confidence)
            if estimate is not None:
                yield Finding(
                    metric=f"tail_{metric}",
                    value=estimate[0],
                    interval=estimate[1],
                    n=n,
                    group=group,
                    details=details,
                )
        yield Finding(metric="tail_share", value=how.share(members), n=total, group=group, details=details)


def overlap_table(named: Sequence[tuple[str, NDArray[np.bool_]]]) -> Table:
    """Return how many rows each two groups share: groups that overlap much are one group found twice."""
    rows = []
    for (first, one), (second, other) in combinations(named, 2):
        both = int((one & other).sum())
        shares = (_rounded(both / max(int(mask.sum()), 1)) for mask in (one, other))
        rows.append((first, second, both, *shares))
    return Table(
        title="Overlap of the groups found",
        columns=("Group", "Other group", "Rows in both", "Share of the group", "Share of the other"),
        rows=tuple(rows),
    )


def first_rows_table(
    material: Material, named: Sequence[tuple[str, NDArray[np.bool_], Sequence[str]]], *, most: int
) -> Table:
    """Return the rows to look at first: each group's `most` rows of highest loss, with the features that weigh most.

    named holds each group's name, its rows bool [n], and the columns that bear on it, most first.
    """
    known = material.loss
    loss = np.zeros(len(material.subject)) if known is None else known
    rows: list[tuple[Cell, ...]] = []
    for name, members, sources in named:
        places = np.flatnonzero(members & ~np.isnan(loss))
        worst = places[np.argsort(-loss[places], kind="stable")][:most]
        rows += [(name, *_record(material, place, sources)) for place in worst.tolist()]
    return Table(
        title="Rows to look at first",
        columns=("Group", "Row", "Loss", "Target", "Predicted", "Largest weights"),
        rows=tuple(rows),
        caption="The rows of highest loss in each group; rows are counted from 0 in the order of the table.",
        personal=True,
    )


def _record(material: Material, place: int, sources: Sequence[str]) -> tuple[Cell, ...]:
    """Return one row as the table shows it: its place, loss, target, prediction and first features."""
    subject, predictions = material.subject, material.predictions
    record = subject.table.iloc[place]
    shown = [source for source in dict.fromkeys(sources) if source in subject.table.columns]
    return (
        place,
        None if material.loss is None else _rounded(float(material.loss[place])),
        None if subject.target is None else label_text(record[subject.target]),
        None if predictions is None else label_text(predictions.pred[place]),
        "; ".join(f"{source} {label_text(record[source])}" for source in shown[:SHOWN_FEATURES]),
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(float(value), 4)
