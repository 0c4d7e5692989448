"""From a group's expression to its syntax tree, with the columns that it reads; nothing of it is worked out here."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from auditkit.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST = 200_000
"""Characters: a rule over some thousand features is shorter."""
_COLUMN, _TABLE, _EMBEDDINGS = "__column_{}__", "__table__", "__embeddings__"


def columns_read(expression: str) -> tuple[str, ...]:
    """Return the columns that an expression reads, each once; raises UsageError where it cannot be read."""
    tree, columns = parsed(expression)
    found: list[str] = []
    for node in ast.walk(tree):
        match node:
            case ast.Subscript(value=ast.Name(id="__table__"), slice=ast.Constant(value=str() as name)):
                found.append(name)
            case ast.Name(id=name) if name not in {_TABLE, _EMBEDDINGS}:
                found.append(columns.get(name, name))
    return tuple(dict.fromkeys(found))


def parsed(expression: str) -> tuple[ast.expr, Mapping[str, str]]:
    """Return the syntax tree of an expression, and the column behind each name that stands for backticks.

    Nothing of it is checked but that it is Python; raises UsageError where it is not.
    """
    if len(expression) > LONGEST:
        message = f"it has {len(expression):,} characters; at most {LONGEST:,} are read"
        raise UsageError(message)
    text, columns = _without_quotes(expression)
    try:
        return ast.parse(text.strip(), mode="eval").body, columns
    except (RecursionError, MemoryError):
        message = "it is nested too deeply"
        raise UsageError(message) from None
    except (SyntaxError, ValueError) as error:
        message = f"it cannot be read: {getattr(error, 'msg', error)!s:.100}"
        raise UsageError(message) from None


def _without_quotes(expression: str) -> tuple[str, Mapping[str, str]]:
    """Return the text with each `name`, @table and @embeddings as a plain name; what is in quotes stays."""
    parts: list[str] = []
    columns: dict[str, str] = {}
    place = 0
    while place < len(expression):
        mark = expression[place]
        if mark in "'\"":
            end = _end_of_text(expression, place)
            parts.append(expression[place:end])
        elif mark == "`":
            end = expression.find("`", place + 1) + 1
            if end == 0:
                message = "a backtick is not closed"
                raise UsageError(message)
            name = _COLUMN.format(len(columns))
            columns[name] = expression[place + 1 : end - 1]
            parts.append(f" {name} ")
        elif mark == "@":
            word = next((w for w in ("table", "embeddings") if expression.startswith(f"{w}[", place + 1)), "")
            if not word:
                message = '@ may only stand in @table["column"] and @embeddings[number]'
                raise UsageError(message)
            end = place + 1 + len(word)
            parts.append(f" __{word}__")
        else:
            if expression.startswith("__", place):
                message = "a name with two underscores is refused; write a column's name in backticks"
                raise UsageError(message)
            end = place + 1
            parts.append(mark)
        place = end
    return "".join(parts), columns


def _end_of_text(expression: str, start: int) -> int:
    """Return the place after the quote that closes the text begun at `start`."""
    place = start + 1
    while place < len(expression) and expression[place] != expression[start]:
        place += 2 if expression[place] == "\\" else 1
    return place + 1
