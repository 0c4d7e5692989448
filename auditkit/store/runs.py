"""Keeps every run: one folder with its report, written whole or not at all."""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from auditkit.data.formats.json_lines import whole_number
from auditkit.data.paths import kind_of, names_in, why_unreadable
from auditkit.errors import DataError, UsageError, nearest
from auditkit.store.files import umask
from auditkit.store.report_read import from_dict
from auditkit.store.report_text import report_text
from auditkit.store.typed import finite_number, no_number
from auditkit.values.gate import Verdict
from auditkit.values.report import SCHEMA_VERSION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from auditkit.values.report import Report

REPORT = "report.json"
DEFAULT = ".auditkit"
ID = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}-[0-9]{2}-[0-9]{2}-[0-9]{3,}")
"""What a run is called."""
MAX_BYTES = 200_000_000
"""Of a report: a hundred times one with every chart."""


def runs_folder() -> Path:
    """Return where runs are kept: $AUDITKIT_HOME/runs, or .auditkit/runs in the working folder."""
    return Path(os.environ.get("AUDITKIT_HOME", DEFAULT)) / "runs"


def save(report: Report, folder: Path) -> str:
    """Keep a report in a new folder under `folder` and return the run's id. Raises OSError, leaving nothing.

    The id is the second in which the run was kept, in UTC, and a number, so that ids in order are runs by their ends:
    never an earlier second than that of a run that is kept already.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _ignore(folder.parent)
    made = Path(tempfile.mkdtemp(prefix=".new-", dir=folder))
    try:
        # In one line: people read reports, not this.
        with (made / REPORT).open("wb") as file:
            file.writelines(report_text(report))
        made.chmod(0o777 & ~umask())
        return _placed(made, folder)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise


def _placed(made: Path, folder: Path) -> str:
    """Move a finished run to the next id that is free; others may be taking ids at the same time."""
    stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H-%M-%S")
    number, known = 0, [name for name in runs(folder) if ID.fullmatch(name)]
    # A clock that was set back must not make an older run the last one.
    if known and (latest := _by_end(known[-1]))[0] > stamp:
        stamp, number = latest[0], latest[1] + 1
    while True:
        name = f"{stamp}-{number:03d}"
        try:
            made.rename(folder / name)
        except OSError:
            if not (folder / name).exists():
                raise
            number += 1
        else:
            return name


def _ignore(home: Path) -> None:
    """Keep version control out of the store; a folder that the user named may hold more than runs."""
    path = home / ".gitignore"
    if home.name == DEFAULT and not path.exists():
        with suppress(FileExistsError), path.open("x", encoding="utf-8") as file:
            file.write("*\n")


def is_ours(name: str, folder: Path) -> bool:
    """Whether a run's folder is one that auditkit made, with nothing in it that somebody else put there."""
    place = folder / name
    return bool(ID.fullmatch(name)) and not place.is_symlink() and names_in(place) == [REPORT]


def remove(name: str, folder: Path) -> None:
    """Remove a run that is ours: gone at once for whoever reads, its files after that."""
    aside = Path(tempfile.mkdtemp(prefix=".gone-", dir=folder))
    try:
        (folder / name).rename(aside / name)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def runs(folder: Path) -> list[str]:
    """Return the ids of the runs that are kept, by the time at which they ended."""
    names = (item.parent.name for item in folder.glob(f"*/{REPORT}"))
    return sorted((name for name in names if not name.startswith(".")), key=_by_end)


def _by_end(name: str) -> tuple[str, int, str]:
    """Return what orders ids: their stamp, then their number, which may have more than three digits."""
    stamp, _, number = name.rpartition("-")
    return (stamp, int(number), name) if number.isdecimal() else (name, 0, name)


def find_run(name: str, folder: Path) -> Report:
    """Return a stored report by run id, by `last`, or by the path of its JSON file."""
    return read_report(file_of_run(name, folder))


@dataclass(frozen=True)
class Headline:
    """What a list says of a run: its recipe, its verdict and the hash of its findings."""

    name: str
    verdict: str
    exit_code: int
    findings_sha256: str


def headline(name: str, folder: Path) -> Headline:
    """Return what a list says of a run, from the ends of its file where that is as `save` wrote it.

    Reading a report of ten thousand findings takes a quarter of a second, and a store may hold hundreds. Raises
    UsageError where the file is no report.
    """
    path = folder / name / REPORT
    with suppress(OSError, ValueError, KeyError, TypeError):
        if (found := _ends(path.read_text(encoding="utf-8"))) is not None:
            return found
    report = read_report(path)
    digest = str(report.provenance.get("findings_sha256", ""))
    return Headline(report.name, report.verdict, int(report.exit_code), digest)


def _ends(text: str) -> Headline | None:
    """Return the headline of a report's text, or None where it begins or ends otherwise than `save` writes it."""
    start, mark, _ = text.partition(',"finished":')
    _, _, end = text.rstrip().rpartition('"provenance":')
    first, last = json.loads(start + "}"), json.loads(end.removesuffix("}"))
    name, verdict, digest = first["name"], first["verdict"], last["findings_sha256"]
    known = mark and first["schema_version"] == SCHEMA_VERSION and verdict in get_args(Verdict)
    if not known or not isinstance(name, str) or not isinstance(digest, str):
        return None
    return Headline(name, verdict, int(first["exit_code"]), digest)


def file_of_run(name: str, folder: Path) -> Path:
    """Return the JSON file of a run id, of `last`, or of a path; raise UsageError with the nearest id."""
    known = runs(folder)
    if name == "last" and known:
        return folder / known[-1] / REPORT
    if name in known:
        return folder / name / REPORT
    path = Path(name)
    if kind_of(path) != "nothing":
        return path
    message = f"there is no run '{name}'{nearest(name, [*known, 'last'] if known else [])}"
    raise UsageError(message)


def _document(path: Path) -> Any:
    """Return the JSON of a file, or raise OSError or ValueError: each number finite, each text whole."""
    if (size := path.stat().st_size) > MAX_BYTES:
        message = f"it has {size:,} bytes; a report has at most {MAX_BYTES:,}"
        raise ValueError(message)
    text = path.read_text(encoding="utf-8")
    document = json.loads(text, parse_float=finite_number, parse_int=whole_number, parse_constant=no_number)
    if "\\ud" in text or "\\uD" in text:
        json.dumps(document, ensure_ascii=False).encode()  # half of a surrogate pair is no text
    return document


def read_report(path: Path) -> Report:
    """Return the report in a JSON file, or raise UsageError if it is none."""
    return read_stored(path)[0]


def read_stored(path: Path) -> tuple[Report, Mapping[str, Any]]:
    """Return the report in a JSON file, and the document in which it stands; UsageError if it is none."""
    if problem := why_unreadable(path):
        message = f"{path} {problem}"
        raise UsageError(message)
    try:
        document = _document(path)
        return from_dict(document), document
    except RecursionError:
        message = f"{path} is no report of auditkit: it is nested too deeply"
        raise UsageError(message) from None
    except (OSError, ValueError, DataError) as error:
        message = f"{path} is no report of auditkit: {error}"
        raise UsageError(message) from error
