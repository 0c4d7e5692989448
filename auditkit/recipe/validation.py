"""Turns plain data into frozen dataclasses, or says what is wrong, where, and the nearest right word."""

from __future__ import annotations

import json
import math
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from auditkit.errors import nearest
from auditkit.spec.consent import ONLY_SAID
from auditkit.spec.declared import OpenEnded

if TYPE_CHECKING:
    from pydantic import TypeAdapter

    from auditkit.recipe.document import Document, Place

T = TypeVar("T")


def validate(kind: type[T], document: Document, *, place: Place = ()) -> T:
    """Return `kind` made from the data at a place, or raise RecipeError that points into the file.

    Types are strict: text is not a number, and true is not 1; numbers are finite unless the field is OpenEnded. An
    unknown key is refused with the nearest known one. A field whose name ends in `_` is written without it.
    """
    value = document.value
    for part in place:
        value = value[part]
    renamed = _with_python_names(kind, value, document, place)
    from pydantic import ValidationError

    try:
        return cast("T", _adapter(cast("Any", kind)).validate_json(json.dumps(renamed), strict=True))
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


def _with_python_names(
    hint: Any, value: Any, document: Document, place: Place, *, open_ended: bool = False
) -> Any:
    """Return the data with fields' Python names; raise at the first key, number or text that no field can take."""
    open_ended = open_ended or any(isinstance(note, OpenEnded) for note in getattr(hint, "__metadata__", ()))
    hint = _dataclass_in(hint)
    origin, inner = get_origin(hint), get_args(hint)
    match value:
        case dict() if is_dataclass(hint) and isinstance(hint, type):
            hints = get_type_hints(hint, include_extras=True)
            names = _known_keys(hint, value, document, place)
            return {
                names[key]: _with_python_names(hints[names[key]], item, document, (*place, key))
                for key, item in value.items()
            }
        case dict():
            of_each: Any = inner[1] if origin is Mapping and len(inner) == 2 else Any
            return {
                key: _with_python_names(of_each, item, document, (*place, key)) for key, item in value.items()
            }
        case list():
            of_each = inner[0] if origin is tuple and inner else Any
            return [
                _with_python_names(of_each, item, document, (*place, i), open_ended=open_ended)
                for i, item in enumerate(value)
            ]
        case float() if math.isnan(value) or (math.isinf(value) and not open_ended):
            raise document.error(place, f"{_label(place)}must be a finite number, got {value}")
        case str() if any("\ud800" <= mark <= "\udfff" for mark in value):
            shown = value.encode("utf-8", "backslashreplace").decode()
            raise document.error(place, f"{_label(place)}'{shown:.60}' is not UTF-8 text")
        case _:
            return value


def _known_keys(
    kind: type[Any], value: Mapping[str, Any], document: Document, place: Place
) -> dict[str, str]:
    """Return the Python name of each field by the key that users write; raise at a key that is none."""
    names = {f.name.rstrip("_"): f.name for f in fields(kind)}
    for key in value:
        if key not in names:
            where = ".".join(str(part) for part in place)
            if (option := key.replace("-", "_")) in ONLY_SAID:
                message = f"{_label((*place, key))}only the command line says --{option.replace('_', '-')}, no recipe"
                raise document.error((*place, key), message)
            message = f"unknown key '{key}'{f' in {where}' if where else ''}{nearest(key, names)}"
            raise document.error((*place, key), message)
    return names


def _label(place: Place) -> str:
    """Return the key that an error is about, as the start of its sentence."""
    return f"{'.'.join(str(part) for part in place)}: " if place else ""


def _dataclass_in(hint: Any) -> Any:
    """Strip Annotated, and pick the one container or dataclass out of a union with None."""
    if get_origin(hint) is Annotated:
        return _dataclass_in(get_args(hint)[0])
    if get_origin(hint) in {Union, types.UnionType}:
        rest = [item for item in get_args(hint) if item is not type(None)]
        return _dataclass_in(rest[0]) if len(rest) == 1 else hint
    return hint
