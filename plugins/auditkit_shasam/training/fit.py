"""Both stages for one seed: from rows to a model that predicts, and what training was like."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

import torch
from threadpoolctl import threadpool_limits
from torch import nn

from auditkit_shasam.training.encoders import Network, build_encoder
from auditkit_shasam.training.first_stage import EncoderTraining, FirstStage
from auditkit_shasam.training.second_stage import Featured, SecondStage, train_classifier

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor

    from auditkit_shasam.training.rows import Rows
    from auditkit_shasam.training.settings import Settings

AT_ONCE = 4096
"""Rows that are encoded together."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Fitted:
    """A trained encoder, how it was trained, the classifier of its features, and the seconds it took."""

    encoder: nn.Module
    first: FirstStage
    second: SecondStage
    seconds: float

    @torch.no_grad()
    def probabilities(self, inputs: Tensor) -> NDArray[np.float64]:
        """Return the probability of each class, float64 [n, classes]."""
        with one_thread():
            scores = self.second.classifier(encode(self.encoder, inputs)).double()
            found: NDArray[np.float64] = scores.softmax(dim=1).numpy()
        return found


def fit(train: Rows, validation: Rows, *, encoder: str, settings: Settings, seed: int) -> Fitted:
    """Return the model of one seed; the same seed gives the same bits on one kind of machine.

    Raises UsageError for an encoder that cannot be built, DataError if no cell can be mined or the loss is not
    finite from the start.
    """
    start = perf_counter()
    shape = tuple(train.inputs.shape[1:])
    with one_thread(), torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        body, features = build_encoder(encoder, shape, features=settings.features)
        classes = len(train.cells.target_names)
        network = Network(body, features, projection=settings.projection, classes=classes)
        stage = EncoderTraining(network, train, validation=validation, settings=settings, seed=seed)
        first = stage.run()
        rows = (Featured(encode(body, part.inputs), part.cells) for part in (train, validation))
        second = train_classifier(*rows, settings=settings, seed=seed)
    seconds = perf_counter() - start
    return Fitted(encoder=body.eval(), first=first, second=second, seconds=seconds)


@torch.no_grad()
def encode(encoder: nn.Module, inputs: Tensor) -> Tensor:
    """Return the features [n, m] of a frozen encoder."""
    encoder.eval()
    return torch.cat([encoder(inputs[i : i + AT_ONCE]) for i in range(0, len(inputs), AT_ONCE)])


@contextmanager
def one_thread() -> Iterator[None]:
    """Run torch and BLAS on one thread: the same digits on any number of cores, and small batches lose nothing."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with threadpool_limits(limits=1, user_api="blas"):
            yield
    finally:
        torch.set_num_threads(before)
