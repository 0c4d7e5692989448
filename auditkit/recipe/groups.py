"""Groups in a file of their own: mined once, named, and audited on new data ever after."""

from __future__ import annotations

import math
import re
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditkit.errors import UsageError, nearest
from auditkit.recipe.document import read_document
from auditkit.recipe.validation import validate
from auditkit.spec.groups import GroupSpec

if TYPE_CHECKING:
    from collections.abc import Mapping

    from auditkit.values.report import GroupEntry, Report

EXTENSIONS = (".yaml", ".yml")
KINDS = ("category", "month", "quarter", "year")
"""What a column may be read as, after a colon."""
_DATE = re.compile(r"\d{4}-\d{2}(-\d{2})?")


def read_groups(path: Path) -> dict[str, GroupSpec]:
    """Return the groups of a file, by name, or raise RecipeError that points into it."""
    from auditkit.spec.groups import GroupFile

    document = read_document(path)
    if not isinstance(document.value, dict):
        raise document.error((), "a file of groups has the keys version and groups")
    groups = dict(validate(GroupFile, document).groups)
    if not groups:
        raise document.error(("groups",), "the file names no group")
    return groups


def as_plain(groups: Mapping[str, GroupSpec]) -> dict[str, dict[str, Any]]:
    """Return groups as the plain data of a recipe, without what is not set."""
    return {
        name: {
            key.rstrip("_"): list(value) if isinstance(value, tuple) else value
            for key, value in asdict(group).items()
            if value is not None and (key, value) != ("missing", "group")
        }
        for name, group in groups.items()
    }


def saved_groups(report: Report) -> tuple[GroupEntry, ...]:
    """Return the groups that the run found and did not fail to confirm; one that is redacted has no expression."""
    return tuple(
        entry for entry in report.groups if entry.step and entry.confirmed is not False and entry.expression
    )


def groups_text(report: Report) -> str:
    """Return the YAML of the groups that a run found."""
    from auditkit.recipe.scalars import yaml_text
    from auditkit.values.shown.hidden import spelt

    entries = {entry.name: {"where": entry.expression, "rule": entry.rule} for entry in saved_groups(report)}
    source = spelt(" ".join(str(report.subject.get("source", "a table")).split()))
    head = f"# Groups that auditkit found in {source}: for --groups, and for the groups of a recipe\n"
    document = {"version": 1, "groups": entries}
    return head + yaml_text(document)


def with_references(groups: Mapping[str, GroupSpec], text: str) -> dict[str, GroupSpec]:
    """Return the groups, those that `sex=Male,race=White` names with that reference; a label may hold commas.

    Raises UsageError for an attribute that is none of the groups, and for one named twice.
    """
    found = dict(groups)
    known = "|".join(map(re.escape, groups))
    for part in re.split(rf",\s*(?=(?:{known})=)", text) if text else ():
        name, equals, label = (piece.strip() for piece in part.partition("="))
        if not equals or not label or name not in groups:
            hint = nearest(name, groups) or (
                f"; known: {', '.join(groups)}" if groups else ": name it with --groups"
            )
            message = f"--reference-group '{part}' names no attribute; write sex=Male{hint}"
            raise UsageError(message)
        if found[name].reference is not None:
            message = f"--reference-group: '{name}' has two references, {found[name].reference} and {label}"
            raise UsageError(message)
        found[name] = replace(found[name], reference=label)
    return found


def parse_groups(text: str) -> dict[str, GroupSpec]:
    """Return the attributes that `sex,age:0/25/40,state:category,hired:year` names: what cuts a column after a colon.

    Edges are numbers, or dates such as 2020-01-31; one number alone, `age:60`, cuts in two. An empty text names none. A
    part that ends in .yaml or .yml is a file of groups.
    """
    groups: dict[str, GroupSpec] = {}
    for part in text.split(",") if text else ():
        if part.strip().endswith(EXTENSIONS):
            _add(groups, read_groups(Path(part.strip())), text)
            continue
        column, colon, edges = part.strip().rpartition(":")
        if edges in KINDS and column:
            _add(groups, {column: GroupSpec(column=column, as_=edges)}, text)  # type: ignore[arg-type]  # one of KINDS
            continue
        if column and math.isfinite(_number(edges)):
            edges = f"-inf/{edges}/inf"  # one cut: below it, and from it on
        column, colon, edges = (column, colon, edges) if "/" in part + edges else (part.strip(), "", "")
        if not column or (colon and not edges):
            message = f"groups '{text}' has an empty name; write columns as sex,race,age:0/25/40/60/120"
            raise UsageError(message)
        _add(groups, {column: GroupSpec(column=column, bins=_edges(part, edges) if colon else None)}, text)
    return groups


def group_files(text: str) -> tuple[str, ...]:
    """Return the files of groups that such a text names."""
    return tuple(part.strip() for part in text.split(",") if part.strip().endswith(EXTENSIONS))


def _add(groups: dict[str, GroupSpec], more: Mapping[str, GroupSpec], text: str) -> None:
    """Add groups to those there are; raise UsageError for a name that is there already."""
    for name in more:
        if name in groups:
            message = f"groups '{text}' names '{name}' twice"
            raise UsageError(message)
    groups.update(more)


def _edges(part: str, text: str) -> tuple[float | str, ...]:
    """Return the bin edges written as 0/25/40, or as 2020-01-31/2021-01-31."""
    edges = tuple(
        edge.strip() if _DATE.fullmatch(edge.strip()) else _number(edge) for edge in text.split("/")
    )
    if any(isinstance(edge, float) and math.isnan(edge) for edge in edges):
        message = (
            f"'{part.strip()}' has a bin edge that is neither a number nor a date; write age:0/25/40/60/120"
        )
        raise UsageError(message)
    return edges


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan
