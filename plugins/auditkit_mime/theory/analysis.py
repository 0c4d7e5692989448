"""Which model's feature space is looked at, and what is found there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from auditkit_mime.theory.feature_space import feature_space
from auditkit_mime.theory.foretold import foretell

if TYPE_CHECKING:
    from auditkit import Context
    from auditkit_mime.design.plan import Pair, Plan
    from auditkit_mime.params import MimeParams
    from auditkit_mime.theory.feature_space import FeatureSpace
    from auditkit_mime.theory.foretold import Foretold
    from auditkit_mime.train.sweep import Swept


@dataclass(frozen=True, eq=False)
class Analysed:
    """The feature space of one model, which one it is, and what the theorems foretell (None: nothing)."""

    space: FeatureSpace
    foretold: Foretold | None
    beta: float
    trial: int
    classes: tuple[str, str]


@dataclass(frozen=True)
class NotAnalysed:
    """Why there is no feature space to look at."""

    reason: str


def analyse(
    swept: Swept, planned: Plan, pair: Pair, params: MimeParams, context: Context
) -> Analysed | NotAnalysed:
    """Return the analysis of the model nearest beta = 0.5 that serves the majority best, or why there is none."""
    mixed = [i for i, beta in enumerate(planned.betas) if 0 < beta < 1]
    if not mixed:
        return NotAnalysed("no model was trained on both groups: give --betas a share between 0 and 1")
    place = min(mixed, key=lambda i: abs(planned.betas[i] - 0.5))
    trial = int(swept.accuracy[:, place, 0].argmax())
    projected = swept.projected[trial, place]
    if not np.isfinite(projected).all():
        return NotAnalysed(f"{params.model} has no last linear layer to project on")
    if projected.min() == projected.max():
        return NotAnalysed("the chosen model gives every row the same projected feature")
    stats = context.stats
    space = feature_space(
        projected,
        planned.codes[swept.trials[trial].test] == planned.projected_class,
        threshold=params.threshold,
        draws=stats.bootstrap,
        confidence=stats.confidence,
        rng=context.rng(f"features/{pair.sides.majority}"),
    )
    prior = 1 / len(planned.classes)
    foretold = foretell(space, error_share=params.threshold_error, prior=prior, confidence=stats.confidence)
    return Analysed(space, foretold, planned.betas[place], trial, _names(planned.classes))


def _names(classes: tuple[Any, ...]) -> tuple[str, str]:
    """Return what the two sides of the projection are called, class 2 last."""
    if len(classes) == 2:
        return str(classes[0]), str(classes[1])
    return f"not {classes[0]}", str(classes[0])
