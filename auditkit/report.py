"""What a run leaves behind. Plain values: a renderer is a function `Report -> str`."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from auditkit.exhibits import Chart, Table

SCHEMA_VERSION = 1

Compare = Literal["absolute", "to_rest", "to_best", "difference", "ratio"]
Direction = Literal["higher_is_worse", "lower_is_worse", "neither"]
Outcome = Literal["pass", "warn", "fail", "insufficient"]


class ExitCode(enum.IntEnum):
    """How a run ended; docs/exit-codes.md has one line for each."""

    OK = 0
    GATE_FAILED = 1
    USAGE = 2
    INTERNAL = 3
    DATA = 4
    UNDECIDED = 5
    INTERRUPTED = 130


@dataclass(frozen=True)
class Interval:
    """A two-sided confidence interval [low, high] around a finding's value.

    `basis` holds what a gate needs to move the bound to a corrected level: the counts (x, n) of a Wilson
    interval or (x1, n1, x2, n2) of a Newcombe one. Without it the half-widths scale with the normal quantile.
    """

    low: float
    high: float
    confidence: float = 0.95
    method: str = "normal"
    basis: tuple[float, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One number about one group. `value` is None only together with a `reason` that it was not measurable.

    `group` is "" for all rows, a group's name, or, where `compare` is "difference" or "ratio", the attribute
    between whose groups the value stands. `compare` says what the value is relative to. `stage` counts the repairs
    that came before: before and after are one metric at two stages; a repair gives its own as 0 and 1.
    """

    metric: str
    value: float | None
    n: int
    step: str = ""
    group: str = ""
    compare: Compare = "absolute"
    interval: Interval | None = None
    unit: str = "share"
    direction: Direction = "neither"
    stage: int = 0
    reason: str = ""
    rows_needed: int | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class GroupEntry:
    """A group as a report remembers it: without its rows."""

    name: str
    rule: str
    expression: str
    n: int
    share: float
    step: str = ""
    confirmed: bool | None = None


@dataclass(frozen=True, kw_only=True)
class GateResult:
    """What one gate decided, on which bound, and how many comparisons the bound is corrected for."""

    id: str
    outcome: Outcome
    message: str
    on: str
    metric: str
    compare: Compare
    rule: str
    comparisons: int = 0
    undecided: int = 0
    correction: str = "holm"
    group: str = ""
    value: float | None = None
    bound: float | None = None
    threshold: float | None = None


@dataclass(frozen=True, kw_only=True)
class Skipped:
    """Something that was not assessed, and why."""

    step: str
    what: str
    why: str
    n: int | None = None
    rows_needed: int | None = None


@dataclass(frozen=True, kw_only=True)
class Metric:
    """How a number is computed: its formula in the field's terms, and where it comes from."""

    name: str
    title: str
    formula: str
    unit: str = "share"
    direction: Direction = "neither"
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class StepEntry:
    """A step as a report remembers it: what ran, with which parameters, by which metrics."""

    id: str
    use: str
    kind: Literal["finder", "audit", "repair"]
    title: str
    method: str
    plugin: str
    params: Mapping[str, Any] = field(default_factory=dict)
    metrics: tuple[Metric, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Report:
    """Everything a reader or a renderer needs to know about one run."""

    name: str
    verdict: Outcome | Literal["no gates"]
    exit_code: ExitCode
    recipe: Mapping[str, Any]
    subject: Mapping[str, Any]
    steps: tuple[StepEntry, ...] = ()
    findings: tuple[Finding, ...] = ()
    groups: tuple[GroupEntry, ...] = ()
    gates: tuple[GateResult, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    notes: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    charts: tuple[Chart, ...] = ()
    provenance: Mapping[str, Any] = field(default_factory=dict)
    schema_version: int = SCHEMA_VERSION
