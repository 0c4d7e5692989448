"""Bins of a column of numbers or dates: half-open but for the last, each with an expression that finds it again."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from auditkit.errors import UsageError
from auditkit.values.grouping import Grouping
from auditkit.values.labels import label_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

YEARS = range(1, 10_000)
"""Whole numbers that are years where the column holds dates."""
LAST = "9999-12-31 23:59:59.999999"
"""The last moment that a date can be written for."""
PERIODS = {"month": "M", "quarter": "Q", "year": "Y"}


@dataclass(frozen=True)
class Edge:
    """A cut point: its place among the values, how a label says it, and how an expression does.

    `after` is how an expression says the end of what the edge names, such as the first day after a year; "" where the
    edge is one value.
    """

    place: float
    label: str
    written: str
    after: str = ""


def _as_dates(values: pd.Series[Any]) -> str:
    """Return how dates have to be written, where text looks like some in another order."""
    first = next((str(value) for value in values.dropna()), "")
    other = re.fullmatch(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}.*", first)
    return f"; '{first}' may be a date: write it as 2020-01-31" if other else ""


def by_bin(name: str, values: pd.Series[Any], bins: Sequence[float | str]) -> Grouping:
    """Return one group per bin that has rows: [a, b), the last [a, b]; among dates whole numbers are years."""
    import numpy as np
    import pandas as pd

    dates = pd.api.types.is_datetime64_any_dtype(values)
    number = pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)
    if not dates and not number:
        message = (
            f"group '{name}': column '{values.name}' is neither a number nor a date and cannot be cut into bins"
            f"{_as_dates(values)}"
        )
        raise UsageError(message)
    if dates:
        places, edges = _dates(name, values, bins)
    else:
        places = values.to_numpy(dtype=np.float64, na_value=np.nan)
        edges = [_number_edge(name, edge) for edge in bins]
    if len(edges) < 2 or any(not low.place < high.place for low, high in pairwise(edges)):
        shown = ", ".join(map(label_text, bins))
        message = (
            f"group '{name}': bins ({shown}) must be two or more edges in ascending order, such as 0, 25, 60"
        )
        raise UsageError(message)
    return _cut(name, str(values.name), places, edges)


def by_period(name: str, values: pd.Series[Any], kind: str) -> Grouping:
    """Return one group per month, quarter or year that has rows, in order."""
    import numpy as np
    import pandas as pd

    if not pd.api.types.is_datetime64_any_dtype(values):
        message = f"group '{name}': column '{values.name}' holds no dates; by {kind} only dates can be cut"
        message += _as_dates(values)
        raise UsageError(message)
    naive = values.dt.tz_localize(None) if values.dt.tz is not None else values
    codes, distinct = pd.factorize(naive.dt.to_period(PERIODS[kind]), sort=True)
    labels, column = [str(one) for one in distinct], str(values.name)
    if kind == "quarter":
        labels = [f"{label[:4]}-{label[4:]}" for label in labels]
    ends = [[_moment(_start(period), values.dt.tz) for period in (one, one + 1)] for one in distinct]
    found = tuple(f"(`{column}` >= {low}) & (`{column}` < {high})" for low, high in ends)
    return Grouping(name, tuple(labels), codes.astype(np.int64), found, columns=(column,))


def _start(period: pd.Period) -> str:
    """Return the first day of a period; of one after the last year that can be written, what comes nearest."""
    if period.year not in YEARS:
        return LAST
    return f"{period.year:04d}-{period.start_time.month:02d}-01"


def _cut(name: str, column: str, places: NDArray[np.float64], edges: Sequence[Edge]) -> Grouping:
    """Return the groups of places float64 [n], NaN for missing, between edges in ascending order."""
    import numpy as np

    codes = np.searchsorted([edge.place for edge in edges], places, side="right") - 1
    codes = np.where(places == edges[-1].place, len(edges) - 2, codes)
    codes = np.where(np.isnan(places) | (codes == len(edges) - 1), -1, codes).astype(np.int64)
    used = np.unique(codes[codes >= 0])
    place = np.full(len(edges), -1, dtype=np.int64)  # the last entry serves code -1
    place[used] = np.arange(len(used))
    pairs = [(edges[i], edges[i + 1]) for i in used]
    return Grouping(
        name,
        tuple(_label(low, high) for low, high in pairs),
        place[codes],
        tuple(_between(column, low, high, last=high is edges[-1]) for low, high in pairs),
        columns=(column,),
    )


def _number_edge(name: str, edge: float | str) -> Edge:
    if isinstance(edge, str):
        message = f"group '{name}': '{edge}' is no number, and the column holds numbers"
        raise UsageError(message)
    return Edge(float(edge), label_text(float(edge)), number_text(float(edge)))


def _dates(
    name: str, values: pd.Series[Any], bins: Sequence[float | str]
) -> tuple[NDArray[np.float64], list[Edge]]:
    """Return the places of dates float64 [n] and of their edges: years, or days since 1970."""
    import numpy as np
    import pandas as pd

    naive = values.dt.tz_localize(None) if values.dt.tz is not None else values
    if all(not isinstance(edge, str) and (math.isinf(edge) or int(edge) in YEARS) for edge in bins):
        years = naive.dt.year.to_numpy(dtype=np.float64, na_value=np.nan)
        return years, [_year_edge(float(edge), values.dt.tz) for edge in bins]
    # Nanoseconds cannot count beyond 2262, and NumPy would not say so.
    days = naive.to_numpy(dtype="datetime64[us]").astype(np.float64) / 86_400e6
    places = np.where(naive.isna(), np.nan, days)
    edges = []
    for edge in bins:
        try:
            when = pd.Timestamp(str(edge))
        except ValueError as error:
            message = f"group '{name}': '{edge}' is no date; write dates as 2020-01-31, or years"
            raise UsageError(message) from error
        place = when.to_datetime64().astype("datetime64[us]").astype(np.float64) / 86_400e6
        edges.append(Edge(float(place), str(edge), _moment(str(edge), values.dt.tz)))
    return places, edges


def _year_edge(year: float, zone: Any) -> Edge:
    if math.isinf(year):
        return Edge(year, label_text(year), "")
    whole = int(year)
    first, after = f"{whole:04d}-01-01", f"{whole + 1:04d}-01-01" if whole + 1 in YEARS else LAST
    return Edge(year, label_text(year), _moment(first, zone), _moment(after, zone))


def _moment(date: str, zone: Any) -> str:
    """Return the beginning of a day, or of a month, as an expression writes it; in a zone with its offset."""
    import pandas as pd

    return f'"{date}"' if zone is None else f'"{pd.Timestamp(date).tz_localize(zone)}"'


def _label(low: Edge, high: Edge) -> str:
    """Return `25 to 40`, or `under 25` and `60 and over` where an end is open."""
    if math.isinf(low.place):
        return "all numbers" if math.isinf(high.place) else f"under {high.label}"
    return f"{low.label} and over" if math.isinf(high.place) else f"{low.label} to {high.label}"


def _between(column: str, low: Edge, high: Edge, *, last: bool) -> str:
    """Return the expression that selects a bin again: [low, high), the last one with its end."""
    sides = [f"(`{column}` >= {low.written})"] if low.written else []
    if high.written and last and high.after:
        sides.append(f"(`{column}` < {high.after})")
    elif high.written:
        sides.append(f"(`{column}` {'<=' if last else '<'} {high.written})")
    return " & ".join(sides) or f"`{column}`.notna()"


def number_text(value: float) -> str:
    """Return a number as an expression reads it: DataFrame.eval knows no name for infinity."""
    if isinstance(value, float) and math.isinf(value):
        return "1e999" if value > 0 else "-1e999"
    return str(value) if isinstance(value, bool) else label_text(value)
