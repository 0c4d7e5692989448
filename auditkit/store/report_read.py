"""A report from its JSON document, held against the types that its dataclasses declare."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, get_args

from auditkit.errors import DataError
from auditkit.store.report_json import OPEN
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
    if name in OPEN and not isinstance(value, Mapping):
        message = f"{path} should be an object, and is {type(value).__name__}"
        raise DataError(message)
    return value


def _items(value: Any, path: str) -> Iterable[tuple[int, Any]]:
    if not isinstance(value, list | tuple):
        message = f"{path} should be a list, and is {type(value).__name__}"
        raise DataError(message)
    return enumerate(value)
