"""A table as a matrix of numbers: numbers centred and scaled, categories one-hot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from auditkit.errors import DataError
from auditkit.values.labels import label_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from auditkit.values.subject import Subject

MAX_LEVELS = 100
"""Text with more distinct values than this names rows (ids, free text) rather than describes them."""
RARE_SHARE, RARE_ROWS = 0.001, 5
"""A level in fewer rows than this share of the table, or than this many rows, gets no column."""
MISSING = "(missing)"
"""The level of a category that is not there."""


@dataclass(frozen=True)
class EncodedColumn:
    """One column of the matrix: (value - centre) / scale, where value is a number or `source == level`.

    `level` is None for a number. `fill` is the median that stands in for a missing number, None if none was.
    A date counts in days since 1970-01-01.
    """

    source: str
    level: Any | None
    centre: float
    scale: float
    fill: float | None = None

    @property
    def name(self) -> str:
        """The source column's name, with `=level` for a category."""
        return self.source if self.level is None else f"{self.source}={label_text(self.level)}"


@dataclass(frozen=True, eq=False)
class Encoded:
    """A float64 matrix [n, d] without missing values or constant columns, what it holds and what it does not.

    `dropped` pairs the name of a column, or of a level `column=level`, with the reason.
    """

    matrix: NDArray[np.float64]
    columns: tuple[EncodedColumn, ...]
    dropped: tuple[tuple[str, str], ...]


def encode(subject: Subject, *, features: Iterable[str] = (), standardise: bool = True) -> Encoded:
    """Return the features (default: the subject's) as a matrix, column after column in their order.

    With `standardise` every column, one-hot indicators too, has mean 0 and standard deviation 1 over all
    rows; without it numbers stay raw and indicators are 0 or 1. A category has one column per level, a
    missing value being a level of its own; levels in fewer than max(5, 0.1 %) rows have none and share the
    zero code.
    Raises DataError for infinite numbers, for missing ones unless the subject says `impute`, and if no column
    is left.
    """
    import numpy as np

    names = tuple(features) or subject.features
    if not names:
        message = f"{subject.source} has no numeric or categorical feature; name some with --features"
        raise DataError(message)
    encoded = [_encode_column(subject, name, standardise=standardise) for name in names]
    columns = tuple(column for part in encoded for column in part.columns)
    dropped = tuple(reason for part in encoded for reason in part.dropped)
    if not columns:
        shown = "; ".join(f"{name}: {reason}" for name, reason in dropped[:5])
        message = f"{subject.source} has no numeric or categorical feature that varies ({shown})"
        raise DataError(message)
    return Encoded(np.concatenate([part.matrix for part in encoded], axis=1), columns, dropped)


def _encode_column(subject: Subject, name: str, *, standardise: bool) -> Encoded:
    """Return one column's part of the matrix, [n, 0] with a reason if it is of no use."""
    import numpy as np
    import pandas as pd

    values = subject.column(name)
    if pd.api.types.is_datetime64_any_dtype(values):
        return _number(subject, name, _days(name, values), standardise=standardise)
    if pd.api.types.is_complex_dtype(values) or pd.api.types.is_timedelta64_dtype(values):
        return _nothing(len(values), name, f"{values.dtype} is neither a number, a date nor a category")
    if pd.api.types.is_numeric_dtype(values):
        numbers = values.to_numpy(dtype=np.float64, na_value=np.nan)
        return _number(subject, name, numbers, standardise=standardise)
    return _category(name, values, standardise=standardise)


def _days(name: str, values: pd.Series[Any]) -> NDArray[np.float64]:
    """Return dates as days since 1970-01-01 [n], NaN where missing; DataError past what nanoseconds can count."""
    import numpy as np
    import pandas as pd

    strange = values[
        (values.dt.year < pd.Timestamp.min.year + 1) | (values.dt.year > pd.Timestamp.max.year - 1)
    ]
    if len(strange):
        message = (
            f"column '{name}' has {len(strange)} dates before 1678 or after 2261, such as {strange.iloc[0]:%Y-%m-%d} "
            f"in row {strange.index[0]}; leave them empty, or the column out with --ignore"
        )
        raise DataError(message)
    zone = getattr(values.dt, "tz", None)
    return np.asarray((values - pd.Timestamp(0, tz=zone)) / pd.Timedelta(days=1), dtype=np.float64)


