"""`auditkit schema`: the JSON Schema of recipes."""

from __future__ import annotations

import json

from auditkit.cli.console.terminal import tell


def schema() -> None:
    """Print the JSON Schema of recipes, with every installed step's parameters, for editors."""
    from auditkit.plugins.host import load_plugins
    from auditkit.recipe.schema import recipe_schema

    tell(json.dumps(recipe_schema(load_plugins().steps), indent=1, ensure_ascii=False))
