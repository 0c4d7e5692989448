"""A rule as an expression: the text that finds its rows again in a table like this one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from auditkit import MISSING
from auditkit_minoria.words.naming import literal, quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from auditkit import EncodedColumn
    from auditkit_minoria.directions.skew import Side

EMBEDDING = "@embeddings["
"""How an expression begins to name a dimension of the embeddings, which is used as it is."""


def expression(
    weights: NDArray[np.float64],
    terms: Sequence[EncodedColumn],
    threshold: float,
    side: Side,
    *,
    table: pd.DataFrame,
) -> str:
    """Return the rule for `DataFrame.eval(..., engine="python")` on a table like this one.

    weights float64 [d] belong to the encoded columns, (value - centre) / scale. A column that eval cannot
    name is written `@table["name"]`: pass `local_dict={"table": table}` with such a rule.
    """
    parts = [
        f"{number(weight)} * {_encoded(term, table)}"
        for weight, term in zip(weights.tolist(), terms, strict=True)
        if weight != 0
    ]
    return f"{_sum(parts)} {'>=' if side == 'upper' else '<='} {number(threshold)}"


def _encoded(term: EncodedColumn, table: pd.DataFrame) -> str:
    """Return one encoded column as text: (value - centre) / scale."""
    import pandas as pd

    if term.source.startswith(EMBEDDING) and term.source not in table.columns:
        return term.source
    name, values = quoted(term.source, table), table[term.source]
    if term.level is not None:
        raw = f"({is_level(name, term.level)})"
    elif pd.api.types.is_datetime64_any_dtype(values):
        days = f'({name}.dt.as_unit("ns").astype("int64") / 86400000000000.0)'
        raw = days if term.fill is None else f"{days}.where({name}.notna(), {number(term.fill)})"
    elif term.fill is not None:
        raw = f'{name}.astype("float64").fillna({number(term.fill)})'
    else:
        raw = name
    if term.centre != 0:
        raw = f"({raw} - {number(term.centre)})"
    return raw if term.scale == 1 else f"{raw} / {number(term.scale)}"


def is_level(name: str, level: Any) -> str:
    """Return the text of a comparison that is false for a missing value."""
    if level is MISSING:
        return f"{name}.isna()"
    if isinstance(level, bool | int | float):
        return f"{name} == {level!r}"
    if isinstance(level, str):
        return f"{name} == {literal(level)}"
    return f'{name}.astype("str") == {literal(str(level))}'


def _sum(parts: Sequence[str]) -> str:
    """Return the sum as text, nested evenly: eval descends once per level, and it must not go deep."""
    if len(parts) <= 8:
        return " + ".join(parts) if parts else "0.0"
    half = len(parts) // 2
    return f"({_sum(parts[:half])}) + ({_sum(parts[half:])})"


def number(value: float) -> str:
    """Return a number that eval reads back exactly; it knows no name for infinity."""
    if np.isinf(value):
        return "1e999" if value > 0 else "-1e999"
    return repr(float(value))
