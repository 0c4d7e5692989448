"""What the terminal can show, and the two doors to it: `tell` for standard output, `say` for standard error."""

from __future__ import annotations

import os
import sys

from auditkit.values.shown.hidden import spelt

NARROWEST, WIDEST = 40, 400
"""Columns: a table needs some, and no person reads more."""


def terminal_width() -> int:
    """Return $COLUMNS, or the terminal's width, or 100 in a pipe; from NARROWEST to WIDEST."""
    import shutil

    try:
        columns = shutil.get_terminal_size((100, 24)).columns
    except (ValueError, OverflowError, AttributeError):
        columns = 100
    return min(max(columns, NARROWEST), WIDEST)


def wants_colour() -> bool:
    """Return whether standard output takes colour: a terminal, and NO_COLOR is not set."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def tell(text: str = "") -> None:
    """Print a line, or several, on standard output, control characters spelt out."""
    print_whole(f"{shown(text)}\n")


def print_whole(text: str) -> None:
    """Print the text on standard output as it is, colours included."""
    sys.stdout.write(text)
    sys.stdout.flush()


def say(sentence: str) -> None:
    """Print one line on standard error, its control characters and line ends spelt out."""
    sys.stderr.write(f"{spelt(sentence)}\n")
    sys.stderr.flush()


def shown(text: str) -> str:
    """Return the text with control and direction marks spelt out; lines and tabs stay."""
    return text if text.isprintable() else "".join(char if char in "\n\t" else spelt(char) for char in text)
