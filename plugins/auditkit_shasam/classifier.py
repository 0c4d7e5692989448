"""SHaSaM as a scikit-learn classifier: rows of numbers in, labels out, sensitive groups beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import torch
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_consistent_length, check_is_fitted, column_or_1d, validate_data

from auditkit import FARTHEST, VALIDATION_SHARE, draw_by_cell
from auditkit_shasam.mining import make_cells
from auditkit_shasam.params import ShasamParams
from auditkit_shasam.training import Rows, Settings, fit, plain_settings, settings_of

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


class ShasamClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Classifier whose features keep the target and forget the groups given to fit.

    Parameters are those of the repair, each an argument of its own, as scikit-learn's contract has it. Without
    `sensitive_features` there is nothing to forget, and the network is trained by cross-entropy. Inputs are scaled to
    mean 0 and standard deviation 1.
    """

    def __init__(
        self,
        *,
        loss: Literal["flcmi", "logdetcmi", "supcon", "fscl", "grl", "ce"] = "flcmi",
        form: Literal["smooth", "literal"] = "smooth",
        joint: float = 1.0,
        mining: Literal["shasam", "random"] = "random",
        selection: Literal["facility_location", "log_determinant"] = "facility_location",
        anchors: Literal["random", "fl", "logdet"] | None = None,
        mine_positives: Literal["random", "fl", "logdet"] | None = None,
        mine_negatives: str | None = None,
        batches: Literal["cells", "natural"] = "cells",
        balance: Literal["auto", "rows", "groups", "cells"] = "auto",
        encoder: str = "mlp",
        k: int = 16,
        ground_set: float = 0.2,
        refresh: int = 4,
        epochs: int = 20,
        patience: int = 8,
        learning_rate: float = 0.1,
        temperature: float = 0.7,
        device: Literal["auto", "cpu", "cuda", "mps"] = "auto",
        random_state: int = 0,
    ) -> None:
        self.loss = loss
        self.form = form
        self.joint = joint
        self.mining = mining
        self.selection = selection
        self.anchors = anchors
        self.mine_positives = mine_positives
        self.mine_negatives = mine_negatives
        self.batches = batches
        self.balance = balance
        self.encoder = encoder
        self.k = k
        self.ground_set = ground_set
        self.refresh = refresh
        self.epochs = epochs
        self.patience = patience
        self.learning_rate = learning_rate
        self.temperature = temperature
        self.device = device
        self.random_state = random_state

    def fit(self, X: Any, y: ArrayLike, *, sensitive_features: ArrayLike | None = None) -> ShasamClassifier:  # noqa: N803  scikit-learn's name
        """Learn from numbers [n, d], labels [n] and, if given, groups [n]; return self.

        Raises ValueError for inputs that scikit-learn refuses, UsageError for a name or a device that there is not,
        DataError if no cell of class and group has k rows.
        """
        numbers, labels = validate_data(self, X, y, dtype=np.float64)
        check_classification_targets(labels)
        self.classes_, target = np.unique(labels, return_inverse=True)
        if len(self.classes_) < 2:
            message = (
                f"ShasamClassifier needs two classes at least, the target has one class: {self.classes_[0]}"
            )
            raise ValueError(message)
        sensitive = np.zeros(len(target), dtype=np.int64)
        if sensitive_features is not None:
            groups = column_or_1d(sensitive_features)
            check_consistent_length(numbers, groups)
            sensitive = np.unique(groups, return_inverse=True)[1]
        self.mean_, self.scale_ = _centre_and_scale(numbers)
        rows = Rows(self._inputs(numbers), make_cells(target, sensitive))
        held = draw_by_cell(
            rows.cells.target,
            rows.cells.sensitive,
            rows=np.arange(len(rows)),
            share=VALIDATION_SHARE,
            rng=np.random.default_rng(0),
        )
        train = np.setdiff1d(np.arange(len(rows)), held)
        if len(held) == 0 or len(np.unique(target[train])) < len(self.classes_):
            held = train = np.arange(len(rows))  # too few rows to spare any
        self.fitted_ = fit(
            rows.take(train),
            rows.take(held),
            encoder=self.encoder,
            settings=self._settings(plain=sensitive_features is None),
            seed=self.random_state,
        )
        return self

    def predict_proba(self, X: Any) -> NDArray[np.float64]:  # noqa: N803  scikit-learn's name
        """Return each row's probability of each class in classes_, float64 [n, classes]."""
        check_is_fitted(self)
        return self.fitted_.probabilities(self._inputs(validate_data(self, X, dtype=np.float64, reset=False)))

    def predict(self, X: Any) -> NDArray[Any]:  # noqa: N803  scikit-learn's name
        """Return each row's most probable class."""
        best = self.predict_proba(X).argmax(axis=1)
        predicted: NDArray[Any] = self.classes_[best]
        return predicted

    def _inputs(self, numbers: NDArray[np.float64]) -> torch.Tensor:
        scaled = np.clip((numbers / 2 - self.mean_ / 2) / (self.scale_ / 2), -FARTHEST, FARTHEST)
        return torch.from_numpy(scaled.astype(np.float32))

    def _settings(self, *, plain: bool) -> Settings:
        asked = {name: value for name, value in self.get_params(deep=False).items() if name != "random_state"}
        settings = settings_of(ShasamParams(**asked))
        return plain_settings(settings) if plain else settings


def _centre_and_scale(numbers: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return mean and standard deviation of each column, 1 for one that does not vary."""
    largest = np.abs(numbers).max(axis=0)
    largest[largest == 0] = 1.0  # squares of huge values would overflow
    small = numbers / largest
    spread = small.std(axis=0)
    constant = numbers.min(axis=0) == numbers.max(axis=0)
    return small.mean(axis=0) * largest, np.where(constant, 1.0, spread * largest)
