"""Stage 1: the encoder learns by the chosen loss, and keeps the weights that validation rows liked best."""

from __future__ import annotations

import copy
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from auditkit import DataError
from auditkit_shasam.learning import mean_cosine
from auditkit_shasam.mining import Hardness, drawn, mean_hardness, mine
from auditkit_shasam.mining.sampler import MinedBatchSampler
from auditkit_shasam.training.checkpoint import generator_state, restore_generator
from auditkit_shasam.training.descent import Descent
from auditkit_shasam.training.encoders.features import encode, parts
from auditkit_shasam.training.encoders.pixels import network_inputs
from auditkit_shasam.training.encoders.views import view
from auditkit_shasam.training.epochs import Epoch, FirstStage, Progress, Stopped
from auditkit_shasam.training.objective import Objective
from auditkit_shasam.training.probe import Probe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray
    from torch import Tensor

    from auditkit_shasam.training.checkpoint import Checkpoint
    from auditkit_shasam.training.encoders.named import Network
    from auditkit_shasam.training.rows import Rows
    from auditkit_shasam.training.settings import Settings

VALIDATION_TRIPLES = 16
COMPARED = 512
"""Rows whose cosines say whether features have collapsed."""
LONGEST_GRADIENT = 5.0
"""Length to which a longer gradient is cut."""


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
        ).to(settings.device)
        weights = [*network.parameters(), *self._objective.parameters()]
        self._descent = Descent(weights, rate=settings.learning_rate, epochs=settings.epochs, nesterov=True)
        self._mining_seconds = 0.0
        self._hardness: list[Hardness] = []
        by_loss = settings.loss == "ce" or len(validation) == 0
        self._probe = None if by_loss else Probe(train, validation)
        self._fixed = tuple(self._validation_batches(validation))
        self._validation = validation
        self._sampler = (
            MinedBatchSampler(
                train.cells,
                self._features,
                mining=settings.mining,
                share=settings.ground_set,
                refresh=settings.refresh,
                seed=self._rng,
            )
            if settings.by_sets
            else None
        )

    def run(self, checkpoint: Checkpoint | None = None) -> FirstStage:
        """Train until the last epoch, no better validation for `patience` epochs, or a loss that is not finite.

        Each epoch is written to the checkpoint; one that is there is gone on from, to the same result.
        """
        settings, done = self._settings, Progress(weights=copy.deepcopy(self._network.state_dict()))
        if checkpoint is not None:
            self._restore(checkpoint, done)
        found = len(done.epochs)
        while len(done.epochs) < settings.epochs and not done.stopped:
            start, self._mining_seconds, self._hardness = perf_counter(), 0.0, []
            losses, failed = self._epoch()
            if failed:
                where = f"step {failed} of epoch {len(done.epochs) + 1}"
                words = f"the loss or its gradient was not finite at {where}"
                done.stopped = Stopped(finite=False, words=words)
                break
            validation = self._validate()
            epoch = Epoch(
                loss=float(np.mean(losses)),
                validation=validation,
                mean_cosine=self._mean_cosine(),
                seconds=perf_counter() - start,
                mining_seconds=self._mining_seconds,
                probed=None if self._probe is None else self._probe.judge(self._network.encoder),
                hardness=mean_hardness(self._hardness),
            )
            self._descent.end_epoch()
            done.take(epoch, self._network)
            if len(done.epochs) - 1 - done.kept >= settings.patience:
                words = f"validation did not improve for {settings.patience} epochs"
                done.stopped = Stopped(finite=True, words=words)
            if checkpoint is not None:
                checkpoint.write(self._state(done))
        if done.kept < 0:
            why = done.stopped.words if done.stopped else "no epoch was trained"
            message = f"training failed: {why}; lower the learning rate, {settings.learning_rate} now"
            raise DataError(message)
        self._network.load_state_dict(done.weights)
        return FirstStage(epochs=tuple(done.epochs), kept=done.kept, stopped=done.stopped, found=found)

    def _state(self, done: Progress) -> dict[str, Any]:
        """Return all that training depends on after an epoch."""
        return {
            **{name: part.state_dict() for name, part in self._parts().items()},
            "progress": done.state(),
            "random": generator_state(self._rng),
            "noise": self._noise.get_state(),
            "global": torch.get_rng_state(),
            "previous": [] if self._sampler is None else self._sampler.previous.tolist(),
        }

    def _restore(self, checkpoint: Checkpoint, done: Progress) -> None:
        """Take up training where the checkpoint left it, if it holds any."""
        state = checkpoint.read()
        if state is None:
            return
        for name, part in self._parts().items():
            part.load_state_dict(state[name])
        restore_generator(self._rng, state["random"])
        self._noise.set_state(state["noise"])
        torch.set_rng_state(state["global"])
        if self._sampler is not None:
            self._sampler.previous = np.array(state["previous"], dtype=np.intp)
        done.restore(state["progress"])

    def _parts(self) -> dict[str, Any]:
        """Return what has a state_dict."""
        return {
            "network": self._network,
            "objective": self._objective,
            "descent": self._descent,
        }

    def _epoch(self) -> tuple[list[float], int]:
        """Return the losses of the epoch's steps, and the number of the step that was not finite, else 0.

        It is not when its loss or its gradient is not; that step is not taken.
        """
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
                self._train.inputs[rows],
                dropout=self._settings.dropout,
                noise=self._settings.noise,
                generator=self._noise,
            )
            loss = self._loss_of(inputs, self._train.cells.target[rows], self._train.cells.sensitive[rows])
            if not bool(torch.isfinite(loss)):
                return losses, len(losses) + 1
            self._descent.zero_grad()
            torch.autograd.backward(loss)
            length = torch.nn.utils.clip_grad_norm_(self._network.parameters(), LONGEST_GRADIENT)
            if not bool(torch.isfinite(length)):  # a step would make every weight NaN
                return losses, len(losses) + 1
            self._descent.step()
            losses.append(float(loss.detach()))

    def _batches(self) -> Iterator[NDArray[np.intp]]:
        """Yield row numbers: each set, or natural batch, twice (two views) for set losses; else all rows once."""
        if self._sampler is not None:
            for triple in self._sampler.triples():
                if triple.hardness is not None:
                    self._hardness.append(triple.hardness)
                yield np.concatenate(
                    [np.tile(one, 2) for one in (triple.anchors, triple.positives, triple.negatives)]
                )
            return
        size, n = 6 * self._settings.mining.k, len(self._train)
        order = self._rng.permutation(n)
        if self._settings.by_views:
            half, share = size // 2, self._settings.ground_set
            for start in range(0, max(1, round(share * n / size)) * half, half):
                yield np.tile(order[start : start + half], 2)
            return
        for start in range(0, n - min(size, n) + 1, size):
            yield order[start : start + size]

    @torch.no_grad()
    def _features(self, rows: NDArray[np.intp]) -> NDArray[np.float32]:
        """Return the projected features of training rows."""
        network = self._network.eval()
        found: NDArray[np.float32] = (
            network.projector(encode(network.encoder, self._train.inputs[rows])).cpu().numpy()
        )
        network.train()
        return found

    def _validation_batches(self, validation: Rows) -> Iterator[NDArray[np.intp]]:
        """Yield fixed batches of validation rows; none where they hold no pair of cells to compare."""
        if not self._settings.by_views:
            for part in parts(validation.inputs):
                yield np.arange(len(validation))[part]
            return
        rng = np.random.default_rng(0)
        for k in (self._settings.mining.k, 2):
            try:
                pairs = validation.cells.pairs(k)
            except DataError:
                continue
            for number in range(VALIDATION_TRIPLES):
                pair = pairs[number % len(pairs)]
                found = mine(np.zeros((len(validation), 1)), validation.cells, drawn(k), pair=pair, rng=rng)
                yield found.rows
            return

    @torch.no_grad()
    def _validate(self) -> float | None:
        """Return the mean loss of the fixed validation batches, without augmentation."""
        if not self._fixed:
            return None
        self._network.eval()
        losses = [self._validation_loss(self._validation.take(rows)) for rows in self._fixed]
        return float(np.average(losses, weights=[len(rows) for rows in self._fixed]))

    def _validation_loss(self, rows: Rows) -> float:
        return float(self._loss_of(network_inputs(rows.inputs), rows.cells.target, rows.cells.sensitive))

    def _loss_of(self, inputs: Tensor, target: NDArray[np.int64], sensitive: NDArray[np.int64]) -> Tensor:
        """Return the loss of a batch, moved to where the network is: rows and their draws are made on the CPU."""
        batch = (inputs, torch.from_numpy(target), torch.from_numpy(sensitive))
        loss: Tensor = self._objective(self._network, *(part.to(self._settings.device) for part in batch))
        return loss

    def _mean_cosine(self) -> float:
        n = len(self._train)
        rows = np.linspace(0, n - 1, min(n, COMPARED)).astype(np.intp)
        return mean_cosine(torch.from_numpy(self._features(rows)))
