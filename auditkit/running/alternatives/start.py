"""The subject that every alternative starts from: one division of its rows, and predictions to compare with."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from auditkit.errors import UsageError
from auditkit.groups.division import divide
from auditkit.groups.sensitive import attributes_of, crossed
from auditkit.predict.given import from_columns
from auditkit.predict.held_out import learned_scores
from auditkit.running.alternatives.limit import read_limit
from auditkit.values.labels import class_array

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from auditkit.groups.division import Division
    from auditkit.running.alternatives.limit import Limit
    from auditkit.spec.alternatives import AlternativesSpec
    from auditkit.spec.stats import Stats
    from auditkit.values.grouping import Attribute
    from auditkit.values.predictions import Predictions
    from auditkit.values.subject import Subject

TEST = "test"
SOURCE = (
    "no predictions given: before is a logistic regression on the training rows, which are scored by cross-fitting; "
    "this audits the data, not your model"
)


@dataclass(frozen=True, eq=False, kw_only=True)
class Start:
    """The subject with its division as a column; class codes int64 [n], attributes, and what is said of them.

    `predicted` are those of the built-in model, where the data have none.
    """

    subject: Subject
    target: NDArray[np.int64]
    attributes: tuple[Attribute, ...]
    division: Division
    limit: Limit | None
    predicted: Predictions | None
    notes: tuple[str, ...]


def start_of(subject: Subject, spec: AlternativesSpec, stats: Stats) -> Start:
    """Return what every alternative starts from. Raises UsageError or DataError where nothing can be compared.

    Where the data have no predictions, those before are a logistic regression's on the training rows, which are
    scored by cross-fitting; for a target of more than two classes every repair has its own.
    """
    import numpy as np

    limit = None if spec.limit is None else read_limit(spec.limit)
    subject.need_target()
    if subject.task not in {"binary", "multiclass"}:
        message = f"alternatives are compared by classes; target '{subject.target}' is a number"
        raise UsageError(message)
    attributes = attributes_of(subject)
    joined = crossed(attributes)
    target = subject.truth
    rng = np.random.default_rng([stats.seed, zlib.crc32(b"alternatives/division")])
    division = divide(subject, target, sensitive=joined.codes, held_out=spec.held_out, rng=rng)
    given = subject.pred is not None or subject.score is not None or subject.model is not None
    told = _divided(subject, division)
    notes = [
        f"The repairs are alternatives: each starts from the same data, learns from {len(division.train):,} rows, is "
        f"chosen by {len(division.validation):,} and measured on {len(division.test):,}."
    ]
    predicted = None
    if not given and subject.task == "binary":
        told = _predicted(told, division, stats)
        predicted = replace(from_columns(told), baseline=True, source=SOURCE)
    return Start(
        subject=told,
        target=target,
        attributes=(*attributes, joined) if len(attributes) > 1 else attributes,
        division=division,
        limit=limit,
        predicted=predicted,
        notes=tuple(notes),
    )


def _divided(subject: Subject, division: Division) -> Subject:
    """Return the subject with the parts as its split column."""
    import pandas as pd

    part = division.parts(len(subject))
    part[pd.isna(part)] = TEST  # rows without a class: nobody learns from them
    name = free_name("split", subject)
    return replace(subject, table=subject.table.assign(**{name: part}), split=name)


def _predicted(subject: Subject, division: Division, stats: Stats) -> Subject:
    import numpy as np

    score = learned_scores(subject, division.train, seed=stats.seed)
    pred, named = free_name("before_pred", subject), free_name("before_score", subject)
    labels = class_array(subject.classes)[(score >= 0.5).astype(np.int64)]
    table = subject.table.assign(**{pred: labels, named: score})
    return replace(subject, table=table, pred=pred, score=named)


def free_name(name: str, subject: Subject) -> str:
    """Return a name that no column has."""
    while name in subject.table.columns:
        name += "_"
    return name
