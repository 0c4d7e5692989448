"""Characters that a terminal obeys or that change or hide the text around them: written out wherever text is shown."""

from __future__ import annotations

import re

_MARKS = "\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"
"""Marks of direction and order, of no width, and tags. Joiners stay: emoji and several scripts need them."""
HIDDEN = re.compile(f"[\x00-\x1f\x7f-\x9f\ud800-\udfff{_MARKS}]")
"""Those, control characters, and halves of surrogate pairs."""
MARKS = re.compile(f"[\x7f-\x9f{_MARKS}]")
"""Of them what JSON and YAML have no need to escape."""
_SHOWN = bytes(range(0x7F))
"""Bytes that are a character each, and no mark."""


def spelt(text: str) -> str:
    r"""Return text on one line with what is hidden spelt out, such as `\u202e`."""
    return text if text.isprintable() else HIDDEN.sub(_as_python, text)


def without_marks(document: str) -> str:
    """Return a JSON document with what is hidden as escapes: it says the same, and a terminal may show it."""
    return document if _is_plain(document) else MARKS.sub(_as_json, document)


def _is_plain(document: str) -> bool:
    """Return whether nothing is hidden in a document: of its many megabytes, few characters are worth a look."""
    seen = document.encode(errors="surrogatepass").translate(None, _SHOWN)
    return not seen or not MARKS.search(seen.decode(errors="surrogatepass"))


def _as_python(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode()


def _as_json(found: re.Match[str]) -> str:
    units = found[0].encode("utf-16-be").hex()
    return "".join(f"\\u{units[i : i + 4]}" for i in range(0, len(units), 4))
