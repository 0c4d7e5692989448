"""Trains all perceptrons of a sweep at once, on as many threads as torch has, and survives an interrupt."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import pairwise
from math import ceil
from time import monotonic
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from auditkit_mime.train.epochs import EpochChoice, order_of
from auditkit_mime.train.outcome import joined
from auditkit_mime.train.stacked import Stack

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from numpy.typing import NDArray
    from torch import Tensor

    from auditkit import Context
    from auditkit_mime.design.inputs import Examples
    from auditkit_mime.design.trials import ModelRows
    from auditkit_mime.train.epochs import Training
    from auditkit_mime.train.outcome import Outcome
    from auditkit_mime.train.stacked import Shape

NUMBERS_AT_ONCE = 4_000_000
"""Input values that are gathered together when models are judged: 16 MB."""
SECONDS_BETWEEN_SAVES = 30.0
MODELS_AT_ONCE = 28
"""Models in a stack. Of fewer the calls weigh: threads then wait for each other's interpreter lock (14 instead of 28
cost a third of the speed on two cores). Of many more the parameters leave a core's cache."""


class StackTrainee:
    """A stack of perceptrons with the rows each of them learns from; inputs are float32 [n, d]."""

    def __init__(self, examples: Examples, rows: ModelRows, *, shape: Shape, training: Training) -> None:
        self.device, self.rows = training.device, rows
        self.inputs, self.classes = self._there(examples.inputs), self._there(examples.classes)
        self.batch_size, self.project_on = training.batch_size, examples.project_on
        self.stack = Stack(shape, len(rows), optimiser=training.optimiser, device=training.device)
        self.stack.start(rows.seeds)
        self.kept = Stack(shape, len(rows), optimiser=training.optimiser, device=training.device)
        self.train = self._there(rows.train)

    @torch.no_grad()
    def epoch(self, number: int) -> None:
        """Learn from every train row once."""
        n = self.train.shape[1]
        orders = {seed: order_of(seed, number, n) for seed in set(self.rows.seeds)}
        order = self._there(np.array([orders[seed] for seed in self.rows.seeds]))
        shuffled = self.train.gather(1, order)
        for start in range(0, n, self.batch_size):
            chosen = shuffled[:, start : start + self.batch_size]
            self.stack.step(self._gather(chosen), self.classes[chosen])

    @torch.no_grad()
    def right(self, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return whether each model predicts its rows [m, ...] right, the same shape."""
        found = [
            (self.stack.scores(self._gather(part)).argmax(dim=2) == self.classes[part])
            for part in self._parts(rows)
        ]
        return np.asarray(torch.cat(found, dim=1).cpu().numpy().reshape(rows.shape))

    @torch.no_grad()
    def projected(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the last hidden layer of each model on the weights of one class, float32, the shape of `rows`."""
        found = [self.stack.projected(self._gather(part), self.project_on) for part in self._parts(rows)]
        return np.asarray(torch.cat(found, dim=1).cpu().numpy().reshape(rows.shape))

    def keep(self, models: NDArray[np.bool_]) -> None:
        """Remember these models as they are now."""
        chosen = self._there(models)
        for kept, now in zip(self.kept.layers, self.stack.layers, strict=True):
            for target, source in zip(kept, now, strict=True):
                target[chosen] = source[chosen]

    def recall(self) -> None:
        """Turn every model back into what was remembered of it."""
        self.stack.flat.copy_(self.kept.flat)

    def state(self) -> dict[str, Tensor]:
        """Return a copy of the parameters, of AdamW's memory and of the models remembered: a row per model, on the CPU.

        AdamW's count of steps alone is one number: all models have taken as many.
        """
        stack, memory = self.stack, self.stack.adam.state[self.stack.flat]
        adam = {
            f"adam.{name}": stack.by_model(value) if value.ndim else value.detach().cpu().clone()
            for name, value in memory.items()
        }
        return {"flat": stack.by_model(stack.flat), "kept": stack.by_model(self.kept.flat), **adam}

    def resume(self, state: Mapping[str, Tensor]) -> None:
        """Go on from a state."""
        self.stack.fill(self.stack.flat, state["flat"])
        self.stack.fill(self.kept.flat, state["kept"])
        memory = self.stack.adam.state[self.stack.flat]
        for name in (name for name in state if "adam." in name):
            value = state[name].to(self.device, copy=True)
            if value.ndim:
                value = torch.zeros_like(self.stack.flat)
                self.stack.fill(value, state[name])
            memory[name.removeprefix("adam.")] = value

    def _there(self, numbers: NDArray[Any]) -> Tensor:
        """Return numbers on the device of the models."""
        return torch.from_numpy(numbers).to(self.device)

    def _gather(self, rows: Tensor) -> Tensor:
        """Return the inputs [m, b, d] of rows [m, b]."""
        return self.inputs.index_select(0, rows.reshape(-1)).view(*rows.shape, -1)

    def _parts(self, rows: NDArray[np.int64]) -> list[Tensor]:
        """Return the rows [m, r] in lots small enough to gather."""
        flat = self._there(rows.reshape(len(rows), -1))
        size = max(1, NUMBERS_AT_ONCE // (len(rows) * self.inputs.shape[1]))
        return list(torch.split(flat, size, dim=1))


def train_stack(
    examples: Examples, rows: ModelRows, context: Context, *, shape: Shape, training: Training, file: Path
) -> Outcome:
    """Return the outcome of all models. `file` holds what an interrupted call had done, and is gone on with.

    On the CPU the models are divided into stacks that the threads take in turn: within a stack torch runs on one
    thread, so that results do not depend on how a sum is cut. Elsewhere all are one stack.
    """
    on_cpu = training.device == "cpu"
    cores = torch.get_num_threads() if on_cpu else 1
    divided = lots(len(rows), cores) if on_cpu else [slice(0, len(rows))]
    trainees = [StackTrainee(examples, rows.part(lot), shape=shape, training=training) for lot in divided]
    choices = [EpochChoice(trainee, training.selection) for trainee in trainees]
    done = _resume(file, choices)

    def advance(choice: EpochChoice, epoch: int) -> None:
        choice.trainee.epoch(epoch)
        choice.look(epoch + 1)

    with _one_thread_each(), ThreadPoolExecutor(cores) as threads:
        kept, saved = {}, monotonic()
        try:
            for epoch in context.track(range(done, training.epochs), "mime: epochs of all models"):
                list(threads.map(advance, choices, [epoch] * len(choices)))
                kept = _state(choices, epoch + 1)
                if monotonic() - saved > SECONDS_BETWEEN_SAVES:
                    _save(kept, file)
                    saved = monotonic()
        except BaseException:
            _save(kept, file)
            raise
        return joined(list(threads.map(EpochChoice.outcome, choices)))


def lots(models: int, threads: int) -> list[slice]:
    """Return the models in lots of nearly one size, a multiple of the threads, none above MODELS_AT_ONCE."""
    count = min(models, threads * ceil(models / (threads * MODELS_AT_ONCE)))
    ends = np.linspace(0, models, count + 1).round().astype(int).tolist()
    return [slice(a, b) for a, b in pairwise(ends)]


@contextmanager
def _one_thread_each() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _state(choices: list[EpochChoice], done: int) -> dict[str, Tensor]:
    """Return all that later epochs depend on, of all models, however they are divided."""
    held = [
        {f"trainee.{name}": value for name, value in choice.trainee.state().items()}
        | {f"choice.{name}": value for name, value in choice.state().items()}
        for choice in choices
    ]
    state = {
        name: torch.cat([part[name] for part in held]) if value.ndim else value
        for name, value in held[0].items()
    }
    return {**state, "done": torch.tensor(done), "models": torch.tensor(sum(map(_models, choices)))}


def _models(choice: EpochChoice) -> int:
    return len(choice.trainee.rows)


def _resume(file: Path, choices: list[EpochChoice]) -> int:
    """Give the choices what the file holds and return the epochs that were done; 0 if it holds nothing for them."""
    if not file.exists():
        return 0
    state = torch.load(file, weights_only=True, map_location="cpu")
    if int(state["models"]) != sum(map(_models, choices)):
        return 0

    def held(prefix: str, lot: slice) -> dict[str, Tensor]:
        return {
            name.removeprefix(prefix): value[lot] if value.ndim else value
            for name, value in state.items()
            if name.startswith(prefix)
        }

    start = 0
    for choice in choices:
        lot = slice(start, start + _models(choice))
        choice.trainee.resume(held("trainee.", lot))
        choice.resume(held("choice.", lot))
        start = lot.stop
    return int(state["done"])


def _save(state: dict[str, Tensor], file: Path) -> None:
    """Write the state whole or not at all."""
    if state:
        part = file.with_suffix(".part")
        torch.save(state, part)
        part.replace(file)