def _nothing(n: int, name: str, reason: str) -> Encoded:
    """Return the part of the matrix that a dropped column makes: no columns, and the reason."""
    import numpy as np

    return Encoded(np.empty((n, 0)), (), ((name, reason),))


def _number(subject: Subject, name: str, values: NDArray[np.float64], *, standardise: bool) -> Encoded:
    """Return a numeric column [n, 1], missing values filled with the median if the subject says `impute`."""
    import numpy as np

    missing = np.isnan(values)
    if missing.all():
        return _nothing(len(values), name, "no value is there")
    if infinite := int(np.isinf(values).sum()):
        message = f"column '{name}' has {infinite} infinite values; make them finite or leave them empty"
        raise DataError(message)
    fill = None
    if missing.any():
        if subject.missing == "refuse":
            message = (
                f"column '{name}' has {int(missing.sum()):,} missing values; use --missing impute or drop"
            )
            raise DataError(message)
        fill = float(np.median(values[~missing] / 2) * 2)  # the sum of two huge values would overflow
        values = np.where(missing, fill, values)
    centre, scale = _centre_and_scale(values)
    if scale == 0:
        return _nothing(len(values), name, "constant")
    if not standardise:
        centre, scale = 0.0, 1.0
    column = EncodedColumn(name, None, centre, scale, fill)
    # Halved on both sides of the fraction: the distance of two huge values would overflow.
    return Encoded(((values / 2 - centre / 2) / (scale / 2))[:, None], (column,), ())


def _centre_and_scale(values: NDArray[np.float64]) -> tuple[float, float]:
    """Return mean and standard deviation (divisor n), the latter 0.0 exactly if all values are equal."""
    import numpy as np

    if values.min() == values.max():
        return float(values[0]), 0.0
    largest = float(np.abs(values).max())  # squares of huge values would overflow
    scaled = values / largest
    return float(scaled.mean()) * largest, float(scaled.std()) * largest


def _category(name: str, values: pd.Series[Any], *, standardise: bool) -> Encoded:
    """Return a categorical column as indicators [n, levels kept], levels sorted by their text."""
    import numpy as np
    import pandas as pd

    n = len(values)
    try:
        codes, distinct = pd.factorize(values)
    except TypeError:  # lists and records cannot be hashed
        return _nothing(n, name, "holds lists or records, neither numbers nor categories")
    levels: list[Any] = distinct.tolist()
    if len(levels) > MAX_LEVELS:
        return _nothing(n, name, f"{len(levels):,} distinct texts: an identifier or free text, no category")
    if (codes < 0).any():
        codes = np.where(codes < 0, len(levels), codes)
        levels.append(MISSING)
    if len(levels) == 1:
        return _nothing(n, name, "constant" if len(distinct) else "no value is there")
    counts = np.bincount(codes, minlength=len(levels))
    fewest = max(RARE_ROWS, RARE_SHARE * n)
    order = sorted(range(len(levels)), key=lambda level: (levels[level] is MISSING, str(levels[level])))
    kept = [level for level in order if counts[level] >= fewest]
    rare = tuple(
        (
            f"{name}={label_text(levels[level])}",
            f"in {counts[level]} row{'s' if counts[level] > 1 else ''} only, fewer than {int(np.ceil(fewest))}",
        )
        for level in order
        if counts[level] < fewest
    )
    shares = [float(counts[level]) / n for level in kept]
    columns = tuple(
        EncodedColumn(
            name, levels[level], *((share, (share * (1 - share)) ** 0.5) if standardise else (0.0, 1.0))
        )
        for level, share in zip(kept, shares, strict=True)
    )
    return Encoded(_indicators(codes, kept, columns), columns, rare)


def _indicators(
    codes: NDArray[np.int64], kept: Sequence[int], columns: Sequence[EncodedColumn]
) -> NDArray[np.float64]:
    """Return (code == level - centre) / scale for each kept level, [n, levels]: two values per column."""
    import numpy as np

    low = np.array([(0 - column.centre) / column.scale for column in columns])
    high = np.array([(1 - column.centre) / column.scale for column in columns])
    return np.where(codes[:, None] == np.array(kept, dtype=np.int64), high, low)
