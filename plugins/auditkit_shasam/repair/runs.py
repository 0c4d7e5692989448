"""Training with several seeds: models, what they predict on held-out rows, and how training went in words."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from auditkit_shasam.learning import COLLAPSED
from auditkit_shasam.training import Fitted, Settings, fit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from auditkit import Context
    from auditkit_shasam.repair.prepare import Prepared
    from auditkit_shasam.training.rows import Rows


@dataclass(frozen=True, eq=False, kw_only=True)
class Trained:
    """The models of all runs, the one with the lowest validation loss first.

    `predicted` int64 [runs, n] are class codes of the held-out rows.
    """

    settings: Settings
    models: tuple[Fitted, ...]
    predicted: NDArray[np.int64]


def train_runs(
    prepared: Prepared, settings: Settings, *, encoder: str, runs: int, context: Context, what: str
) -> Trained:
    """Return the models of several seeds, the same seeds whatever the settings.

    Every run's encoder is kept in the step's folder after each epoch, and gone on from if it is there.
    """
    train, validation = (prepared.rows(p) for p in (prepared.division.train, prepared.division.validation))
    start, folder = int(context.rng("seeds").integers(2**31)), context.scratch()
    # The settings by their digits: two of the same words train the same models.
    keeps = [folder / f"{zlib.crc32(repr(settings).encode()):08x}-{run}.pt" for run in range(runs)]
    there = [keep.exists() for keep in keeps]
    one = partial(_fitted, train, validation, encoder, settings)
    seeds = [(start + run, keep) for run, keep in enumerate(keeps)]
    models = context.map(one, seeds, f"{what}, {runs} runs")
    for run, model in enumerate(models):
        if model.first.found:
            context.say(f"Training of {what}, run {run + 1}, went on after epoch {model.first.found}.")
        elif there[run]:
            context.say(f"What was kept of {what}, run {run + 1}, could not be read; it started over.")
    models.sort(key=lambda model: model.second.loss)
    held = prepared.inputs[prepared.division.test]
    predicted = np.stack([model.probabilities(held).argmax(axis=1) for model in models])
    return Trained(settings=settings, models=tuple(models), predicted=predicted)


def _fitted(train: Rows, validation: Rows, encoder: str, settings: Settings, run: tuple[int, Path]) -> Fitted:
    """Return the model of one run, its seed and the file where its training is kept."""
    seed, keep = run
    return fit(train, validation, encoder=encoder, settings=settings, seed=seed, keep=keep)


def about(trained: Trained) -> Iterator[str]:
    """Yield sentences on how the runs went: device, epochs, spread of one run only, collapse, early ends."""
    models, settings = trained.models, trained.settings
    if settings.device != "cpu":
        yield f"Networks were trained on {settings.device}; other devices give other last digits."
    kept = ", ".join(f"{model.first.kept + 1} of {len(model.first.epochs)}" for model in models)
    yield f"Retraining kept epoch {kept} (one number per run, the returned run first)."
    if settings.balance == "auto":
        strengths = ", ".join(f"{model.second.strength:g}" for model in models)
        yield f"Validation rows chose to balance groups by {strengths} (0 not at all, 1 fully)."
    if any(len(np.unique(predicted)) == 1 for predicted in trained.predicted):
        yield (
            "A retrained model predicts one class for every held-out row: gaps of 0 then say nothing; train for more "
            "epochs, on a larger ground set, or with another learning rate."
        )
    if len(models) == 1:
        yield "With one run the spread between training runs is unknown: intervals are over rows only."
    if any(model.first.epochs[model.first.kept].mean_cosine > COLLAPSED for model in models):
        yield (
            f"Collapse: the features of different rows have become alike (mean cosine above {COLLAPSED}), where the "
            f"{settings.form} {settings.loss} loss is small without anything being learnt; try form smooth, joint "
            "above 0 or a lower learning rate."
        )


def failures(trained: Trained, what: str) -> Iterator[str]:
    """Yield a sentence for every way in which a run's loss stopped being finite."""
    ends = [model.first.stopped for model in trained.models]
    for reason in sorted({end.words for end in ends if end is not None and not end.finite}):
        yield f"Training of {what} stopped early: {reason}; the last good weights were kept."
