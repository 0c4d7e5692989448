"""The effect: gain of the majority at the best share, what that share costs the minority, and equal representation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditkit_mime.design.trials import shared_rows
from auditkit_mime.effect.curves import WHOLE, curves
from auditkit_mime.effect.gain import band, gain

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from auditkit import Context
    from auditkit_mime.design.plan import Pair, Plan
    from auditkit_mime.effect.gain import Gain

    Floats = NDArray[np.float64]

EQUAL = 0.5


@dataclass(frozen=True, eq=False)
class Effect:
    """Gain of the majority over beta = 0, of the minority over the majority's best share, overall over beta = 0.5.

    `overall` is None where 0.5 is not among the shares. `band` [betas - 1] are the half-widths of intervals of the
    majority's differences to beta = 0 that hold all at once; `curves` [trials, betas] are those of `curves`.
    """

    majority: Gain
    minority: Gain
    overall: Gain | None
    band: Floats
    curves: dict[str, Floats]
    rows: int


def measure(accuracy: Floats, planned: Plan, pair: Pair, context: Context) -> Effect:
    """Return the effect in accuracies [trials, betas, 2], majority first."""
    rows = pair.sizes.test * len(planned.classes)
    shared = dict(zip(WHOLE, shared_rows(pair.counts, pair.sizes), strict=True))
    found, confidence = curves(accuracy), context.stats.confidence

    def compared(group: str, base: int) -> Gain:
        step = 1 / rows if group != "overall" else 1 / (2 * rows)
        return gain(
            found[group],
            step=step,
            shared=shared[group],
            confidence=confidence,
            base=base,
            rng=context.rng(f"gain/{group}"),
        )

    majority = compared("majority", 0)
    around = band(
        found["majority"],
        step=1 / rows,
        shared=shared["majority"],
        confidence=confidence,
        rng=context.rng("band"),
    )
    return Effect(
        majority=majority,
        minority=compared("minority", majority.best),
        overall=compared("overall", planned.betas.index(EQUAL)) if EQUAL in planned.betas else None,
        band=around,
        curves=found,
        rows=rows,
    )
