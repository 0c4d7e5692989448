"""The files that a run writes: sorted, held against what it reads and against each other, before anything runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditkit.cli.tables import sort_outputs
from auditkit.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from auditkit.running.plan import Plan


@dataclass(frozen=True, kw_only=True)
class Output:
    """Where results go: standard output as text or JSON, and files by extension."""

    files: tuple[Path, ...] = ()
    as_recipe: Path | None = None
    save_groups: Path | None = None
    overwrite: bool = False
    as_json: bool = False
    exit_zero: bool = False
    fail_on_warn: bool = False
    quiet: bool = False
    keep: bool = True
    resume: bool = False
    redact: bool = False


@dataclass(frozen=True, kw_only=True)
class Places:
    """Where each thing goes: reports, tables with the step that makes them, the recipe, the groups found."""

    reports: tuple[Path, ...]
    tables: tuple[tuple[Path, str], ...] = ()
    recipe: Path | None = None
    groups: Path | None = None
    by_steps: tuple[Path, ...] = ()

    @property
    def files(self) -> tuple[Path, ...]:
        """All of them but those that steps write."""
        yaml = tuple(path for path in (self.recipe, self.groups) if path is not None)
        return (*self.reports, *(path for path, _ in self.tables), *yaml)


def places_of(output: Output, plan: Plan) -> Places:
    """Return where each output goes, or raise UsageError for one that cannot or may not be written."""
    from auditkit.recipe.groups import EXTENSIONS
    from auditkit.running.plan import files_written

    reports, tables = sort_outputs(output.files, plan)
    for path, what in ((output.as_recipe, "the recipe"), (output.save_groups, "groups")):
        if path is not None and path.suffix not in EXTENSIONS:
            message = f"cannot save {what} as {path}: the name must end in .yaml or .yml"
            raise UsageError(message)
    places = Places(
        reports=reports,
        tables=tables,
        recipe=output.as_recipe,
        groups=output.save_groups,
        by_steps=tuple(files_written(plan)),
    )
    check_places(places, plan)
    return places


def check_places(places: Places, plan: Plan) -> None:
    """Raise UsageError for an output that is an input, the same as another, or a file of the user's."""
    from auditkit.running.plan import files_read
    from auditkit.store.outputs import check_outputs

    read, leave = files_read(plan), plan.consent.overwrite
    check_outputs(places.files, inputs=read, overwrite=leave, made=places.by_steps)
