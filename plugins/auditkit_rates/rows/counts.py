"""From rows to counts: one pass over all attributes at once, and one for each named group, which may overlap."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from auditkit.measures import Confusions, Counts, cross
from auditkit_rates.rows.cuts import Cut, attribute_cuts, everybody, named_cut

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from auditkit import Cells, Predictions, Stats, Subject


@dataclass(frozen=True, eq=False, kw_only=True)
class Labels:
    """True and predicted class of each row as an index into the classes, int [n], -1 where missing.

    `weights` float64 [n] and `clusters` int64 [n], codes of what rows belong together, are None without any. Where the
    rows are cells of rows, `weights` says what each stands for.
    """

    truth: NDArray[np.int64]
    predicted: NDArray[np.int64]
    classes: tuple[str, ...]
    weights: NDArray[np.float64] | Cells | None
    clusters: NDArray[np.int64] | None

    def cross(self, *attributes: NDArray[np.int64]) -> Counts:
        """Return the rows counted by every combination of the attributes' codes int [n]."""
        return cross(
            attributes,
            self.truth,
            self.predicted,
            n_classes=len(self.classes),
            weights=self.weights,
            clusters=self.clusters,
        )


@dataclass(frozen=True, eq=False, kw_only=True)
class Counted:
    """The groups of a cut as counts, each beside its `rest`; all rows have none."""

    cut: Cut
    own: Confusions
    rest: Confusions | None

    @property
    def rows(self) -> NDArray[np.int64]:
        """Rows of each group, int64 [g]."""
        return self.own.rows

    def stacked(self) -> Counted:
        """Return every class against the rest at once: all groups of the first class, then of the second, ..."""
        rest = None if self.rest is None else self.rest.classes()
        return replace(self, own=self.own.classes(), rest=rest)

    def reference(self) -> Confusions | None:
        """Return what each group, of each class if they are stacked, is compared with as its reference."""
        if self.cut.reference is None:
            return None
        places = np.arange(len(self.own.counts))
        return self.own[places - places % len(self.cut.groups) + self.cut.reference]


def labels_of(subject: Subject, predictions: Predictions) -> Labels:
    """Return what the rows are counted by."""
    predicted = predictions.codes_in(subject.classes)
    # Decisions without labels: whatever asks for no label reads the sums over both.
    truth = predicted if subject.target is None else subject.truth
    classes = tuple(str(item) for item in subject.classes)
    return Labels(
        truth=truth,
        predicted=predicted,
        classes=classes,
        weights=weights_of(subject) if subject.cells is None else subject.cells,
        clusters=clusters_of(subject),
    )


def clusters_of(subject: Subject) -> NDArray[np.int64] | None:
    """Return the code of each row's cluster int64 [n], None without any; a row without one stands alone."""
    if subject.cluster is None:
        return None
    import pandas as pd

    codes, distinct = pd.factorize(subject.column(subject.cluster))
    alone = codes < 0
    return np.where(alone, len(distinct) + np.cumsum(alone) - 1, codes).astype(np.int64)


def weights_of(subject: Subject) -> NDArray[np.float64] | None:
    """Return the rows' weights float64 [n], None without any."""
    return None if subject.weight is None else subject.column(subject.weight).to_numpy(dtype=np.float64)


def counted(subject: Subject, labels: Labels, stats: Stats) -> Iterator[Counted]:
    """Yield all rows, every attribute, every intersection, then every group that a step has named."""
    counts = labels.cross(*(grouping.codes for grouping in subject.groupings))
    yield _counted(everybody(len(counts.cells)), counts)
    for cut in attribute_cuts(subject.groupings, counts.cells, stats, rows=counts.rows):
        yield _counted(cut, counts)
    for group in subject.groups:
        cut = named_cut(group)
        by_code = labels.cross(cut.codes)
        yield _counted(replace(cut, codes=by_code.cells[:, 0]), by_code)


def _counted(cut: Cut, counts: Counts) -> Counted:
    found = counts.confusions(cut.codes, n_groups=cut.n_codes, reference=cut.reference)
    groups = slice(len(cut.groups))
    rest = None if cut.kind == "everybody" else found.rest()[groups]
    return Counted(cut=cut, own=found[groups], rest=rest)
