"""A condition as an expression of narwhals: true or false of every row, as it is in memory."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from operator import eq, ge, gt, le, lt, ne
from typing import TYPE_CHECKING, Any, Literal

from auditkit.data.engines.conditions.condition import Compared, Joined, Lacks, Opposite, Since
from auditkit.errors import DataError, UsageError, nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import narwhals as nw

    from auditkit.data.engines.conditions.condition import Condition

    Schema = Mapping[str, Any]

_HOLDS: Mapping[str, Callable[[Any, Any], Any]] = {"==": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST, _LAST = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)
_EXACT = 2**53
"""Whole numbers from which on floating point may merge some."""


def holds(condition: Condition, schema: Schema) -> nw.Expr:
    """Return whether each row meets the condition; never null.

    Raises DataError for a column that is not there, UsageError for a constant of another kind than its column.
    """
    import narwhals as nw

    match condition:
        case Joined(parts=parts, every=every):
            join = nw.all_horizontal if every else nw.any_horizontal
            return join(*(holds(part, schema) for part in parts), ignore_nulls=False)
        case Opposite(of=inner):
            return ~holds(inner, schema)
        case Lacks(column=column):
            return known(column, schema).is_null()
        case Since(column=column, ns=ns):
            return _since(column, ns, schema)
        case Compared():
            return _compared(condition, schema)


def known(column: str, schema: Schema) -> nw.Expr:
    """Return the values of a column, without one where it is no number."""
    import narwhals as nw

    values = nw.col(column)
    return nw.when(~values.is_nan()).then(values) if _kind_of(column, schema)[0].is_float() else values


def _kind_of(column: str, schema: Schema) -> tuple[Any, Literal["number", "text", "date", "other"]]:
    """Return a column's type, and what it can be compared with."""
    import narwhals as nw

    if column not in schema:
        message = f"there is no column '{column}'{nearest(column, list(schema))}"
        raise DataError(message)
    kind = schema[column]
    if kind.is_numeric() or kind == nw.Boolean:
        return kind, "number"
    # A type with parameters equals its class, and hashes otherwise.
    if any(kind == text for text in (nw.String, nw.Categorical, nw.Enum)):
        return kind, "text"
    return kind, "date" if any(kind == date for date in (nw.Date, nw.Datetime)) else "other"


def _compared(one: Compared, schema: Schema) -> nw.Expr:
    import narwhals as nw

    kind, comparable = _kind_of(one.column, schema)
    is_text = isinstance(one.value, str)
    if comparable == "date" and is_text:
        return _on_day(one, schema)
    if comparable != ("text" if is_text else "number"):
        message = f"column '{one.column}' is of type {kind}, and is compared with {one.value!r}"
        raise UsageError(message)
    values, constant = known(one.column, schema), one.value
    if is_text:
        values = values if kind == nw.String else values.cast(nw.String)
    elif not (kind.is_integer() and isinstance(constant, int) and abs(constant) >= _EXACT):
        values, constant = values.cast(nw.Float64), float(constant)
    # A missing value is equal to nothing, so "not equal" holds of it.
    found: nw.Expr = _HOLDS[one.sign](values, nw.lit(constant))
    return found.fill_null(value=one.sign == "!=")


def _on_day(one: Compared, schema: Schema) -> nw.Expr:
    """Return a comparison of a date with one in words, such as 2024-12-31."""
    import pandas as pd

    stamp = pd.Timestamp(str(one.value))
    ns = int(stamp.tz_localize(None).value if stamp.tz is None else stamp.value)
    there, since, after = (
        Opposite(Lacks(one.column)),
        Since(one.column, ns),
        Since(one.column, ns + 1),
    )
    on = Joined((since, Opposite(after)), every=True)
    meant: dict[str, Condition] = {
        ">=": since,
        ">": after,
        "<": Joined((Opposite(since), there), every=True),
        "<=": Joined((Opposite(after), there), every=True),
        "==": on,
        "!=": Opposite(on),
    }
    return holds(meant[one.sign], schema)


def _since(column: str, ns: int, schema: Schema) -> nw.Expr:
    """Return whether a date is at or after an instant, to the microsecond, which is what engines keep."""
    import narwhals as nw

    kind, comparable = _kind_of(column, schema)
    if comparable != "date":
        message = f"column '{column}' is of type {kind}, and is compared with a date"
        raise UsageError(message)
    if not ns < 2**63:
        return nw.lit(value=False)
    microseconds = -(-ns // 1000)
    instant = min(max(_EPOCH + timedelta(microseconds=microseconds), _FIRST), _LAST)
    zoned = kind == nw.Datetime and getattr(kind, "time_zone", None) is not None
    values = nw.col(column)
    values = values if kind == nw.Datetime else values.cast(nw.Datetime("us"))
    return (values >= nw.lit(instant if zoned else instant.replace(tzinfo=None))).fill_null(value=False)
