"""What a sweep can show and what it takes, told before a model is trained.

The figures are for planning: measured on tables of two Gaussian classes in 20 dimensions, with logistic models.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtri, stdtrit

from auditkit import DataError

if TYPE_CHECKING:
    from auditkit_mime.design.plan import Pair, Plan

DISAGREE = 0.06
"""Share of test rows that a model at some share of the minority judges otherwise than one at 0."""
PER_TRAIN_ROW = 0.025
"""Variance of the difference of two models' accuracies between train sets, times train rows."""
LIKELY = 0.8
"""Chance with which the smallest gain is shown."""
USEFUL = 0.1
"""A gain, in accuracy: rows with which only a larger one can be shown, whatever the trials, are too few."""
SECONDS = {"mlp": 1e-6, "logistic": 1.8e-6}
"""Per train row and model, and of the mlp per epoch, on 2 cores of an AMD EPYC."""


@dataclass(frozen=True, kw_only=True)
class Worth:
    """The smallest gain that trials can show, with as many as there are and with any number; accuracies in [0, 1]."""

    smallest: float
    with_any_trials: float


def worth(pair: Pair, plan: Plan, *, confidence: float) -> Worth:
    """Return the smallest gain of the majority that is shown with a chance of 80 %, about.

    The variance of one trial is 0.06 / test rows + 0.025 / train rows; trials share q of the majority's rows, their
    train rows' share of its smallest class, and q^2 of their variance.
    """
    classes, sizes = len(plan.classes), pair.sizes
    trials, shares = len(plan.seeds) or plan.trials, len(plan.betas) - 1
    variance = DISAGREE / (classes * sizes.test) + PER_TRAIN_ROW / (classes * sizes.train)
    common = min(1.0, sizes.train / int(pair.counts[0].min())) ** 2
    alpha = (1 - confidence) / 2 / shares
    reach = float(ndtri(LIKELY)) + float(stdtrit(trials - 1, 1 - alpha))
    least = float(ndtri(LIKELY)) + float(ndtri(1 - alpha))
    return Worth(
        smallest=reach * float(np.sqrt(variance * (1 / trials + common))),
        with_any_trials=least * float(np.sqrt(variance * common)),
    )


def need_use(pair: Pair, plan: Plan, *, confidence: float) -> None:
    """Raise DataError where no number of trials could show a gain of 10 points, with the rows that would do."""
    found = worth(pair, plan, confidence=confidence).with_any_trials
    if found <= USEFUL:
        return
    classes, place = len(plan.classes), int(pair.counts.min(axis=1).argmin())
    rows = int(pair.counts[place].min())
    group = (pair.sides.majority, pair.sides.minority)[place]
    # Train and test sets and the rows they are drawn from grow together: the variance falls with the rows.
    needed = int(np.ceil(rows * (found / USEFUL) ** 2))
    message = (
        f"nothing useful can be shown: with {classes * pair.sizes.train:,} train rows and "
        f"{classes * pair.sizes.test:,} test rows per group, only a gain above {100 * found:.0f} points could be, "
        f"whatever the trials; '{group}' has {rows:,} rows of its rarest class, and some {needed:,} would do"
    )
    raise DataError(message)


def seconds(model: str, *, plan: Plan, pair: Pair, epochs: int) -> float | None:
    """Return about how many seconds the models of a pair train for, None for a kind that was not measured."""
    per_row = SECONDS.get(model)
    if per_row is None:
        return None
    passes = epochs if model == "mlp" else 1
    return per_row * plan.models * passes * len(plan.classes) * pair.sizes.train
