"""`auditkit schema`: the JSON Schema of recipes."""

from __future__ import annotations

import json

from auditkit.cli.console.terminal import tell
from auditkit.cli.listing import installed
from auditkit.values.shown.hidden import without_marks


def schema() -> None:
    """Print the JSON Schema of recipes, with every installed step's parameters, for editors."""
    from auditkit.recipe.schema import recipe_schema

    tell(without_marks(json.dumps(recipe_schema(installed().steps), indent=1, ensure_ascii=False)))
