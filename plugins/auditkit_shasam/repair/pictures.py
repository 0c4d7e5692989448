"""What training did, as charts: features in two dimensions, and the losses of every epoch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from auditkit import Chart, Layer
from auditkit_shasam.training.encoders.features import encode
from auditkit_shasam.training.epochs import SMOOTHED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from numpy.typing import NDArray

    from auditkit import Colour
    from auditkit_shasam.repair.prepare import Prepared
    from auditkit_shasam.repair.runs import Trained
    from auditkit_shasam.training.epochs import FirstStage

SHOWN = 300
"""Held-out rows whose features are drawn."""
COLOURS: tuple[Colour, ...] = ("accent", "alarm", "second", "third", "ink", "faint")
"""Colours of groups, the largest first; all others share the last."""


def feature_charts(prepared: Prepared, plain: Trained | None, trained: Trained) -> Iterator[Chart]:
    """Yield features of held-out rows in their plane of most variance, by class and by group, before and after.

    Before are the features of the plain network; where the data came with predictions there are none.
    """
    test = prepared.division.test
    rows = test[np.linspace(0, len(test) - 1, min(SHOWN, len(test))).astype(np.intp)]
    cells = prepared.cells.take(rows)
    stages = [] if plain is None else [("before", plain)]
    for when, models in (*stages, ("after", trained)):
        found = encode(models.models[0].encoder, prepared.inputs[rows]).double().numpy()
        plane, share = principal_plane(found)
        for codes, names, what in (
            (cells.target, cells.target_names, "target"),
            (cells.sensitive, cells.sensitive_names, "sensitive group"),
        ):
            yield Chart(
                title=f"Features {when}, by {what}",
                row=f"features {when}",
                square=True,
                personal=True,
                layers=tuple(_clouds(plane, codes, names)),
                x_title=f"first principal component ({share[0]:.0%} of variance)",
                y_title=f"second ({share[1]:.0%})",
                caption=f"{len(rows)} held-out rows, encoder of the returned run. Wanted: classes apart, groups mixed.",
            )


def training_charts(plain: Trained | None, trained: Trained) -> Iterator[Chart]:
    """Yield the losses by epoch of the returned run, of the plain network and of the retrained one.

    Beside the latter, what its epochs were chosen by, and how hard its rows were where any set was mined.
    """
    for what, models in (("cross-entropy (before)", plain), ("retraining (after)", trained)):
        if models is None:
            continue
        first = models.models[0].first
        epochs = tuple(float(number + 1) for number in range(len(first.epochs)))
        layers = [Layer(kind="line", name="training", x=epochs, y=tuple(e.loss for e in first.epochs))]
        validated = [e.validation for e in first.epochs if e.validation is not None]
        if len(validated) == len(epochs):
            layers.append(
                Layer(kind="line", name="validation", x=epochs, y=tuple(validated), colour="second")
            )
        layers.append(Layer(kind="vertical", name="epoch kept", x=(float(first.kept + 1),), colour="faint"))
        yield Chart(
            title=f"Encoder's loss: {what}",
            row="training",
            layers=tuple(layers),
            x_title="epoch",
            y_title=f"loss ({models.settings.loss})",
            caption="The returned run. Validation has no augmentation, and for set losses random sets of fixed rows.",
        )
    first = trained.models[0].first
    if first.epochs[0].probed is not None:
        yield probe_chart(first)
    if first.epochs[0].hardness is not None:
        yield hardness_chart(first)


def probe_chart(first: FirstStage) -> Chart:
    """Return a linear probe's accuracy and gap on validation rows by epoch: what the epoch was kept by."""
    probed = [(epoch + 1.0, one.probed) for epoch, one in enumerate(first.epochs) if one.probed is not None]
    x = tuple(epoch for epoch, _ in probed)
    return Chart(
        title="A linear probe on validation rows",
        row="training",
        layers=(
            Layer(kind="line", name="accuracy", x=x, y=tuple(one.accuracy for _, one in probed)),
            Layer(kind="line", name="gap", x=x, y=tuple(one.gap for _, one in probed), colour="alarm"),
            Layer(kind="vertical", name="epoch kept", x=(float(first.kept + 1),), colour="faint"),
        ),
        x_title="epoch",
        y_title="accuracy, equalized odds (mean)",
        caption=f"The returned run. The epoch with the largest accuracy less half the gap is kept, each the mean of "
        f"{SMOOTHED} epochs.",
    )


def hardness_chart(first: FirstStage) -> Chart:
    """Return the mean cosine of the anchors to mined rows and to random rows of the same cells by epoch."""
    mined = [
        (epoch + 1.0, one.hardness) for epoch, one in enumerate(first.epochs) if one.hardness is not None
    ]
    x = tuple(epoch for epoch, _ in mined)
    lines: tuple[tuple[str, str, Colour], ...] = (
        ("mined positives", "positives", "accent"),
        ("random positives", "random_positives", "faint"),
        ("mined negatives", "negatives", "alarm"),
        ("random negatives", "random_negatives", "ink"),
    )
    return Chart(
        title="How hard the mined rows are",
        row="training",
        layers=tuple(
            Layer(kind="line", name=name, x=x, y=tuple(getattr(one, what) for _, one in mined), colour=colour)
            for name, what, colour in lines
        ),
        x_title="epoch",
        y_title="mean cosine to the anchors",
        caption="The returned run. Mined positives are harder the further they lie below random ones, mined negatives "
        "the further above.",
    )


def principal_plane(features: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return rows [n, d] in the plane of most variance, float64 [n, 2], and each axis's share of it, [2].

    The sign of an axis is that of its largest entry, so that the same rows give the same picture.
    """
    centred = features - features.mean(axis=0)
    _, singular, axes = np.linalg.svd(centred, full_matrices=False)
    axes = axes[:2] * np.sign(axes[np.arange(min(2, len(axes))), np.abs(axes[:2]).argmax(axis=1)])[:, None]
    plane = np.zeros((len(features), 2))
    plane[:, : len(axes)] = centred @ axes.T
    power = np.zeros(2)
    power[: len(axes)] = singular[: len(axes)] ** 2
    return plane, power / max(float((singular**2).sum()), np.finfo(np.float64).tiny)


def _clouds(plane: NDArray[Any], codes: NDArray[np.int64], names: Sequence[str]) -> Iterator[Layer]:
    """Yield a layer of points for each code, the most frequent first; the rare ones together."""
    known = codes[codes >= 0]
    order = np.argsort(-np.bincount(known, minlength=len(names)), kind="stable")
    room = len(COLOURS) if len(order) <= len(COLOURS) else len(COLOURS) - 1
    parts = [(names[code], codes == code) for code in order[:room]]
    if len(order) > room:
        parts.append(("others", np.isin(codes, order[room:])))
    for (name, chosen), colour in zip(parts, COLOURS, strict=False):
        if chosen.any():
            x, y = plane[chosen].T
            yield Layer(kind="points", name=name, x=tuple(x.tolist()), y=tuple(y.tolist()), colour=colour)
