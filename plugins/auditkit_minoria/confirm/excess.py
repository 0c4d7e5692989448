"""Whether a group is mis-predicted: whether its loss falls, on held-out rows, once its score is recalibrated for it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np
from scipy.special import bdtr, bdtrc, ndtr, stdtr

from auditkit.measures import adjust, gap_of_means, moments, p_value
from auditkit_minoria.confirm.recalibrated import Excess, of_labels, of_numbers, of_scores

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from auditkit import Interval
    from auditkit_minoria.confirm.judge import MinedGroup
    from auditkit_minoria.confirm.standard import Standard
    from auditkit_minoria.features.material import Material

    Rows: TypeAlias = NDArray[np.bool_]

CallIt: TypeAlias = Literal["mis-predicted", "harder to predict", "both", "not shown", "not known"]

MATERIAL = 0.1
"""Share of what recalibration takes off and leaves that it must take off: of many rows a trifle is shown, too."""
DRAWS, MOST_CELLS = 4_000, 12_000_000
"""Draws of outcomes by the score, and draws times rows beyond which the normal distribution stands for them."""


@dataclass(frozen=True, kw_only=True)
class Service:
    """What a group's excess loss says: on `n` judged rows, with interval, p-value and what to call the group.

    `p` is one-sided, for "the score is right in the group"; `p_corrected` after Holm's correction for all groups
    tested. The numbers are None where there is a `reason`. `left` is the group's loss gap that recalibration leaves.
    """

    n: int
    value: float | None = None
    interval: Interval | None = None
    p: float | None = None
    p_corrected: float | None = None
    left: float | None = None
    kind: CallIt = "not known"
    confirmed: bool | None = None
    reason: str = ""


def services(
    groups: Sequence[MinedGroup], material: Material, standard: Standard, rng: np.random.Generator
) -> tuple[Service, ...]:
    """Return, in order, what each group's excess loss says; a family of tests of its own, corrected by Holm."""
    tried = [_excess(one, material, standard) for one in groups]
    found = [one if isinstance(one, Service) else _tested(one, standard, rng) for one in tried]
    places = [i for i, one in enumerate(found) if one.p is not None]
    if not places:
        return tuple(found)
    corrected = adjust([found[i].p or 0.0 for i in places], "holm").tolist()
    left = [_left(groups[i], tried[i], material) for i in places]  # type: ignore[arg-type]  # those with a p are Excess
    hard = adjust([p for _, p in left], "holm").tolist()
    for i, p, (gap, _), still in zip(places, corrected, left, hard, strict=True):
        confirmed = p < standard.level
        total = gap + (found[i].value or 0.0)
        matters = confirmed and (found[i].value or 0.0) >= MATERIAL * total
        kind = _called(groups[i], off=matters, hard=still < standard.level)
        found[i] = replace(found[i], p_corrected=p, left=gap, kind=kind, confirmed=confirmed)
    return tuple(found)


def _called(one: MinedGroup, *, off: bool, hard: bool) -> CallIt:
    if off:
        return "both" if hard else "mis-predicted"
    return "harder to predict" if one.confirmed else "not shown"


def _excess(one: MinedGroup, material: Material, standard: Standard) -> Excess | Service:
    """Return by how much the group's loss falls on its judged rows, or why that is not known."""
    judged, mined = one.members & material.judges, one.members & material.seen
    n = int(judged.sum())
    subject, predictions, weight = material.subject, material.predictions, material.weight
    if not one.group or one.held_out is None or one.held_out.gap is None:
        return Service(n=n, reason=one.reason or "not tested")
    if predictions is None or subject.target is None or subject.loss is not None:
        return Service(n=n, reason="a column of losses alone does not say what a better score would lose")
    if int(mined.sum()) < standard.min_n:
        return Service(
            n=n, reason=f"{int(mined.sum())} mined rows to recalibrate on, {standard.min_n} needed"
        )
    if subject.task == "regression":
        truth = subject.column(subject.target).to_numpy(dtype=np.float64, na_value=np.nan)
        return of_numbers(np.asarray(predictions.pred, dtype=np.float64), truth, mined, judged, weight=weight)
    truth = subject.truth
    if predictions.score is not None:
        return of_scores(predictions.score, truth, mined, judged, weight=weight)
    predicted = predictions.codes_in(subject.classes)
    return of_labels(predicted, truth, mined, judged, classes=len(subject.classes), weight=weight)


