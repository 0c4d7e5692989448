"""The exhibits of a search: tails, overlap, rows to look at, what a column reveals, pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from auditkit_minoria.run.mine import MinedDirection
from auditkit_minoria.show.pictures import histogram, plane_chart
from auditkit_minoria.show.reveal import Revealed, reveal, reveal_chart, reveal_table, values_of
from auditkit_minoria.show.tables import (
    first_rows_table,
    overlap_table,
    percentile_findings,
    percentile_table,
    tails_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from auditkit import Context, Finding, Subject
    from auditkit_minoria.features.encoded import Features
    from auditkit_minoria.run.mine import MinedGroup
    from auditkit_minoria.show.quality import Judged

MOST_PICTURES = 3
"""Groups that get pictures of their own; the tables have all of them."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Shown:
    """What exhibits are made from: mining bool [n] are the rows that were searched, `how` judges by the others."""

    subject: Subject
    features: Features
    mining: NDArray[np.bool_]
    how: Judged
    params: Any
    context: Context


def show(
    shown: Shown, named: Sequence[tuple[str, MinedGroup]], *, predicted: NDArray[Any] | None
) -> list[Finding]:
    """Show all exhibits of the named directions or clusters; return the findings of their percentiles."""
    context, matrix = shown.context, shown.features.matrix
    stats = context.stats
    members = [(name, one.tail(matrix)) for name, one in named if one.group]
    if len(members) > 1:
        context.show(overlap_table(members))
    if members:
        heavy = {name: _sources(one, shown.features) for name, one in named}
        rows = [(name, mask, heavy[name]) for name, mask in members]
        context.show(first_rows_table(shown.subject, rows, shown.how, predicted))
    if shown.params.reveal is not None:
        _reveal(shown, [(name, one.tail(matrix)) for name, one in named])
    findings: list[Finding] = []
    for name, one in named:
        if isinstance(one, MinedDirection):
            tails = list(tails_of(matrix @ one.direction, shown.mining, one, tail=shown.params.tail))
            context.show(percentile_table(name, tails, shown.how, confidence=stats.confidence))
            findings += percentile_findings(
                name, tails, shown.how, confidence=stats.confidence, min_n=stats.min_n
            )
    for name, one in [(name, one) for name, one in named if isinstance(one, MinedDirection)][:MOST_PICTURES]:
        if not np.isinf(one.threshold):
            context.show(histogram(name, matrix @ one.direction, one))
            if matrix.shape[1] == 2:
                labels = (shown.features.columns[0].name, shown.features.columns[1].name)
                context.show(plane_chart(name, matrix, one, labels, context.rng(f"{name}/points")))
    return findings


def _sources(one: MinedGroup, features: Features) -> list[str]:
    """Return the source columns of a direction's weights, largest first; all of them for a cluster."""
    if not isinstance(one, MinedDirection):
        return [column.source for column in features.columns]
    size = np.abs(one.direction) * features.matrix.std(axis=0)
    order = np.argsort(-size, kind="stable")
    return [features.columns[i].source for i in order.tolist() if one.direction[i] != 0]


def _reveal(shown: Shown, members: Sequence[tuple[str, NDArray[np.bool_]]]) -> None:
    """Show whom the column to reveal puts among each group's worst rows, as a table and as charts."""
    name, context = str(shown.params.reveal), shown.context
    if shown.how.loss is None:
        context.skip(f"reveal {name}", "without a loss there are no worst rows")
        return
    if not any(mask.any() for _, mask in members):
        context.skip(f"reveal {name}", "no direction was found")
        return
    column = values_of(shown.subject.column(name))
    found: list[Revealed] = list(
        reveal(members, shown.how.loss, shown.how.rows, column, confidence=context.stats.confidence)
    )
    context.show(reveal_table(name, found))
    for group, _ in members[:MOST_PICTURES]:
        own = [one for one in found if one.group == group]
        if own:
            context.show(reveal_chart(name, group, own))
    if name in shown.subject.features:
        context.say(f"minoria: mining did not see '{name}'; a baseline or a model may have")
