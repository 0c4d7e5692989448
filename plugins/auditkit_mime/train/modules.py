"""Trains any torch module, one model after another: resnet34, and what a user's `module:factory` makes."""

from __future__ import annotations

import importlib
from copy import deepcopy
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from auditkit import UsageError, load_weights
from auditkit_mime.train.adam import AdamW
from auditkit_mime.train.epochs import EpochChoice, order_of
from auditkit_mime.train.hard_mining import row_weights

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from numpy.typing import NDArray
    from torch import Tensor

    from auditkit_mime.design.inputs import Examples
    from auditkit_mime.design.trials import ModelRows
    from auditkit_mime.train.epochs import Training
    from auditkit_mime.train.outcome import Outcome

    Factory = Callable[[tuple[int, ...], int], nn.Module]

JUDGED_AT_ONCE = 256


def factory_of(name: str) -> Factory:
    """Return the function that `resnet34` or `module:factory` names, or raise UsageError in one sentence.

    It is called with the shape of one input, such as (104,) or (3, 100, 100), and the number of classes.
    """
    if name == "resnet34":
        from auditkit_mime.train.resnet import resnet34

        return lambda shape, classes: resnet34(classes)  # noqa: ARG005  any size of image will do
    module, _, attribute = name.partition(":")
    try:
        found = getattr(importlib.import_module(module), attribute)
    except (ImportError, AttributeError, ValueError) as error:
        message = f"model '{name}' cannot be imported: {error}"
        raise UsageError(message) from error
    if not callable(found):
        message = f"model '{name}' is a {type(found).__name__}, not a function that makes a torch module"
        raise UsageError(message)
    made: Factory = found
    return made


def build(name: str, shape: tuple[int, ...], classes: int, *, weights: str | None = None) -> nn.Module:
    """Return a new module that maps [n, *shape] to scores [n, classes], with the weights of a file if one is given.

    Raises UsageError for a module that does anything else, DataError for weights that are not the module's.
    """
    try:
        made: Any = factory_of(name)(shape, classes)
    except TypeError as error:
        message = (
            f"model '{name}' cannot be made: {error}; it is called with a shape such as {shape} and {classes}"
        )
        raise UsageError(message) from error
    if not isinstance(made, nn.Module):
        message = f"model '{name}' made a {type(made).__name__}, not a torch.nn.Module"
        raise UsageError(message)
    try:
        with torch.no_grad():
            scores: Any = made.eval()(torch.zeros(2, *shape))
    except (RuntimeError, ValueError, TypeError, IndexError) as error:
        message = f"model '{name}' cannot read inputs of shape {shape}: {str(error).splitlines()[0]}"
        raise UsageError(message) from error
    if not isinstance(scores, torch.Tensor) or tuple(scores.shape) != (2, classes):
        shown = tuple(scores.shape) if isinstance(scores, torch.Tensor) else type(scores).__name__
        message = f"model '{name}' must map 2 inputs to scores of shape (2, {classes}), it made {shown}"
        raise UsageError(message)
    if weights is not None:
        load_weights(made, weights, what="model")
    return made.train()


