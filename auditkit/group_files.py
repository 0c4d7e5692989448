"""Groups in a file of their own: mined once, named, and audited on new data ever after."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from auditkit.document import read_document
from auditkit.errors import UsageError
from auditkit.validation import validate

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from auditkit.report import GroupEntry, Report
    from auditkit.spec import GroupSpec

EXTENSIONS = (".yaml", ".yml")


def read_groups(path: Path) -> dict[str, GroupSpec]:
    """Return the groups of a file, by name, or raise RecipeError that points into it."""
    from auditkit.spec import GroupFile

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
            key: list(value) if isinstance(value, tuple) else value
            for key, value in asdict(group).items()
            if value is not None
        }
        for name, group in groups.items()
    }


def saved_groups(report: Report) -> tuple[GroupEntry, ...]:
    """Return the groups that the run found and did not fail to confirm."""
    return tuple(entry for entry in report.groups if entry.step and entry.confirmed is not False)


def groups_text(report: Report) -> str:
    """Return the YAML of the groups that a run found."""
    import yaml

    entries = {entry.name: {"where": entry.expression, "rule": entry.rule} for entry in saved_groups(report)}
    source = " ".join(str(report.subject.get("source", "a table")).split())
    head = f"# Groups that auditkit found in {source}: for --groups, and for the groups of a recipe\n"
    document = {"version": 1, "groups": entries}
    return head + yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=100_000)


def check_extension(path: Path) -> None:
    """Raise UsageError unless the name is one by which --groups knows a file of groups."""
    if path.suffix not in EXTENSIONS:
        message = (
            f"cannot save groups as {path}: the name must end in .yaml or .yml, so that --groups reads it"
        )
        raise UsageError(message)
