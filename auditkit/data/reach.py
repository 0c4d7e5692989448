"""How far a recipe may reach: its own folder and the working folder, links followed, and no further unasked."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from auditkit.spec.consent import Consent


def why_out_of_reach(name: str, path: Path, *, folder: Path, consent: Consent) -> str:
    """Return why a recipe in `folder` may not name this path, as the end of a sentence; empty if it may.

    What the command line says itself is its own affair.
    """
    if consent.allow_outside or name in consent.said or "\0" in name or is_inside(path, (folder, Path())):
        return ""  # no file has a zero byte in its name: it is nowhere
    by_a_link = is_inside(Path(os.path.abspath(path)).parent, (folder, Path()))  # noqa: PTH100  no link is followed
    where = f"{'leads' if by_a_link else 'lies'} outside the recipe's folder and the working folder"
    return f"'{name}' {where}: --allow-outside, if you trust who wrote the recipe"


def is_inside(path: Path, folders: tuple[Path, ...]) -> bool:
    """Return whether a path is one of these folders or below one, wherever links lead."""
    found = os.path.realpath(path)
    homes = (os.path.join(os.path.realpath(folder), "") for folder in folders)  # noqa: PTH118  keeps its last slash
    return os.path.join(found, "").startswith(tuple(homes))  # noqa: PTH118
