"""A direction's tail as a sentence part for a reader: the features that weigh most."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from auditkit import MISSING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from auditkit import EncodedColumn
    from auditkit_minoria.directions.skew import Side

NAMED, FEWEST_NAMED = 4, 2
"""Features named, at most and at least; in between, those that weigh NOTABLE times the first or more."""
NOTABLE = 0.25


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
        _list(
            [
                term.source if term.level is None else f"{term.source} = {_level(term)}"
                for term, pulls in named
                if pulls == inwards and (term.level is None) == number
            ]
        )
        for number, inwards in ((True, True), (True, False), (False, True), (False, False))
    )
    numbers = ", and ".join(f"{word} {names}" for word, names in (("high", high), ("low", low)) if names)
    levels = ", and ".join(f"{word} {names}" for word, names in (("to", to), ("away from", away)) if names)
    return ", ".join(f"{word} {part}" for word, part in (("with", numbers), ("leaning", levels)) if part)


def _level(term: EncodedColumn) -> str:
    return "missing" if term.level is MISSING else str(term.level)


def _list(names: Sequence[str]) -> str:
    """Return "a, b and c", or "" for none."""
    return " and ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)
