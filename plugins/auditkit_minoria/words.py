"""A direction's tail as a rule: an expression that finds the rows again, and a sentence for a reader."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from auditkit import MISSING
from auditkit_minoria.naming import literal, quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from auditkit import EncodedColumn
    from auditkit_minoria.tails import Side

EMBEDDING = "@embeddings["
"""How an expression begins to name a dimension of the embeddings, which is used as it is."""
NAMED, FEWEST_NAMED = 4, 2
"""Features named, at most and at least; in between, those that weigh NOTABLE times the first or more."""
NOTABLE = 0.25


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
        f"{_number(weight)} * {_encoded(term, table)}"
        for weight, term in zip(weights.tolist(), terms, strict=True)
        if weight != 0
    ]
    return f"{_sum(parts)} {'>=' if side == 'upper' else '<='} {_number(threshold)}"


def words(
    weights: NDArray[np.float64],
    terms: Sequence[EncodedColumn],
    threshold: float,
    side: Side,
    *,
    spread: NDArray[np.float64] | None = None,
) -> str:
    """Return the rule as a sentence part that names the two to four features that weigh most.

    spread float64 [d] is each encoded column's standard deviation (default: all 1): a weight counts times it.
    """
    effect = weights * (1.0 if spread is None else spread) * (1 if side == "upper" else -1)
    order = [place for place in np.argsort(-np.abs(effect), kind="stable").tolist() if effect[place] != 0]
    is_level = {
        terms[place].source for place in order if terms[place].level is not None and effect[place] > 0
    }
    # Where a row has this level of an attribute, that it has not another one goes without saying.
    told = [place for place in order if effect[place] > 0 or terms[place].source not in is_level]
    named = [
        place
        for i, place in enumerate(told[:NAMED])
        if i < FEWEST_NAMED or abs(effect[place]) >= NOTABLE * abs(effect[told[0]])
    ]
    rest = len(told) - len(named)
    more = f" ({rest} smaller term{'s' if rest > 1 else ''} not named)" if rest else ""
    sign = "≥" if side == "upper" else "≤"
    said = _said([(terms[place], bool(effect[place] > 0)) for place in named])
    return f"rows {said}{more}: linear score {sign} {threshold:.4g}"


def _said(named: Sequence[tuple[EncodedColumn, bool]]) -> str:
    """Return the named terms in words, each with whether it pulls a row into the tail.

    A score is a sum: a row with one of the levels may be in the tail and a row with both not.
    """
    high, low, to, away = (
        _list([
            term.source if term.level is None else f"{term.source} = {_level(term)}"
            for term, pulls in named
            if pulls == inwards and (term.level is None) == number
        ])
        for number, inwards in ((True, True), (True, False), (False, True), (False, False))
    )  # fmt: skip
    numbers = ", and ".join(f"{word} {names}" for word, names in (("high", high), ("low", low)) if names)
    levels = ", and ".join(f"{word} {names}" for word, names in (("to", to), ("away from", away)) if names)
    return ", ".join(f"{word} {part}" for word, part in (("with", numbers), ("leaning", levels)) if part)


def _encoded(term: EncodedColumn, table: pd.DataFrame) -> str:
    """Return one encoded column as text: (value - centre) / scale."""
    import pandas as pd

    if term.source.startswith(EMBEDDING) and term.source not in table.columns:
        return term.source
    name, values = quoted(term.source, table), table[term.source]
    if term.level is not None:
        raw = f"({_is_level(name, term.level)})"
    elif pd.api.types.is_datetime64_any_dtype(values):
        days = f'({name}.dt.as_unit("ns").astype("int64") / 86400000000000.0)'
        raw = days if term.fill is None else f"{days}.where({name}.notna(), {_number(term.fill)})"
    elif term.fill is not None:
        raw = f'{name}.astype("float64").fillna({_number(term.fill)})'
    else:
        raw = name
    if term.centre != 0:
        raw = f"({raw} - {_number(term.centre)})"
    return raw if term.scale == 1 else f"{raw} / {_number(term.scale)}"


def _is_level(name: str, level: Any) -> str:
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


def _level(term: EncodedColumn) -> str:
    return "missing" if term.level is MISSING else str(term.level)


def _number(value: float) -> str:
    """Return a number that eval reads back exactly; it knows no name for infinity."""
    if np.isinf(value):
        return "1e999" if value > 0 else "-1e999"
    return repr(float(value))


def _list(names: Sequence[str]) -> str:
    """Return "a, b and c", or "" for none."""
    return " and ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)
