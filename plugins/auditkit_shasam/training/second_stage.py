"""Stage 2: a classifier with one hidden layer on frozen features, by cross-entropy."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch.nn.functional import cross_entropy

from auditkit_shasam.training.balance import equalized_odds, even_weights
from auditkit_shasam.training.descent import Descent
from auditkit_shasam.training.encoders.named import Classifier

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from torch import Tensor

    from auditkit_shasam.mining import Cells
    from auditkit_shasam.training.settings import Settings

STRENGTH = {"rows": 0.0, "groups": 1.0, "cells": 1.0}
"""How far each balance goes from rows as they are (0) to even groups or cells (1)."""
STRENGTHS = (0.0, 0.5, 1.0)
"""How far `auto` goes from rows as they are (0) to even groups (1)."""
SPARE = 0.02
"""Accuracy, evenly over groups, that `auto` may give up for equalized odds."""


@dataclass(frozen=True, eq=False)
class Featured:
    """Frozen features float32 [n, m], on the device that trains, and the cells of the same rows."""

    features: Tensor
    cells: Cells


@dataclass(frozen=True, eq=False, kw_only=True)
class SecondStage:
    """A classifier at its best epoch, how far its batches were balanced, and how it did on validation rows.

    `loss` is the cross-entropy and `accuracy` the share of rows predicted right, groups of a class counting the same.
    """

    classifier: Classifier
    strength: float
    loss: float
    accuracy: float
    equalized_odds: float


def train_classifier(train: Featured, validation: Featured, *, settings: Settings, seed: int) -> SecondStage:
    """Return the classifier of the settings' balance.

    "auto" tries several strengths of "groups" and keeps, of those whose accuracy on validation rows (evenly over
    groups) is within 0.02 of the best, the one with the smallest mean equalized odds difference there.
    """
    if settings.balance != "auto":
        strength = STRENGTH[settings.balance]
        return _trained(train, validation, strength=strength, settings=settings, seed=seed)
    tried = [_trained(train, validation, strength=s, settings=settings, seed=seed) for s in STRENGTHS]
    best = max(stage.accuracy for stage in tried)
    return min((s for s in tried if s.accuracy >= best - SPARE), key=lambda stage: stage.equalized_odds)


def _trained(
    train: Featured, validation: Featured, *, strength: float, settings: Settings, seed: int
) -> SecondStage:
    rng = np.random.default_rng(seed)
    torch.manual_seed(seed)
    classifier = Classifier(train.features.shape[1], len(train.cells.target_names)).to(settings.device)
    descent = Descent(
        classifier.parameters(), rate=settings.classifier_rate, epochs=settings.classifier_epochs
    )
    target = torch.from_numpy(train.cells.target).to(settings.device)
    classes = settings.balance == "cells"
    chance = even_weights(train.cells, strength=strength, classes=classes)
    weight = even_weights(validation.cells, strength=strength, classes=classes)
    best, weights = np.inf, copy.deepcopy(classifier.state_dict())
    for _ in range(settings.classifier_epochs):
        order = _order(chance, strength, rng)
        for start in range(0, len(order), settings.classifier_batch):
            rows = order[start : start + settings.classifier_batch]
            descent.zero_grad()
            torch.autograd.backward(cross_entropy(classifier(train.features[rows]), target[rows]))
            descent.step()
        descent.end_epoch()
        loss = float((_losses(classifier, validation) * weight).sum())
        if loss < best:
            best, weights = loss, copy.deepcopy(classifier.state_dict())
    classifier.load_state_dict(weights)
    found = _judged(classifier.eval(), validation, strength=strength)
    classifier.cpu()
    return found


def _judged(classifier: Classifier, validation: Featured, *, strength: float) -> SecondStage:
    """Return a trained classifier with what validation rows say about it, on one scale for all balances."""
    even = even_weights(validation.cells, strength=1.0, classes=False)
    with torch.no_grad():
        predicted = classifier(validation.features).argmax(dim=1).cpu().numpy()
    return SecondStage(
        classifier=classifier,
        strength=strength,
        loss=float((_losses(classifier, validation) * even).sum()),
        accuracy=float(((predicted == validation.cells.target) * even).sum()),
        equalized_odds=equalized_odds(predicted, validation.cells),
    )


@torch.no_grad()
def _losses(classifier: Classifier, rows: Featured) -> NDArray[np.float64]:
    target = torch.from_numpy(rows.cells.target).to(rows.features.device)
    losses = cross_entropy(classifier(rows.features), target, reduction="none")
    found: NDArray[np.float64] = losses.cpu().double().numpy()
    return found


def _order(chance: NDArray[np.float64], strength: float, rng: np.random.Generator) -> NDArray[np.intp]:
    """Return the rows of one epoch: all of them shuffled, or as many drawn by chance."""
    n = len(chance)
    return rng.permutation(n) if strength == 0 else rng.choice(n, size=n, p=chance)
