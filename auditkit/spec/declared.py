"""Fields as users meet them: `Annotated[type, Doc("..."), bounds] = default`, read once for every use."""

from __future__ import annotations

import types
from dataclasses import MISSING, Field, dataclass, fields
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from annotated_doc import Doc


@dataclass(frozen=True)
class InputFile:
    """Marks a parameter, or each item of a tuple, that names a file: `Annotated[str | None, InputFile(), Doc("...")]`.

    Relative names start at the recipe's folder; the step receives a path that exists, and provenance has its hash.
    `held` is how many bytes the step takes for each number of an .npy file, besides the file, which is mapped: one that
    would not fit is refused before anything is read.
    """

    held: int = 0


@dataclass(frozen=True)
class NamesCode:
    """Marks a parameter that may name code to import, as module:object: `Annotated[str, NamesCode(), Doc("...")]`.

    Code that a recipe names is refused before anything is imported, unless the one who starts the run allowed it.
    """


@dataclass(frozen=True)
class OutputFolder:
    """Marks a parameter that names a folder to write into: `Annotated[str | None, OutputFolder(("a.json",)), Doc("")]`.

    `files` are the names in it that the step gives to `Context.write`; before anything runs, none may be a file of the
    user's. Relative names start at the working folder.
    """

    files: tuple[str, ...]


@dataclass(frozen=True)
class OpenEnded:
    """Marks a field whose numbers may be infinite: `Annotated[tuple[float, ...], OpenEnded(), Doc("...")]`."""


@dataclass(frozen=True)
class Parameter:
    """One declared field: its name as users write it, bare type, default, one line of help, bounds."""

    name: str
    type: Any
    default: Any
    help: str
    bounds: tuple[Any, ...]


def bare_type(hint: Any) -> Any:
    """Return the one type in a union with None; of several, text, which can say any of them."""
    if get_origin(hint) in {Union, types.UnionType}:
        rest = [item for item in get_args(hint) if item is not type(None)]
        return rest[0] if len(rest) == 1 else str
    return hint


def parameters(kind: type[Any]) -> list[Parameter]:
    """Return the declared fields of a Params dataclass, in order."""
    return list(_parameters(kind))  # type: ignore[arg-type]  # mypy knows no class that is hashable


@cache
def _parameters(kind: type[Any]) -> tuple[Parameter, ...]:
    """Return the same, looked up once: a recipe of thousands of groups asks as often."""
    hints = get_type_hints(kind, include_extras=True)
    return tuple(_parameter(f, hints[f.name]) for f in fields(kind))


def _parameter(declared: Field[Any], hint: Any) -> Parameter:
    bare, *notes = get_args(hint) if get_origin(hint) is Annotated else (hint,)
    default = declared.default
    if default is MISSING and declared.default_factory is not MISSING:
        default = declared.default_factory()
    documentation = next((note.documentation for note in notes if isinstance(note, Doc)), "")
    bounds = tuple(note for note in notes if not isinstance(note, Doc))
    return Parameter(declared.name.rstrip("_"), bare, default, documentation, bounds)
