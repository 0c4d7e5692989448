"""Keeps every run: one folder with its report, written whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from auditkit.data.paths import kind_of, why_unreadable
from auditkit.errors import DataError, UsageError, nearest
from auditkit.store.report_json import from_dict, to_dict

if TYPE_CHECKING:
    from auditkit.values.report import Report

REPORT = "report.json"


def runs_folder() -> Path:
    """Return where runs are kept: $AUDITKIT_HOME/runs, or .auditkit/runs in the working folder."""
    return Path(os.environ.get("AUDITKIT_HOME", ".auditkit")) / "runs"


def save(report: Report, folder: Path) -> str:
    """Keep a report in a new folder under `folder` and return the run's id. Raises OSError, leaving nothing."""
    folder.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=".new-", dir=folder))
    try:
        text = json.dumps(to_dict(report), ensure_ascii=False, allow_nan=False, indent=1)
        (made / REPORT).write_text(text + "\n", encoding="utf-8")
        stamp = str(report.provenance.get("started", "run"))[:19].replace(":", "-")
        name = next(
            candidate for i in range(1000) if not (folder / (candidate := f"{stamp}-{i:03d}")).exists()
        )
        made.rename(folder / name)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise
    return name


def runs(folder: Path) -> list[str]:
    """Return the ids of the runs that are kept, oldest first."""
    return sorted(
        item.parent.name for item in folder.glob(f"*/{REPORT}") if not item.parent.name.startswith(".")
    )


def find_run(name: str, folder: Path) -> Report:
    """Return a stored report by run id, by `last`, or by the path of its JSON file."""
    known = runs(folder)
    if name == "last" and known:
        return read_report(folder / known[-1] / REPORT)
    if name in known:
        return read_report(folder / name / REPORT)
    path = Path(name)
    if kind_of(path) != "nothing":
        return read_report(path)
    message = f"there is no run '{name}'{nearest(name, [*known, 'last'] if known else [])}"
    raise UsageError(message)


def read_report(path: Path) -> Report:
    """Return the report in a JSON file, or raise UsageError if it is none."""
    if problem := why_unreadable(path):
        message = f"{path} {problem}"
        raise UsageError(message)
    try:
        return from_dict(json.loads(path.read_text(encoding="utf-8")))
    except RecursionError:
        message = f"{path} is no report of auditkit: it is nested too deeply"
        raise UsageError(message) from None
    except (OSError, ValueError, DataError) as error:
        message = f"{path} is no report of auditkit: {error}"
        raise UsageError(message) from error
