"""The files that a run writes: sorted, held against what it reads and against each other, before anything runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditkit.cli.reports import STDOUT, named_by
from auditkit.cli.tables import refuse_redacted, sort_outputs
from auditkit.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from auditkit.plugins.host import Host
    from auditkit.running.plan import Plan
    from auditkit.running.workers.mapped import Backend


@dataclass(frozen=True, kw_only=True)
class Output:
    """Where results go: standard output as text or JSON, and files by extension."""

    files: tuple[Path, ...] = ()
    form: str | None = None
    """The format of files whose name does not say it, and of standard output."""
    as_recipe: Path | None = None
    save_groups: Path | None = None
    overwrite: bool = False
    as_json: bool = False
    exit_zero: bool = False
    fail_on_warn: bool = False
    quiet: bool = False
    verbose: bool = False
    keep: bool = True
    printed: bool = True
    """Whether standard output shows the report."""
    resume: bool = False
    redact: bool = False
    jobs: int | None = None
    backend: Backend = "loky"


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
        reports = tuple(path for path in self.reports if path != STDOUT)
        return (*reports, *(path for path, _ in self.tables), *yaml)


def places_of(output: Output, plan: Plan) -> Places:
    """Return where each output goes, or raise UsageError for one that cannot or may not be written."""
    from auditkit.recipe.groups import EXTENSIONS
    from auditkit.running.plan import files_written

    if output.redact and plan.recipe.stats.show_rows:
        message = (
            "--redact leaves out rows of single persons, and --show-rows asks for them; give one of the two"
        )
        raise UsageError(message)
    check_format(output, plan.host)
    reports, tables = sort_outputs(output.files, plan, output.form)
    if output.redact:
        refuse_redacted(tables, plan)
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
    from auditkit.store.outputs import GROUPS, RECIPE, check_outputs

    named = ((places.recipe, RECIPE), (places.groups, GROUPS))
    check_outputs(
        places.files,
        inputs=files_read(plan),
        overwrite=plan.consent.overwrite,
        made=places.by_steps,
        kinds={path: kind for path, kind in named if path is not None},
    )


def check_format(output: Output, host: Host) -> None:
    """Raise UsageError for a --format that no output needs, and for two things that standard output should be.

    A name may say the same as --format: runners call their summary as they like.
    """
    if output.form is not None and not any(_is_written_as(output.form, path, host) for path in output.files):
        message = f"--format {output.form} says how to write an output whose name does not: -o - --format {output.form}"
        raise UsageError(message)
    if STDOUT in output.files and (output.as_json or output.quiet or output.verbose):
        message = "-o - writes standard output, and so do --json, -q and -v; give one of them"
        raise UsageError(message)


def _is_written_as(form: str, path: Path, host: Host) -> bool:
    """Whether an output is in this format, by its name, or because its name says nothing."""
    named = named_by(path, host)
    return named.name == form if named is not None else path == STDOUT or not path.suffix
