"""Algorithm 1 step by step: functions added, the gap that is left, and what rounding makes of it (figures 2 to 7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditkit import Chart, Layer, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditkit import Cell
    from auditkit_mpr.run.compared.pareto import Row

ROWS_SHOWN = 120


def iteration_parts(rows: Sequence[Row]) -> tuple[Table, Chart] | None:
    """Return a table of all iterations, and the chart of those with the most; None where the algorithm did not run."""
    ran = [row for row in rows if row.steps]
    if not ran:
        return None
    lines: list[tuple[Cell, ...]] = [
        (
            row.query,
            row.limit.text,
            place,
            step.cuts,
            *(float(f"{value:.5g}") for value in (step.gap, step.mpr, step.similarity / row.k)),
        )
        for row in ran
        for place, step in enumerate(row.steps, 1)
    ]
    left = f" {len(lines) - ROWS_SHOWN:,} further rows are left out." if len(lines) > ROWS_SHOWN else ""
    table = Table(
        title="Algorithm 1 by iteration",
        columns=(
            "query",
            "limit",
            "iteration",
            "functions",
            "gap before rounding",
            "MPR of the list",
            "similarity",
        ),
        rows=tuple(lines[:ROWS_SHOWN]),
        caption=(
            "Functions are those that the program was solved with; the gap before rounding is the largest that any "
            "function shows of its relaxed list, and falls to the limit; MPR and mean similarity are those of the k "
            f"largest entries, which may break it.{left}"
        ),
    )
    return table, _chart(max(ran, key=lambda row: len(row.steps)))


def _chart(row: Row) -> Chart:
    proof, at = row.certificate, tuple(float(place) for place in range(1, len(row.steps) + 1))
    unit = proof.top_mpr if proof.top_mpr > 0 else 1.0
    layers = [
        Layer(
            kind="line",
            name="gap before rounding",
            x=at,
            y=tuple(s.gap / unit for s in row.steps),
            colour="ink",
        ),
        Layer(
            kind="line",
            name="MPR of the list",
            x=at,
            y=tuple(s.mpr / unit for s in row.steps),
            colour="accent",
        ),
        Layer(kind="line", name="limit", x=at, y=tuple(proof.rho / unit for _ in at), colour="alarm"),
    ]
    if proof.top_similarity > 0:
        kept = tuple(step.similarity / proof.top_similarity for step in row.steps)
        layers.append(Layer(kind="line", name="similarity kept", x=at, y=kept, colour="second"))
    return Chart(
        title="Algorithm 1 by iteration",
        layers=tuple(layers),
        x_title="iteration",
        y_title="as a share of the k most similar items' own",
        caption=f"The query '{row.query}' under the limit {row.limit.text}: MPR and similarity by iteration.",
    )
