"""Where a decision rule finds a row's score: in a column of numbers, in one of classes, or by the built-in model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from auditkit import DataError, class_codes, encode_with

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from auditkit_repairs.linear.model import LinearModel


@dataclass(frozen=True, kw_only=True)
class ScoreColumn:
    """A column of numbers."""

    name: str

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that are read."""
        return (self.name,)

    def of(self, table: pd.DataFrame, classes: tuple[Any, Any]) -> NDArray[np.float64]:  # noqa: ARG002  as its siblings
        """Return the scores [n], or raise DataError for one that is no finite number."""
        try:
            score = table[self.name].to_numpy(dtype=np.float64, na_value=np.nan)
        except (TypeError, ValueError) as error:
            message = f"score column '{self.name}' is not a number"
            raise DataError(message) from error
        if not np.isfinite(score).all():
            row = int((~np.isfinite(score)).argmax())
            message = f"score column '{self.name}' is missing or infinite in row {row}: no cut can decide it"
            raise DataError(message)
        return score


@dataclass(frozen=True, kw_only=True)
class ClassColumn:
    """A column of predicted classes: the second scores 1, the first 0."""

    name: str

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that are read."""
        return (self.name,)

    def of(self, table: pd.DataFrame, classes: tuple[Any, Any]) -> NDArray[np.float64]:
        """Return the scores [n], or raise DataError for what is neither class."""
        codes, strangers = class_codes(table[self.name], classes)
        if strangers or (codes < 0).any():
            what = f"'{strangers[0]}'" if strangers else "nothing"
            message = (
                f"column '{self.name}' says {what} in row {int((codes < 0).argmax())}, neither of {classes}"
            )
            raise DataError(message)
        return codes.astype(np.float64)


@dataclass(frozen=True, eq=False, kw_only=True)
class BuiltIn:
    """The logistic regression that the cuts were found with."""

    model: LinearModel

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that are read."""
        return tuple(self.model.feature_names_in_.tolist())

    def of(self, table: pd.DataFrame, classes: tuple[Any, Any]) -> NDArray[np.float64]:  # noqa: ARG002  as its siblings
        """Return the probability of the second class [n]."""
        return self.model.of_matrix(encode_with(table, self.model.columns).astype(np.float64))


Scores = ScoreColumn | ClassColumn | BuiltIn
