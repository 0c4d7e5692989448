"""A report as a JSON document. The run store keeps this; `--json` prints it.

Keys come in a fixed order. Numbers are finite: a value or a bound that is not finite is an error, and one in
an open mapping (details, params, recipe, subject, provenance) is written as the text "inf", "-inf" or "nan".
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from auditkit.values.exit_code import ExitCode
from auditkit.values.finding import Finding

if TYPE_CHECKING:
    from auditkit.values.report import Report

FINDING_KEYS = (
    "step",
    "metric",
    "value",
    "interval",
    "n",
    "group",
    "compare",
    "stage",
    "unit",
    "direction",
    "signed",
    "reason",
    "rows_needed",
    "left_out",
    "details",
)
REPORT_KEYS = (
    "schema_version",
    "name",
    "verdict",
    "exit_code",
    "finished",
    "failure",
    "answers",
    "findings",
    "groups",
    "gates",
    "waivers",
    "skipped",
    "notes",
    "tables",
    "charts",
    "subject",
    "steps",
    "recipe",
    "provenance",
)
_AS_IT_IS = frozenset({type(None), bool, int})
OPEN = frozenset({"details", "left_out", "params", "recipe", "subject", "provenance"})
"""Fields below which anything JSON-like may follow."""


def to_dict(report: Report, *, findings: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """Return the report as dicts, lists, text and finite numbers, ready for `json.dumps(allow_nan=False)`.

    Raises ValueError if a value, bound or count is not finite, and TypeError if a mapping holds something
    that JSON has no word for; both name the place. Either is a defect of the step that made it. `findings` takes the
    place of the report's, by who has written them.
    """
    known = {"finished": report.failure is None} | ({} if findings is None else {"findings": findings})
    return {
        key: known[key] if key in known else field_document(key, getattr(report, key), key)
        for key in REPORT_KEYS
    }


def gates_document(report: Report) -> dict[str, Any]:
    """Return the recipe and the gates as they stand in the document."""
    return {name: field_document(name, getattr(report, name), name) for name in ("recipe", "gates")}


def field_document(name: str, value: Any, path: str) -> Any:
    """Write one declared field; below an open mapping anything JSON-like may follow."""
    if name in OPEN:
        return plain(value, path)
    if names := _names(type(value)):  # type: ignore[arg-type]  # a class is hashable
        return {
            item: part
            if _is_plain(part := getattr(value, item))
            else field_document(item, part, f"{path}.{item}")
            for item in names
        }
    if isinstance(value, tuple):
        return [field_document("", item, f"{path}[{index}]") for index, item in enumerate(value)]
    written = plain(value, path)
    if isinstance(written, str) and _is_number(value):
        message = f"{path} is {written}: a report holds only finite numbers, or no value and a reason"
        raise ValueError(message)
    return written


@cache
def _names(kind: type) -> tuple[str, ...]:
    """Return the fields of a dataclass in the order in which they are written, none for another type."""
    if not is_dataclass(kind):
        return ()
    return FINDING_KEYS if issubclass(kind, Finding) else tuple(item.name for item in fields(kind))


def _is_number(value: Any) -> bool:
    return not isinstance(value, str) and hasattr(value, "__float__")


def _is_plain(value: Any) -> bool:
    """Whether JSON has this very value, as it has nearly every one of a report: no path is built for it."""
    kind = type(value)
    return kind in _AS_IT_IS or (kind is str and value.isascii()) or (kind is float and math.isfinite(value))


def plain(value: Any, path: str) -> Any:
    """Return the nearest JSON value; numpy is known by its `tolist`, so that it need not be loaded."""
    if _is_plain(value):
        return value
    match value:
        case None | bool():
            return value
        case str():
            # A file name that is not UTF-8 arrives with lone surrogates, which no UTF-8 file can hold.
            return value.encode("utf-8", "backslashreplace").decode()
        case ExitCode():
            return int(value)
        case int() if type(value) is int:
            return value
        case float() if type(value) is float:
            return value if math.isfinite(value) else str(value)
        case Mapping():
            return {
                str(plain(key, path)): item if _is_plain(item) else plain(item, f"{path}.{key}")
                for key, item in value.items()
            }
        case list() | tuple():
            return [plain(item, f"{path}[{index}]") for index, item in enumerate(value)]
        case set() | frozenset():
            return sorted((plain(item, path) for item in value), key=str)
    return _foreign(value, path)


def _foreign(value: Any, path: str) -> Any:
    """Return numpy, date, path and dataclass values as JSON values, or raise TypeError."""
    if hasattr(value, "tolist"):
        return plain(value.tolist(), path)
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    if hasattr(value, "__fspath__"):
        return plain(str(value), path)
    if is_dataclass(value) and not isinstance(value, type):
        return {item.name: plain(getattr(value, item.name), f"{path}.{item.name}") for item in fields(value)}
    message = f"{path} holds a {type(value).__name__}, which JSON has no word for"
    raise TypeError(message)
