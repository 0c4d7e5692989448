"""The mark that a file carries which auditkit wrote: the hash of all before it, so that a change by anybody shows.

Formats that have a comment, and JSON, carry one. Line ends do not count: version control may change them.
"""

from __future__ import annotations

import hashlib
import re

WORDS = "written by auditkit; sha256 of the above: "
_COMMENTS = {
    ".html": ("<!-- ", " -->"),
    ".md": ("<!-- ", " -->"),
    ".xml": ("<!-- ", " -->"),
    ".yaml": ("# ", ""),
    ".yml": ("# ", ""),
}
_MEMBERS = {
    ".json": ('"written_by_auditkit": "', '"'),
    ".sarif": ('"properties": {"written_by_auditkit": "', '"}'),
}
"""The last member of a JSON object; SARIF allows a property bag and nothing else."""
_END = b"\n}\n"
_HASH = "([0-9a-f]{64})"
_LONGEST = 200
"""Bytes that no mark is longer than, its line ends and the end of its format with it."""


def can_carry(ending: str) -> bool:
    """Return whether files of this ending carry a mark."""
    return ending.lower() in {*_COMMENTS, *_MEMBERS}


def marked(content: bytes, ending: str) -> tuple[bytes | memoryview, ...]:
    """Return what a file of this content and its mark is written of, one after the other.

    The content as it is, alone, where its format has no place for a mark. Nothing is copied: a report may have a
    hundred megabytes.
    """
    ending = ending.lower()
    if ending in _COMMENTS:
        content = content if content.endswith(b"\n") else content + b"\n"
        before, after = _COMMENTS[ending]
        return content, f"{before}{WORDS}{_digest(content)}{after}\n".encode()
    if ending in _MEMBERS and content.endswith(_END):
        before, after = _MEMBERS[ending]
        return memoryview(content)[: -len(_END)], f",\n  {before}{_digest(content)}{after}".encode(), _END
    return (content,)


def has_mark(content: bytes, ending: str) -> bool:
    """Return whether a file's content ends in a mark, whatever it says."""
    return _mark(content, ending.lower()) is not None


def is_untouched(content: bytes, ending: str) -> bool:
    """Return whether a file's content is as auditkit wrote it."""
    found = _mark(content, ending.lower())
    if found is None:
        return False
    text = content.replace(b"\r\n", b"\n")
    end = b"" if ending.lower() in _COMMENTS else _END
    return _digest(text[: len(text) - len(found[0])] + end) == found[1].decode()


def _mark(content: bytes, ending: str) -> re.Match[bytes] | None:
    """Return the mark at the end of a file's content, and the hash in it."""
    if ending in _COMMENTS:
        before, after = _COMMENTS[ending]
        pattern = f"{re.escape(before + WORDS)}{_HASH}{re.escape(after)}\n\\Z"
    elif ending in _MEMBERS:
        before, after = _MEMBERS[ending]
        pattern = f",\n  {re.escape(before)}{_HASH}{re.escape(after)}{re.escape(_END.decode())}\\Z"
    else:
        return None
    # A report may have a hundred megabytes: only its end is looked at.
    return re.search(pattern.encode(), content[-_LONGEST:].replace(b"\r\n", b"\n"))


def _digest(content: bytes) -> str:
    # In a hundred megabytes one byte is found ten times as fast as two.
    content = content.replace(b"\r\n", b"\n") if b"\r" in content else content
    return hashlib.sha256(content).hexdigest()
