"""Scalars of YAML 1.2's core schema, for reading and for writing: 030 is thirty, 1:30:00 and 2020-01-01 are text.

PyYAML knows YAML 1.1, where 030 is 24, 1:30:00 is 5400, 95e-2 is text and `no` is false.
"""

from __future__ import annotations

import math
import re
from typing import Any

import yaml

from auditkit.values.shown.hidden import MARKS

_CORE = "tag:yaml.org,2002:"
_NULL = re.compile(r"~|null|Null|NULL|")
_BOOL = re.compile(r"true|True|TRUE|false|False|FALSE")
_INT = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(
    r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
)
_FORMS = (("null", _NULL), ("bool", _BOOL), ("int", _INT), ("float", _FLOAT))
"""In this order: every whole number also has the form of a float (YAML 1.2.2, 10.3.2)."""
_LARGEST = 2**63
"""Whole numbers lie below it, as those of every table do."""


class CoreLoader(yaml.SafeLoader):
    """Composes nodes that are tagged by the core schema."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012  the way PyYAML declares it


class PlainDumper(yaml.SafeDumper):
    """Writes what readers of YAML 1.1 and of 1.2 read alike: text that either takes for a number is quoted."""

    yaml_implicit_resolvers: dict[str, Any] = {  # noqa: RUF012
        first: list(forms) for first, forms in yaml.SafeDumper.yaml_implicit_resolvers.items()
    }


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    """Write text with marks that hide or reorder others in double quotes, where they may be escapes."""
    return dumper.represent_scalar(f"{_CORE}str", text, style='"' if MARKS.search(text) else None)


PlainDumper.add_representer(str, _text)
for _name, _form in _FORMS:
    _whole = re.compile(f"(?:{_form.pattern})$")
    CoreLoader.add_implicit_resolver(f"{_CORE}{_name}", _whole, None)
    PlainDumper.add_implicit_resolver(f"{_CORE}{_name}", _whole, None)


def scalar(name: str, text: str) -> Any:
    """Return the value of a scalar that has this tag of the core schema, such as int.

    Raises ValueError, in words that end a sentence, for text without the tag's form, and for a number past any use.
    """
    match name:
        case "str":
            if any("\ud800" <= mark <= "\udfff" for mark in text):
                message = "half of a surrogate pair is no text"
                raise ValueError(message)
            return text
        case "null" if _NULL.fullmatch(text):
            return None
        case "bool" if _BOOL.fullmatch(text):
            return text.lower() == "true"
        case "int" if _INT.fullmatch(text):
            return _whole_number(text)
        case "float" if _FLOAT.fullmatch(text):
            return _float(text)
        case "null" | "bool" | "int" | "float":
            message = f"'{text:.40}' is no {name}"
            raise ValueError(message)
    message = f"tag '{name}' is not allowed"
    raise ValueError(message)


def _whole_number(text: str) -> int:
    base = {"0o": 8, "0x": 16}.get(text[:2], 10)
    number = int(text, base) if len(text) < 70 else _LARGEST
    if not -_LARGEST <= number < _LARGEST:
        message = f"{text:.40} is too large a number"
        raise ValueError(message)
    return number


def _float(text: str) -> float:
    number = float(re.sub(r"\.(?=(?:inf|nan)$)", "", text.lower()))
    if math.isinf(number) and "i" not in text.lower():
        message = f"{text:.40} is too large a number"
        raise ValueError(message)
    return number


def yaml_text(document: Any) -> str:
    """Return plain data as YAML that `parse_document`, and any reader of YAML 1.1 or 1.2, reads back as it was."""
    text = yaml.dump(document, Dumper=PlainDumper, sort_keys=False, allow_unicode=True, width=100_000)
    return text if text.isascii() else MARKS.sub(_escaped, text)


def _escaped(found: re.Match[str]) -> str:
    return f"\\U{ord(found[0]):08x}"
