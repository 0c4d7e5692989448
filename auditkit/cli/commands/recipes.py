"""`auditkit recipes`: the recipes that have a name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from auditkit.cli.listing import AsJson, installed, show_rows

if TYPE_CHECKING:
    from pathlib import Path


def recipes(as_json: AsJson = False) -> None:
    """List the recipes that auditkit run knows by name; one of a plugin that cannot be read says why."""
    from auditkit.data.bundled.recipes import bundled_recipes

    paths = (*bundled_recipes(), *installed().recipes)
    show_rows([_row(path) for path in paths], as_json=as_json)


def _row(path: Path) -> dict[str, str]:
    from auditkit.errors import AuditkitError
    from auditkit.recipe.document import read_document

    try:
        value = read_document(path).value
    except AuditkitError as error:
        return {"name": path.stem, "data": "", "steps": "", "title": f"cannot be read: {error}"}
    steps = _part(value, "steps")
    uses = [str(_part(step, "use") or "?") for step in steps] if isinstance(steps, list) else []
    data, title = _part(_part(value, "data"), "path"), _part(value, "name")
    return {
        "name": path.stem,
        "data": str(data or ""),
        "steps": ", ".join(uses),
        "title": str(title or "") if uses else "is no recipe: it has no steps",
    }


def _part(value: Any, key: str) -> Any:
    """Return what stands below a key of a file that nobody has checked, or None."""
    return value.get(key) if isinstance(value, dict) else None
