"""What the steps of one run have said so far, and who watches them."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from auditkit.values.predictions import Predictions
    from auditkit.values.report import Report, Skipped
    from auditkit.values.shown.answer import Answer
    from auditkit.values.shown.exhibit import Chart, Table
    from auditkit.values.subject import Subject


class Observer:
    """Watches a run and says nothing; the command line has one that draws."""

    def step(self, name: str) -> None:
        """Learn that a step begins."""

    def broke_off(self, report: Report) -> None:
        """Learn what steps had found when a run ended early, and why it did."""

    def track(self, items: Iterable[Any], description: str) -> Iterable[Any]:  # noqa: ARG002
        """Yield the items."""
        return items


@dataclass
class Ledger:
    """What the steps of one run have said so far, and the predictions that they share."""

    notes: list[str] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    charts: list[Chart] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    predicted: list[tuple[Subject, Predictions]] = field(default_factory=list)
    forgotten: int = 0
    """How many of those, from the first on, are known no more."""
    void: list[str] = field(default_factory=list)
    """What makes a model that a step trains mean nothing, such as a leak, in sentences."""

    def length(self) -> tuple[int, ...]:
        """Return how much has been said so far, for `cut_back`."""
        return tuple(len(said) for said in self._said())

    def cut_back(self, length: tuple[int, ...]) -> None:
        """Forget what was said since `length` was taken; shared predictions stay."""
        for said, kept in zip(self._said(), length, strict=True):
            del said[kept:]

    def _said(self) -> tuple[list[Any], ...]:
        return self.notes, self.answers, self.tables, self.charts, self.skipped

    @property
    def predictions_source(self) -> str:
        """Where the first predictions come from, in words; "" if no step asked for any."""
        return self.predicted[0][1].source if self.predicted else ""

    @property
    def caution(self) -> str:
        """What makes an audit of the predictions that steps asked for, or of their models, void; "" if nothing does."""
        of_predictions = (found.caution for _, found in self.predicted if found.warning)
        return next(chain(of_predictions, self.void), "")

    def forget(self) -> None:
        """Have everything predicted anew from here on: a model may have been fitted again, and is the same object."""
        self.forgotten = len(self.predicted)

    def predictions(self, subject: Subject, predict: Callable[[Subject], Predictions]) -> Predictions:
        """Return what is predicted for the subject, computed once for all subjects that are predicted alike.

        The subjects are held, not named by their ids: an id is free again once its object is gone.
        """
        from auditkit.running.handed.lent import seal_predictions

        for known, predictions in self.predicted[self.forgotten :]:
            if known.predicts_as(subject):
                return predictions
        found = predict(subject)
        seal_predictions(found)
        self.predicted.append((subject, found))
        return found
