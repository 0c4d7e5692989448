"""Named groups and all their intersections up to a depth: exact shares, and the worst group in words."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from auditkit import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from auditkit_mpr.arrays import Codes, Floats

MAX_GROUPS = 200_000
"""More intersections than this are refused: nobody reads them, and memory is n times as many."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Attribute:
    """One attribute that cuts items and reference into groups: codes [n] and [m] index `labels`; -1 is missing."""

    name: str
    labels: tuple[str, ...]
    items: Codes
    reference: Codes


@dataclass(frozen=True)
class Intersection:
    """A conjunction of attribute values: (attribute index, label index) pairs, and its name in words."""

    parts: tuple[tuple[int, int], ...]
    name: str


def intersections(attributes: Sequence[Attribute], depth: int) -> tuple[Intersection, ...]:
    """Return every group of one attribute's value, every pair of values of two attributes, and so on to `depth`.

    Raises UsageError if they are more than a report could ever say.
    """
    count = 0
    for order in range(1, depth + 1):
        for chosen in combinations(attributes, order):
            count += int(np.prod([len(attribute.labels) for attribute in chosen]))
    if count > MAX_GROUPS:
        message = (
            f"{count:,} intersections of depth {depth} are too many; lower the depth or name fewer attributes"
        )
        raise UsageError(message)
    found: list[Intersection] = []
    for order in range(1, depth + 1):
        for places in combinations(range(len(attributes)), order):
            sizes = [range(len(attributes[place].labels)) for place in places]
            for values in np.array(np.meshgrid(*sizes, indexing="ij")).reshape(order, -1).T:
                parts = tuple(zip(places, map(int, values), strict=True))
                found.append(Intersection(parts, " AND ".join(_word(attributes[p], v) for p, v in parts)))
    return tuple(found)


def shares_among(
    groups: Sequence[Intersection], codes: Sequence[Codes], weights: Floats | None = None
) -> Floats:
    """Return the share [g] of rows, or of their weights [n], in each group; `codes` is one array per attribute."""
    n = len(codes[0])
    weight = np.full(n, 1 / n) if weights is None else weights
    tables: dict[tuple[int, ...], Floats] = {}
    found = np.empty(len(groups))
    for position, group in enumerate(groups):
        places = tuple(place for place, _ in group.parts)
        if places not in tables:
            tables[places] = _table([codes[place] for place in places], weight)
        found[position] = _cell(tables[places], [value for _, value in group.parts])
    return found


def memberships(groups: Sequence[Intersection], codes: Sequence[Codes]) -> NDArray[np.bool_]:
    """Return whether each row is in each group, bool [n, g]."""
    columns = [
        np.logical_and.reduce([codes[place] == value for place, value in group.parts]) for group in groups
    ]
    return np.stack(columns, axis=1)


def _table(codes: Sequence[Codes], weight: Floats) -> Floats:
    """Return the weight in every cell of the attributes' cross table; rows that miss a value are in no cell."""
    sizes = [int(code.max(initial=0)) + 1 for code in codes]
    present = np.logical_and.reduce([code >= 0 for code in codes])
    flat = np.ravel_multi_index([code[present] for code in codes], sizes)
    found: Floats = np.bincount(flat, weights=weight[present], minlength=int(np.prod(sizes))).astype(
        np.float64
    )
    return found.reshape(sizes)


def _cell(table: Floats, values: Sequence[int]) -> float:
    """Return one cell, or 0 for a value that no row has."""
    inside = all(value < size for value, size in zip(values, table.shape, strict=True))
    return float(table[tuple(values)]) if inside else 0.0


def _word(attribute: Attribute, value: int) -> str:
    return f"{attribute.name}={attribute.labels[value]}"
