"""How an expression names columns and texts, whatever characters they hold."""

from __future__ import annotations

import re
from tokenize import TokenError
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def quoted(name: str, table: pd.DataFrame) -> str:
    """Return text by which DataFrame.eval finds this column of the table.

    That is the name in backticks, or `@table["name"]` where pandas has no way to quote it (a backtick, a line
    break, two names that become one identifier). Whether it has is tried out, as the rules differ between
    versions; only beside names of the same letters, as pandas takes long over each column.
    """
    alike = [other for other in table.columns if _letters(str(other)) == _letters(name)]
    text = f"`{name}`"
    try:
        found = table[alike].iloc[:1].eval(text, engine="python")
    except (SyntaxError, TokenError, NameError, KeyError, ValueError, TypeError, AttributeError):
        return f"@table[{literal(name)}]"
    return text if getattr(found, "name", None) == name else f"@table[{literal(name)}]"


def literal(text: str) -> str:
    """Return a text's Python literal without a doubled backslash.

    Where an expression has backticks, too, pandas reads one before the closing quote as escaping that quote.
    """
    return repr(text).replace("\\\\", "\\x5c")


def _letters(name: str) -> str:
    return re.sub(r"[\W_]", "", name)
