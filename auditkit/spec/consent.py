"""What the one who starts a run agrees to: said on the command line or as an argument, never in a recipe."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypedDict

ONLY_SAID = frozenset({"allow_pickle", "allow_code", "allow_outside", "overwrite"})
"""Keys that no recipe may have: a stranger's recipe would agree to itself."""


class Leave(TypedDict, total=False):
    """What a caller from Python may say by keyword: the options of the same names."""

    allow_pickle: bool
    allow_code: bool
    allow_outside: bool
    overwrite: bool


@dataclass(frozen=True, kw_only=True)
class Consent:
    """What a run may do that its recipe cannot allow itself.

    `said` are the texts that the command line holds: what it names, it agrees to.
    """

    allow_pickle: bool = False
    """Read pickled models, which run the code they hold."""
    allow_code: bool = False
    """Import the code that a recipe or a model's folder names, which runs it."""
    allow_outside: bool = False
    """Let a recipe name files outside its own folder and the working folder."""
    overwrite: bool = False
    """Replace files that auditkit did not write."""
    said: frozenset[str] = frozenset()

    @property
    def options(self) -> tuple[str, ...]:
        """The options that were given, as they are written."""
        return tuple(
            f"--{name.replace('_', '-')}" for name in sorted(ONLY_SAID) if getattr(self, name, False)
        )

    def code(self, name: str) -> bool:
        """Return whether code of this name may be imported."""
        return self.allow_code or name in self.said


def texts_in(value: Any) -> Iterator[str]:
    """Yield every text in plain data, keys aside."""
    match value:
        case str():
            yield value
        case Mapping():
            for item in value.values():
                yield from texts_in(item)
        case list() | tuple():
            for item in value:
                yield from texts_in(item)
