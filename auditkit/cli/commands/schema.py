"""`auditkit schema`: the JSON Schema of recipes."""

from __future__ import annotations

import json

import typer


def schema() -> None:
    """Print the JSON Schema of recipes, with every installed step's parameters, for editors."""
    from auditkit.plugins.host import load_plugins
    from auditkit.recipe.schema import recipe_schema

    typer.echo(json.dumps(recipe_schema(load_plugins().steps), indent=1, ensure_ascii=False))
