"""The one query: a lazy table of any engine that narwhals knows, grouped and summed there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from auditkit.data.engines.conditions.condition import condition_of
from auditkit.data.engines.conditions.lazily import holds
from auditkit.data.engines.draw import PLACE
from auditkit.errors import DataError, UsageError, nearest

if TYPE_CHECKING:
    from collections.abc import Sequence

    import narwhals as nw
    import pyarrow as pa

    from auditkit.data.engines.draw import Draw
    from auditkit.data.engines.question import Key, Question

MOST_CELLS = 1_000_000
"""Combinations past which a column names rows, not groups."""
SUMS = ("rows", "weights", "squares", "least", "most", "unweighed")
"""What is summed in each cell, and whether its rows have no weight."""
OF_SCORES = ("first", "squares_first", "squares_second", "lowest", "highest", "hundredth")
"""What is summed of scores, and the hundredth that those of a cell are of, None for rows without a score."""


def aggregated(frame: nw.LazyFrame[Any], question: Question, *, source: str) -> pa.Table:
    """Return a row for each combination that some row has: k0, ... of the keys, c0, ... of the conditions, then `SUMS`.

    With a score come `OF_SCORES`. Where there is a draw, the frame has the rows' places. Only the columns of the
    question are read, and only its answer leaves the engine. Raises DataError for a column that the table lacks or
    whose type nobody can group by.
    """
    import narwhals as nw

    schema = dict(frame.collect_schema())
    question = checked(question, schema, source=source)
    keys = [_key(key, schema[key.name]).alias(f"k{i}") for i, key in enumerate(question.keys)]
    keys += [holds(condition_of(one), schema).alias(f"c{i}") for i, one in enumerate(question.conditions)]
    by = [f"k{i}" for i in range(len(question.keys))] + [f"c{i}" for i in range(len(question.conditions))]
    sums = [nw.len().alias("rows")]
    weight = None if question.weight is None else nw.col(question.weight).cast(nw.Float64)
    if weight is not None:
        lacking = weight.is_null() | weight.is_nan()
        keys += [weight.alias("w"), (weight * weight).alias("ww"), lacking.alias("unweighed")]
        by.append("unweighed")
        sums += [
            nw.col("w").sum().alias("weights"), nw.col("ww").sum().alias("squares"),
            nw.col("w").min().alias("least"), nw.col("w").max().alias("most"),
        ]  # fmt: skip
    if question.score is not None:
        keys += _of_scores(nw.col(question.score).cast(nw.Float64), weight)
        by.append("hundredth")
        sums += [nw.col(name).sum() for name in OF_SCORES[:3]]
        sums += [nw.col("score").min().alias("lowest"), nw.col("score").max().alias("highest")]
    if question.draw is not None:
        place = question.draw.hashed(nw.col(PLACE))
        frame = frame.filter(place < question.draw.below if question.drawn else place >= question.draw.below)
    found = frame.select(*keys).group_by(*by).agg(*sums).head(MOST_CELLS + 1)
    return found.collect("pyarrow").to_native()


def drawn(frame: nw.LazyFrame[Any], draw: Draw, columns: Sequence[str]) -> pa.Table:
    """Return some columns of the rows that are drawn, and their places; each row's place stands in the frame."""
    import narwhals as nw

    some = frame.filter(draw.hashed(nw.col(PLACE)) < draw.below)
    return some.select(*columns, PLACE).collect("pyarrow").to_native()


def checked(question: Question, schema: dict[str, Any], *, source: str) -> Question:
    """Return the question with bins only where there are numbers, or raise DataError for a column it cannot have."""
    import narwhals as nw

    for name in question.columns:
        if name not in schema:
            message = f"{source} has no column '{name}'{nearest(name, list(schema))}"
            raise DataError(message)
        if schema[name].is_nested() or schema[name] in {nw.Object, nw.Binary, nw.Unknown}:
            message = f"column '{name}' of {source} is of type {schema[name]}, which no engine groups by"
            raise DataError(message)
    for role, summed in (("weight", question.weight), ("score", question.score)):
        if summed is not None and not schema[summed].is_numeric():
            message = f"{role} column '{summed}' is not a number"
            raise DataError(message)
    numbers = [
        replace(key, edges=key.edges if schema[key.name].is_numeric() else ()) for key in question.keys
    ]
    return replace(question, keys=tuple(numbers))


def need_few(cells: int, question: Question) -> None:
    """Raise UsageError where there are more combinations than anybody can be shown."""
    if cells > MOST_CELLS:
        words = question.words.partition(" by ")[2]
        message = f"more than {MOST_CELLS:,} combinations of {words}: cut columns into bins, or leave one out"
        raise UsageError(message)


def _of_scores(score: nw.Expr, weight: nw.Expr | None) -> list[nw.Expr]:
    """Return what each row adds to the sums of `OF_SCORES`, nothing where it has no score."""
    import narwhals as nw

    known = nw.when(~score.is_nan()).then(score)
    hundredth = nw.when(~score.is_nan()).then((score * 100.0).floor())
    inside = nw.when(score <= 0.0).then(nw.lit(0.0)).otherwise(hundredth)  # -0.0 is no group of its own
    first = known if weight is None else weight * known
    second = first if weight is None else weight * first
    terms = (first, second, second * known)
    return [
        *(term.alias(name) for term, name in zip(terms, OF_SCORES, strict=False)),
        known.alias("score"),
        nw.when(score >= 1.0).then(nw.lit(99.0)).otherwise(inside).alias("hundredth"),
    ]


def _key(key: Key, kind: Any) -> nw.Expr:
    """Return what a row is counted by: a value, without one where it is no number, or a value of its bin."""
    import narwhals as nw

    column = nw.col(key.name)
    if not key.edges:
        return nw.when(~column.is_nan()).then(column) if kind.is_float() else column
    number = column.cast(nw.Float64)
    found: nw.Expr = nw.when(~number.is_nan()).then(nw.lit(key.outside))
    last = key.edges[-1]
    for low, high, within in key.bins():
        inside = (number >= low) & ((number <= high) if high == last else (number < high))
        found = nw.when(inside).then(nw.lit(within)).otherwise(found)
    return found
