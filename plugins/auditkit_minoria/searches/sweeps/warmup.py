"""The naive exact search of two numeric features (paper, Algorithm 1), to teach and to check the sweep."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditkit_minoria.features.needs import Needs
from auditkit_minoria.params import CommonParams
from auditkit_minoria.searches.interface import Search

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditkit_minoria.groups.rule import Rule
    from auditkit_minoria.searches.interface import Ground

MOST_ROWS = 1_000
"""Its time grows with the square of the rows: some 0.3 s for a thousand."""


def propose(ground: Ground, params: CommonParams) -> Sequence[Rule]:  # noqa: ARG001  it has no settings of its own
    """Return the tails of the peaks over the vertices of the median level."""
    from auditkit_minoria.directions.meetings import peaks_of_meetings

    return ground.tails([peaks_of_meetings(ground.sample(MOST_ROWS))])


SEARCH = Search(
    name="warmup",
    title="the naive search of two features",
    method=(
        "The warm-up (algorithm 1) is exact but for Theorem 3's maximum in between: it computes the skewness anew, "
        "from all rows, wherever the median meets another row. It searches at most 1,000 rows."
    ),
    Params=CommonParams,
    propose=propose,
    needs=Needs(fewest=2, most=2, numbers=True, most_rows=MOST_ROWS, instead="minoria.sweep"),
    exact=True,
)
