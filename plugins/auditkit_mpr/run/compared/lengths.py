"""The least MPR that lists of several lengths can have, and whom a list of that length still leaves farthest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditkit import Chart, Layer, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditkit import Cell
    from auditkit_mpr.classes.ball import Ball
    from auditkit_mpr.classes.groups import Groups
    from auditkit_mpr.retrieval.candidates import Candidates
    from auditkit_mpr.run.shares import ShareTable


def least_by_length(
    one: Ball | Groups, candidates: Candidates, lengths: Sequence[int], shares: ShareTable
) -> tuple[Table, Chart]:
    """Return, for each length, the least MPR that a list was found to have, a proven bound, and its worst group."""
    rows: list[tuple[Cell, ...]] = []
    reached, bounds = [], []
    for length in sorted(set(lengths)):
        floor = one.limits(candidates, k=length).proven_floor()
        worst = shares.add(candidates, floor.chosen)
        reached.append(floor.reached)
        bounds.append(min(floor.lower_bound, floor.reached))
        said = "" if worst is None else worst.in_words()
        rows.append((length, float(f"{reached[-1]:.5g}"), float(f"{bounds[-1]:.5g}"), said))
    at = tuple(float(length) for length in sorted(set(lengths)))
    title = "Least MPR by length of the list"
    table = Table(
        title=title,
        columns=("k", "least MPR found", "none is below", "worst group of that list"),
        rows=tuple(rows),
        caption=(
            f"Lists of k of the items for '{candidates.query}', whatever their similarity; {one.name}. Where both "
            "numbers are the same, the least is proven."
        ),
    )
    chart = Chart(
        title=title,
        layers=(
            Layer(kind="line", name="found", x=at, y=tuple(reached)),
            Layer(kind="line", name="none is below", x=at, y=tuple(bounds), colour="faint"),
        ),
        x_title="items in the list",
        y_title=f"MPR ({one.name})",
        caption="A limit below the curve is one that no list of that length keeps.",
    )
    return table, chart
