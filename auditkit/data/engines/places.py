"""Where rows are: by which engine, in which files, in which table or by which query."""

from __future__ import annotations

import glob
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from auditkit.data.paths import is_file, is_folder, names_in, why_unreadable
from auditkit.errors import DataError, UsageError, nearest

if TYPE_CHECKING:
    from auditkit.spec.data import DataSpec

NAMES = {"duckdb": "DuckDB", "dask": "Dask", "sqlite": "SQLite"}


@dataclass(frozen=True)
class Place:
    """Where rows are: by which engine, in which files, in which table or by which query of a database."""

    engine: str
    files: tuple[Path, ...]
    table: str = ""
    query: str = ""

    @property
    def called(self) -> str:
        """What a sentence calls it."""
        what = f"table '{self.table}'" if self.table else "the query"
        return f"{what} of {self.files[0].name}"


def place_of(spec: DataSpec, folder: Path) -> Place:
    """Return where a spec's rows are. Raises UsageError or DataError, in one sentence, for what cannot be found."""
    scheme = spec.scheme
    if spec.scheduler is not None and spec.engine != "dask":
        message = "--scheduler is for --engine dask"
        raise UsageError(message)
    if scheme is None:
        return Place(str(spec.engine), _parquet(spec.path, folder))
    if spec.engine not in {None, scheme}:
        message = f"{scheme}: tables are counted by {NAMES[scheme]} itself; leave out --engine {spec.engine}"
        raise UsageError(message)
    table, query = _named(spec)
    file = folder / spec.file
    if problem := why_unreadable(file):
        message = f"{file} {problem}{nearest(file.name, names_in(file.parent))}"
        raise DataError(message)
    return Place(scheme, (file,), table, query)


def _named(spec: DataSpec) -> tuple[str, str]:
    """Return the table, or the query as it is written, that a path names after its question mark."""
    told = spec.path.partition("?")[2]
    if told.startswith("query=") and told.removeprefix("query=").strip():
        return "", told.removeprefix("query=")
    named = dict(parse_qsl(told))
    if set(named) != {"table"}:
        message = f"name one table of the file: {spec.scheme}:{spec.file}?table=NAME, or ?query=SELECT ..."
        raise UsageError(message)
    return named["table"], ""


def _parquet(path: str, folder: Path) -> tuple[Path, ...]:
    """Return the Parquet files of a file's name, a folder or a pattern, in order."""
    whole = folder / path
    if is_folder(whole):
        found = sorted(whole.rglob("*.parquet"))
    elif is_file(whole):
        found = [whole]
    else:
        found = sorted(Path(name) for name in glob.glob(str(whole), recursive=True))  # noqa: PTH207  of any root
    files = tuple(file for file in found if is_file(file))
    if not files:
        message = f"'{path}' is no Parquet file, no folder of any and no pattern that finds one"
        raise DataError(message)
    strange = next((file for file in files if not file.name.lower().endswith(".parquet")), None)
    if strange is not None:
        message = f"{strange} is no .parquet file, which is what --engine reads; leave out --engine to read it whole"
        raise DataError(message)
    return files
