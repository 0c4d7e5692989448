"""The categories of one attribute, or of two crossed: their rates, and their ratios to the highest one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from auditkit.measures import count, impact_of_highest, measure, rates_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit import Grouping
    from auditkit.measures import Impact, Measured
    from auditkit_rates.selection.chosen import Chosen


@dataclass(frozen=True, eq=False, kw_only=True)
class Attribute:
    """Categories by name, and each row's code int [n], -1 for unknown. `groups` are their names in reports."""

    title: str
    labels: tuple[str, ...]
    groups: tuple[str, ...]
    codes: NDArray[np.int64]


@dataclass(frozen=True, eq=False, kw_only=True)
class Categories:
    """Each category of an attribute, [g]: how many were assessed and picked, the rate, and the ratio to the highest.

    `large` bool [g] marks those that a ratio is taken of; `impact` is None where nobody was picked or one is left.
    """

    attribute: Attribute
    n: NDArray[np.int64]
    picked: NDArray[np.int64]
    share: NDArray[np.float64]
    large: NDArray[np.bool_]
    rate: Measured
    impact: Impact | None
    unknown: int
    assessed: int


def attribute_of(grouping: Grouping, unknown: tuple[str, ...]) -> Attribute:
    """Return a grouping whose values that stand for nothing known are unknown."""
    hidden = {value.strip().lower() for value in unknown}
    known = [i for i, label in enumerate(grouping.labels) if label.strip().lower() not in hidden]
    place = np.full(len(grouping.labels) + 1, -1, dtype=np.int64)
    place[known] = np.arange(len(known))
    labels = tuple(grouping.labels[i] for i in known)
    return Attribute(
        title=grouping.name, labels=labels, codes=place[grouping.codes],
        groups=tuple(f"{grouping.name}={label}" for label in labels),
    )  # fmt: skip


def crossed(first: Attribute, second: Attribute) -> Attribute:
    """Return the categories that rows have of both; unknown in one is unknown."""
    both = (first.codes >= 0) & (second.codes >= 0)
    keys = np.where(both, first.codes * len(second.labels) + second.codes, -1)
    observed = np.unique(keys[both])
    place = np.full(len(first.labels) * len(second.labels) + 1, -1, dtype=np.int64)
    place[observed] = np.arange(len(observed))
    pairs = [divmod(int(key), len(second.labels)) for key in observed]
    return Attribute(
        title=f"{first.title} × {second.title}", codes=place[keys],
        labels=tuple(f"{first.labels[i]}, {second.labels[j]}" for i, j in pairs),
        groups=tuple(f"{first.groups[i]} & {second.groups[j]}" for i, j in pairs),
    )  # fmt: skip


def categories_of(
    attribute: Attribute, chosen: Chosen, *, exclude_below: float = 0.0, confidence: float = 0.95
) -> Categories:
    """Return the rates of all categories, and the ratios of those with at least this share of all assessed."""
    codes = np.where(chosen.assessed, attribute.codes, -1)
    picked = chosen.picked.astype(np.int64)
    found = count(codes, picked, picked, n_groups=len(attribute.labels), n_classes=2)
    assessed = int(chosen.assessed.sum())
    share = found.rows / max(assessed, 1)
    large = (found.rows > 0) & (share >= exclude_below)
    rates = rates_of(found, "selection_rate", confidence=confidence).only(large)
    return Categories(
        attribute=attribute, n=found.rows, picked=found.counts[:, 1, 1], share=share, large=large,
        rate=measure(found, "selection_rate", confidence=confidence),
        impact=impact_of_highest(rates, confidence=confidence),
        unknown=assessed - int(found.rows.sum()), assessed=assessed,
    )  # fmt: skip
