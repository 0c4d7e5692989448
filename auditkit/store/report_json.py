"""A report as a JSON document and back. The run store keeps this; `--json` prints it.

Keys come in a fixed order. Numbers are finite: a value or a bound that is not finite is an error, and one in
an open mapping (details, params, recipe, subject, provenance) is written as the text "inf", "-inf" or "nan".
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, get_args

from auditkit.errors import DataError
from auditkit.store.typed import UNSURE, need_type, surely
from auditkit.values.compare import Compare, Direction
from auditkit.values.exit_code import ExitCode, Failure
from auditkit.values.finding import Finding, Interval
from auditkit.values.gate import Accepted as Undecided
from auditkit.values.gate import (
    GateComparison,
    GateResult,
    Judged,
    Outcome,
    Verdict,
    outcome_of,
    verdict_of,
)
from auditkit.values.metric import Metric
from auditkit.values.report import SCHEMA_VERSION, Accepted, GroupEntry, Report, Skipped, StepEntry
from auditkit.values.shown.answer import Answer, Sure
from auditkit.values.shown.exhibit import Chart, Layer, MarkKind, Table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_T = TypeVar("_T")

_FINDING_KEYS = (
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
_REPORT_KEYS = (
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
_LISTS: dict[str, type[Any]] = {
    "answers": Answer,
    "findings": Finding,
    "groups": GroupEntry,
    "gates": GateResult,
    "comparisons": GateComparison,
    "waivers": Accepted,
    "skipped": Skipped,
    "steps": StepEntry,
    "metrics": Metric,
    "tables": Table,
    "charts": Chart,
    "layers": Layer,
}
_PARTS: dict[str, type[Any]] = {"interval": Interval, "failure": Failure}
_CHOICES: dict[str, tuple[Any, ...]] = {
    "verdict": get_args(Verdict),
    "outcome": (*get_args(Outcome), *get_args(Judged)),
    "insufficient": get_args(Undecided),
    "absent": get_args(Undecided),
    "state": ("used", "expired", "lapsed", "unused", "waiting"),
    "compare": get_args(Compare),
    "direction": get_args(Direction),
    "sure": get_args(Sure),
    "kind": ("finder", "audit", "repair", *get_args(MarkKind)),
    "exit_code": tuple(int(code) for code in ExitCode),
}
_SERIES = frozenset(
    {"also", "basis", "compares", "notes", "columns", "rows", "x", "y", "texts", "low", "high"}
)
"""Series, where the value is a list: an interval's ends are numbers, and an answer's basis is text."""
VERDICTS = frozenset({ExitCode.OK, ExitCode.GATE_FAILED, ExitCode.UNDECIDED})
"""Exit codes of runs that came to their end."""
_AS_IT_IS = frozenset({type(None), bool, int})
_OPEN = frozenset({"details", "left_out", "params", "recipe", "subject", "provenance"})


def to_dict(report: Report) -> dict[str, Any]:
    """Return the report as dicts, lists, text and finite numbers, ready for `json.dumps(allow_nan=False)`.

    Raises ValueError if a value, bound or count is not finite, and TypeError if a mapping holds something
    that JSON has no word for; both name the place. Either is a defect of the step that made it.
    """
    return {
        key: report.failure is None if key == "finished" else _field(key, getattr(report, key), key)
        for key in _REPORT_KEYS
    }


def findings_document(report: Report) -> list[Any]:
    """Return the findings as they stand in the document."""
    written: list[Any] = _field("findings", report.findings, "findings")
    return written


def gates_document(report: Report) -> dict[str, Any]:
    """Return the recipe and the gates as they stand in the document."""
    return {name: _field(name, getattr(report, name), name) for name in ("recipe", "gates")}


def from_dict(document: Mapping[str, Any]) -> Report:
    """Return the report that `to_dict` wrote; DataError if this version of auditkit cannot read it.

    `from_dict(to_dict(report)) == report` if the open mappings hold JSON values; tuples in them become lists.
    """
    if not isinstance(document, Mapping):
        message = "this is not a report: its JSON is not an object"
        raise DataError(message)
    version = document.get("schema_version")
    if version != SCHEMA_VERSION or isinstance(version, bool):
        message = f"this report has schema_version {version!r}; this auditkit reads {SCHEMA_VERSION}"
        raise DataError(message)
    report = _build(Report, document, "report")
    if document.get("finished", True) is not (report.failure is None):
        message = "whether it is finished and why it failed do not agree"
        raise DataError(message)
    _refuse_contradiction(report)
    return report


def _refuse_contradiction(report: Report) -> None:
    """Raise DataError where verdict, gates and exit code are not those that the comparisons amount to."""
    for gate in report.gates:
        if gate.outcome != (right := outcome_of(gate)):
            message = f"gate '{gate.id}' says {gate.outcome}, but its comparisons amount to {right}"
            raise DataError(message)
    if report.failure is not None and report.failure.exit_code in VERDICTS:
        message = f"it says that it ended early, with exit code {int(report.failure.exit_code)}, which is a verdict's"
        raise DataError(message)
    verdict, exit_code = verdict_of(report.gates, report.failure)
    if (report.verdict, report.exit_code) != (verdict, exit_code):
        message = (
            f"it says {report.verdict} and exit code {int(report.exit_code)}, but its gates amount to {verdict} and "
            f"exit code {int(exit_code)}"
        )
        raise DataError(message)


def _field(name: str, value: Any, path: str) -> Any:
    """Write one declared field; below an open mapping anything JSON-like may follow."""
    if name in _OPEN:
        return plain(value, path)
    if names := _names(type(value)):  # type: ignore[arg-type]  # a class is hashable
        return {
            item: part if _is_plain(part := getattr(value, item)) else _field(item, part, f"{path}.{item}")
            for item in names
        }
    if isinstance(value, tuple):
        return [_field("", item, f"{path}[{index}]") for index, item in enumerate(value)]
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
    return _FINDING_KEYS if issubclass(kind, Finding) else tuple(item.name for item in fields(kind))


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


def _build(cls: type[_T], document: Any, path: str) -> _T:
    """Return one dataclass from its object; keys it does not know are left out."""
    if not isinstance(document, Mapping):
        message = f"{path} should be an object, and is {type(document).__name__}"
        raise DataError(message)
    known = _known(cls)  # type: ignore[arg-type]  # a class is hashable
    missing = [name for name, _, _, required in known if required and name not in document]
    if missing:
        message = f"{path} lacks {', '.join(missing)}"
        raise DataError(message)
    given = {}
    for name, declared, quick, _ in known:
        if name not in document:
            continue
        value = quick(document[name])
        if value is UNSURE:
            place = f"{path}.{name}"
            value = _read(name, document[name], place)
            need_type(declared, value, place)
        given[name] = value
    return cls(**given)


@cache
def _known(cls: type[Any]) -> tuple[tuple[str, str, Callable[[Any], Any], bool], ...]:
    """Return the name, the annotation, the quick reader and whether it must be there, of each field of a dataclass."""
    return tuple(
        (
            item.name,
            str(item.type),
            _quick(item.name, str(item.type)),
            item.default is MISSING and item.default_factory is MISSING,
        )
        for item in fields(cls)
    )


def _quick(name: str, declared: str) -> Callable[[Any], Any]:
    """Return what reads nearly every value of a field, and is UNSURE of the others."""
    if name in _CHOICES and name != "exit_code":
        choices = _CHOICES[name]
        return lambda value: value if type(value) is str and value in choices else UNSURE
    if name in _PARTS or name in _LISTS or name == "exit_code":
        return lambda _: UNSURE
    return surely(declared)


def _read(name: str, value: Any, path: str) -> Any:
    """Return one field's value in its frozen form, or raise DataError with its place."""
    if name in _CHOICES and value not in _CHOICES[name]:
        message = f"{path} is {value!r}; known: {', '.join(map(str, _CHOICES[name]))}"
        raise DataError(message)
    if name == "exit_code":
        return ExitCode(value)
    if name in _PARTS:
        return None if value is None else _build(_PARTS[name], value, path)
    if name in _LISTS:
        return tuple(_build(_LISTS[name], item, f"{path}[{i}]") for i, item in _items(value, path))
    if name in _SERIES and isinstance(value, list | tuple):  # held to its type by `need_type`
        return tuple(tuple(item) if isinstance(item, list) else item for item in value)
    if name in _OPEN and not isinstance(value, Mapping):
        message = f"{path} should be an object, and is {type(value).__name__}"
        raise DataError(message)
    return value


def _items(value: Any, path: str) -> Iterable[tuple[int, Any]]:
    if not isinstance(value, list | tuple):
        message = f"{path} should be a list, and is {type(value).__name__}"
        raise DataError(message)
    return enumerate(value)
