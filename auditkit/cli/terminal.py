"""What standard output can show, and how to print on it."""

from __future__ import annotations

import os
import sys

import typer


def terminal_width() -> int:
    """Return $COLUMNS, or the terminal's width, or 100 in a pipe."""
    import shutil

    return max(shutil.get_terminal_size((100, 24)).columns, 40)


def wants_colour() -> bool:
    """Return whether standard output takes colour: a terminal, and NO_COLOR is not set."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def print_whole(text: str) -> None:
    """Print, and let the verdict stand when the reader of a pipe left early."""
    try:
        typer.echo(text, nl=False)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
