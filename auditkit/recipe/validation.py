"""Turns plain data into frozen dataclasses, or says what is wrong, where, and the nearest right word."""

from __future__ import annotations

import json
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from auditkit.errors import nearest

if TYPE_CHECKING:
    from pydantic import TypeAdapter

    from auditkit.recipe.document import Document, Place

T = TypeVar("T")


def validate(kind: type[T], document: Document, *, place: Place = ()) -> T:
    """Return `kind` made from the data at a place, or raise RecipeError that points into the file.

    Types are strict: text is not a number, and true is not 1. An unknown key is refused with the nearest
    known one. A field whose name ends in `_` is written without it.
    """
    value = document.value
    for part in place:
        value = value[part]
    renamed = _refuse_unknown(kind, value, document, place)
    from pydantic import ValidationError

    try:
        text = json.dumps(renamed, allow_nan=False)
    except ValueError as error:
        raise document.error(place, "infinity and NaN are not allowed") from error
    try:
        return cast("T", _adapter(cast("Any", kind)).validate_json(text, strict=True))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        inner = tuple(p.rstrip("_") if isinstance(p, str) else p for p in first["loc"])
        where = (*place, *_known_part(inner, value))
        label = ".".join(str(part) for part in where)
        raise document.error(where, f"{label}: {_sentence(first)}") from error


@lru_cache(maxsize=64)
def _adapter(kind: Any) -> TypeAdapter[Any]:
    from pydantic import TypeAdapter

    return TypeAdapter(kind)


def _known_part(inner: Place, value: Any) -> Place:
    """Drop the tail of pydantic's location that names branches of unions instead of keys."""
    known: list[str | int] = []
    for part in inner:
        try:
            value = value[part]
        except (KeyError, IndexError, TypeError):
            if isinstance(value, Mapping) and not known and isinstance(part, str):
                known.append(part)
            break
        known.append(part)
    return tuple(known)


def _sentence(error: Mapping[str, Any]) -> str:
    match error["type"]:
        case "missing" | "missing_argument" | "missing_keyword_only_argument":
            return f"'{str(error['loc'][-1]).rstrip('_')}' is required"
        case "dataclass_type" | "dict_type":
            return f"expected keys and values, got {error['input']!r:.60}"
        case "literal_error":
            text = str(error["msg"]).replace("Input should be", "must be")
            known = error["ctx"]["expected"].replace(" or ", ", ").replace("'", "").split(", ")
            hint = nearest(str(error["input"]), known) if isinstance(error["input"], str) else ""
            return f"{text}, got {error['input']!r:.60}{hint if 'did you' in hint else ''}"
        case _:
            text = str(error["msg"]).replace("Input should be", "must be")
            return f"{text[0].lower()}{text[1:]}, got {error['input']!r:.60}"


def _refuse_unknown(hint: Any, value: Any, document: Document, place: Place) -> Any:
    """Return the data with fields' Python names; raise at the first key that no dataclass declares."""
    hint = _dataclass_in(hint)
    origin, inner = get_origin(hint), get_args(hint)
    if isinstance(value, dict) and is_dataclass(hint) and isinstance(hint, type):
        hints = get_type_hints(hint, include_extras=True)
        names = {f.name.rstrip("_"): f.name for f in fields(hint)}
        for key in value:
            if key not in names:
                where = ".".join(str(part) for part in place)
                message = f"unknown key '{key}'{f' in {where}' if where else ''}{nearest(key, names)}"
                raise document.error((*place, key), message)
        return {
            names[key]: _refuse_unknown(hints[names[key]], item, document, (*place, key))
            for key, item in value.items()
        }
    if isinstance(value, list) and origin is tuple and inner:
        return [_refuse_unknown(inner[0], item, document, (*place, i)) for i, item in enumerate(value)]
    if isinstance(value, dict) and origin is Mapping and len(inner) == 2:
        return {key: _refuse_unknown(inner[1], item, document, (*place, key)) for key, item in value.items()}
    return value


def _dataclass_in(hint: Any) -> Any:
    """Strip Annotated, and pick the one container or dataclass out of a union with None."""
    if get_origin(hint) is Annotated:
        return _dataclass_in(get_args(hint)[0])
    if get_origin(hint) in {Union, types.UnionType}:
        rest = [item for item in get_args(hint) if item is not type(None)]
        return _dataclass_in(rest[0]) if len(rest) == 1 else hint
    return hint
