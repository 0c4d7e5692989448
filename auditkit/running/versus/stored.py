"""A stored run in the place of data or of what they are compared with: it knows numbers, and no rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from auditkit.data.paths import is_file, kind_of
from auditkit.running.reach.intact import intact_report
from auditkit.store.runs import REPORT, runs, runs_folder
from auditkit.values.grouping import Grouping
from auditkit.values.outcome import Outcome
from auditkit.values.subject import Stored, Subject, Versus

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from auditkit.values.report import Report

LAST = "last"


def stored_run(name: str, folder: Path) -> Path | None:
    """Return the report of a run by its id, by `last`, or by the path of a .json file; None for anything else."""
    if name.lower().endswith(".json") and is_file(folder / name):
        return folder / name
    if kind_of(folder / name) != "nothing":
        return None
    known = runs(runs_folder())
    if known and name == LAST:
        return runs_folder() / known[-1] / REPORT
    return runs_folder() / name / REPORT if name in known else None


def stored(report: Report) -> Stored:
    """Return what a report knows."""
    return Stored(findings=report.findings, facts=report.subject)


def subject_of_run(file: Path, *, name: str) -> Subject:
    """Return a run as a subject of as many rows without a column, in groups of as many rows as it tells."""
    import pandas as pd

    report = intact_report(file, name)
    facts, rows = report.subject, report.subject.get("rows")
    n = rows if isinstance(rows, int) else 0
    return Subject(
        table=pd.DataFrame(index=range(n)),
        source=name,
        outcome=_outcome(facts.get("outcome")),
        groupings=tuple(_groupings(facts.get("groups"), n)),
        versus=Versus(name="", now=stored(report)),
    )


def _outcome(facts: Any) -> Outcome | None:
    if not isinstance(facts, dict):
        return None
    return Outcome(column=facts["column"], value=facts["value"], kind=facts["kind"], said=bool(facts["said"]))


def _groupings(sizes: Any, n: int) -> list[Grouping]:
    """Return the attributes with groups of the sizes that a report tells; which rows are in them it does not."""
    found = []
    for name, groups in (sizes if isinstance(sizes, dict) else {}).items():
        told: Mapping[str, int] = {label: size for label, size in groups.items() if isinstance(size, int)}
        codes = np.full(n, -1, dtype=np.int64)
        known = np.repeat(np.arange(len(told)), list(told.values()))[:n]
        codes[: len(known)] = known
        found.append(Grouping(str(name), tuple(told), codes, tuple("" for _ in told)))
    return found
