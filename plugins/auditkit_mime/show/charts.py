"""What the sweep looks like: curves with bands, gain, single trials, and the histograms of the projected feature."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditkit import Chart, Layer, Table
from auditkit_mime.effect.curves import average_accuracy, error_bound

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Literal

    import numpy as np
    from numpy.typing import NDArray

    from auditkit_mime.design.plan import Pair
    from auditkit_mime.effect.effect import Effect
    from auditkit_mime.effect.gain import Gain
    from auditkit_mime.theory.analysis import Analysed
    from auditkit_mime.theory.feature_space import GroupSpace
    from auditkit_mime.theory.foretold import Foretold

    Floats = NDArray[np.float64]

BETA = "beta: share of minority rows in the train set"
MOST_LINES = 30
"""Trials drawn one by one; more would be a grey field."""
COLOURS: dict[str, Literal["accent", "alarm", "ink"]] = {
    "majority": "accent",
    "minority": "alarm",
    "overall": "ink",
}


def curve_charts(betas: tuple[float, ...], effect: Effect, pair: Pair) -> Iterator[Chart]:
    """Yield accuracy against beta, the majority's gain, and its single trials."""
    sides, label = pair.sides, pair.label
    names = {"majority": sides.majority, "minority": sides.minority, "overall": "both"}
    yield Chart(
        title=f"Accuracy against the share of {sides.minority}{label}",
        x_title=BETA,
        y_title="accuracy",
        caption="Means over trials; bands are the spread of the trend (zeta, equation 47), no confidence intervals.",
        layers=tuple(
            _curve(f"{group}: {names[group]}", betas, effect.curves[group], group) for group in names
        ),
    )
    curve = effect.curves["majority"]
    yield _gains(betas, effect, pair)
    yield Chart(
        title=f"Single trials of {sides.majority}{label}",
        x_title=BETA,
        y_title="accuracy",
        caption=f"Each line is one split with its own initial weights{_of_many(len(curve))}.",
        layers=tuple(
            Layer(kind="line", name=f"trial {i + 1}", x=betas, y=_floats(row), thin=True, colour="accent")
            for i, row in enumerate(curve[:MOST_LINES])
        ),
    )


def _gains(betas: tuple[float, ...], effect: Effect, pair: Pair) -> Chart:
    """Return the majority's gain over beta = 0 at every other share, with the band that holds for all of them."""
    curve, majority = effect.curves["majority"], pair.sides.majority
    mean = (curve[:, 1:] - curve[:, :1]).mean(axis=0)
    low, high = _floats(mean - effect.band), _floats(mean + effect.band)
    line = Layer(kind="line", name=f"majority: {majority}", x=betas[1:], y=_floats(mean), low=low, high=high)
    return Chart(
        title=f"Gain of {majority} over beta = 0{pair.label}",
        x_title=BETA,
        y_title="difference in accuracy",
        caption="The band holds for all shares at once; the interval of the gain uses one side of it.",
        layers=(Layer(kind="horizontal", name="no gain", y=(0.0,), colour="faint"), line),
    )


def feature_charts(analysed: Analysed, measured: Gain, pair: Pair) -> Iterator[Chart | Table]:
    """Yield both groups' histograms side by side with their ideal thresholds, and the theorems' table."""
    label, names = pair.label, (pair.sides.majority, pair.sides.minority)
    for name, of, group in zip(names, ("majority", "minority"), analysed.space.groups, strict=True):
        yield Chart(
            title=f"Projected feature of the {of}: {name}{label}",
            row=f"features{label}",
            x_title="projected feature w'f",
            y_title="share of the class",
            caption=f"Overlap {group.overlap.value:.2f}; the rule is the ideal threshold.",
            layers=(*_histograms(analysed, group), _threshold(group)),
        )
    if analysed.foretold is not None:
        yield _predictions(analysed, analysed.foretold, measured, pair)


def _predictions(analysed: Analysed, foretold: Foretold, measured: Gain, pair: Pair) -> Table:
    """Return the table of the theorems' margins beside the gain that was measured."""
    majority, label = pair.sides.majority, pair.label
    low, value, high = (f"{100 * share:.1f}" for share in (measured.low, measured.value, measured.high))
    seen = f"{measured.verdict}: {value} [{low}, {high}] points"
    return Table(
        title=f"What theory foretells for {majority}, beside the gain measured{label}",
        columns=("theorem", "margin", "low", "high", "foretells", "measured"),
        rows=tuple(
            (f"Theorem {i}", margin.value, margin.low, margin.high, margin.foretells, seen)
            for i, margin in enumerate(foretold.margins, start=1)
        ),
        caption=(
            f"Margins in learning rates, from Gaussians fitted to the model of trial {analysed.trial + 1} at beta = "
            f"{analysed.beta:g}, with a threshold {foretold.error:.3g} off."
        ),
    )


def _curve(name: str, betas: tuple[float, ...], curve: Floats, group: str) -> Layer:
    mean, zeta = average_accuracy(curve), error_bound(curve)
    return Layer(
        kind="line",
        name=name,
        x=betas,
        y=_floats(mean),
        low=_floats(mean - zeta),
        high=_floats(mean + zeta),
        colour=COLOURS[group],
    )


def _histograms(analysed: Analysed, group: GroupSpace) -> tuple[Layer, Layer]:
    edges = _floats(analysed.space.edges)
    first, second = (f"class {label}" for label in analysed.classes)
    return (
        Layer(kind="bars", name=first, x=edges, y=_floats(group.histograms[0]), colour="second"),
        Layer(kind="bars", name=second, x=edges, y=_floats(group.histograms[1]), colour="third"),
    )


def _threshold(group: GroupSpace) -> Layer:
    return Layer(kind="vertical", name="ideal threshold", x=(group.threshold,), colour="ink")


def _of_many(trials: int) -> str:
    return f"; the first {MOST_LINES} of {trials}" if trials > MOST_LINES else ""


def _floats(values: Floats) -> tuple[float, ...]:
    return tuple(float(value) for value in values)
