"""Which values can be compared: a rule about text on a column of numbers holds nowhere, and nobody would see why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from auditkit.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd

Kind = Literal["number", "text", "truth", "date", "any"]

_WORDS: dict[Kind, str] = {
    "number": "numbers",
    "text": "texts",
    "truth": "true or false",
    "date": "dates",
    "any": "values of several kinds",
}
_INFERRED: dict[str, Kind] = {
    "string": "text",
    "boolean": "truth",
    "integer": "number",
    "floating": "number",
    "mixed-integer-float": "number",
    "decimal": "number",
}
"""Kinds by pandas' word for what a column of objects holds; a column of several kinds may hold any."""
_ALIKE = ({"number", "truth"},)
"""Different kinds that have equal values all the same: 1 is true."""


def need_alike(one: Any, other: Any) -> None:
    """Raise UsageError unless the two sides of a comparison, columns or constants, can have equal values."""
    kinds = kind_of(one), kind_of(other)
    if "any" in kinds or kinds[0] == kinds[1] or set(kinds) in _ALIKE:
        return
    if set(kinds) == {"date", "text"}:
        _need_date(other if kinds[0] == "date" else one)
        return
    hint = ""
    if set(kinds) == {"number", "text"}:
        hint = (
            "; numbers stand without quotes"
            if "number" in _columns(one, other)
            else "; texts stand in quotes"
        )
    message = f"it compares {_said(one)} with {_said(other)}{hint}"
    raise UsageError(message)


def kind_of(value: Any) -> Kind:
    """Return what a column or a constant holds; any if it holds several kinds, or nothing."""
    import pandas as pd

    match value:
        case bool():
            return "truth"
        case int() | float():
            return "number"
        case str():
            return "text"
        case pd.Series():
            return _kind_of_column(value)
        case _:
            return "any"


def _kind_of_column(values: pd.Series[Any]) -> Kind:
    import pandas as pd

    if isinstance(values.dtype, pd.CategoricalDtype):
        return _kind_of_column(pd.Series(values.cat.categories))
    if pd.api.types.is_bool_dtype(values):
        return "truth"
    if values.isna().all():
        return "any"
    if pd.api.types.is_numeric_dtype(values):
        return "number"
    if pd.api.types.is_datetime64_any_dtype(values):
        return "date"
    return _INFERRED.get(pd.api.types.infer_dtype(values, skipna=True), "any")


def _need_date(text: Any) -> None:
    """Raise UsageError for a text beside a column of dates that is none."""
    import pandas as pd

    if not isinstance(text, str):
        return
    try:
        pd.Timestamp(text)
    except ValueError as error:
        message = (
            f"it compares a column of dates with the text '{text:.40}', which is no date; write 2024-12-31"
        )
        raise UsageError(message) from error


def _columns(*sides: Any) -> list[Kind]:
    """Return the kinds of those sides that are columns."""
    import pandas as pd

    return [kind_of(side) for side in sides if isinstance(side, pd.Series)]


def _said(value: Any) -> str:
    """Return a side of a comparison in words."""
    import pandas as pd

    match value:
        case pd.Series() if value.name is None:
            return f"a column of {_WORDS[kind_of(value)]}"
        case pd.Series():
            return f"column '{value.name}' of {_WORDS[kind_of(value)]}"
        case bool():
            return str(value)
        case str():
            return f"the text '{value:.40}'"
        case _:
            return f"the number {value}"
