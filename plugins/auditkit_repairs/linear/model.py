"""A logistic regression that predicts from rows, and its one file: JSON with what it reads and its slopes."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from auditkit import DataError, EncodedColumn, class_array, encode_with, probability, write_output
from auditkit_repairs.card import CARD
from auditkit_repairs.document import read_document, two_classes, write_document

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False, kw_only=True)
class LinearModel:
    """Slopes over what is read of a row, with predict, predict_proba, classes_, reads and feature_names_in_.

    `columns` say how a table's columns become numbers. Without them rows are vectors [n, d], scaled by `centre` and
    `scale`, float64 [d] each. `beta` is [1 + d]: the intercept, then the slopes.
    """

    beta: NDArray[np.float64]
    classes: tuple[Any, Any]
    columns: tuple[EncodedColumn, ...] = ()
    centre: NDArray[np.float64]
    scale: NDArray[np.float64]

    @property
    def classes_(self) -> NDArray[Any]:
        """The classes in the order of predict_proba's columns."""
        return class_array(self.classes)

    @property
    def reads(self) -> str:
        """What predict is given: a table or embeddings."""
        return "table" if self.columns else "embeddings"

    @property
    def feature_names_in_(self) -> NDArray[Any]:
        """The columns that a table must have."""
        return np.array(list(dict.fromkeys(column.source for column in self.columns)), dtype=object)

    def of_matrix(self, matrix: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the probability of the second class of rows that are read already, [n, d] to [n]."""
        return probability(self.beta[0] + (matrix - self.centre) / self.scale @ self.beta[1:])

    def predict_proba(self, rows: Any) -> NDArray[np.float64]:
        """Return each row's probability of each class, float64 [n, 2].

        Rows are a table, or vectors [n, d]. Raises DataError for a missing column, and for another length.
        """
        matrix = np.asarray(encode_with(rows, self.columns) if self.columns else rows, dtype=np.float64)
        if matrix.ndim != 2 or matrix.shape[1] != len(self.beta) - 1:
            shape = " x ".join(map(str, matrix.shape))
            message = f"the model reads vectors of {len(self.beta) - 1} numbers, these are {shape}"
            raise DataError(message)
        second = self.of_matrix(matrix)
        return np.column_stack((1 - second, second))

    def predict(self, rows: Any) -> NDArray[Any]:
        """Return each row's more probable class."""
        predicted: NDArray[Any] = self.classes_[(self.predict_proba(rows)[:, 1] >= 0.5).astype(np.int64)]
        return predicted

    def document(self) -> dict[str, Any]:
        """Return what describes the model, for JSON."""
        return {
            "classes": list(self.classes),
            "beta": self.beta.tolist(),
            "columns": [asdict(column) for column in self.columns],
            "centre": self.centre.tolist(),
            "scale": self.scale.tolist(),
        }

    def save(self, folder: str | Path, *, write: Callable[[Path, str | bytes], None] = write_output) -> Path:
        """Write the model into a folder, made if need be, and return it; `write` writes one file."""
        return write_document(folder, CARD, self.document(), write=write)


def load_model(folder: str | Path) -> LinearModel:
    """Return the model that `save` wrote; it predicts the same numbers. Raises DataError for another file."""
    return read_document(folder, CARD, model_of)


def model_of(document: Any) -> LinearModel:
    """Return the model of a document, or raise TypeError, ValueError or KeyError."""
    beta, centre, scale = (np.array(document[name], dtype=np.float64) for name in ("beta", "centre", "scale"))
    columns = tuple(EncodedColumn(**column) for column in document["columns"])
    sizes = {len(beta) - 1, len(centre), len(scale), *([len(columns)] if columns else [])}
    finite = all(np.isfinite(part).all() for part in (beta, centre, scale))
    numbers = all(isinstance(x, int | float) for column in columns for x in (column.centre, column.scale))
    texts = all(isinstance(column.source, str) for column in columns)
    if len(sizes) > 1 or not (finite and numbers and texts):
        raise ValueError
    return LinearModel(beta=beta, classes=two_classes(document), columns=columns, centre=centre, scale=scale)
