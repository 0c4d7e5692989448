"""A JSON document as indented text: what `json.dumps(indent=2)` writes, in less than half of its time."""

from __future__ import annotations

import math
from json.encoder import encode_basestring
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

STEP = "  "


def json_text(value: Any, indent: str = "") -> str:
    """Return a value of dicts with text keys, lists, tuples, text, numbers, bool and None as text, without a line end.

    The standard library indents in Python, by generators within generators, and a report may hold 27,000 findings.
    Raises TypeError for any other value, and ValueError for a number that is not finite.
    """
    kind = type(value)  # no `match`: this is asked a million times
    known = WORDS.get
    word = known(kind)
    if word is not None:
        return word(value)
    inner = indent + STEP
    if kind is dict:
        rows = [
            encode_basestring(key)
            + ": "
            + (word(item) if (word := known(type(item))) else json_text(item, inner))
            for key, item in value.items()
        ]
        return f"{{\n{inner}" + f",\n{inner}".join(rows) + f"\n{indent}}}" if rows else "{}"
    if kind is list or kind is tuple:
        rows = [word(item) if (word := known(type(item))) else json_text(item, inner) for item in value]
        return f"[\n{inner}" + f",\n{inner}".join(rows) + f"\n{indent}]" if rows else "[]"
    message = f"a JSON document holds no {kind.__name__}"
    raise TypeError(message)


def _number(value: float) -> str:
    if math.isfinite(value):
        return repr(value)
    message = f"a JSON document holds no {value}"
    raise ValueError(message)


WORDS: Mapping[type, Callable[[Any], str]] = {
    type(None): lambda _: "null",
    bool: {True: "true", False: "false"}.__getitem__,
    int: repr,
    float: _number,
    str: encode_basestring,
}
"""What writes a value of each type that holds no others."""
