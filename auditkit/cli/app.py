"""The command `auditkit` as a process: its streams, its signals, one sentence for a user's error, its exit code.

Nothing is imported before `main` but what Python has in it: an interrupt from then on is an interrupt, no traceback.
"""

from __future__ import annotations

import gc
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

DEBUG = "--debug"
INTERRUPTED = 130
"""The exit code of an interrupt, where none of our modules may be there yet."""
NEED_LIBRARIES = frozenset({"mine", "audit", "repair", "run", "power", "demo"})
"""Commands that compute."""
COLLECTED_AFTER = 1_000_000
"""Objects made between two collections of circular garbage: libraries make some hundred thousand that stay, and at the
usual 700 a fifth of a short run's time goes into looking them through. Steps that compute collect more often."""

IDLE_SPIN = ("OPENBLAS_THREAD_TIMEOUT", "18")
"""How long threads of linear algebra turn in a circle while there is nothing to do: 2^18 cycles, a tenth of a
millisecond. The library's own 2^26 and more, on every core, whenever it is loaded and after every product, take a fifth
of a short run's CPU on two cores and many times as much on many."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and end the process with one of the documented exit codes."""
    gc.set_threshold(COLLECTED_AFTER)
    os.environ.setdefault(*IDLE_SPIN)
    try:
        from auditkit.cli.console.streams import finished, take_streams

        take_streams()
        code = run(list(sys.argv[1:] if arguments is None else arguments))
        code = finished(code)
    except KeyboardInterrupt:  # between two commands of ours
        code = INTERRUPTED
    gc.freeze()  # the process ends: what is left need not be looked through again, several times
    sys.exit(code)


def run(arguments: list[str]) -> int:
    """Run the command line and return its exit code. A user's error is one sentence on standard error."""
    from auditkit.cli.console.signals import terminable
    from auditkit.values.exit_code import ExitCode

    words = _without_debug(arguments)
    debug = len(words) < len(arguments) or bool(os.environ.get("AUDITKIT_DEBUG"))
    with terminable() as asked:
        try:
            code = _run(words, debug=debug)
        except KeyboardInterrupt:
            code = int(ExitCode.INTERRUPTED)
    if code != ExitCode.INTERRUPTED:
        return code
    _say(f"{'terminated' if asked.to_end else 'interrupted'}; nothing half-written is left")
    return int(ExitCode.TERMINATED if asked.to_end else ExitCode.INTERRUPTED)


def _run(words: list[str], *, debug: bool) -> int:
    """Return the program's exit code, with a sentence for each way to fail."""
    from auditkit.cli.console.streams import FULL, can_flush
    from auditkit.cli.program import build
    from auditkit.cli.words import check_twice, check_values, read_words
    from auditkit.data.memory import need_space
    from auditkit.errors import AuditkitError
    from auditkit.interrupt import heeded
    from auditkit.values.exit_code import ExitCode

    try:
        if read_words(words).command in NEED_LIBRARIES:
            need_space()
        check_values(words)
        program = build(words)
        check_twice(words, program)
        with heeded():
            return _code_of(program(words, prog_name="auditkit", standalone_mode=False), words)
    except AuditkitError as error:
        if debug:
            _trace()
        _say(" ".join(str(error).split()))
        return error.exit_code
    except SystemExit as ended:  # ours end in numbers that are returned: this is somebody else's
        if _of_the_shell(words):
            return _code_of(ended.code, words)
        _trace()
        _say(
            f"code that is not auditkit's ended the program, with {ended.code!r}; the traceback above says where"
        )
        return int(ExitCode.INTERNAL)
    except OSError as error:
        if error.errno not in FULL:
            return _internal(error)
        if can_flush():  # else `finished` says that it is standard output that is full
            _say(f"cannot write what was asked for: {(error.strerror or str(error)).lower()}")
        return int(ExitCode.INTERNAL)
    except Exception as error:  # noqa: BLE001  the last door: whatever it is, the exit code is ours
        misread = hasattr(error, "show") and hasattr(error, "exit_code")
        return _misread(error, words) if misread else _internal(error)


def _code_of(ended: Any, words: list[str]) -> int:
    """Return what the library of options ended with: a shell whose words it cannot complete is no gate that failed."""
    from auditkit.values.exit_code import ExitCode

    return int(ExitCode.USAGE) if ended and _of_the_shell(words) else int(ended or 0)


def _of_the_shell(words: list[str]) -> bool:
    """Whether a shell asked how to complete our words: the library of options tells it, and ends the program."""
    return "_AUDITKIT_COMPLETE" in os.environ or not {"--show-completion", "--install-completion"}.isdisjoint(
        words
    )


def _misread(error: Any, words: list[str]) -> int:
    """Say what the library of options makes of the words, in the reports that they name too."""
    from contextlib import suppress

    from auditkit.cli.words import inputs_in, outputs_in
    from auditkit.errors import UsageError

    error.show()
    if files := outputs_in(words):
        from auditkit.cli.outputs import Output
        from auditkit.cli.unfinished import Reports
        from auditkit.plugins.host import load_plugins
        from auditkit.recipe.named import named_in

        reports = Reports(Output(files=files), host := load_plugins(), name=" ".join(words))
        with suppress(UsageError), reports.told():
            reports.also((), read=named_in(inputs_in(words), host.recipes))
            raise UsageError(error.format_message())
    return int(error.exit_code)


def _internal(error: Exception) -> int:
    """Say that it is our fault, unless memory ran out."""
    from auditkit.errors import out_of_memory, ran_out
    from auditkit.values.exit_code import ExitCode

    if ran_out(error):
        ended = out_of_memory(error, "auditkit")
        _say(str(ended))
        return ended.exit_code
    _trace()
    _say("internal error; please report the traceback above")
    return int(ExitCode.INTERNAL)


def _without_debug(arguments: list[str]) -> list[str]:
    """Return the words without --debug, which may stand anywhere before `--`."""
    end = arguments.index("--") if "--" in arguments else len(arguments)
    return [word for word in arguments[:end] if word != DEBUG] + arguments[end:]


def _say(sentence: str) -> None:
    from auditkit.cli.console.terminal import say

    say(f"auditkit: {sentence}")


def _trace() -> None:
    import traceback

    from auditkit.cli.console.terminal import say

    for line in traceback.format_exc().splitlines():
        say(line)
