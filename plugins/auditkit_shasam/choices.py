"""A choice by name is one of a few: a wrong name is one sentence, and never another computation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditkit import UsageError, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable


def one_of(what: str, name: str, *, allowed: Iterable[str]) -> None:
    """Raise UsageError, with the nearest right name, unless the name is allowed."""
    known = tuple(allowed)
    if name not in known:
        message = f"{what} cannot be '{name}'{nearest(name, known)}"
        raise UsageError(message)
