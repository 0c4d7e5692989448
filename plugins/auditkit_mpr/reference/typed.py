"""Shares that somebody typed, as a table that is the target itself."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from auditkit import UsageError
from auditkit_mpr.reference.table import ReferenceTable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MAX_CELLS = 100_000
"""A typed reference has one row for every combination of values."""


def typed_shares(shares: Sequence[str]) -> dict[str, dict[str, float]]:
    """Return {attribute: {value: share}} of texts such as gender=female:0.5; shares of an attribute are scaled to 1.

    Raises UsageError for a text of another form, or an attribute whose shares are all zero.
    """
    found: dict[str, dict[str, float]] = {}
    for text in shares:
        attribute, equals, rest = text.partition("=")
        value, colon, number = rest.rpartition(":")
        try:
            share = float(number)
        except ValueError:
            share = -1.0
        if not (attribute and equals and value and colon and 0 <= share < np.inf):
            message = f"share '{text}' must be written as attribute=value:number, such as gender=female:0.5"
            raise UsageError(message)
        if value.strip() in found.setdefault(attribute.strip(), {}):
            message = f"shares name {attribute.strip()}={value.strip()} twice"
            raise UsageError(message)
        found[attribute.strip()][value.strip()] = share
    for attribute, values in found.items():
        total = sum(values.values())
        if total <= 0:
            message = f"shares of '{attribute}' are all zero"
            raise UsageError(message)
        found[attribute] = {value: share / total for value, share in values.items()}
    return found


def equal_shares(values: Mapping[str, Sequence[str]]) -> dict[str, dict[str, float]]:
    """Return the same share for every value of every attribute."""
    return {name: dict.fromkeys(found, 1 / len(found)) for name, found in values.items()}


def table_of_shares(shares: Mapping[str, Mapping[str, float]], *, words: str) -> ReferenceTable:
    """Return one row for every combination of values, weighted by the product of their shares.

    Raises UsageError if there are too many combinations.
    """
    import pandas as pd

    kept = {name: {v: s for v, s in values.items() if s > 0} for name, values in shares.items()}
    cells = int(np.prod([len(values) for values in kept.values()]))
    if cells > MAX_CELLS:
        message = f"shares of these attributes have {cells:,} combinations; name fewer attributes"
        raise UsageError(message)
    rows = list(product(*kept.values()))
    weights = np.array(
        [np.prod([values[v] for values, v in zip(kept.values(), row, strict=True)]) for row in rows]
    )
    return ReferenceTable(
        table=pd.DataFrame(rows, columns=list(kept)), words=words, weights=weights / weights.sum(), exact=True
    )
