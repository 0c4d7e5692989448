"""What a search is expected to take, where it is plain `minoria` or slices: the others have no price yet."""

from __future__ import annotations

from dataclasses import replace
from math import comb
from typing import TYPE_CHECKING, Any

from auditkit import Cost, encoded_width, priced
from auditkit_minoria.searches.slices import SliceParams

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditkit import Subject
    from auditkit_minoria.params import CommonParams
    from auditkit_minoria.searches.interface import Search

PRICED = {"climb+focus+slices": "minoria", "slices": "minoria.slices"}


def cost(subject: Subject, params: CommonParams, search: Search[Any], columns: Sequence[str]) -> Cost | None:
    """Return the cost of a search in these columns; one of its items is a re-run on drawn rows."""
    if (
        subject.rest is not None
        or search.name not in PRICED
        or not isinstance(params, SliceParams)
        or params.conditions > 3
    ):
        return None
    n, width = len(subject), _width(subject, columns)
    # Embeddings stand beside the columns: conjunctions are of those that stand out most.
    searched = {
        "rows x width": n * width,
        "rows x pairs": n * comb(len(columns), 2),
        "rows x triples": n * comb(len(columns), 3) if params.conditions == 3 else 0,
    }
    given = subject.loss is not None or subject.pred is not None or subject.score is not None
    whole = priced(
        PRICED[search.name],
        {"rows": n, **searched},
        predicts=not given and subject.target is not None,
    )
    if not params.stability:
        return whole
    once = priced(PRICED[search.name], searched).seconds
    return replace(whole, seconds=whole.seconds + params.stability * once, item_seconds=once)


def _width(subject: Subject, columns: Sequence[str]) -> int:
    extra = 0 if subject.embeddings is None else subject.embeddings.shape[1]
    return encoded_width(subject, columns) + extra
