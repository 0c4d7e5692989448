"""Where the bundled recipes are: inside an installed package, or beside it in a source tree."""

from __future__ import annotations

from pathlib import Path


def bundled_recipes() -> tuple[Path, ...]:
    """Return the recipe files that come with auditkit, sorted by name."""
    package = Path(__file__).parents[2]
    folder = package / "_recipes" if (package / "_recipes").is_dir() else package.parent / "recipes"
    return tuple(sorted(folder.glob("*.yaml")))
