"""A retrained model that predicts from rows, and its two files: weights (safetensors) and a card (JSON)."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load, save

from auditkit import DataError, EncodedColumn, UsageError, class_array, first_line, write_output
from auditkit_shasam.card import CARD, FORMAT, WEIGHTS, code_of_card, file_bytes, read_card
from auditkit_shasam.reading.inputs import AT_ONCE, Kind, Reading
from auditkit_shasam.training.encoders.features import encode, few_threads
from auditkit_shasam.training.encoders.named import BUILT_IN, Classifier, build_encoder, encoder_for

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray
    from torch import nn

    from auditkit import Images

LARGEST = 1_000_000
"""Of features, columns and pixels along a side, each."""


@dataclass(frozen=True, eq=False, kw_only=True)
class SavedModel:
    """An encoder and classifier with what they read and the classes they tell apart.

    It has predict, predict_proba, classes_, reads and feature_names_in_, as `Subject.model` needs. `card` says what it
    was trained on and how it did.
    """

    encoder_name: str
    encoder: nn.Module
    classifier: Classifier
    reading: Reading
    features: int
    classes: tuple[Any, ...]
    card: Mapping[str, Any]

    @property
    def classes_(self) -> NDArray[Any]:
        """The classes in the order of predict_proba's columns."""
        return class_array(self.classes)

    @property
    def reads(self) -> str:
        """What predict is given: a table, embeddings or images."""
        return self.reading.kind

    @property
    def feature_names_in_(self) -> NDArray[Any]:
        """The columns that a table must have."""
        names = dict.fromkeys(column.source for column in self.reading.columns)
        return np.array(list(names), dtype=object)

    def predict_proba(self, rows: Any) -> NDArray[np.float64]:
        """Return each row's probability of each class, float64 [n, classes].

        Rows are a table, vectors [n, d] or images, as `reads` says. Raises DataError for a missing column, and for
        vectors of another length.
        """
        if self.reads != "images":
            return self.of_inputs(self.reading.inputs(rows))
        parts = [np.arange(start, min(start + AT_ONCE, len(rows))) for start in range(0, len(rows), AT_ONCE)]
        return np.concatenate([self.of_inputs(self.reading.inputs(_Part(rows, part))) for part in parts])

    @torch.no_grad()
    def of_inputs(self, inputs: torch.Tensor) -> NDArray[np.float64]:
        """Return the probabilities of rows that are read already."""
        with few_threads(inputs):
            scores = self.classifier(encode(self.encoder, inputs)).double()
            found: NDArray[np.float64] = scores.softmax(dim=1).numpy()
        return found

    def predict(self, rows: Any) -> NDArray[Any]:
        """Return each row's most probable class."""
        predicted: NDArray[Any] = self.classes_[self.predict_proba(rows).argmax(axis=1)]
        return predicted

    @torch.no_grad()
    def embed(self, rows: Any) -> NDArray[np.float64]:
        """Return the features that the encoder makes of each row, float64 [n, d]: what a last layer reads.

        Rows are a table, vectors [n, d] or images, as `reads` says.
        """
        if self.reads != "images":
            return self._features(self.reading.inputs(rows))
        parts = [np.arange(start, min(start + AT_ONCE, len(rows))) for start in range(0, len(rows), AT_ONCE)]
        return np.concatenate([self._features(self.reading.inputs(_Part(rows, part))) for part in parts])

    def _features(self, inputs: torch.Tensor) -> NDArray[np.float64]:
        with few_threads(inputs):
            found: NDArray[np.float64] = encode(self.encoder, inputs).double().numpy()
        return found

    def save(self, folder: str | Path, *, write: Callable[[Path, str | bytes], None] = write_output) -> Path:
        """Write the weights and the card into a folder, made if need be, and return it.

        Files that auditkit did not write are left as they are, and UsageError is raised: `write` writes one file.
        """
        place = Path(folder)
        place.mkdir(parents=True, exist_ok=True)
        weights = save(_weights(self.encoder, self.classifier))
        document = {
            "format": FORMAT,
            "weights_sha256": hashlib.sha256(weights).hexdigest(),
            "encoder": self.encoder_name,
            "features": self.features,
            "classes": list(self.classes),
            "reads": self.reading.kind,
            "shape": list(self.reading.shape),
            "columns": [asdict(column) for column in self.reading.columns],
            **self.card,
        }
        write(place / WEIGHTS, weights)
        write(place / CARD, json.dumps(document, indent=2, ensure_ascii=False, default=_plain) + "\n")
        return place


