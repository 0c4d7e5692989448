"""Group expressions, read by a grammar of our own: text from a file selects rows and can do nothing else.

An expression is parsed, never run: each node of its syntax tree that is not named here is refused. Allowed are
columns (bare, in backticks, or `@table["name"]`), dimensions of embeddings (`@embeddings[3]`), numbers, texts,
comparisons, + - * /, & | ~ (and, or, not), and the methods isna(), notna(), fillna(number), where(condition,
number), astype("float64" / "int64" / "str") and dt.as_unit("ns"). What the program writes itself means the same to
`DataFrame.eval`.
"""

from __future__ import annotations

import ast
import operator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from auditkit.errors import DataError, UsageError, first_line, nearest
from auditkit.groups.alike import need_alike
from auditkit.groups.syntax import parsed

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

_ARITHMETIC = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_LOGIC = {ast.BitAnd: operator.and_, ast.BitOr: operator.or_, ast.And: operator.and_, ast.Or: operator.or_}
_COMPARISONS = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_TYPES: tuple[Any, ...] = ("float64", "int64", "str")


def select_rows(
    expression: str, table: pd.DataFrame, *, embeddings: NDArray[Any] | None = None
) -> NDArray[np.bool_]:
    """Return which rows an expression selects, bool [n]; where it compares a missing value, none.

    Raises UsageError for anything outside the grammar, DataError for a column that the table has not.
    """
    import pandas as pd

    tree, columns = parsed(expression)
    try:
        found = _Reader(table, embeddings, columns).value(tree)
        if not _is_condition(found):
            message = "it gives numbers or texts, not a condition that holds or not"
            raise UsageError(message)
        selected: NDArray[np.bool_] = found.fillna(value=False).to_numpy(dtype=bool)
        return selected
    except RecursionError:
        message = "it is nested too deeply"
        raise UsageError(message) from None
    except (TypeError, ValueError, OverflowError, ZeroDivisionError, pd.errors.OutOfBoundsDatetime) as error:
        message = f"it does not fit this table: {first_line(error):.200}"
        raise UsageError(message) from error


