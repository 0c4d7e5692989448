"""The exact sweep of the plane of two numeric features (paper, 4.3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from annotated_doc import Doc

from auditkit_minoria.features.needs import Needs
from auditkit_minoria.params import CommonParams
from auditkit_minoria.searches.interface import Search

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditkit_minoria.groups.rule import Rule
    from auditkit_minoria.groups.tail import Tail
    from auditkit_minoria.kernels.compiled import Kernel
    from auditkit_minoria.searches.interface import Ground

METHOD = (
    "The sweep is exact: it follows the median through all directions of a plane (section 4.3), and "
    "evaluates the skewness wherever the median passes to another row, and in between where Theorem 3 "
    "puts a maximum."
)


@dataclass(frozen=True, kw_only=True)
class SweepParams(CommonParams):
    """The same, and whether to sweep many planes."""

    pairs: Annotated[bool, Doc("sweep every pair of numeric features and rank the pairs")] = False


def propose(ground: Ground, params: SweepParams) -> Sequence[Rule]:
    """Return the tails of the plane's peaks of |skew|; the skew of all directions is shown."""
    return swept(ground, top=params.top)


def swept(ground: Ground, *, top: int) -> tuple[Tail, ...]:
    """Return the tails of the peaks, of which the best `top` are marked in the chart of all directions."""
    from auditkit_minoria.directions.sweep import candidates_of, sweep, top_of_sweep
    from auditkit_minoria.show.pictures import angle_chart

    found = sweep(ground.points)
    reported, _ = top_of_sweep(found, top=top, separation=ground.choice.separation)
    scales = ground.columns[0].scale, ground.columns[1].scale
    ground.show(angle_chart(found, reported, scales))
    return ground.tails([candidates_of(found)])


def sweep_kernel() -> Kernel:
    """Return the machine code of the sweep."""
    from auditkit_minoria.directions.sweep import sweep_kernel

    return sweep_kernel()


SEARCH = Search(
    name="sweep",
    title="exact sweep of two features",
    method=METHOD,
    Params=SweepParams,
    propose=propose,
    needs=Needs(fewest=2, most=2, numbers=True, instead="--pairs"),
    kernel=sweep_kernel,
    exact=True,
)
