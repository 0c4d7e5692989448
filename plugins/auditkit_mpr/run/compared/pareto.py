"""What every method gives for every limit: a table, and the curve of similarity against MPR with top-k at (1, 1)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING

from auditkit import Chart, Layer, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditkit import Colour
    from auditkit_mpr.methods.interface import Iteration
    from auditkit_mpr.relaxed.certificate import Certificate
    from auditkit_mpr.retrieval.relevance import Judged
    from auditkit_mpr.run.asked.limits import Limit

ROWS_SHOWN = 200
COLOURS: tuple[Colour, ...] = ("accent", "second", "ink", "faint")
WORDS = {"similarity": "Similarity", "precision": "Precision", "recall": "Recall", "ndcg": "nDCG"}
HANDED_BACK = "handed back"
"""What the point of the lists that a repair hands back is called."""


@dataclass(frozen=True)
class Row:
    """One list: its query, limit, method, certificate and length."""

    query: str
    limit: Limit
    method: str
    certificate: Certificate
    k: int
    judged: Judged | None = None
    most: Judged | None = None
    """What judgements say of the list, and of the k most similar items."""
    steps: tuple[Iteration, ...] = ()

    def point(self, axis: str) -> tuple[float, float, float] | None:
        """Return MPR / MPR of top-k, the axis's value, and that of top-k; None where top-k has no positive value.

        The value is similarity / similarity of top-k, or precision, recall or nDCG as they are.
        """
        proof = self.certificate
        if proof.top_mpr <= 0:
            return None
        share = proof.mpr / proof.top_mpr
        if axis == "similarity":
            return (
                None if proof.top_similarity <= 0 else (share, proof.similarity / proof.top_similarity, 1.0)
            )
        own, most = (None if one is None else getattr(one, axis) for one in (self.judged, self.most))
        return None if own is None or most is None else (share, own, most)


def rows_table(rows: Sequence[Row], name: str) -> Table:
    """Return one line per query, limit and method."""
    shown = rows[:ROWS_SHOWN]
    judged = ("precision", "recall", "nDCG") if any(row.judged for row in rows) else ()
    left = f" {len(rows) - len(shown):,} further rows are left out." if len(rows) > len(shown) else ""
    return Table(
        title="Lists under a limit",
        columns=("query", "limit", "method", "MPR", "within", "similarity", "bound", "of top-k", *judged),
        rows=tuple(_line(row, judged=bool(judged)) for row in shown),
        caption=(
            f"MPR over {name} functions. No list within the limit has a mean similarity above the bound (empty: "
            "no list is known to be within it); of top-k is the share of the similarity of the k most similar "
            f"items that is kept.{left}"
        ),
    )


def pareto_chart(rows: Sequence[Row], chosen: tuple[str, str], *, axis: str = "similarity") -> Chart:
    """Return the curve of every method, averaged over queries: one point per limit, and top-k at (1, its own value).

    `chosen` are the limit, as it is written, and the method whose lists the repair hands back; `axis` is similarity,
    precision, recall or ndcg.
    """
    points: dict[str, dict[str, list[tuple[float, float]]]] = defaultdict(lambda: defaultdict(list))
    most: dict[str, float] = {}
    for row in rows:
        if (point := row.point(axis)) is not None:
            points[row.method][row.limit.text].append(point[:2])
            most[row.query] = point[2]
    layers = [
        _layer(method, by_limit, COLOURS[place % len(COLOURS)])
        for place, (method, by_limit) in enumerate(points.items())
    ]
    if most:
        level = fmean(most.values())
        layers.append(
            Layer(kind="points", name="top-k", x=(1.0,), y=(level,), colour="alarm", texts=("top-k",))
        )
    limit, method = chosen
    if mine := points[method][limit]:
        x, y = fmean(a for a, _ in mine), fmean(b for _, b in mine)
        layers.append(
            Layer(kind="points", name=HANDED_BACK, x=(x,), y=(y,), colour="third", texts=(HANDED_BACK,))
        )
    return Chart(
        title=f"{WORDS[axis]} against representation",
        layers=tuple(layers),
        x_title="MPR / MPR of the k most similar",
        y_title="similarity / similarity of the k most similar" if axis == "similarity" else WORDS[axis],
        caption=(
            "Means over queries, one point per limit; left is better represented, up is more relevant. The k "
            "most similar items are at 1 on the axis of MPR."
        ),
    )


def _layer(method: str, by_limit: dict[str, list[tuple[float, float]]], colour: Colour) -> Layer:
    means = sorted((fmean(x for x, _ in found), fmean(y for _, y in found)) for found in by_limit.values())
    distinct = sorted(dict(means).items())
    return Layer(
        kind="line" if len(distinct) > 1 else "points",
        name=method,
        x=tuple(x for x, _ in distinct),
        y=tuple(y for _, y in distinct),
        colour=colour,
    )


def _line(row: Row, *, judged: bool) -> tuple[str | float | None, ...]:
    proof, k = row.certificate, row.k
    kept = proof.similarity / proof.top_similarity if proof.top_similarity > 0 else None
    bound = None if proof.similarity_bound is None else proof.similarity_bound / k
    numbers = (proof.mpr, proof.similarity / k, bound, kept)
    mpr, similarity, upper, share = (None if v is None else float(f"{v:.6g}") for v in numbers)
    limit = f"{proof.rho:.5g}" + (f" ({row.limit.text})" if row.limit.relative else "")
    own = row.judged
    relevance = (None, None, None) if own is None else (own.precision, own.recall, own.ndcg)
    more = tuple(None if value is None else round(value, 4) for value in relevance) if judged else ()
    return row.query, limit, row.method, mpr, _within(proof), similarity, upper, share, *more


def _within(proof: Certificate) -> str:
    """Return whether a list keeps its limit, whether none does, and whether it is that of the least MPR."""
    if proof.meets:
        return "yes"
    proven = "no, proven" if proof.infeasible else "no"
    words = {"": "", "proven": ": the least MPR there is", "reached": ": the least MPR reached"}
    return proven + words[proof.least]
