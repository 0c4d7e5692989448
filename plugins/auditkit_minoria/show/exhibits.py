"""The exhibits of a search: tails, overlap, rows to look at, what a column reveals, pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from auditkit_minoria.show.paper import beside_paper
from auditkit_minoria.show.pictures import histogram, plane_chart
from auditkit_minoria.show.quality import judged
from auditkit_minoria.show.reveal import reveal, reveal_chart, reveal_table, values_of
from auditkit_minoria.show.tables import (
    first_rows_table,
    overlap_table,
    percentile_findings,
    percentile_table,
    tails_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditkit import Context, Finding
    from auditkit_minoria.confirm.judge import MinedGroup
    from auditkit_minoria.features.material import Material
    from auditkit_minoria.groups.tail import Tail
    from auditkit_minoria.params import CommonParams
    from auditkit_minoria.show.quality import Judged

MOST_PICTURES = 3
"""Groups that get pictures of their own; the tables have all of them."""


def show(
    material: Material, named: Sequence[tuple[str, MinedGroup]], *, params: CommonParams, context: Context
) -> list[Finding]:
    """Show all exhibits of the named groups; return the findings of the percentiles of those that are tails."""
    how = judged(material)
    groups = [(name, one) for name, one in named if one.group]
    if len(groups) > 1:
        context.show(overlap_table([(name, one.members) for name, one in groups]))
    if groups:
        rows = [(name, one.members, one.rule.sources(material.features)) for name, one in groups]
        context.show(first_rows_table(material, rows, most=context.stats.show_rows))
    if params.reveal is not None:
        _reveal(params.reveal, material, named, how, context)
    tails = [(name, one.tail) for name, one in named if one.tail is not None]
    for table in beside_paper(material, tails, how, params):
        context.show(table)
    findings = [
        finding
        for name, tail in tails
        for finding in _percentiles(name, tail, material, how, params=params, context=context)
    ]
    for name, tail in tails[:MOST_PICTURES]:
        _pictures(name, tail, material, context)
    return findings


def _percentiles(
    name: str, tail: Tail, material: Material, how: Judged, *, params: CommonParams, context: Context
) -> list[Finding]:
    """Show a tail at the paper's percentiles and its own share; return its findings."""
    projection, stats = material.features.matrix @ tail.direction, context.stats
    base = material.standing(material.mining if params.tails_of == "mined" else how.rows)
    tails = list(tails_of(projection, base, tail, own=params.tail))
    context.show(percentile_table(name, tails, how, confidence=stats.confidence, of=params.tails_of))
    return list(percentile_findings(name, tails, how, confidence=stats.confidence, min_n=stats.min_n))


def _pictures(name: str, tail: Tail, material: Material, context: Context) -> None:
    """Show the projected rows and, of two features, the plane."""
    features = material.features
    if np.isinf(tail.threshold):
        return
    context.show(histogram(name, features.matrix @ tail.direction, tail))
    if features.matrix.shape[1] == 2:
        labels = (features.columns[0].name, features.columns[1].name)
        context.show(plane_chart(name, features, tail, labels, context.rng(f"{name}/points")))


def _reveal(
    column: str, material: Material, named: Sequence[tuple[str, MinedGroup]], how: Judged, context: Context
) -> None:
    """Show whom the column to reveal puts among each group's worst rows, as a table and as charts."""
    if how.loss is None:
        context.skip(f"reveal {column}", "without a loss there are no worst rows")
        return
    members = [(name, one.members) for name, one in named]
    if not any(mask.any() for _, mask in members):
        context.skip(f"reveal {column}", "no direction was found")
        return
    values = values_of(material.subject.column(column))
    found = list(reveal(members, how.loss, how.rows, values, confidence=context.stats.confidence))
    context.show(reveal_table(column, found))
    for group, _ in members[:MOST_PICTURES]:
        own = [one for one in found if one.group == group]
        if own:
            context.show(reveal_chart(column, group, own))
    if column in material.subject.features:
        context.say(f"minoria: mining did not see '{column}'; a baseline or a model may have")
