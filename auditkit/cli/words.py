"""The raw words of a command line, read once before the options exist: which steps bring options depends on them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditkit.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


OUTCOMES = ("--favourable", "--unfavourable", "--positive")
"""Options whose values are classes, which often begin with < or >."""
OUTPUT = ("-o", "--output")
REPORTING = frozenset({"mine", "audit", "repair", "diff", "run", "report", "check", "demo"})
"""Commands whose -o names reports."""


@dataclass(frozen=True)
class Called:
    """The command that the words name, "" for none, and the steps named by --with, each once."""

    command: str = ""
    steps: tuple[str, ...] = ()


def read_words(arguments: Sequence[str]) -> Called:
    """Return what the words call; after `--` none is an option."""
    end = arguments.index("--") if "--" in arguments else len(arguments)
    command = next((word for word in arguments if not word.startswith("-")), "")
    return Called(command, step_names(_after_with(arguments[:end])))


def check_values(arguments: Sequence[str]) -> None:
    """Raise UsageError where an outcome's value is missing: a shell reads >50K as the name of a file to write."""
    for i, word in enumerate(arguments):
        if word in OUTCOMES and (i + 1 == len(arguments) or arguments[i + 1].startswith("--")):
            message = (
                f"{word} has no value; a shell reads < and > for itself, so write it in quotes: {word} '>50K'"
            )
            raise UsageError(message)


def check_twice(arguments: Sequence[str], program: Any) -> None:
    """Raise UsageError for an option given twice that takes one value: the first would be lost without a word.

    `program` is the click command that the words are for.
    """
    end = arguments.index("--") if "--" in arguments else len(arguments)
    called = getattr(program, "commands", {}).get(read_words(arguments).command)
    for parameter in getattr(called, "params", ()):
        single = not getattr(parameter, "is_flag", True) and not parameter.multiple
        names = {name for name in parameter.opts if name.startswith("-")} if single else set()
        times = sum(word.partition("=")[0] in names for word in arguments[:end])
        if times > 1:
            name = parameter.opts[0]
            instead = "; auditkit diff compares two predictions" if name == "--pred" else ""
            message = f"{name} is given {times} times, and takes one value{instead}"
            raise UsageError(message)


def outputs_in(arguments: Sequence[str]) -> tuple[Path, ...]:
    """Return the files that -o and --output name, in words that are no command line otherwise."""
    if read_words(arguments).command not in REPORTING:
        return ()
    words = arguments[: arguments.index("--")] if "--" in arguments else arguments
    after = [words[i + 1] for i, word in enumerate(words[:-1]) if word in OUTPUT]
    return tuple(
        map(Path, after + [word.removeprefix("--output=") for word in words if word.startswith("--output=")])
    )


def inputs_in(arguments: Sequence[str]) -> tuple[str, ...]:
    """Return the words that may name what a command reads: all but the values of -o, and what follows a `=`."""
    words = [word for i, word in enumerate(arguments) if not i or arguments[i - 1] not in OUTPUT]
    named = [word for word in words if not word.startswith("--output=")]
    return (*named, *(word[word.rindex("=") + 1 :] for word in named if "=" in word))


def step_names(words: Iterable[str]) -> tuple[str, ...]:
    """Return the names in words such as `rates,mpr`, each once."""
    names = (name.strip() for word in words for name in word.split(","))
    return tuple(dict.fromkeys(name for name in names if name))


def _after_with(arguments: Sequence[str]) -> Iterator[str]:
    for i, word in enumerate(arguments):
        if word == "--with" and i + 1 < len(arguments):
            yield arguments[i + 1]
        elif word.startswith("--with="):
            yield word.removeprefix("--with=")
