"""Tables in memory, of whatever library, as one pandas table with the columns that arrays beside it become."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from auditkit.errors import DataError, UsageError
from auditkit.spec.groups import GroupSpec

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Rows:
    """A table of n rows while arrays beside it become columns; `table` is never the caller's own."""

    table: pd.DataFrame

    def having(self, values: Any, role: str) -> tuple[Rows, str]:
        """Return the rows with an array [n] as a column, and that column's name. Raises DataError for another shape."""
        column = _one_column(values, role)
        if len(column) != len(self.table):
            message = f"{role} has {len(column):,} values, but the table has {len(self.table):,} rows"
            raise DataError(message)
        name = str(getattr(values, "name", None) or role)
        while name in self.table.columns:
            name += "_"
        return Rows(self.table.assign(**{name: column})), name


def rows_of(data: Any) -> Rows:
    """Return a table in memory: pandas, anything that speaks Arrow, columns by name, or an array [n, k].

    Polars, PyArrow, DuckDB and others speak Arrow (the PyCapsule interface). The columns of an array are x0, x1, ...
    """
    import numpy as np
    import pandas as pd

    match data:
        case pd.DataFrame():
            table = data.reset_index(drop=True)
        case Mapping():
            table = pd.DataFrame({str(name): np.asarray(values) for name, values in data.items()})
        case np.ndarray() if data.dtype.names:
            table = pd.DataFrame.from_records(data)
        case np.ndarray() if data.ndim == 2:
            table = pd.DataFrame(data, columns=[f"x{i}" for i in range(data.shape[1])])
        case _ if hasattr(data, "__arrow_c_stream__"):
            import pyarrow as pa

            from auditkit.data.formats.arrow import codes_as_text

            table = codes_as_text(pa.table(data)).to_pandas()
        case _:
            message = (
                f"a {type(data).__name__} is no table: give a pandas, polars or Arrow table, an array of two "
                "dimensions, columns by name, or the name of a file or data set"
            )
            raise UsageError(message)
    table.columns = table.columns.map(str)
    return Rows(table)


def grouped(rows: Rows, groups: Any) -> tuple[Rows, dict[str, GroupSpec], tuple[str, ...]]:
    """Return the rows, what cuts them into groups, and the columns that arrays among the groups became.

    `groups` is a text such as `sex,age:0/25/40`, a list of columns and such texts, an array [n], or any of these by
    name, where a mapping is a recipe's entry, such as `{"column": "age", "bins": [0, 25, 40]}`.
    """
    if groups is None:
        return rows, {}, ()
    if not isinstance(groups, str | list | tuple | Mapping):
        groups = [groups]
    named = groups.items() if isinstance(groups, Mapping) else [("", one) for one in _listed(groups)]
    specs: dict[str, GroupSpec] = {}
    added: tuple[str, ...] = ()
    for name, one in named:
        if isinstance(one, str | Mapping | GroupSpec):
            specs |= _specs(str(name), one, rows)
            continue
        rows, column = rows.having(one, str(name) or "group")
        specs[str(name) or column] = GroupSpec(column=column)
        added = (*added, column)
    return rows, specs, added


def _listed(groups: Any) -> list[Any]:
    return [groups] if isinstance(groups, str) else list(groups)


def _specs(name: str, one: str | Mapping[str, Any] | GroupSpec, rows: Rows) -> dict[str, GroupSpec]:
    """Return the groups that an entry names; an entry without a name of its own has its column's."""
    from auditkit.recipe.groups import parse_groups
    from auditkit.recipe.options import Options
    from auditkit.recipe.validation import validate

    match one:
        case GroupSpec():
            return {name or str(one.column): one}
        case str() if one in rows.table.columns:
            return {name or one: GroupSpec(column=one)}
        case str():
            found = parse_groups(one)
            return {name: next(iter(found.values()))} if name and len(found) == 1 else found
        case _:
            spec = validate(GroupSpec, Options(dict(one), word=lambda key: f"groups[{name!r}]: {key}"))
            return {name or str(spec.column): spec}


def _one_column(values: Any, role: str) -> Any:
    """Return an array [n] of any library as pandas or NumPy holds it, or raise DataError."""
    import numpy as np
    import pandas as pd

    if isinstance(values, pd.Series):
        return values.array
    if hasattr(values, "to_pandas"):
        return values.to_pandas().array
    column = np.asarray(values)
    if column.ndim == 2 and column.shape[1] == 1:
        return column[:, 0]
    if column.ndim != 1:
        hint = "; of predict_proba, give the positive class alone: [:, 1]" if role == "score" else ""
        message = f"{role} is an array of shape {column.shape}; it needs one value per row{hint}"
        raise DataError(message)
    return column
