"""The baseline (paper, 7.1.2): k-means clusters, judged as tails are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from annotated_doc import Doc
from annotated_types import Ge, Le

from auditkit_minoria.params import CommonParams
from auditkit_minoria.searches.interface import Search

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditkit_minoria.groups.rule import Rule
    from auditkit_minoria.searches.interface import Ground


@dataclass(frozen=True, kw_only=True)
class KMeansParams(CommonParams):
    """The same, and the number of clusters."""

    clusters: Annotated[int, Ge(2), Le(100), Doc("clusters")] = 5


def propose(ground: Ground, params: KMeansParams) -> Sequence[Rule]:
    """Return all clusters, from high mean loss to low."""
    from auditkit_minoria.groups.kmeans import centres, worst_first

    return worst_first(ground.points, ground.loss, centres(ground.points, params.clusters, ground.rng))


SEARCH = Search(
    name="kmeans",
    title="k-means clusters",
    method=(
        "The baseline (section 7.1.2) divides the rows into k-means clusters and judges each as a tail is judged."
    ),
    Params=KMeansParams,
    propose=propose,
)
