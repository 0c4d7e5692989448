"""A JSON document as text, once: with tabs, from which its one line and its lines of two spaces follow.

In a text of JSON a tab and a line end are escaped, so that every one that stands there is layout.
"""

from __future__ import annotations

import math
from json.encoder import encode_basestring
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


def one_line(tabbed: str) -> str:
    """Return a tabbed text as `json.dumps(separators=(",", ":"))` writes it."""
    return tabbed.encode().translate(None, b"\n\t").decode()


def indented(tabbed: str) -> str:
    """Return a tabbed text as `json.dumps(indent=2)` writes it."""
    return tabbed.replace(":\t", ": ").replace("\t", "  ")


def json_text(value: Any, depth: int = 0) -> str:
    r"""Return a value as `json.dumps(indent="\t", separators=(",", ":\t"))` writes it, below `depth` others.

    A value is of dicts with text keys, lists, tuples, text, numbers, bool and None. The standard library indents in
    Python, by generators within generators. Raises TypeError for any other value, and ValueError for a number that is
    not finite.
    """
    kind = type(value)  # no `match`: this is asked a million times
    known = WORDS.get
    word = known(kind)
    if word is not None:
        return word(value)
    if kind is dict:
        rows = [
            f"{encode_basestring(key)}:\t"
            + (word(item) if (word := known(type(item))) else json_text(item, depth + 1))
            for key, item in value.items()
        ]
        return bracketed("{}", rows, depth)
    if kind is list or kind is tuple:
        rows = [word(item) if (word := known(type(item))) else json_text(item, depth + 1) for item in value]
        return bracketed("[]", rows, depth)
    message = f"a JSON document holds no {kind.__name__}"
    raise TypeError(message)


def bracketed(ends: str, rows: Sequence[str], depth: int) -> str:
    """Return rows between both brackets, each on a line of its own, the last bracket at `depth`."""
    if not rows:
        return ends
    outer = "\n" + "\t" * depth
    inner = outer + "\t"
    return f"{ends[0]}{inner}{f',{inner}'.join(rows)}{outer}{ends[1]}"


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
