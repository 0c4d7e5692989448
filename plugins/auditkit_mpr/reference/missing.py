"""Missing values of an attribute: refused, or counted as a group."""

from __future__ import annotations

import numpy as np

from auditkit import MISSING, UsageError
from auditkit_mpr.reference.attributes import Read


def as_category(attribute: Read) -> Read:
    """Return the attribute with its missing values as one more group."""
    if attribute.items is None or attribute.reference is None:
        return attribute
    last = len(attribute.labels)
    return Read(
        name=attribute.name,
        labels=(*attribute.labels, MISSING),
        items=np.where(attribute.items < 0, last, attribute.items),
        reference=np.where(attribute.reference < 0, last, attribute.reference),
    )


def missing(attribute: Read) -> tuple[int, int]:
    """Return how many items and how many reference rows miss the attribute."""
    if attribute.items is not None and attribute.reference is not None:
        return int((attribute.items < 0).sum()), int((attribute.reference < 0).sum())
    items, reference = attribute.numbers or (np.zeros(0), np.zeros(0))
    return int(np.isnan(items.astype(float)).sum()), int(np.isnan(reference.astype(float)).sum())


def refuse_missing(attribute: Read) -> None:
    """Raise UsageError if a value is missing."""
    items, rows = missing(attribute)
    if not items and not rows:
        return
    what = f"{items:,} items" if items else f"{rows:,} reference rows"
    choices = "count them as a group with --unknown category, or predict them with --unknown probe"
    message = f"attribute '{attribute.name}' is missing in {what}; " + (
        choices if attribute.labels else "fill them in: a number cannot be a group of its own"
    )
    raise UsageError(message)
