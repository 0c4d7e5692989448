"""Everything that a repair needs, aligned with the subject's rows, and what it refuses before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from auditkit import (
    DataError,
    Division,
    UsageError,
    attributes_of,
    crossed,
    divide,
    learned_scores,
)
from auditkit.measures import HeldOut

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit import Attribute, Context, Subject


@dataclass(frozen=True, eq=False, kw_only=True)
class Before:
    """What the subject's own predictions say: class codes int64 [n], and scores float64 [n].

    `given` says whether they came with the data; otherwise they are the built-in model's.
    """

    predicted: NDArray[np.int64]
    score: NDArray[np.float64]
    given: bool


@dataclass(frozen=True, eq=False, kw_only=True)
class Prepared:
    """A subject's classes, int64 [n], groups, weights, and parts: `learn` are the rows that it may learn from."""

    target: NDArray[np.int64]
    joined: Attribute
    attributes: tuple[Attribute, ...]
    weights: NDArray[np.float64] | None
    division: Division
    learn: NDArray[np.intp]

    def held_out(self, subject: Subject) -> HeldOut:
        """Return the truth, the groups and the weights of the rows that are measured on."""
        test = self.division.test
        return HeldOut(
            truth=self.target[test],
            classes=tuple(str(label) for label in subject.classes),
            attributes=tuple(attribute.take(test) for attribute in self.attributes),
            weights=None if self.weights is None else self.weights[test],
        )


def check(subject: Subject, name: str, *, learns: bool = False) -> None:
    """Raise UsageError or DataError if this subject cannot be repaired."""
    subject.need_target()
    if subject.task != "binary":
        message = f"{name} needs a target of two classes; '{subject.target}' has {_classes(subject)}"
        raise UsageError(message)
    if subject.column(str(subject.target)).dropna().nunique() < 2:
        message = f"target '{subject.target}' has one class only; there is nothing to decide"
        raise DataError(message)
    attributes_of(subject)
    read = subject.embeddings is not None or subject.model is not None
    if learns and not read and not features_of(subject):
        message = f"{subject.source} has no feature to learn from; name some with --features"
        raise DataError(message)


def features_of(subject: Subject) -> tuple[str, ...]:
    """Return the columns that a model may read: the features without the sensitive ones."""
    return tuple(name for name in subject.features if name not in subject.sensitive)


def prepare(subject: Subject, name: str, *, held_out: float, context: Context) -> Prepared:
    """Return the prepared subject; notes say how its rows are divided.

    It learns from the training rows, and from those to validate on too unless the split column names them: they are
    kept for whoever chooses between repairs.
    """
    attributes = attributes_of(subject)
    for attribute in attributes:
        if attribute.note:
            context.say(attribute.note)
    joined = crossed(attributes)
    division = divide(
        subject, subject.truth, sensitive=joined.codes, held_out=held_out, rng=context.rng("division")
    )
    learn = division.train if _names_validation(subject, division) else _both(division)
    weights = None if subject.weight is None else subject.column(subject.weight).to_numpy(dtype=np.float64)
    learn = learn if weights is None else learn[weights[learn] > 0]
    context.say(
        f"Every number of {name} is of {len(division.test):,} held-out rows; it learned from "
        f"{len(learn):,} others."
    )
    return Prepared(
        target=subject.truth,
        joined=joined,
        attributes=(*attributes, joined) if len(attributes) > 1 else attributes,
        weights=weights,
        division=division,
        learn=learn,
    )


def before_of(subject: Subject, prepared: Prepared, context: Context) -> Before:
    """Return the subject's own predictions, or, where it has none, those of the built-in model on the learned rows."""
    if subject.pred is None and subject.score is None and subject.model is None:
        context.say(
            "Before (stage 0) is a logistic regression on the rows that are learned from: the data has no predictions."
        )
        score = learned_scores(subject, prepared.learn, seed=context.stats.seed)
        return Before(predicted=(score >= 0.5).astype(np.int64), score=score, given=False)
    found = context.predictions(subject)
    predicted = found.codes_in(subject.classes)
    if found.score is not None:
        score = found.score[:, 1]
    elif subject.score is not None:
        score = subject.column(subject.score).to_numpy(dtype=np.float64)
    else:
        score = predicted.astype(np.float64)
    return Before(predicted=predicted, score=score, given=True)


def _both(division: Division) -> NDArray[np.intp]:
    learn: NDArray[np.intp] = np.sort(np.concatenate((division.train, division.validation)))
    return learn


def _names_validation(subject: Subject, division: Division) -> bool:
    """Whether the split column itself says which rows are for validation."""
    if subject.split is None:
        return False
    part = subject.column(subject.split).astype(str).str.casefold().to_numpy()
    return not np.isin(part[division.validation], part[division.train]).any()


def _classes(subject: Subject) -> str:
    return "numbers" if subject.task == "regression" else f"{len(subject.classes)}"
