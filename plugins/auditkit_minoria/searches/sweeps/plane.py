"""What plain `minoria` runs on two numeric features: the exact sweep of their plane, and slices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditkit_minoria.searches import slices
from auditkit_minoria.searches.interface import Search
from auditkit_minoria.searches.slices import SliceParams
from auditkit_minoria.searches.sweeps import sweep
from auditkit_minoria.searches.sweeps.sweep import SweepParams
from auditkit_minoria.searches.together import COVER, covered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditkit_minoria.groups.rule import Rule
    from auditkit_minoria.searches.interface import Ground


@dataclass(frozen=True, kw_only=True)
class PlaneParams(SweepParams, SliceParams):
    """Those of the sweep and of slices."""


def propose(ground: Ground, params: PlaneParams) -> Sequence[Rule]:
    """Return what explains most of the loss of the tails of the exact sweep, and of slices."""
    return covered(ground, params, lambda more: sweep.swept(more, top=params.top), "sweep")


SEARCH = Search(
    name="sweep+slices",
    title="the exact sweep and slices",
    method=f"{sweep.SEARCH.method} {slices.SEARCH.method} {COVER}",
    Params=PlaneParams,
    propose=propose,
    needs=sweep.SEARCH.needs,
    kernel=sweep.sweep_kernel,
    weighs=True,
    known_as="minoria.sweep and minoria.slices",
)
