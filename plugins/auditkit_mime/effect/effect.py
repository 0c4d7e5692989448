"""The effect: gain of the majority at the best share, what that share costs the minority, and equal representation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditkit_mime.effect.gain import band, gain

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from auditkit import Context
    from auditkit_mime.effect.gain import Gain
    from auditkit_mime.effect.judged import Judged

    Floats = NDArray[np.float64]

EQUAL = 0.5


@dataclass(frozen=True, eq=False)
class Effect:
    """Gain of the majority over beta = 0, of the minority over the majority's best share, overall over beta = 0.5.

    `loss` is the majority's largest loss against beta = 0 over all shares, as the gain of its errors. `overall` is
    None where 0.5 is not among the shares. `band` [betas - 1] are the half-widths of intervals of the majority's
    differences to beta = 0 that hold all at once; `curves` [trials, betas] are those of `judged`.
    """

    majority: Gain
    loss: Gain
    minority: Gain
    overall: Gain | None
    band: Floats
    curves: dict[str, Floats]
    rows: int


def measure(parts: Mapping[str, Judged], betas: tuple[float, ...], context: Context) -> Effect:
    """Return the effect in what the models said of each group's test rows, shares in the order of `betas`."""
    confidence = context.stats.confidence
    found = {group: part.curve for group, part in parts.items()}

    def compared(group: str, base: int) -> Gain:
        part = parts[group]
        return gain(
            found[group],
            step=part.step,
            shared=part.shared_over(base),
            confidence=confidence,
            base=base,
            rng=context.rng(f"gain/{group}"),
        )

    majority, of_majority = compared("majority", 0), parts["majority"]
    over_none = of_majority.shared_over(0)
    step, curve = of_majority.step, found["majority"]
    rng = context.rng
    return Effect(
        majority=majority,
        loss=gain(-curve, step=step, shared=over_none, confidence=confidence, rng=rng("loss")),
        minority=compared("minority", majority.best),
        overall=compared("overall", betas.index(EQUAL)) if EQUAL in betas else None,
        band=band(curve, step=step, shared=over_none, confidence=confidence, rng=rng("band")),
        curves=found,
        rows=of_majority.right.shape[2],
    )
