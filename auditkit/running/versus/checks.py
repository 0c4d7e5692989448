"""What must hold before anything is compared: a step that compares, and none that needs rows where a run has none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from auditkit.data.sources import loader_of_scheme
from auditkit.errors import UsageError
from auditkit.running.reach.inputs import of_file
from auditkit.running.versus.read import versus_file
from auditkit.running.versus.stored import LAST, stored_run

if TYPE_CHECKING:
    from collections.abc import Container, Iterable
    from pathlib import Path

    from auditkit.plugins.host import Host
    from auditkit.recipe.document import Document
    from auditkit.spec.data import DataSpec
    from auditkit.spec.recipe import Recipe
    from auditkit.step.step import Step


def check_read(recipe: Recipe, host: Host, document: Document) -> None:
    """Raise RecipeError, at its line, for something to compare with that no step compares with."""
    uses = {spec.use for spec in recipe.steps}
    known = [host.steps[use] for use in uses if use in host.steps]
    if recipe.data.versus is not None and not any(step.reads_versus for step in known):
        message = (
            "data.versus: no step of this run says what changed; add one with use: diff, or leave it out"
        )
        raise document.error(("data", "versus"), message)


def run_in_place(name: str, host: Host, *, folder: Path, steps: Iterable[Step[Any]]) -> Path | None:
    """Return the report of a stored run that stands in the place of the data; None where the data are data.

    Raises UsageError for a step that needs rows.
    """
    if name in host.datasets or loader_of_scheme(name, host.loaders):
        return None
    file = stored_run(name, folder)
    for step in () if file is None else steps:
        if not step.reads_versus:
            message = f"{name} is a stored run, which has no rows: {step.name} needs data; diff compares runs"
            raise UsageError(message)
    return file


def hash_to_pin(data: DataSpec, *, columns: Container[str], folder: Path) -> str | None:
    """Return the hash of what the data are compared with, where a file that stays holds it."""
    accepted = versus_file(data, folder)
    if accepted is None or data.versus == LAST or data.versus in columns:
        return None
    return of_file(accepted).sha256
