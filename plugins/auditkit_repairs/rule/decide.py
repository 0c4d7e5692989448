"""A decision rule: cuts of the scores for each group, of rows whose group it knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from auditkit import DataError, UsageError, class_array, columns_read, select_rows
from auditkit_repairs.curves.chance import chances

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from auditkit_repairs.curves.hull import Mixture
    from auditkit_repairs.rule.scores import Scores

    Floats = NDArray[np.float64]
    Codes = NDArray[np.int64]


@dataclass(frozen=True, eq=False, kw_only=True)
class GroupCuts:
    """A group, the expression that finds its rows in a table, and its cuts."""

    name: str
    expression: str
    cuts: Mixture


@dataclass(frozen=True, kw_only=True)
class Draw:
    """How chance is drawn: by the keyed hash of the id in this column."""

    id: str
    key: str


@dataclass(frozen=True, eq=False, kw_only=True)
class CutRule:
    """Cuts by group as a model: predict, classes_, reads and feature_names_in_; without `draw` none is by chance."""

    classes: tuple[Any, Any]
    groups: tuple[GroupCuts, ...]
    scores: Scores
    draw: Draw | None = None

    @property
    def classes_(self) -> NDArray[Any]:
        """The classes; the second is the one that is selected."""
        return class_array(self.classes)

    @property
    def reads(self) -> str:
        """What predict is given."""
        return "table"

    @property
    def feature_names_in_(self) -> NDArray[Any]:
        """The columns that a table must have: what the score is read from, what tells the groups, and the id."""
        of_groups = [name for group in self.groups for name in columns_read(group.expression)]
        names = (*self.scores.columns, *of_groups, *((self.draw.id,) if self.draw else ()))
        return np.array(list(dict.fromkeys(names)), dtype=object)

    def predict(self, rows: pd.DataFrame) -> NDArray[Any]:
        """Return each row's class [n].

        Raises DataError for a column that is missing, a row in no group that has cuts, and an id that is not there.
        """
        chance = self.probability(rows)
        drawn: Floats | float = 0.5
        if self.draw is not None:
            ids = rows[self.draw.id]
            if ids.isna().any():
                message = (
                    f"row {int(ids.isna().to_numpy().argmax())} has no '{self.draw.id}', by which chance goes"
                )
                raise DataError(message)
            drawn = chances(map(str, ids.tolist()), key=self.draw.key)
        predicted: NDArray[Any] = self.classes_[(drawn < chance).astype(np.int64)]
        return predicted

    def probability(self, rows: pd.DataFrame) -> Floats:
        """Return each row's probability to be selected [n]: 0 or 1 where no cut is by chance."""
        for name in self.feature_names_in_:
            if name not in rows.columns:
                message = f"the cuts read column '{name}', which the table does not have"
                raise DataError(message)
        codes = self.codes(rows)
        if (unknown := codes < 0).any():
            known = ", ".join(group.name for group in self.groups[:8])
            message = (
                f"{int(unknown.sum()):,} rows, such as row {int(unknown.argmax())}, are in no group that has cuts: "
                f"those were found for {known}"
            )
            raise DataError(message)
        score = self.scores.of(rows, self.classes)
        return probabilities(score, codes, tuple(group.cuts for group in self.groups), otherwise=score)

    def codes(self, rows: pd.DataFrame) -> Codes:
        """Return the place of each row's group [n], -1 for a row in none; DataError where they cannot be told."""
        codes = np.full(len(rows), -1, dtype=np.int64)
        for place, group in enumerate(self.groups):
            try:
                codes[select_rows(group.expression, rows)] = place
            except UsageError as error:
                message = f"group {group.name} cannot be read by these cuts, {group.expression:.200}: {error}"
                raise DataError(message) from error
        return codes


def probabilities(score: Floats, codes: Codes, cuts: tuple[Mixture, ...], *, otherwise: Floats) -> Floats:
    """Return each row's probability to be selected by its group's cuts [n]; `otherwise` that of a row of code -1."""
    chance = otherwise.copy()
    for code, mixture in enumerate(cuts):
        rows = codes == code
        chance[rows] = mixture.probability(score[rows])
    return chance
