"""What a run leaves behind. Plain values: a renderer is a function `Report -> str`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from auditkit.values.exit_code import ExitCode, Failure
    from auditkit.values.finding import Finding
    from auditkit.values.gate import GateResult, Verdict
    from auditkit.values.metric import Metric
    from auditkit.values.shown.answer import Answer
    from auditkit.values.shown.exhibit import Chart, Table

SCHEMA_VERSION = 2
"""2: gates carry every comparison; findings say whether 0 means no worse."""


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
class Skipped:
    """Something that was not assessed, and why."""

    step: str
    what: str
    why: str
    n: int | None = None
    rows_needed: int | None = None


@dataclass(frozen=True, kw_only=True)
class Accepted:
    """What became of a waiver in this run.

    `state` is used, expired, lapsed (more harm is shown than it accepts), unused, or waiting: its gate did not run.
    """

    fingerprint: str
    owner: str
    reason: str
    expires: str
    state: str
    limit: float | None = None
    gate: str = ""
    group: str = ""


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
    verdict: Verdict
    exit_code: ExitCode
    recipe: Mapping[str, Any]
    subject: Mapping[str, Any]
    failure: Failure | None = None
    steps: tuple[StepEntry, ...] = ()
    findings: tuple[Finding, ...] = ()
    answers: tuple[Answer, ...] = ()
    groups: tuple[GroupEntry, ...] = ()
    gates: tuple[GateResult, ...] = ()
    waivers: tuple[Accepted, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    notes: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    charts: tuple[Chart, ...] = ()
    results: Mapping[str, pd.DataFrame] = field(default_factory=dict, compare=False, repr=False)
    models: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)
    """What each repair hands back, a table and a model, by its step; not part of the document."""
    written: tuple[tuple[Finding, ...], Sequence[str]] | None = field(default=None, compare=False, repr=False)
    """Findings and their text, laid out, by who hashed them, for those who write the same; no part of the document."""
    provenance: Mapping[str, Any] = field(default_factory=dict)
    schema_version: int = SCHEMA_VERSION
