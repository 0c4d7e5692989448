"""The JSON Schema of recipes, made from the same dataclasses that recipes are checked against."""

from __future__ import annotations

from dataclasses import is_dataclass
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

from auditkit.spec.declared import parameters
from auditkit.spec.recipe import Recipe
from auditkit.values.compare import COMPARISONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from auditkit.step.step import Step

_LEFT_OUT = {"max_order", "min_n"}


def recipe_schema(steps: Mapping[str, type[Step[Any]]]) -> dict[str, Any]:
    """Return a JSON Schema (draft 2020-12) that refuses unknown keys and knows each step's parameters."""
    from pydantic import TypeAdapter

    schema = TypeAdapter(Recipe).json_schema(ref_template="#/$defs/{model}")
    definitions = schema["$defs"]
    for kind in _dataclasses_in(Recipe):
        _describe(schema if kind is Recipe else definitions[kind.__name__], kind)
    _rename(definitions["StepSpec"], "with_", "with")
    definitions["StepSpec"]["properties"]["use"]["enum"] = sorted(steps)
    definitions["StepSpec"]["allOf"] = [_parameters_rule(name, steps[name]) for name in sorted(steps)]
    definitions["GateSpec"]["oneOf"] = [{"required": ["limit"]}, {"required": ["fail_if"]}]
    definitions["GateSpec"]["allOf"] = list(_comparison_rules(steps.values()))
    groups = schema["properties"]["groups"]
    groups["type"] = ["object", "string"]
    groups["additionalProperties"] = {"anyOf": [groups["additionalProperties"], {"type": "string"}]}
    groups["properties"] = {name: definitions["Stats"]["properties"][name] for name in sorted(_LEFT_OUT)}
    schema["properties"]["vars"] = {"type": "object", "description": "values for ${vars.name}"}
    schema["properties"]["extends"] = {
        "type": "string",
        "description": "a recipe beside this one to lay this over",
    }
    # What a recipe lacks may stand in the one that it extends.
    schema["anyOf"] = [{"required": ["extends"]}, {"required": schema.pop("required")}]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _comparison_rules(steps: Iterable[type[Step[Any]]]) -> Iterator[dict[str, Any]]:
    """Yield, per metric, the comparisons that some step reports it with: a gate may ask for no other."""
    offered: dict[str, set[str]] = {}
    for step in steps:
        for metric in step.metrics:
            offered.setdefault(metric.name, set()).update(metric.compares)
    for name in sorted(offered):
        compares = [compare for compare in COMPARISONS if compare in offered[name]]
        rule: dict[str, Any] = {"properties": {"compare": {"enum": compares}}}
        if "to_rest" not in compares:  # the default
            rule["required"] = ["compare"]
        yield {"if": {"properties": {"metric": {"const": name}}, "required": ["metric"]}, "then": rule}


def _parameters_rule(name: str, step: type[Step[Any]]) -> dict[str, Any]:
    from pydantic import TypeAdapter

    params = TypeAdapter(step.Params).json_schema()
    _describe(params, step.Params)
    params["description"] = step.title
    then = {"properties": {"with": params}}
    return {"if": {"properties": {"use": {"const": name}}}, "then": then}


def _describe(schema: dict[str, Any], kind: type[Any]) -> None:
    """Add each field's line of help, and refuse keys that no field declares."""
    schema["additionalProperties"] = False
    for parameter in parameters(kind):
        for name in (parameter.name, f"{parameter.name}_"):
            if name in schema.get("properties", {}):
                schema["properties"][name]["description"] = parameter.help


def _rename(schema: dict[str, Any], old: str, new: str) -> None:
    schema["properties"] = {new if k == old else k: v for k, v in schema["properties"].items()}


def _dataclasses_in(kind: Any) -> list[type[Any]]:
    """Return a dataclass and those within its fields' types, each once."""
    found: list[type[Any]] = []

    def visit(hint: Any) -> None:
        if isinstance(hint, type) and is_dataclass(hint) and hint not in found:
            found.append(hint)
            for inner in get_type_hints(hint).values():
                visit(inner)
        for inner in get_args(hint):
            visit(inner)

    visit(kind)
    return found
