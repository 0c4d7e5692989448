"""`auditkit recipes`: the recipes that have a name."""

from __future__ import annotations

from auditkit.cli.listing import AsJson, show_rows


def recipes(as_json: AsJson = False) -> None:
    """List the recipes that auditkit run knows by name."""
    from auditkit.plugins.host import load_plugins
    from auditkit.recipe.document import read_document
    from auditkit.recipe.files import bundled_recipes

    rows = []
    for path in (*bundled_recipes(), *load_plugins().recipes):
        value = read_document(path).value
        steps = ", ".join(str(step.get("use")) for step in value.get("steps", []))
        data = value.get("data", {}).get("path", "")
        rows.append({"name": path.stem, "data": data, "steps": steps, "title": value.get("name", "")})
    show_rows(rows, as_json=as_json)
