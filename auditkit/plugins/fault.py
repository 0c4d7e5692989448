"""A plugin's code runs in here: what it raises becomes one sentence that names it, what it prints goes aside."""

from __future__ import annotations

import sys
from contextlib import contextmanager, redirect_stdout
from typing import TYPE_CHECKING

from auditkit.errors import AuditkitError, PluginError, out_of_memory, ran_out

if TYPE_CHECKING:
    from collections.abc import Iterator

HINT = "; AUDITKIT_DEBUG=1 shows the traceback"
MOST_WORDS = 300
"""Characters of a stranger's message that are repeated."""


@contextmanager
def at_fault(who: str) -> Iterator[None]:
    """Turn whatever the block raises into PluginError that begins with `who`; print to standard error only.

    An AuditkitError passes: it is a sentence already. So does Ctrl-C. Memory that runs out is nobody's fault, and a
    sentence of its own. Everything else is the plugin's fault, also what is no Exception, such as a call of sys.exit;
    it stays the error's `__cause__`.
    """
    try:
        with redirect_stdout(sys.stderr):
            yield
    except (AuditkitError, KeyboardInterrupt):
        raise
    except BaseException as error:
        if ran_out(error):
            raise out_of_memory(error, who) from error
        message = f"{who}: {said(error)}{HINT}"
        raise PluginError(message) from error


def said(error: BaseException) -> str:
    """Return an exception's type and message in one line, even of one whose message cannot be had."""
    try:
        words = " ".join(str(error).split())
    except KeyboardInterrupt:
        raise
    except BaseException:  # noqa: BLE001  its __str__ is a stranger's code too
        words = "(its message cannot be read)"
    return f"{type(error).__name__}: {words[:MOST_WORDS]}" if words else type(error).__name__
