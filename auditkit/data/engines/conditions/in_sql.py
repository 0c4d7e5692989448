"""A condition as SQL for SQLite, in which texts are bound and names are quoted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from auditkit.data.engines.conditions.condition import Compared, Joined, Lacks, Opposite, Since
from auditkit.errors import UsageError

if TYPE_CHECKING:
    from auditkit.data.engines.conditions.condition import Condition


@dataclass(frozen=True)
class Texts:
    """The texts of a query by the names that they are bound to."""

    values: dict[str, str] = field(default_factory=dict)

    def sql(self, condition: Condition) -> str:
        """Return whether a row meets the condition: 1 or 0; null beside a value of another kind than the constant.

        Raises UsageError for dates, of which SQLite has none.
        """
        match condition:
            case Joined(parts=parts, every=every):
                return f"({(' AND ' if every else ' OR ').join(map(self.sql, parts))})"
            case Opposite(of=inner):
                return f"(NOT {self.sql(inner)})"
            case Lacks(column=column):
                return f"({quoted(column)} IS NULL)"
            case Since(column=column):
                message = f"column '{column}' is compared with a date, and SQLite keeps none"
                raise UsageError(message)
            case Compared():
                return self._compared(condition)

    def _compared(self, one: Compared) -> str:
        column, sign = quoted(one.column), {"==": "="}.get(one.sign, one.sign)
        kinds, column_read = "'integer', 'real'", column
        if isinstance(one.value, str):
            name = f"t{len(self.values)}"
            self.values[name] = one.value
            kinds, constant = "'text'", f":{name} COLLATE BINARY"
        elif isinstance(one.value, int):  # true is 1
            constant = str(int(one.value))
        else:  # beside floating point, whole numbers are floating point in memory, too
            column_read, constant = f"CAST({column} AS REAL)", sql_number(one.value)
        missing = int(one.sign == "!=")
        return (
            f"(CASE WHEN {column} IS NULL THEN {missing} WHEN typeof({column}) IN ({kinds}) "
            f"THEN {column_read} {sign} {constant} END)"
        )


def sql_number(value: float) -> str:
    """Return a number as SQL reads it back exactly."""
    return "9e999" if value == float("inf") else "-9e999" if value == -float("inf") else repr(value)


def quoted(name: str) -> str:
    """Return a column's or a table's name as SQL reads it back."""
    return '"' + name.replace('"', '""') + '"'
