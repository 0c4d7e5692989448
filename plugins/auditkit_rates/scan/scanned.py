"""What a scan has found: a metric of an attribute's groups, place by place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from auditkit import Interval
    from auditkit.measures import Disparity, Measured
    from auditkit_rates.rows.cuts import Cut


@dataclass(frozen=True, eq=False, kw_only=True)
class AtPlace:
    """A metric at one place: of each group with its interval, bool [g] where it has one, and between the groups.

    `sure` is the interval of the difference that holds for all places of the scan at once.
    """

    place: float
    own: Measured
    enough: NDArray[np.bool_]
    apart: Disparity | None
    ratio: Disparity | None
    sure: Interval | None
    sure_ratio: Interval | None


@dataclass(frozen=True, eq=False, kw_only=True)
class Scanned:
    """A metric of an attribute's groups at each place; `rows` int64 [g] are theirs."""

    cut: Cut
    rows: NDArray[np.int64]
    metric: str
    places: tuple[AtPlace, ...]
