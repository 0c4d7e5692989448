"""What a recipe cannot allow itself: code to run and files out of its reach, refused at their line before either."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Protocol

from auditkit.data.engines.places import place_of
from auditkit.data.models import code_of_model, why_refused
from auditkit.data.paths import kind_of
from auditkit.data.reach import why_out_of_reach
from auditkit.data.sources import is_column_file, loader_of_scheme
from auditkit.errors import AuditkitError
from auditkit.recipe.waivers import waivers_beside
from auditkit.running.reach.parameter_files import file_fields, folders_of, marked_fields
from auditkit.spec.consent import texts_in
from auditkit.spec.declared import NamesCode

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from auditkit.plugins.host import Host
    from auditkit.recipe.document import Document, Place
    from auditkit.spec.consent import Consent
    from auditkit.spec.recipe import Recipe

COLUMN_OR_FILE = ("pred", "score", "versus", "embeddings", "images")


class Asked(Protocol):
    """Of a plan, what it was asked to do and by whose leave; its steps have a `spec` and the parameters `given`."""

    @property
    def recipe(self) -> Recipe: ...  # noqa: D102
    @property
    def steps(self) -> tuple[Any, ...]: ...  # noqa: D102
    @property
    def host(self) -> Host: ...  # noqa: D102
    @property
    def folder(self) -> Path: ...  # noqa: D102
    @property
    def consent(self) -> Consent: ...  # noqa: D102


def check_consent(plan: Asked, document: Document) -> None:
    """Raise RecipeError, at its line, for a file out of the recipe's reach and for code that nobody agreed to."""
    for place, name, path in _files(plan):
        if problem := why_out_of_reach(name, path, folder=plan.folder, consent=plan.consent):
            raise document.error(place, f"{'.'.join(map(str, place))}: {problem}")
    for field, model in _models(plan):
        if problem := _refused_model(model, plan):
            raise document.error(("data", field), f"data.{field}: {problem}")
    for place, name in _code_of_steps(plan):
        if not plan.consent.code(name):
            label = ".".join(map(str, place))
            problem = f"'{name}' is code to run: --allow-code, if you trust who wrote the recipe"
            raise document.error(place, f"{label}: {problem}")


def check_waivers(plan: Asked, document: Document) -> None:
    """Raise RecipeError where the waivers beside a recipe are a link out of its reach: an error may show their text."""
    path = waivers_beside(plan.folder)
    if problem := why_out_of_reach(path.name, path, folder=plan.folder, consent=plan.consent):
        raise document.error((), f"the waivers beside it: {problem}")


def check_images(plan: Asked, document: Document, images: Sequence[Path]) -> None:
    """Raise RecipeError for images that a recipe's table names out of its reach, wherever links lead."""
    data, consent = plan.recipe.data, plan.consent
    if consent.allow_outside or data.path in consent.said or loader_of_scheme(data.path, plan.host.loaders):
        return
    parents = {path.parent for path in images}
    for path in (*parents, *(path for path in images if path.is_symlink())):
        if problem := why_out_of_reach(str(path), path, folder=plan.folder, consent=consent):
            raise document.error(("data", "images"), f"data.images: {problem}")


def consented(plan: Asked) -> dict[str, list[str]]:
    """Return the options that allowed this run what its recipe could not, and the code that it could import."""
    code = [name for _, name in _code_of_steps(plan)]
    for _, name in _models(plan):
        code += code_of_model(name, readers=plan.host.models, folder=plan.folder)
    return {"options": list(plan.consent.options), "code": list(dict.fromkeys(code))}


def _models(plan: Asked) -> Iterator[tuple[str, str]]:
    """Yield each field of the data that names a model, or may, with that name."""
    for field in ("model", "versus"):
        name = getattr(plan.recipe.data, field)
        if name is not None and not (field == "versus" and loader_of_scheme(name, plan.host.loaders)):
            yield field, name


def _refused_model(name: str, plan: Asked) -> str:
    return why_refused(name, readers=plan.host.models, folder=plan.folder, consent=plan.consent)


def _code_of_steps(plan: Asked) -> Iterator[tuple[Place, str]]:
    """Yield each code that the steps' parameters name, and its place in the recipe."""
    for i, planned in _placed(plan):
        for field, _ in marked_fields(planned.given, NamesCode):
            for name in texts_in(getattr(planned.given, field)):
                if ":" in name:
                    yield ("steps", i, "with", field.rstrip("_")), name


def _files(plan: Asked) -> Iterator[tuple[Place, str, Path]]:
    """Yield each path that the recipe names: its place, its name and where it leads."""
    yield from _files_of_data(plan)
    yield from _files_of_steps(plan)
    ids = {planned.spec.id for planned in plan.steps}
    for i, name in enumerate(plan.recipe.reports):
        step, _, file = name.partition("=")
        yield ("reports", i), name, plan.folder / (file if step in ids else name)


def _files_of_data(plan: Asked) -> Iterator[tuple[Place, str, Path]]:
    """Yield what the data name: the table, predictions, arrays, the model."""
    data, folder = plan.recipe.data, plan.folder
    loader = loader_of_scheme(data.path, plan.host.loaders)
    if loader is None and data.path not in plan.host.datasets:
        yield ("data", "path"), data.path, folder / data.file
        yield from ((("data", "path"), data.path, file) for file in _led_to(plan))
    elif loader is not None and loader.local:
        yield ("data", "path"), data.path, folder / data.path.removeprefix(f"{loader.scheme}:")
    for field in (*COLUMN_OR_FILE, "model"):
        name = getattr(data, field)
        # A column may be called anything, also like a path to nothing.
        if name is not None and (is_column_file(name) or kind_of(folder / name) != "nothing"):
            yield ("data", field), name, folder / name
        elif name is not None and field == "model" and not _is_code(name, plan):
            yield ("data", field), name, folder / name  # what is beside it would be told as known


def _led_to(plan: Asked) -> Iterator[Path]:
    """Yield the folders of what a pattern finds for an engine, and the links among its files: they may lead away."""
    data = plan.recipe.data
    if data.engine is None or data.scheme is not None:
        return
    with suppress(AuditkitError):  # what is not there is told where it is read
        files = place_of(data, plan.folder).files
        yield from {file.parent for file in files}
        yield from (file for file in files if file.is_symlink())


def _is_code(name: str, plan: Asked) -> bool:
    return bool(code_of_model(name, readers=plan.host.models, folder=plan.folder))


def _files_of_steps(plan: Asked) -> Iterator[tuple[Place, str, Path]]:
    """Yield what the steps' parameters name, to read and to write."""
    for i, planned in _placed(plan):
        for field in file_fields(planned.given):
            for name in texts_in(getattr(planned.given, field)):
                yield ("steps", i, "with", field.rstrip("_")), name, plan.folder / name
        for field, files in folders_of(planned.given).items():
            for file in files:
                yield ("steps", i, "with", field.rstrip("_")), getattr(planned.given, field), file


def _placed(plan: Asked) -> Iterator[tuple[int, Any]]:
    """Yield each planned step with its place among the recipe's steps."""
    by_id = {planned.spec.id: planned for planned in plan.steps}
    for i, spec in enumerate(plan.recipe.steps):
        if spec.id in by_id:
            yield i, by_id[spec.id]