class ModuleTrainee:
    """One torch module with the rows it learns from; inputs are float32 [n, d] or pixels uint8 [n, size, size, 3]."""

    def __init__(self, name: str, examples: Examples, rows: ModelRows, *, training: Training) -> None:
        self.inputs, self.classes, self.rows = examples.inputs, torch.from_numpy(examples.classes), rows
        self.n_classes, self.project_on = examples.n_classes, examples.project_on
        self.optimiser, self.batch_size = training.optimiser, training.batch_size
        self.device = torch.device(training.device)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(rows.seeds[0])
            self.module = build(name, input_shape(self.inputs), self.n_classes, weights=training.weights).to(
                self.device
            )
        self.adam = AdamW(self.module.parameters(), self.optimiser)
        self.kept: Mapping[str, Tensor] = {}

    def epoch(self, number: int) -> None:
        """Learn from every train row once; dropout draws from the trial's seed and the number of the epoch."""
        self.module.train()
        rows = self.rows.train[0]
        shuffled = rows[order_of(self.rows.seeds[0], number, len(rows))]
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(int(np.random.default_rng([*self.rows.seeds[:1], number, 1]).integers(2**31)))
            for x, y in self._batches(shuffled, self.batch_size):
                if len(x) > 1:  # batch normalisation cannot read a single row
                    self._step(x, y)

    def _step(self, x: Tensor, y: Tensor) -> None:
        self.adam.zero_grad()
        share = functional.log_softmax(self.module(x), dim=1).gather(1, y[:, None]).T
        with torch.no_grad():
            weights = row_weights(share, y[None], classes=self.n_classes, keep=self.optimiser.hard_kept)
        (-(share * weights).sum()).backward()  # type: ignore[no-untyped-call]
        self.adam.step()

    @torch.no_grad()
    def right(self, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return whether the model predicts its rows [1, ...] right, the same shape."""
        self.module.eval()
        found = [self.module(x).argmax(dim=1) == y for x, y in self._batches(rows.ravel(), JUDGED_AT_ONCE)]
        return np.asarray(torch.cat(found).cpu().numpy().reshape(rows.shape))

    @torch.no_grad()
    def projected(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the inputs of the last linear layer on the weights of one class, NaN without such a layer."""
        layers = [
            m for m in self.module.modules() if isinstance(m, nn.Linear) and m.out_features == self.n_classes
        ]
        if not layers:
            return np.full(rows.shape, np.nan, dtype=np.float32)
        seen: list[Tensor] = []
        weight = layers[-1].weight[self.project_on]
        hook = layers[-1].register_forward_pre_hook(lambda _, given: seen.append(given[0] @ weight))
        self.module.eval()
        for x, _ in self._batches(rows.ravel(), JUDGED_AT_ONCE):
            self.module(x)
        hook.remove()
        return np.asarray(torch.cat(seen).cpu().numpy().reshape(rows.shape))

    def keep(self, models: NDArray[np.bool_]) -> None:  # noqa: ARG002  there is one model
        """Remember the module as it is now."""
        self.kept = deepcopy(self.module.state_dict())

    def recall(self) -> None:
        """Turn the module back into what was remembered of it."""
        self.module.load_state_dict(self.kept)

    def state(self) -> dict[str, Tensor]:
        """Return nothing: models that train alone are saved when they are done."""
        return {}

    def resume(self, state: Mapping[str, Tensor]) -> None:
        """Start anew."""

    def _batches(self, rows: NDArray[np.int64], size: int) -> Iterator[tuple[Tensor, Tensor]]:
        """Yield inputs and classes of the rows in order, pixels as channels first in [-1, 1]."""
        for start in range(0, len(rows), size):
            chosen = rows[start : start + size]
            x = torch.from_numpy(np.asarray(self.inputs[chosen]))
            if x.dtype == torch.uint8:
                x = x.permute(0, 3, 1, 2).float().div_(127.5).sub_(1)
            yield x.to(self.device), self.classes[torch.from_numpy(chosen)].to(self.device)


def input_shape(inputs: NDArray[Any]) -> tuple[int, ...]:
    """Return the shape of one input as a module reads it: (d,) or (3, size, size)."""
    return inputs.shape[1:] if inputs.ndim == 2 else (3, *inputs.shape[1:3])


def train_module(name: str, examples: Examples, rows: ModelRows, *, training: Training) -> Outcome:
    """Return the outcome of one model."""
    trainee = ModuleTrainee(name, examples, rows, training=training)
    choice = EpochChoice(trainee, training.selection)
    for epoch in range(training.epochs):
        trainee.epoch(epoch)
        choice.look(epoch + 1)
    return choice.outcome()
