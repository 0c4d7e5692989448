"""A group's expression as a condition that an engine works out: comparisons with constants, joined by and, or and not.

It means what `select_rows` makes of it in memory: a comparison with a missing value fails, `!=` and "not" of it hold.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from auditkit.errors import UsageError
from auditkit.groups.syntax import parsed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Sign: TypeAlias = Literal["==", "!=", "<", "<=", ">", ">="]
Constant: TypeAlias = bool | int | float | str

_SIGNS: Mapping[type[ast.cmpop], Sign] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}
_TURNED: Mapping[Sign, Sign] = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_EARLIEST, _LATEST = -(2**63) + 1, 2**63 - 1
"""Nanoseconds since 1970 that a date of 64 bits can be."""


@dataclass(frozen=True)
class Compared:
    """A value of the column stands so to a constant."""

    column: str
    sign: Sign
    value: Constant


@dataclass(frozen=True)
class Since:
    """A date of the column is at least so many nanoseconds after 1970; a missing one is not."""

    column: str
    ns: int


@dataclass(frozen=True)
class Lacks:
    """The column has no value."""

    column: str


@dataclass(frozen=True)
class Opposite:
    """The condition does not hold."""

    of: Condition


@dataclass(frozen=True)
class Joined:
    """All of the parts hold, or where `every` is False, one of them at least."""

    parts: tuple[Condition, ...]
    every: bool


Condition: TypeAlias = Compared | Since | Lacks | Opposite | Joined


def condition_of(expression: str) -> Condition:
    """Return an expression as a condition. Raises UsageError, in one sentence, for what is left to memory."""
    tree, columns = parsed(expression)
    try:
        return _Reader(columns).condition(tree)
    except RecursionError:
        message = "it is nested too deeply"
        raise UsageError(message) from None


def compared_in(condition: Condition) -> Iterator[Compared]:
    """Yield the comparisons with a constant that a condition is made of."""
    match condition:
        case Compared():
            yield condition
        case Opposite(of=inner):
            yield from compared_in(inner)
        case Joined(parts=parts):
            for part in parts:
                yield from compared_in(part)


def _refused(node: ast.AST) -> UsageError:
    what = {"BinOp": "arithmetic over columns", "Call": "a method of a column"}.get(
        type(node).__name__, type(node).__name__
    )
    return UsageError(f"an engine compares columns with constants, and this holds {what}")


@dataclass(frozen=True)
class _Reader:
    """Works out a syntax tree, in which `columns` has the column behind each name that stands for backticks."""

    columns: Mapping[str, str]

    def condition(self, node: ast.expr) -> Condition:
        """Return the condition that a node stands for."""
        match node:
            case ast.BinOp(left=left, op=ast.BitAnd() | ast.BitOr() as sign, right=right):
                parts = (self.condition(left), self.condition(right))
                return Joined(parts, every=isinstance(sign, ast.BitAnd))
            case ast.BoolOp(op=word, values=values):
                return Joined(tuple(map(self.condition, values)), every=isinstance(word, ast.And))
            case ast.UnaryOp(op=ast.Invert() | ast.Not(), operand=inner):
                return Opposite(self.condition(inner))
            case ast.Call(
                func=ast.Attribute(value=inner, attr="isna" | "notna" as word), args=[], keywords=[]
            ):
                lacks = Lacks(self.column(inner))
                return lacks if word == "isna" else Opposite(lacks)
            case ast.Compare(left=left, ops=[sign], comparators=[right]) if type(sign) in _SIGNS:
                return self.compared(left, _SIGNS[type(sign)], right)
        raise _refused(node)

    def compared(self, left: ast.expr, sign: Sign, right: ast.expr) -> Condition:
        """Return a comparison of a column with a constant, whichever stands first."""
        if _is_constant(left):
            left, sign, right = right, _TURNED[sign], left
        value = _constant(right)
        match left:
            case ast.BinOp(left=inner, op=ast.Div(), right=ast.Constant(value=float() as unit)):
                return _since(self.instant(inner), unit, sign, value)
        return Compared(self.column(left), sign, value)

    def instant(self, node: ast.expr) -> str:
        """Return the column of `column.dt.as_unit("ns").astype("int64")`."""
        match node:
            case ast.Call(
                func=ast.Attribute(
                    value=ast.Call(
                        func=ast.Attribute(value=ast.Attribute(value=dates, attr="dt"), attr="as_unit"),
                        args=[ast.Constant(value="ns")],
                    ),
                    attr="astype",
                ),
                args=[ast.Constant(value="int64")],
            ):
                return self.column(dates)
        raise _refused(node)

    def column(self, node: ast.expr) -> str:
        """Return the name of a column."""
        match node:
            case ast.Name(id=name) if name not in {"__table__", "__embeddings__"}:
                return self.columns.get(name, name)
            case ast.Subscript(value=ast.Name(id="__table__"), slice=ast.Constant(value=str() as name)):
                return name
        raise _refused(node)


def _is_constant(node: ast.expr) -> bool:
    match node:
        case ast.Constant() | ast.UnaryOp(op=ast.USub(), operand=ast.Constant()):
            return True
    return False


def _constant(node: ast.expr) -> Constant:
    match node:
        case ast.Constant(value=bool() | int() | float() | str() as value):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)):
            return -number
    raise _refused(node)


def _since(column: str, unit: float, sign: Sign, value: Constant) -> Condition:
    """Return the condition ns / unit >= value, or another sign, as one on whole nanoseconds."""
    if isinstance(value, str) or sign in {"==", "!="} or unit <= 0:
        message = "an engine compares dates by <, <=, > and >= only"
        raise UsageError(message)
    since = Since(column, _least(unit, float(value), beyond=sign in {">", "<="}))
    return since if sign in {">", ">="} else Opposite(since)


def _least(unit: float, value: float, *, beyond: bool) -> int:
    """Return the least ns whose ns / unit, in floating point, is at least the value, or `beyond` it."""
    low, high = _EARLIEST, _LATEST + 1
    while low < high:
        middle = (low + high) // 2
        number = float(middle) / unit
        if number > value or (number == value and not beyond):
            high = middle
        else:
            low = middle + 1
    return low
