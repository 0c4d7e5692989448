"""Every attribute and every intersection of attributes, with only the cells that somebody is in."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from auditkit.measures.counting.compress import compress

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False, kw_only=True)
class Intersection:
    """A cut of the rows by some attributes (one, for an attribute itself).

    `attributes` are indices into what was passed; `codes` int64 [n] is each row's cell, -1 where any of the
    attributes is missing; `cells` holds a label per attribute for each of the c observed cells, in the order
    of the labels; `n` int64 [c] counts their rows; `large` bool [c] says which have at least min_n.
    """

    attributes: tuple[int, ...]
    codes: NDArray[np.int64]
    cells: tuple[tuple[str, ...], ...]
    n: NDArray[np.int64]
    large: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class _Cut:
    """`codes` int64 [n], and the attributes' own codes in each observed cell, int64 [c, order]."""

    codes: NDArray[np.int64]
    parts: NDArray[np.int64]


def intersections(
    codes_by_attribute: Sequence[NDArray[np.int64]],
    labels: Sequence[Sequence[str]],
    *,
    max_order: int,
    min_n: int,
    rows: NDArray[np.int64] | None = None,
) -> Iterator[Intersection]:
    """Yield every attribute, then every intersection of 2 to `max_order` attributes.

    `codes_by_attribute` holds int [n] indices into `labels`, -1 for missing. In place of rows, the n may be cells of
    `rows` int64 [n] rows each, as those of `Counts` are. Time is O(n) per intersection;
    no cell without a row is ever made. Cells below `min_n` stay, flagged, so that they can be reported.
    """
    attributes = range(len(codes_by_attribute))
    cuts: dict[tuple[int, ...], _Cut] = {}
    for order in range(1, min(max_order, len(attributes)) + 1):
        wider, cuts = cuts, {}
        for chosen in combinations(attributes, order):
            codes, size = codes_by_attribute[chosen[-1]], len(labels[chosen[-1]])
            cuts[chosen] = _split(wider.get(chosen[:-1]), codes, size=size)
            yield _named(chosen, cuts[chosen], labels=labels, min_n=min_n, rows=rows)


def _split(cut: _Cut | None, codes: NDArray[np.int64], *, size: int) -> _Cut:
    """Cut the cells of one attribute fewer by one more attribute, as digits of a mixed-radix number."""
    before = np.zeros(len(codes), dtype=np.int64) if cut is None else cut.codes
    parts = np.empty((1, 0), dtype=np.int64) if cut is None else cut.parts
    kept = (before >= 0) & (codes >= 0)
    keys = before[kept] * size + codes[kept]
    observed, dense = compress(keys, size=len(parts) * size)
    found = np.full(len(codes), -1, dtype=np.int64)
    found[kept] = dense
    return _Cut(found, np.column_stack([parts[observed // size], observed % size]))


def _named(
    chosen: tuple[int, ...],
    cut: _Cut,
    *,
    labels: Sequence[Sequence[str]],
    min_n: int,
    rows: NDArray[np.int64] | None,
) -> Intersection:
    kept = cut.codes >= 0
    each = None if rows is None else rows[kept]
    n = np.bincount(cut.codes[kept], weights=each, minlength=len(cut.parts)).astype(np.int64)
    cells = tuple(
        tuple(labels[attribute][code] for attribute, code in zip(chosen, row, strict=True))
        for row in cut.parts.tolist()
    )
    return Intersection(attributes=chosen, codes=cut.codes, cells=cells, n=n, large=n >= min_n)
