"""What is compared: columns for functions, groups for counting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from auditkit import DataError
from auditkit_mpr.reference.attributes import Read, few
from auditkit_mpr.reference.intersections import Attribute

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False, kw_only=True)
class Statistics:
    """What is compared: columns for functions [n, l] and [m, l], and groups for counting."""

    columns: tuple[str, ...]
    items: NDArray[Any]
    reference: NDArray[Any]
    groups: tuple[Attribute, ...]


def statistics(read: Sequence[Read], extra: tuple[NDArray[Any], NDArray[Any]] | None = None) -> Statistics:
    """Return the columns and groups of these attributes, and of `extra` rows such as embeddings [n, d], [m, d].

    Raises DataError at a missing number.
    """
    names: list[str] = []
    items: list[NDArray[Any]] = []
    reference: list[NDArray[Any]] = []
    for attribute in read:
        if attribute.numbers is not None:
            names.append(attribute.name)
            for values, into, whose in zip(
                attribute.numbers, (items, reference), ("items", "reference"), strict=True
            ):
                _need_finite(values, attribute.name, whose)
                into.append(values)
            continue
        for code, label in enumerate(attribute.labels):
            names.append(f"{attribute.name}={label}")
            for codes, into in ((attribute.items, items), (attribute.reference, reference)):
                into.append((np.asarray(codes) == code).astype(np.uint8))
    if extra is not None:
        names += [f"embedding {place}" for place in range(extra[0].shape[1])]
    return Statistics(
        columns=tuple(names),
        items=_stacked(items, None if extra is None else extra[0]),
        reference=_stacked(reference, None if extra is None else extra[1]),
        groups=tuple(
            Attribute(name=a.name, labels=a.labels, items=a.items, reference=a.reference)
            for a in read
            if a.labels and a.items is not None and a.reference is not None
        ),
    )


def known_values(read: Sequence[Read], *, rows: float | None, level: float) -> list[str]:
    """Return a sentence for every value that only items or only the reference have.

    A value that none of the reference's `rows` has is not known to be absent: its share is below a bound that is wrong
    with a chance of `level`. `rows` is None for a target that nobody sampled.

    Raises DataError if an attribute has no value in common: then the two tables write their values differently. Numbers
    whose ranges meet may have none; quantities whose ranges do not are said.
    """
    notes = []
    for attribute in read:
        meet = _ranges_meet(attribute)
        if attribute.numbers is not None and not attribute.labels and not meet:
            notes.append(_apart(attribute.name, *attribute.numbers))
        if attribute.items is None or attribute.reference is None:
            continue
        here, there = (
            {attribute.labels[code] for code in np.unique(codes) if code >= 0}
            for codes in (attribute.items, attribute.reference)
        )
        if here and there and not here & there and not (attribute.numbers is not None and meet):
            message = (
                f"attribute '{attribute.name}': items have {few(here)} and the reference has {few(there)}, with no "
                "value in common; write values alike in both"
            )
            raise DataError(message)
        if here and there - here:
            notes.append(
                f"No item has {attribute.name} {few(there - here)}, which the reference has: no list can represent it."
            )
        if there and here - there:
            notes.append(
                f"The reference has no {attribute.name} {few(here - there)}, which items have: its share counts as 0"
                f"{_not_known_absent(rows, level)}."
            )
    return notes


def _ranges_meet(attribute: Read) -> bool:
    """Whether numbers of items and reference lie in ranges that meet; true without numbers."""
    both = [values[np.isfinite(values)] for values in attribute.numbers or ()]
    if not all(len(values) for values in both) or not both:
        return True
    return bool(max(values.min() for values in both) <= min(values.max() for values in both))


def _apart(name: str, items: NDArray[Any], reference: NDArray[Any]) -> str:
    here, there = (f"{np.nanmin(values):.4g} to {np.nanmax(values):.4g}" for values in (items, reference))
    return f"{name} is {here} in the items and {there} in the reference, and never alike: are both in the same unit?"


def _not_known_absent(rows: float | None, level: float) -> str:
    if rows is None:
        return ""
    return f", but of {rows:,.0f} sampled rows that shows only that it is below {1 - level ** (1 / rows):.2g}"


def _need_finite(values: NDArray[Any], name: str, whose: str) -> None:
    if values.dtype.kind == "f" and not np.isfinite(values).all():
        bad = np.flatnonzero(~np.isfinite(values))
        message = f"attribute '{name}' is missing or infinite in {len(bad):,} rows of the {whose}, as in row {bad[0]}"
        raise DataError(message)


def _stacked(columns: Sequence[NDArray[Any]], extra: NDArray[Any] | None) -> NDArray[Any]:
    """Return the columns as one matrix: bytes while all are zero or one, else float64."""
    kind = np.uint8 if extra is None and all(column.dtype == np.uint8 for column in columns) else np.float64
    parts = [np.stack(columns, axis=1).astype(kind)] if columns else []
    if extra is not None:
        parts.append(np.asarray(extra, dtype=np.float64))
    return np.concatenate(parts, axis=1) if len(parts) > 1 else parts[0]