@dataclass(frozen=True, eq=False)
class _Reader:
    """Works out a syntax tree over a table, node by node."""

    table: pd.DataFrame
    embeddings: NDArray[Any] | None
    columns: Mapping[str, str]

    def value(self, node: ast.expr) -> Any:
        """Return the column, number, text or condition that a node stands for."""
        match node:
            case ast.Constant(value=bool() | float() | str() as constant):
                return constant
            case ast.Constant(value=int() as number):
                return number if abs(number) < 2**63 else float(number)
            case ast.Name(id=name):
                return self._column(self.columns.get(name, name))
            case ast.Subscript():
                return self._part(node)
            case ast.Call(func=ast.Attribute(value=inner, attr=method), args=given, keywords=[]):
                return self._method(inner, method, given)
            case ast.Compare(left=left, ops=[sign], comparators=[right]) if type(sign) in _COMPARISONS:
                return self._compared(left, sign, right)
            case ast.Compare(ops=signs) if len(signs) > 1:
                message = "two comparisons in a row; put each comparison in brackets, joined by &"
                raise UsageError(message)
            case _:
                return self._operation(node)

    def _operation(self, node: ast.expr) -> Any:
        """Return what a sign between or before conditions or numbers gives."""
        match node:
            case ast.UnaryOp(op=ast.Invert() | ast.Not(), operand=inner):
                return ~self._condition(inner)
            case ast.UnaryOp(op=ast.USub(), operand=inner):
                return -self._number(inner)
            case ast.BinOp(left=left, op=ast.BitAnd() | ast.BitOr() as sign, right=right):
                return _LOGIC[type(sign)](self._condition(left), self._condition(right))
            case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _ARITHMETIC:
                return _ARITHMETIC[type(sign)](self._number(left), self._number(right))
            case ast.BoolOp(op=sign, values=parts):
                found = self._condition(parts[0])
                for part in parts[1:]:
                    found = _LOGIC[type(sign)](found, self._condition(part))
                return found
        raise UsageError(_refusal(node))

    def _column(self, name: str) -> pd.Series[Any]:
        if name not in self.table.columns:
            message = f"the table has no column '{name}'{nearest(name, self.table.columns)}"
            raise DataError(message)
        values = self.table[name]
        # NumPy would round a constant to 32 bits beside such a column, perhaps past one of its values.
        return values.astype("float64") if values.dtype.kind == "f" else values

    def _part(self, node: ast.Subscript) -> pd.Series[Any]:
        """Return @table["name"] or @embeddings[3]."""
        import pandas as pd

        match node:
            case ast.Subscript(value=ast.Name(id="__table__"), slice=ast.Constant(value=str() as name)):
                return self._column(name)
            case ast.Subscript(
                value=ast.Name(id="__embeddings__"), slice=ast.Constant(value=int() as dimension)
            ):
                if self.embeddings is None:
                    message = "the group is a rule about embeddings; name them with --embeddings"
                    raise DataError(message)
                if dimension >= self.embeddings.shape[1]:
                    message = (
                        f"the group needs dimension {dimension} of the embeddings, which have "
                        f"{self.embeddings.shape[1]}"
                    )
                    raise DataError(message)
                values = self.embeddings[:, dimension].astype("float64")
                return pd.Series(values, index=self.table.index)
        raise UsageError(_refusal(node))

    def _condition(self, node: ast.expr) -> pd.Series[Any]:
        found = self.value(node)
        if not _is_condition(found):
            message = "&, | and ~ join conditions; put each comparison in brackets"
            raise UsageError(message)
        return found  # type: ignore[no-any-return]  # a Series, by the check above

    def _number(self, node: ast.expr) -> Any:
        """Return a number or a column of numbers: texts must not be repeated or joined without end."""
        import pandas as pd

        found = self.value(node)
        numbers = not isinstance(found, str) and (
            not isinstance(found, pd.Series) or pd.api.types.is_numeric_dtype(found)
        )
        if not numbers:
            message = "+, -, * and / take numbers only"
            raise UsageError(message)
        return found if isinstance(found, pd.Series) else float(found)

    def _compared(self, left: ast.expr, sign: ast.cmpop, right: ast.expr) -> Any:
        import pandas as pd

        one, other = self.value(left), self.value(right)
        need_alike(one, other)
        if not isinstance(one, pd.Series) and not isinstance(other, pd.Series):
            one = pd.Series([one] * len(self.table), index=self.table.index)
        return _COMPARISONS[type(sign)](one, other)

    def _method(self, inner: ast.expr, method: str, given: list[ast.expr]) -> Any:
        """Return what one of the few known methods gives for a column."""
        match inner, method, given:
            case ast.Attribute(value=dates, attr="dt"), "as_unit", [ast.Constant(value="ns")]:
                return self._series(dates).dt.as_unit("ns")
            case _, "isna" | "notna", []:
                missing = self._series(inner).isna()
                return missing if method == "isna" else ~missing
            case _, "fillna", [number]:
                return self._series(inner).fillna(self._constant(number))
            case _, "where", [condition, number]:
                return self._series(inner).where(self._condition(condition), self._constant(number))
            case _, "astype", [ast.Constant(value=str() as kind)] if kind in _TYPES:
                return self._series(inner).astype(_TYPES[_TYPES.index(kind)])
        message = f"{method}() is no method that a group's expression may use in this way"
        raise UsageError(message)

    def _series(self, node: ast.expr) -> pd.Series[Any]:
        import pandas as pd

        found = self.value(node)
        if not isinstance(found, pd.Series):
            message = "a method needs a column before the dot"
            raise UsageError(message)
        return found

    def _constant(self, node: ast.expr) -> float:
        found = self.value(node)
        if isinstance(found, bool) or not isinstance(found, int | float):
            message = "fillna() and where() take a plain number"
            raise UsageError(message)
        return float(found)


def _is_condition(found: Any) -> bool:
    """Return whether this is a column of true and false."""
    import pandas as pd

    return isinstance(found, pd.Series) and pd.api.types.is_bool_dtype(found)


def _refusal(node: ast.expr) -> str:
    match node:
        case ast.Attribute(attr=name):
            return f"'.{name}' is refused: only a few methods of columns are known here"
        case ast.Call():
            return "calling a function is refused: only a few methods of columns are known here"
        case _:
            return f"{type(node).__name__} is no part of a group's expression"
