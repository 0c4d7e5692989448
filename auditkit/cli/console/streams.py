"""Standard output and error that never change a verdict: whoever reads them may leave, or know few characters.

A reader that is gone is no error; characters that the encoding lacks are written as ASCII; standard error shows control
characters instead of sending them to the terminal, whoever writes them. A full disk behind standard output is an error.
What else writes to the process's standard output, such as a library or a program that a plugin starts, goes to standard
error; and no line of either reads as a command of the runner that shows it.
"""

from __future__ import annotations

import codecs
import errno
import io
import os
import sys
import unicodedata
from typing import TYPE_CHECKING, Any, TextIO

from auditkit.cli.console.runners import Disarming
from auditkit.cli.console.terminal import shown
from auditkit.values.exit_code import ExitCode

if TYPE_CHECKING:
    from collections.abc import Mapping

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""What the system says where there is no room left to write."""
GONE = frozenset({errno.EPIPE, errno.EBADF, errno.EIO, errno.ENXIO})
"""What it says where nobody reads any more."""
STDOUT, STDERR = 1, 2
"""Their numbers in every process."""
IN_ASCII: Mapping[str, str] = {
    "✓": "v", "✗": "x", "–": "-", "—": "-", "−": "-", "‑": "-", "…": "...", "×": "x", "·": "-", "•": "-", "○": "o",
    "●": "*", "→": "->", "←": "<-", "∞": "inf", "≤": "<=", "≥": ">=", "≠": "!=", "±": "+-", "²": "^2", "‘": "'",
    "’": "'", "“": '"', "”": '"', "─": "-", "━": "-", "│": "|", "┃": "|", "█": "#", "▲": "^", "▼": "v", "◆": "*",
}  # fmt: skip
"""How the marks of our reports are written where the encoding lacks them; any other character becomes `?`."""


def take_streams() -> None:
    """Make standard output and error of this process such as this module says."""
    _open_closed()
    codecs.register_error("in_ascii", in_ascii)
    for name, spelt in (("stdout", False), ("stderr", True)):
        stream = getattr(sys, name)
        if type(stream) is io.TextIOWrapper:  # not one that a test or a notebook put there
            setattr(sys, name, _taken(stream, spelt=spelt))
    if isinstance(sys.stdout, Stream) and sys.stdout.fileno() != STDOUT:
        vars(sys)["__stdout__"] = sys.stdout  # whose width the terminal is asked for


def finished(code: int) -> int:
    """Write what is still in the buffers and return the exit code: `code`, or 3 where the output is full."""
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError as error:
        _give_up(sys.stdout)
        sys.stderr.write(
            f"auditkit: cannot write standard output: {(error.strerror or str(error)).lower()}\n"
        )
        return int(ExitCode.INTERNAL)
    return code


def can_flush() -> bool:
    """Whether standard output takes what is still in its buffer."""
    try:
        sys.stdout.flush()
    except OSError:
        return False
    return True


def in_ascii(error: UnicodeError) -> tuple[str, int]:
    """Return an ASCII text for characters that an encoding lacks, and where to go on: an error handler for codecs."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    return "".join(_ascii(char) for char in lacking), error.end


def _ascii(char: str) -> str:
    if char in IN_ASCII:
        return IN_ASCII[char]
    base = unicodedata.normalize("NFKD", char).encode("ascii", "ignore").decode()
    return base or "?"


class Stream(io.TextIOWrapper):
    """A text stream that goes on without its reader; `spelt` says whether control characters are written out."""

    spelt = False
    disarming: Disarming | None = None

    def write(self, text: str, /) -> int:
        """Write the text; see the module."""
        self.disarming = self.disarming or Disarming()
        self.write_as_is(self.disarming(shown(text) if self.spelt else text))
        return len(text)

    def write_as_is(self, text: str) -> int:
        """Write the text with its control characters, as progress bars need."""
        try:
            return super().write(text)
        except OSError as error:
            self._forgive(error)
            return len(text)

    def flush(self) -> None:
        """Write what is in the buffer."""
        try:
            super().flush()
        except OSError as error:
            self._forgive(error)

    def _forgive(self, error: OSError) -> None:
        """Let all that follows go nowhere, unless there is no room on a disk that should keep it."""
        if error.errno not in GONE and not self.spelt:
            raise error
        _give_up(self)


class AsIs:
    """A stream's door for what draws on the terminal."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def write(self, text: str, /) -> int:
        """Write the text with its control characters."""
        return self.stream.write_as_is(text) if isinstance(self.stream, Stream) else self.stream.write(text)

    def flush(self) -> None:
        """Write what is in the stream's buffer."""
        self.stream.flush()

    def isatty(self) -> bool:
        """Whether the stream is a terminal."""
        return self.stream.isatty()

    def fileno(self) -> int:
        """Return the stream's number."""
        return self.stream.fileno()

    @property
    def encoding(self) -> str:
        """The stream's encoding."""
        return self.stream.encoding


def _taken(stream: io.TextIOWrapper, *, spelt: bool) -> Stream:
    """Return a stream in place of one of the interpreter's own."""
    encoding, buffered = stream.encoding, stream.line_buffering
    below = stream.detach() if spelt else _aside(stream)
    taken = Stream(below, encoding=encoding, errors="in_ascii", line_buffering=buffered or spelt)
    taken.spelt = spelt
    return taken


def _aside(stream: io.TextIOWrapper) -> Any:
    """Return what leads to the standard output, and let its old number lead to standard error from now on."""
    if stream.fileno() != STDOUT:
        return stream.detach()
    stream.flush()
    number = os.dup(STDOUT)
    os.dup2(STDERR, STDOUT)
    return io.BufferedWriter(io.FileIO(number, "w", closefd=False))


def _give_up(stream: TextIO) -> None:
    """Send all that the stream still holds nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def _open_closed() -> None:
    """Open what the process was started without, so that no file of ours gets the number of a standard stream."""
    for number, name in ((0, "stdin"), (1, "stdout"), (2, "stderr")):
        try:
            os.fstat(number)
        except OSError:
            taken = os.open(os.devnull, os.O_RDWR)
            if taken != number:
                os.dup2(taken, number)
                os.close(taken)
        if getattr(sys, name) is None:
            setattr(sys, name, io.TextIOWrapper(io.FileIO(number, "r" if not number else "w", closefd=False)))
