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
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray
    from torch import Tensor

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
    prepared: Prepared, asked: Mapping[str, Settings], *, encoder: str, runs: int, context: Context
) -> dict[str, Trained]:
    """Return, for the settings of each name, the models of several seeds, the same seeds whatever the settings.

    All are trained as one list of work, so that no worker waits for the last run of some settings; the same settings
    of two names are trained once. Every run's encoder is kept in the step's folder after each epoch, and gone on from
    if it is there.
    """
    division = prepared.division
    train, validation = (prepared.rows(part) for part in (division.train, division.validation))
    start, folder = int(context.rng("seeds").integers(2**31)), context.scratch()
    work = {
        settings: [_Run(settings, start + run, _kept_in(folder, settings, run)) for run in range(runs)]
        for settings in asked.values()
    }
    there = {one.keep for each in work.values() for one in each if one.keep.exists()}
    fit_one = partial(_fitted, train, validation, prepared.inputs[division.test], encoder)
    every = [one for each in work.values() for one in each]
    found = dict(zip(every, context.map(fit_one, every, f"training, {len(every)} runs"), strict=True))
    for what, settings in asked.items():
        for run, one in enumerate(work[settings], start=1):
            model, _ = found[one]
            if model.first.found:
                context.say(f"Training of {what}, run {run}, went on after epoch {model.first.found}.")
            elif one.keep in there:
                context.say(f"What was kept of {what}, run {run}, could not be read; it started over.")
    return {
        what: _trained(settings, [found[one] for one in work[settings]]) for what, settings in asked.items()
    }


@dataclass(frozen=True)
class _Run:
    """One run to train: its settings, its seed, and the file where its training is kept."""

    settings: Settings
    seed: int
    keep: Path


def _kept_in(folder: Path, settings: Settings, run: int) -> Path:
    """Return the file of a run, which goes by the digits of its settings."""
    return folder / f"{zlib.crc32(repr(settings).encode()):08x}-{run}.pt"


def _fitted(
    train: Rows, validation: Rows, held_out: Tensor, encoder: str, run: _Run
) -> tuple[Fitted, NDArray[np.int64]]:
    """Return the model of one run, and the class codes int64 [n] that it gives the held-out rows."""
    model = fit(train, validation, encoder=encoder, settings=run.settings, seed=run.seed, keep=run.keep)
    return model, model.probabilities(held_out).argmax(axis=1)


def _trained(settings: Settings, fitted: Sequence[tuple[Fitted, NDArray[np.int64]]]) -> Trained:
    """Return the models of some settings in the order of their validation losses, with what each predicts."""
    models, predicted = zip(*sorted(fitted, key=lambda one: one[0].second.loss), strict=True)
    return Trained(settings=settings, models=models, predicted=np.stack(predicted))


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