def _tested(excess: Excess, standard: Standard, rng: np.random.Generator) -> Service:
    n = len(excess.fall)
    known = moments(np.zeros(n, dtype=np.int64), excess.fall, n_groups=1, weights=excess.weight)
    mean, degrees = float(known.mean[0]), float(known.degrees[0])
    error = float(np.sqrt(known.error[0])) if degrees >= 1 else 0.0
    above, below = _p_values(excess, rng)
    if error == 0:  # recalibration changes no row, or all alike
        return Service(n=n, value=mean, p=1.0 if mean <= 0 else above)
    interval = gap_of_means(mean, degrees, error, [(0.0, above, below)], confidence=standard.confidence)
    # Drawn outcomes test the score itself, exactly; the interval of the mean is wide where falls are uneven.
    p = above if excess.falls is not None else p_value(mean, interval, 0.0, "above")
    return Service(n=n, value=mean, interval=interval, p=p)


def _p_values(excess: Excess, rng: np.random.Generator) -> tuple[float, float]:
    """Return the p-values of a fall above, and below, what chance gives where the score is right in the group.

    With probabilities: outcomes are drawn by them, which is exact whatever the recalibration, as it was fitted on other
    rows. Of labels: the sign test of the rows that recalibration sets right or wrong. Of numbers, and of labels of rows
    with weights: signs are flipped. What a row falls by counts as often as the row weighs.
    """
    weight = np.ones(len(excess.fall)) if excess.weight is None else excess.weight / excess.weight.mean()
    fall = excess.fall * weight
    observed = float(fall.sum())
    if excess.falls is None or excess.chances is None:
        better, worse = int((fall > 0).sum()), int((fall < 0).sum())
        if set(np.unique(fall).tolist()) <= {-1.0, 0.0, 1.0}:
            total = better + worse
            return _at_least(better, total), float(bdtr(better, total, 0.5))
        return _counted(_flipped(fall, rng), observed)
    n, falls = len(fall), excess.falls * weight[:, None]
    if n * DRAWS > MOST_CELLS:
        mean = float((excess.chances * falls).sum())
        second = float((excess.chances * falls**2).sum())
        spread = second - float(((excess.chances * falls).sum(axis=1) ** 2).sum())
        z = (observed - mean) / np.sqrt(max(spread, np.finfo(np.float64).tiny))
        return float(ndtr(-z)), float(ndtr(z))
    return _counted(_drawn(falls, excess.chances, rng), observed)


def _at_least(hits: int, total: int) -> float:
    """Return the chance of so many heads or more in `total` tosses."""
    return float(bdtrc(hits - 1, total, 0.5)) if hits > 0 else 1.0


def _drawn(
    falls: NDArray[np.float64], chances: NDArray[np.float64], rng: np.random.Generator
) -> NDArray[np.float64]:
    """Return the sum of falls [m, k] over rows for DRAWS draws of each row's class by its chances [m, k]."""
    edges = np.cumsum(chances, axis=1)[:, :-1]
    steps = np.diff(falls, axis=1)
    found = np.full(DRAWS, float(falls[:, 0].sum()))
    for draw in range(DRAWS):
        beyond = rng.random(len(falls))[:, None] >= edges
        found[draw] += float((steps * beyond).sum())
    return found


def _flipped(fall: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    draws = max(1, min(DRAWS, MOST_CELLS // max(len(fall), 1)))
    signs = np.empty(draws)
    for draw in range(draws):
        signs[draw] = float(np.where(rng.random(len(fall)) < 0.5, fall, -fall).sum())
    return signs


def _counted(drawn: NDArray[np.float64], observed: float) -> tuple[float, float]:
    slack = 1e-9 * (1 + abs(observed))
    above, below = int((drawn >= observed - slack).sum()), int((drawn <= observed + slack).sum())
    return (1 + above) / (1 + len(drawn)), (1 + below) / (1 + len(drawn))


def _left(one: MinedGroup, excess: Excess, material: Material) -> tuple[float, float]:
    """Return the loss gap that the recalibrated group still has, and Welch's p-value of one above 0."""
    if material.loss is None:
        return 0.0, 1.0
    judges = material.judges
    left = material.loss.copy()
    left[one.members & judges] -= excess.fall
    codes, weight = (~one.members).astype(np.int64)[judges], material.weight
    known = moments(codes, left[judges], n_groups=2, weights=None if weight is None else weight[judges])
    difference, errors = float(known.mean[0] - known.mean[1]), known.error
    gap = difference * float(known.weight[1] / known.weight.sum())
    if errors.sum() == 0:
        return gap, float(difference <= 0)
    degrees = float(errors.sum() ** 2 / (errors**2 / known.degrees).sum())
    return gap, float(stdtr(degrees, -difference / np.sqrt(errors.sum())))