def load_model(folder: str | Path, *, allow_code: bool = False) -> SavedModel:
    """Return the model that `save` wrote; it predicts the same numbers.

    Raises DataError, with the file, for one that is missing, damaged, or not what the card describes, and UsageError
    for a card that names an encoder as module:factory: to import it runs its code, with `allow_code` only.
    """
    place = Path(folder)
    card, weights = read_card(place / CARD), file_bytes(place / WEIGHTS)
    if not allow_code and (code := code_of_card(place)):
        message = (
            f"model card {place / CARD} names the encoder {code[0]}, which is code to run: allow_code=True"
        )
        raise UsageError(message)
    if hashlib.sha256(weights).hexdigest() != card["weights_sha256"]:
        message = (
            f"{place / WEIGHTS} is not the file that {place / CARD} describes: it was changed or cut off"
        )
        raise DataError(message)
    reading = _reading(card, place / CARD)
    try:
        tensors = load(weights)
        _need_sizes(card, reading, tensors)
        encoder, classifier = _built(card, reading)
        for part, module in (("encoder", encoder), ("classifier", classifier)):
            module.load_state_dict(_part_of(tensors, part))
    except (SafetensorError, RuntimeError) as error:
        message = f"{place / WEIGHTS} does not hold the weights of this model: {first_line(error)}"
        raise DataError(message) from error
    return SavedModel(
        encoder_name=card["encoder"],
        encoder=encoder.eval(),
        classifier=classifier.eval(),
        reading=reading,
        features=card["features"],
        classes=tuple(card["classes"]),
        card=card,
    )


def _reading(card: Mapping[str, Any], path: Path) -> Reading:
    """Return what the model reads, or raise DataError for a card whose words are of other types than `save` writes."""
    try:
        columns = tuple(EncodedColumn(**column) for column in card["columns"])
        shape = tuple(card["shape"])
    except TypeError as error:
        message = f"model card {path} does not describe a model: {first_line(error)}"
        raise DataError(message) from error
    sizes = (*shape, card["features"])
    numbers = (number for column in columns for number in (column.centre, column.scale))
    texts = (card["encoder"], *(column.source for column in columns))
    described = (
        all(type(one) is int and 0 < one <= LARGEST for one in sizes)
        and all(isinstance(one, int | float) and math.isfinite(one) for one in numbers)
        and all(isinstance(one, str) for one in texts)
        and isinstance(card["classes"], list)
        and all(isinstance(one, str | int | float) for one in card["classes"])
        and len(set(card["classes"])) == len(card["classes"]) > 1
        and card["reads"] in get_args(Kind)
    )
    if not described:
        message = f"model card {path} does not describe a model: a value is of another type, or too large"
        raise DataError(message)
    return Reading(kind=card["reads"], shape=shape, columns=columns)


def _built(card: Mapping[str, Any], reading: Reading) -> tuple[nn.Module, Classifier]:
    encoder, features = build_encoder(card["encoder"], reading.shape, features=card["features"])
    return encoder, Classifier(features, len(card["classes"]))


def _need_sizes(card: Mapping[str, Any], reading: Reading, tensors: Mapping[str, torch.Tensor]) -> None:
    """Raise RuntimeError unless the weights have the sizes that the card tells of, before memory is taken for them."""
    if encoder_for(card["encoder"], reading.shape) not in BUILT_IN:
        return
    with torch.device("meta"):
        encoder, classifier = _built(card, reading)
    for part, module in (("encoder", encoder), ("classifier", classifier)):
        own = _part_of(tensors, part)
        for name, tensor in module.state_dict().items():
            if name in own and own[name].shape != tensor.shape:
                message = (
                    f"{part}.{name} is {list(own[name].shape)}, and the card tells of {list(tensor.shape)}"
                )
                raise RuntimeError(message)


def _part_of(tensors: Mapping[str, torch.Tensor], part: str) -> dict[str, torch.Tensor]:
    return {
        name.removeprefix(f"{part}."): tensor
        for name, tensor in tensors.items()
        if name.startswith(f"{part}.")
    }


@dataclass(frozen=True, eq=False)
class _Part:
    """Some of many images, as images of their own."""

    images: Images
    rows: NDArray[np.intp]

    def __len__(self) -> int:
        return len(self.rows)

    def read(self, rows: NDArray[np.intp], *, size: int) -> NDArray[np.uint8]:
        return self.images.read(self.rows[rows], size=size)


def _weights(encoder: nn.Module, classifier: nn.Module) -> dict[str, torch.Tensor]:
    parts = (("encoder", encoder), ("classifier", classifier))
    return {f"{part}.{name}": t.contiguous() for part, m in parts for name, t in m.state_dict().items()}


def _plain(value: Any) -> Any:
    """Return a NumPy number as the plain number of JSON."""
    if isinstance(value, np.generic):
        return value.item()
    message = f"a {type(value).__name__} cannot stand in a model card"
    raise TypeError(message)
