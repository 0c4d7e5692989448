"""Linear probes that fill in missing attributes from embeddings, and how far they can be trusted, group by group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from auditkit import UsageError
from auditkit_mpr.reference.attributes import Read
from auditkit_mpr.reference.missing import missing, refuse_missing

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit import Context
    from auditkit_mpr.reference.table import ReferenceTable
    from auditkit_mpr.retrieval.scoring import Scorer

STRENGTHS = tuple(float(c) for c in np.logspace(-2, 2, 9))
"""Inverse strengths C of the penalty that cross-validation chooses from."""
MOST_ROWS = 20_000
FEWEST_ROWS = 10
FOLDS = 5
HELD_OUT = 0.2


@dataclass(frozen=True, kw_only=True)
class Probe:
    """A probe of one attribute: C, labelled rows, held-out accuracy (by group: label, share, rows), rows it filled."""

    attribute: str
    strength: float
    rows: int
    accuracy: float
    by_group: tuple[tuple[str, float, int], ...]
    filled: int

    def summary(self) -> dict[str, Any]:
        """Return the probe as plain data, for the details of a finding."""
        return {
            "attribute": self.attribute,
            "C": self.strength,
            "rows_filled": self.filled,
            "held_out_accuracy": self.accuracy,
            "by_group": {label: share for label, share, _ in self.by_group},
        }

    def in_words(self) -> str:
        """Return how accurate the probe is on held-out rows, in one sentence."""
        groups = ", ".join(f"{label} {share:.0%} of {n}" for label, share, n in self.by_group)
        return (
            f"{self.attribute} of {self.filled:,} rows is predicted by a probe on the embeddings: right on "
            f"{self.accuracy:.0%} of held-out rows ({groups}). Every number about it rests on these predictions."
        )


def probed(
    attribute: Read, scorer: Scorer, table: ReferenceTable, context: Context
) -> tuple[Read, tuple[Probe, ...]]:
    """Return the attribute with its missing values predicted, and the probe if one was needed.

    Trained on labelled items, and on labelled reference rows where these have vectors of the same model. Raises
    UsageError where there are no vectors or too few labels.
    """
    if attribute.items is None or attribute.reference is None or missing(attribute) == (0, 0):
        refuse_missing(attribute)
        return attribute, ()
    items = scorer.vectors(np.arange(len(attribute.items)))
    if items is None:
        message = f"attribute '{attribute.name}' is missing and a probe needs --embeddings of the items"
        raise UsageError(message)
    theirs = _their_vectors(attribute, items, table)
    vectors, codes = [items], [attribute.items]
    if theirs is not None and theirs is not items:
        vectors.append(theirs)
        codes.append(attribute.reference)
    features, labels = np.concatenate(vectors), np.concatenate(codes)
    rng = context.rng(f"probe {attribute.name}")
    model, probe = _trained(attribute, features, labels, rng)
    context.say(f"mpr: {probe.in_words()}")
    return Read(
        name=attribute.name,
        labels=attribute.labels,
        items=_predicted(model, items, attribute.items),
        reference=attribute.reference if theirs is None else _predicted(model, theirs, attribute.reference),
    ), (probe,)


def _their_vectors(
    attribute: Read, items: NDArray[np.float32], table: ReferenceTable
) -> NDArray[np.float32] | None:
    """Return the vectors of the reference's rows: the items' own, or those given; None if labels are complete."""
    if table.vectors is not None and table.vectors.shape[1] == items.shape[1]:
        return np.asarray(table.vectors, dtype=np.float32)
    if not missing(attribute)[1]:
        return None
    if table.items_themselves:
        return items
    message = (
        f"attribute '{attribute.name}' is missing in the reference, and a probe needs --reference-embeddings of "
        "the same model as the items'"
    )
    raise UsageError(message)


def _trained(
    attribute: Read, features: NDArray[np.float32], labels: NDArray[np.int64], rng: np.random.Generator
) -> tuple[Any, Probe]:
    from sklearn.linear_model import LogisticRegression, LogisticRegressionCV
    from sklearn.model_selection import StratifiedKFold, train_test_split

    known = np.flatnonzero(labels >= 0)
    if len(known) > MOST_ROWS:
        known = np.sort(rng.choice(known, MOST_ROWS, replace=False))
    counts = np.bincount(labels[known], minlength=len(attribute.labels))
    if (counts < FEWEST_ROWS).any():
        rare = attribute.labels[int(np.argmin(counts))]
        message = (
            f"a probe of '{attribute.name}' needs {FEWEST_ROWS} labelled rows of every group, and '{rare}' has "
            f"{counts.min()}"
        )
        raise UsageError(message)
    seed = int(rng.integers(2**31))
    train, test = train_test_split(known, test_size=HELD_OUT, stratify=labels[known], random_state=seed)
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=seed)
    search = LogisticRegressionCV(Cs=list(STRENGTHS), cv=folds, max_iter=1000, **_recent())
    search.fit(features[train], labels[train])
    right = search.predict(features[test]) == labels[test]
    strength = float(np.ravel(search.C_)[0])
    model = LogisticRegression(C=strength, max_iter=1000).fit(features[known], labels[known])
    return model, Probe(
        attribute=attribute.name,
        strength=strength,
        rows=len(known),
        accuracy=float(right.mean()),
        by_group=_by_group(attribute, labels[test], right),
        filled=sum(missing(attribute)),
    )


def _by_group(
    attribute: Read, labels: NDArray[np.int64], right: NDArray[np.bool_]
) -> tuple[tuple[str, float, int], ...]:
    """Return label, accuracy and rows of every group among held-out rows with these labels."""
    inside = [labels == code for code in range(len(attribute.labels))]
    return tuple(
        (label, float(right[rows].mean()) if rows.any() else 0.0, int(rows.sum()))
        for label, rows in zip(attribute.labels, inside, strict=True)
    )


def _recent() -> dict[str, Any]:
    """Return the arguments that newer versions of scikit-learn ask for, to fall silent about their defaults."""
    import inspect

    from sklearn.linear_model import LogisticRegressionCV

    known = inspect.signature(LogisticRegressionCV).parameters
    return {
        name: value
        for name, value in {
            "use_legacy_attributes": False,
            "l1_ratios": (0.0,),
            "scoring": "accuracy",
        }.items()
        if name in known
    }


def _predicted(model: Any, features: NDArray[np.float32], codes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the codes with the missing ones predicted."""
    gaps = np.flatnonzero(codes < 0)
    if not len(gaps):
        return codes
    filled = codes.copy()
    filled[gaps] = model.predict(features[gaps])
    return filled
