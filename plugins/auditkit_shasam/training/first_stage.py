"""Stage 1: the encoder learns by the chosen loss, and keeps the weights that validation rows liked best."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np
import torch

from auditkit import DataError
from auditkit_shasam.learning import mean_cosine
from auditkit_shasam.mining import Mining, mine
from auditkit_shasam.training.objective import Objective
from auditkit_shasam.training.sampler import MinedBatchSampler
from auditkit_shasam.training.views import view

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from auditkit_shasam.training.encoders import Network
    from auditkit_shasam.training.rows import Rows
    from auditkit_shasam.training.settings import Settings

VALIDATION_TRIPLES = 16
MOMENTUM = 0.9


@dataclass(frozen=True, kw_only=True)
class Epoch:
    """What one epoch did: mean training loss, validation loss (None without enough rows), seconds."""

    loss: float
    validation: float | None
    mean_cosine: float
    seconds: float
    mining_seconds: float


@dataclass(frozen=True, kw_only=True)
class FirstStage:
    """The epochs of stage 1, which of them was kept (from 0), and why it stopped early, if it did."""

    epochs: tuple[Epoch, ...]
    kept: int
    stopped: str = ""


class EncoderTraining:
    """Trains one network in place; `run` returns what happened and leaves the best epoch's weights in it."""

    def __init__(
        self, network: Network, train: Rows, *, validation: Rows, settings: Settings, seed: int
    ) -> None:
        self._network, self._train, self._settings = network, train, settings
        self._rng = np.random.default_rng(seed)
        self._noise = torch.Generator().manual_seed(seed)
        self._objective = Objective(
            settings, features=network.head.in_features, groups=len(train.cells.sensitive_names)
        )
        weights = [*network.parameters(), *self._objective.parameters()]
        self._optimiser = torch.optim.SGD(
            weights, lr=settings.learning_rate, momentum=MOMENTUM, nesterov=True, weight_decay=1e-4
        )
        self._mining_seconds = 0.0
        self._fixed = tuple(self._validation_batches(validation))
        self._validation = validation
        self._target = torch.from_numpy(train.cells.target)
        self._sensitive = torch.from_numpy(train.cells.sensitive)
        self._sampler = MinedBatchSampler(
            train.cells, self._features, mining=settings.mining, share=settings.ground_set,
            refresh=settings.refresh, seed=self._rng,
        ) if settings.by_sets else None  # fmt: skip

    def run(self) -> FirstStage:
        """Train until the last epoch, no better validation for `patience` epochs, or a loss that is not finite."""
        settings, done = self._settings, []
        schedule = torch.optim.lr_scheduler.CosineAnnealingLR(self._optimiser, T_max=settings.epochs)
        best, kept, stopped = np.inf, -1, ""
        weights = copy.deepcopy(self._network.state_dict())
        for number in range(settings.epochs):
            start, self._mining_seconds = perf_counter(), 0.0
            losses, failed = self._epoch()
            if failed:
                stopped = f"the loss was not finite at step {failed} of epoch {number + 1}"
                break
            validation = self._validate()
            done.append(
                Epoch(
                    loss=float(np.mean(losses)), validation=validation, mean_cosine=self._mean_cosine(),
                    seconds=perf_counter() - start, mining_seconds=self._mining_seconds,
                )
            )  # fmt: skip
            schedule.step()
            # Without validation rows the last epoch counts as the best.
            if validation is None or validation < best:
                best, kept = np.inf if validation is None else validation, number
                weights = copy.deepcopy(self._network.state_dict())
            elif number - kept >= settings.patience:
                stopped = f"validation did not improve for {settings.patience} epochs"
                break
        if kept < 0:
            message = f"training failed: {stopped}; lower the learning rate, {settings.learning_rate} now"
            raise DataError(message)
        self._network.load_state_dict(weights)
        return FirstStage(epochs=tuple(done), kept=kept, stopped=stopped)

    def _epoch(self) -> tuple[list[float], int]:
        """Return the losses of the epoch's steps, and the number of the step whose loss was not finite, else 0."""
        losses: list[float] = []
        batches = self._batches()
        while True:
            self._network.train()
            start = perf_counter()
            rows = next(batches, None)
            self._mining_seconds += perf_counter() - start
            if rows is None:
                return losses, 0
            inputs = view(
                self._train.inputs[rows], dropout=self._settings.dropout, noise=self._settings.noise,
                generator=self._noise,
            )  # fmt: skip
            loss = self._objective(self._network, inputs, self._target[rows], self._sensitive[rows])
            if not bool(torch.isfinite(loss)):
                return losses, len(losses) + 1
            self._optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(self._network.parameters(), 5.0)
            self._optimiser.step()
            losses.append(float(loss.detach()))

    def _batches(self) -> Iterator[NDArray[np.intp]]:
        """Yield row numbers: each set twice (two views) for set losses, else all rows once, shuffled."""
        if self._sampler is not None:
            for triple in self._sampler.triples():
                yield np.concatenate(
                    [np.tile(one, 2) for one in (triple.anchors, triple.positives, triple.negatives)]
                )
            return
        size = 6 * self._settings.mining.k
        order = self._rng.permutation(len(self._train))
        for start in range(0, len(order) - min(size, len(order)) + 1, size):
            yield order[start : start + size]

    @torch.no_grad()
    def _features(self, rows: NDArray[np.intp]) -> NDArray[np.float32]:
        self._network.eval()
        found: NDArray[np.float32] = self._network.project(self._train.inputs[rows]).numpy()
        self._network.train()
        return found

    def _validation_batches(self, validation: Rows) -> Iterator[NDArray[np.intp]]:
        """Yield fixed batches of validation rows; none where they hold no pair of cells to compare."""
        if not self._settings.by_sets:
            yield np.arange(len(validation))
            return
        rng = np.random.default_rng(0)
        for k in (self._settings.mining.k, 2):
            try:
                pairs = validation.cells.pairs(k)
            except DataError:
                continue
            random = Mining(k=k, random=True)
            for number in range(VALIDATION_TRIPLES):
                pair = pairs[number % len(pairs)]
                found = mine(np.zeros((len(validation), 1)), validation.cells, random, pair=pair, rng=rng)
                yield found.rows
            return

    @torch.no_grad()
    def _validate(self) -> float | None:
        """Return the mean loss of the fixed validation batches, without augmentation."""
        if not self._fixed:
            return None
        self._network.eval()
        return float(np.mean([self._loss_of(self._validation.take(rows)) for rows in self._fixed]))

    def _loss_of(self, rows: Rows) -> float:
        target, sensitive = torch.from_numpy(rows.cells.target), torch.from_numpy(rows.cells.sensitive)
        return float(self._objective(self._network, rows.inputs, target, sensitive))

    @torch.no_grad()
    def _mean_cosine(self) -> float:
        self._network.eval()
        return mean_cosine(self._network.project(self._train.inputs[:2000]))
