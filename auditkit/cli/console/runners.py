"""Text in which a CI runner reads no command: `::` at a line's start, `##[` and `##vso[` anywhere are broken up.

GitHub's runner obeys a line that begins with `::` once trimmed, and `##[` anywhere in a line; Azure's agent obeys
`##vso[` anywhere. A name in the data could otherwise close a log group, hide the log or set a variable.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_AT_START = re.compile(r"\s*(:)(?=:)")
_ANYWHERE = re.compile(r"(##)(?=\[|vso\[)", re.IGNORECASE)
_LINES = re.compile(r"[^\r\n\v\f\x1c-\x1e\x85\u2028\u2029]*[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]?")
KEPT = 5
"""Characters of a line that a command may have begun with before the next piece is written: `##vso`."""


@dataclass
class Disarming:
    """Breaks up the commands of runners in text that is written in pieces; it knows the line so far."""

    line: str = ""
    """What stands in the line: blanks and colons from its start, or else its last few characters."""
    begun: bool = False
    """Whether the line holds more than blanks and one colon."""

    def __call__(self, text: str) -> str:
        """Return the next piece of text, a blank in each command."""
        if not self.begun and not self.line and "::" not in text and "##" not in text and text.endswith("\n"):
            return text  # nearly every line of ours
        return "".join(self._piece(piece) for piece in _LINES.findall(text) if piece)

    def _piece(self, piece: str) -> str:
        whole = self.line + piece
        places = [found.end(1) for found in _ANYWHERE.finditer(whole)]
        if not self.begun and (found := _AT_START.match(whole)):
            places.append(found.end(1))
        written = len(self.line)
        told = piece
        for place in sorted({max(place, written) for place in places}, reverse=True):
            told = f"{told[: place - written]} {told[place - written :]}"
        self._remember(self.line + told)
        return told

    def _remember(self, whole: str) -> None:
        """Keep of the line what a command could go on from."""
        if (
            _LINES.fullmatch(whole)
            and whole[-1:]
            and not re.fullmatch(r"[^\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+", whole)
        ):
            self.line, self.begun = "", False
            return
        self.begun = self.begun or whole.strip() not in {"", ":"}
        self.line = whole[-KEPT:] if self.begun else whole.lstrip()


def disarmed(text: str) -> str:
    """Return a whole text, a blank in each command."""
    return Disarming()(text)
