"""A recipe as the plain data and the text of its YAML file."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from auditkit.spec.declared import parameters

if TYPE_CHECKING:
    from auditkit.spec.recipe import Recipe


def recipe_document(recipe: Recipe) -> dict[str, Any]:
    """Return a recipe as the plain data of its YAML file, without what equals the default."""
    steps = [
        {"id": s.id, "use": s.use}
        | ({"with": dict(s.with_)} if s.with_ else {})
        | ({"when": s.when} if s.when else {})
        for s in recipe.steps
    ]
    document = {
        "version": recipe.version,
        "name": recipe.name,
        "data": _set_fields(recipe.data),
        "groups": {name: _set_fields(group) for name, group in recipe.groups.items()},
        "stats": asdict(recipe.stats),
        "steps": steps,
        "alternatives": {
            key: value
            for key, value in (asdict(recipe.alternatives) if recipe.alternatives else {}).items()
            if value is not None
        },
        "gates": [_set_fields(gate) for gate in recipe.gates],
        "reports": list(recipe.reports),
        "requires": list(recipe.requires),
    }
    return {key: value for key, value in document.items() if value not in ([], {})}


def recipe_text(recipe: Recipe) -> str:
    """Return the YAML that reads as this recipe."""
    from auditkit.recipe.scalars import yaml_text

    return yaml_text(recipe_document(recipe))


def _set_fields(value: Any) -> dict[str, Any]:
    defaults = {parameter.name: parameter.default for parameter in parameters(type(value))}
    return {
        key.rstrip("_"): list(item) if isinstance(item, tuple) else item
        for key, item in asdict(value).items()
        if item != defaults.get(key.rstrip("_"))
    }
