"""The raw words of a command line, read once before the options exist: which steps bring options depends on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


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
