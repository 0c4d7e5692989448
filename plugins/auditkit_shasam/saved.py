"""A retrained model that predicts from tables, and its two files: weights (safetensors) and a card (JSON)."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load, save

from auditkit import DataError
from auditkit.encoding import EncodedColumn
from auditkit.labels import class_array
from auditkit_shasam.repair.columns import matrix
from auditkit_shasam.training.encoders import Classifier, build_encoder
from auditkit_shasam.training.encode import encode, few_threads

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from numpy.typing import NDArray
    from torch import nn

WEIGHTS, CARD, FORMAT = "model.safetensors", "card.json", 1


@dataclass(frozen=True, eq=False, kw_only=True)
class SavedModel:
    """An encoder and classifier with the columns they read and the classes they tell apart.

    It has predict, predict_proba, classes_ and feature_names_in_, as `Subject.model` needs. `card` says what it was
    trained on and how it did.
    """

    encoder_name: str
    encoder: nn.Module
    classifier: Classifier
    columns: tuple[EncodedColumn, ...]
    features: int
    classes: tuple[Any, ...]
    card: Mapping[str, Any]

    @property
    def classes_(self) -> NDArray[Any]:
        """The classes in the order of predict_proba's columns."""
        return class_array(self.classes)

    @property
    def feature_names_in_(self) -> NDArray[Any]:
        """The columns that a table must have."""
        names = dict.fromkeys(column.source for column in self.columns)
        return np.array(list(names), dtype=object)

    @torch.no_grad()
    def predict_proba(self, table: pd.DataFrame) -> NDArray[np.float64]:
        """Return each row's probability of each class, float64 [n, classes]. Raises DataError for a missing column."""
        inputs = torch.from_numpy(matrix(table, self.columns))
        with few_threads(inputs):
            scores = self.classifier(encode(self.encoder, inputs)).double()
            found: NDArray[np.float64] = scores.softmax(dim=1).numpy()
        return found

    def predict(self, table: pd.DataFrame) -> NDArray[Any]:
        """Return each row's most probable class."""
        predicted: NDArray[Any] = self.classes_[self.predict_proba(table).argmax(axis=1)]
        return predicted

    def save(self, folder: str | Path) -> Path:
        """Write the weights and the card into a folder, made if need be, and return it."""
        place = Path(folder)
        place.mkdir(parents=True, exist_ok=True)
        weights = save(_weights(self.encoder, self.classifier))
        document = {
            "format": FORMAT,
            "weights_sha256": hashlib.sha256(weights).hexdigest(),
            "encoder": self.encoder_name,
            "features": self.features,
            "classes": list(self.classes),
            "columns": [asdict(column) for column in self.columns],
            **self.card,
        }
        (place / WEIGHTS).write_bytes(weights)
        (place / CARD).write_text(
            json.dumps(document, indent=2, ensure_ascii=False, default=_plain) + "\n", "utf-8"
        )
        return place


def load_model(folder: str | Path) -> SavedModel:
    """Return the model that `save` wrote; it predicts the same numbers.

    Raises DataError, with the file, for one that is missing, damaged, or not what the card describes. An encoder
    named module:factory is imported, which runs its code.
    """
    place = Path(folder)
    card, weights = _card(place / CARD), _bytes(place / WEIGHTS)
    if hashlib.sha256(weights).hexdigest() != card["weights_sha256"]:
        message = (
            f"{place / WEIGHTS} is not the file that {place / CARD} describes: it was changed or cut off"
        )
        raise DataError(message)
    columns = tuple(EncodedColumn(**column) for column in card["columns"])
    encoder, features = build_encoder(card["encoder"], (len(columns),), features=card["features"])
    classifier = Classifier(features, len(card["classes"]))
    try:
        tensors = load(weights)
        for part, module in (("encoder", encoder), ("classifier", classifier)):
            own = {
                name.removeprefix(f"{part}."): t for name, t in tensors.items() if name.startswith(f"{part}.")
            }
            module.load_state_dict(own)
    except (SafetensorError, RuntimeError) as error:
        message = f"{place / WEIGHTS} does not hold the weights of this model: {str(error).splitlines()[0]}"
        raise DataError(message) from error
    return SavedModel(
        encoder_name=card["encoder"],
        encoder=encoder.eval(),
        classifier=classifier.eval(),
        columns=columns,
        features=card["features"],
        classes=tuple(card["classes"]),
        card=card,
    )


def _weights(encoder: nn.Module, classifier: nn.Module) -> dict[str, torch.Tensor]:
    parts = (("encoder", encoder), ("classifier", classifier))
    return {f"{part}.{name}": t.contiguous() for part, m in parts for name, t in m.state_dict().items()}


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        message = f"model file {path} cannot be read: {error.strerror}"
        raise DataError(message) from error


def _card(path: Path) -> dict[str, Any]:
    """Return a card with all the keys that loading needs."""
    try:
        card = json.loads(_bytes(path))
    except ValueError as error:
        message = f"model card {path} is not JSON: {error}"
        raise DataError(message) from error
    needed = ("format", "weights_sha256", "encoder", "features", "classes", "columns")
    absent = [key for key in needed if not isinstance(card, dict) or key not in card]
    if absent:
        message = f"model card {path} has no '{absent[0]}'; it was not written by shasam"
        raise DataError(message)
    if card["format"] != FORMAT:
        message = f"model card {path} has format {card['format']}; this version reads format {FORMAT}"
        raise DataError(message)
    found: dict[str, Any] = card
    return found


def _plain(value: Any) -> Any:
    """Return a NumPy number as the plain number of JSON."""
    if isinstance(value, np.generic):
        return value.item()
    message = f"a {type(value).__name__} cannot stand in a model card"
    raise TypeError(message)
