"""Both stages for one seed: from rows to a model that predicts, and what training was like."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

import torch

from auditkit import load_weights
from auditkit_shasam.training.checkpoint import Checkpoint
from auditkit_shasam.training.encoders.features import encode, few_threads
from auditkit_shasam.training.encoders.named import Network, build_encoder
from auditkit_shasam.training.first_stage import EncoderTraining
from auditkit_shasam.training.second_stage import Featured, SecondStage, train_classifier

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor, nn

    from auditkit_shasam.training.epochs import FirstStage
    from auditkit_shasam.training.rows import Rows
    from auditkit_shasam.training.settings import Settings


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
        with few_threads(inputs):
            scores = self.second.classifier(encode(self.encoder, inputs)).double()
            found: NDArray[np.float64] = scores.softmax(dim=1).numpy()
        return found


def fit(
    train: Rows, validation: Rows, *, encoder: str, settings: Settings, seed: int, keep: Path | None = None
) -> Fitted:
    """Return the model of one seed; the same seed gives the same bits on one kind of machine.

    The file `keep` holds the encoder's training after each epoch; where it is there, training goes on from it.
    Weights and draws are made on the CPU whatever the device, and the model ends there. Raises UsageError for an
    encoder that cannot be built, DataError if its weights do not fit, if no cell can be mined, or if the loss is not
    finite from the start.
    """
    start = perf_counter()
    shape = tuple(train.inputs.shape[1:])
    with few_threads(train.inputs, device=settings.device), torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        body, features = build_encoder(encoder, shape, features=settings.features)
        if settings.encoder_weights is not None:
            load_weights(body, settings.encoder_weights, what="encoder")
        classes = len(train.cells.target_names)
        network = Network(body, features, projection=settings.projection, classes=classes).to(settings.device)
        stage = EncoderTraining(network, train, validation=validation, settings=settings, seed=seed)
        first = stage.run(None if keep is None else Checkpoint(keep))
        featured = [Featured(encode(body, part.inputs), part.cells) for part in (train, validation)]
        with few_threads(featured[0].features):
            second = train_classifier(*featured, settings=settings, seed=seed)
        body.cpu()  # weights are saved, and handed between processes, from there
    seconds = perf_counter() - start
    return Fitted(encoder=body.eval(), first=first, second=second, seconds=seconds)
