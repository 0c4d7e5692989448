"""Errors that a user can fix, each with the exit code it ends in.

AuditkitError
├── UsageError      2  a command line, recipe or setting that asks for the impossible
│   └── RecipeError 2  with file, line, column and key
├── PluginError     3  a plugin that the run needs is missing or broke
└── DataError       4  data, predictions or a model that cannot be read or do not match
    └── OutOfMemoryError 4  what was asked for does not fit into memory

They are caught once, in auditkit.cli.app. Any other exception keeps its traceback and exits 3.
"""

from __future__ import annotations

import errno
import re
from itertools import islice
from typing import TYPE_CHECKING

MOST_COMPARED = 10_000
"""Words that a hint is looked for among: comparing takes some 20 microseconds each."""

if TYPE_CHECKING:
    from collections.abc import Iterable


class AuditkitError(Exception):
    """One sentence that says what is wrong, where, and the nearest right thing."""

    exit_code = 2


class UsageError(AuditkitError):
    """The command line or a setting asks for something that cannot be done."""


class RecipeError(UsageError):
    """A recipe is malformed; the message starts with file:line:column."""

    def __init__(self, message: str, *, file: str = "", line: int = 0, column: int = 0) -> None:
        where = ":".join(str(part) for part in (file, line, column) if part)
        super().__init__(f"{where}: {message}" if where else message)
        self.file, self.line, self.column = file, line, column


class PluginError(AuditkitError):
    """A plugin that this run needs is not there, or broke."""

    exit_code = 3


class DataError(AuditkitError):
    """Data or a model cannot be read, or the parts do not fit together."""

    exit_code = 4


class OutOfMemoryError(DataError):
    """Memory ran out: nobody's fault, and fewer rows or columns help."""


def exit_code_of(error: BaseException) -> int:
    """Return the exit code that an error ends the program with; 3 for what is no error of a user's and no interrupt.

    Memory that ran out, whoever says so, is 4.
    """
    match error:
        case AuditkitError():
            return error.exit_code
        case KeyboardInterrupt():
            return int(getattr(error, "exit_code", 130))
    return OutOfMemoryError.exit_code if ran_out(error) else 3


_NO_MEMORY = ("can't allocate memory", "out of memory", "bad_alloc", "cannot allocate memory")
"""What libraries say that have no MemoryError: torch and what is written in C++."""
_ASKED = re.compile(r"(?<![\w.])(\d[\d.,]* ?(?:[KMGTPE]i?B|bytes)\b|(?<=of size )\d+)")


def ran_out(error: BaseException) -> bool:
    """Return whether memory ran out, whichever library says so."""
    if isinstance(error, MemoryError) or type(error).__name__ in {"OutOfMemoryError", "OutOfMemoryException"}:
        return True
    if isinstance(error, OSError):
        return error.errno == errno.ENOMEM
    return isinstance(error, RuntimeError) and any(word in str(error).lower() for word in _NO_MEMORY)


def out_of_memory(error: BaseException, where: str) -> OutOfMemoryError:
    """Return what to say of memory that ran out in `where`, with how much was asked for, if that is known."""
    found = _ASKED.search(str(error))
    asked = ""
    if found:
        number = found[1].replace(". ", " ").removesuffix("bytes").strip()
        amount = f"{int(number):,} bytes" if number.isdigit() else number
        asked = f": {amount} more were asked for"
    message = (
        f"memory ran out in {where}{asked}; give fewer rows or columns, or a machine with more memory "
        "(--memory-limit SIZE refuses larger data before they are read)"
    )
    return OutOfMemoryError(message)


def first_line(error: Exception) -> str:
    """Return the first line of what an error says, or its kind if it says nothing."""
    return next((line for line in str(error).splitlines() if line.strip()), type(error).__name__)


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the hint `; did you mean 'x'?` for the closest known word, or list a few known ones.

    The word itself is no hint: where it is known, what is wrong is its type or its place.
    """
    import difflib

    choices = sorted({str(item) for item in islice(known, MOST_COMPARED)} - {str(word)})
    folded = {choice.casefold(): choice for choice in reversed(choices)}
    close = difflib.get_close_matches(str(word).casefold(), folded, n=1, cutoff=0.6)
    if close:
        return f"; did you mean '{folded[close[0]]}'?"
    if not choices:
        return ""
    shown = ", ".join(choices[:8]) + (", ..." if len(choices) > 8 else "")
    return f"; known: {shown}"
