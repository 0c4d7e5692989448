"""What is reported about lists whose items somebody judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditkit import Finding, Table
from auditkit_mpr.metrics import NDCG, PRECISION, RECALL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditkit_mpr.retrieval.relevance import Judged

NOTHING = "no item of the table is judged to answer the query"


def relevance_findings(
    label: str, judged: Judged | None, *, n: int, query: str, stage: int = 0
) -> list[Finding]:
    """Return precision, recall and nDCG of one list of n items; nothing for a query without judgements."""
    if judged is None:
        return []
    return [
        Finding(
            metric=metric.name,
            value=value,
            n=n,
            group=label,
            stage=stage,
            details={"query": query},
            reason=NOTHING if value is None else "",
        )
        for metric, value in ((PRECISION, judged.precision), (RECALL, judged.recall), (NDCG, judged.ndcg))
    ]


def relevance_table(lists: Sequence[tuple[str, Judged]], k: int) -> Table | None:
    """Return a row for each query with judgements; None where there are none."""
    if not lists:
        return None
    rows = tuple(
        (
            query,
            *(None if value is None else round(value, 4) for value in (own.precision, own.recall, own.ndcg)),
        )
        for query, own in lists
    )
    return Table(
        title="Relevance by query",
        columns=("query", "precision", "recall", "nDCG"),
        rows=rows,
        caption=f"Of the first {k} items of each list; empty where no item of the table answers the query.",
    )
