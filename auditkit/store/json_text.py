"""A JSON document as text, once: laid out, from which its one line and its lines of two spaces follow.

In a text of JSON control characters are escaped. So one of them can stand for each space of a text, and every
space and line end that stands there is layout.
"""

from __future__ import annotations

import math
from json.encoder import encode_basestring
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


SPACE = "\x1f"
"""What stands for a space that is no layout."""
_SPACES = bytes.maketrans(SPACE.encode(), b" ")


def one_line(laid_out: str) -> bytes:
    """Return a laid out text as `json.dumps(separators=(",", ":"))` writes it, in UTF-8."""
    return laid_out.encode().translate(_SPACES, b"\n ")


def indented(laid_out: str) -> str:
    """Return a laid out text as `json.dumps(indent=2)` writes it."""
    return laid_out.replace(SPACE, " ")


def text_word(text: str) -> str:
    """Return a text between quotation marks, as it is laid out."""
    return encode_basestring(text).replace(" ", SPACE)


def json_text(value: Any, depth: int = 0) -> str:
    """Return a value laid out, below `depth` others.

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
            f"{text_word(key)}: "
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
    outer = "\n" + "  " * depth
    inner = outer + "  "
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
    str: text_word,
}
"""What writes a value of each type that holds no others."""
