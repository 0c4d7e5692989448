"""What a run works on: features, each row's loss, and which rows are mined."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from auditkit_minoria.features.encoded import Features, features_of
from auditkit_minoria.features.split import mining_rows
from auditkit_minoria.features.weights import repeated, weights_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from auditkit import Context, Predictions, Subject
    from auditkit_minoria.features.needs import Needs

NAMED = 5
"""Columns that a note names at most."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Material:
    """A subject with its features, each row's loss float64 [n], NaN where it has none, and bool [n] what is mined.

    `loss` is None where there is nothing to judge by; all rows are mined then. `unit` is the loss's name. `weight`
    float64 [n] is None where all rows weigh alike; one that weighs nothing is neither mined nor judged by.
    """

    subject: Subject
    features: Features
    loss: NDArray[np.float64] | None
    unit: str
    predictions: Predictions | None
    mining: NDArray[np.bool_]
    weight: NDArray[np.float64] | None = None

    @property
    def seen(self) -> NDArray[np.bool_]:
        """Which rows [n] the search looks at: those mined that have a loss, or all rows without any loss."""
        return self._weighing(self.mining if self.loss is None else self.mining & ~np.isnan(self.loss))

    @property
    def judges(self) -> NDArray[np.bool_]:
        """Which rows [n] groups are judged by: the others that have a loss, or all rows without any loss."""
        return self._weighing(self.mining if self.loss is None else ~self.mining & ~np.isnan(self.loss))

    def _weighing(self, rows: NDArray[np.bool_]) -> NDArray[np.bool_]:
        return rows if self.weight is None else rows & (self.weight > 0)

    def standing(self, rows: NDArray[np.bool_]) -> NDArray[np.bool_] | NDArray[np.int64]:
        """Return the rows, bool [n], or their places in proportion to their weights, where they have any."""
        places = np.flatnonzero(rows)
        if self.weight is None or not len(places):
            return rows
        return places[repeated(self.weight[places])]


def material_of(
    subject: Subject, columns: Sequence[str], context: Context, *, needs: Needs, confirm_share: float
) -> Material:
    """Return what to work on, or raise DataError if too few columns vary; columns left out are said."""
    features = features_of(subject, columns)
    read = {column.name for column in features.levels.columns} if needs.levels else set()
    for name, reason in features.encoded.dropped:
        if name not in read:
            context.skip(f"column {name}", reason)
    if apart := [name for name, _ in features.encoded.dropped if name in read]:
        named = ", ".join(apart[:NAMED]) + (f" and {len(apart) - NAMED} more" if len(apart) > NAMED else "")
        context.say(f"minoria: {named}: looked at in conjunctions alone, in no direction")
    needs.check_varying(features.matrix.shape[1], features.encoded.dropped)
    loss, unit, predictions = _losses(subject, context)
    mining = mining_rows(subject, confirm_share=confirm_share, seed=context.stats.seed)
    if loss is None:
        mining = np.ones(len(subject), dtype=np.bool_)
    return Material(
        subject=subject,
        features=features,
        loss=loss,
        unit=unit,
        predictions=predictions,
        mining=mining,
        weight=weights_of(subject),
    )


def _losses(subject: Subject, context: Context) -> tuple[NDArray[np.float64] | None, str, Predictions | None]:
    """Return the loss column, else the loss of the predictions, else none, which a note says; and its name.

    Beside a loss column, only predictions that are given count: no baseline is fitted.
    """
    given = subject.pred is not None or subject.score is not None or subject.model is not None
    if subject.loss is not None:
        values = subject.column(subject.loss).to_numpy(dtype=np.float64)
        predictions = context.predictions(subject) if given and subject.target is not None else None
        return values, subject.loss, predictions
    if subject.target is None:
        context.say(
            "minoria: without a target or a loss column there is no loss; groups are listed for their "
            "skewness alone (under-represented, not under-performing)"
        )
        return None, "loss", None
    predictions = context.predictions(subject)
    return predictions.loss, predictions.loss_name, predictions
