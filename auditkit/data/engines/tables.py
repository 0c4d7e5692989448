"""Where the rows are: Parquet files by DuckDB or Dask, a table of a DuckDB file; opened for reading, and closed."""

from __future__ import annotations

import glob
import warnings
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from auditkit.data.memory import room_of
from auditkit.data.paths import is_file, is_folder, names_in, why_unreadable
from auditkit.errors import DataError, UsageError, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

    import narwhals as nw

    from auditkit.spec.data import DataSpec

NAMES = {"duckdb": "DuckDB", "dask": "Dask", "sqlite": "SQLite"}
WAIT = "10s"
"""How long a scheduler may take to answer."""


@dataclass(frozen=True)
class Place:
    """Where rows are: by which engine, in which files, in which table of the file where it is a database."""

    engine: str
    files: tuple[Path, ...]
    table: str = ""


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
    told = dict(parse_qsl(spec.path.partition("?")[2]))
    if set(told) != {"table"}:
        message = f"name one table of the file: {scheme}:{spec.file}?table=NAME"
        raise UsageError(message)
    file = folder / spec.file
    if problem := why_unreadable(file):
        message = f"{file} {problem}{nearest(file.name, names_in(file.parent))}"
        raise DataError(message)
    return Place(scheme, (file,), told["table"])


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


@contextmanager
def opened(place: Place, spec: DataSpec) -> Iterator[nw.LazyFrame[Any]]:
    """Yield the rows as a lazy table: nothing is read before it is asked for."""
    import narwhals as nw

    with ExitStack() as held:
        if place.engine == "dask":  # it warns of what it does itself, and of what narwhals will do with it
            held.enter_context(warnings.catch_warnings())
            warnings.simplefilter("ignore")
        frame = nw.from_native({"duckdb": _duckdb, "dask": _dask}[place.engine](place, spec, held))
        yield frame.lazy() if isinstance(frame, nw.DataFrame) else frame


def _duckdb(place: Place, spec: DataSpec, held: ExitStack) -> Any:
    try:
        import duckdb
    except ImportError as error:
        message = "DuckDB is not installed: pip install 'fair-auditkit[duckdb]'"
        raise UsageError(message) from error
    spill = held.enter_context(TemporaryDirectory(prefix="auditkit-"))
    config: dict[str, Any] = {
        "temp_directory": spill, "autoinstall_known_extensions": False, "autoload_known_extensions": False,
        "preserve_insertion_order": False,
    }  # fmt: skip
    if (most := room_of(spec.memory_limit).bytes) is not None:
        config["memory_limit"] = f"{most // 10**6}MB"
    if not place.table:
        base = held.enter_context(duckdb.connect(":memory:", config=config))
        return base.read_parquet([str(file) for file in place.files])
    base = held.enter_context(duckdb.connect(str(place.files[0]), read_only=True, config=config))
    # A view could name any file: a database that somebody sent reads nothing but itself.
    base.execute("SET enable_external_access = false")
    names = [name for (name,) in base.sql("SELECT table_name FROM information_schema.tables").fetchall()]
    if place.table not in names:
        message = f"{place.files[0].name} has no table '{place.table}'{nearest(place.table, names)}"
        raise DataError(message)
    return base.table('"' + place.table.replace('"', '""') + '"')


def _dask(place: Place, spec: DataSpec, held: ExitStack) -> Any:
    try:
        import dask.dataframe as frames
    except ImportError as error:
        message = "Dask is not installed: pip install 'fair-auditkit[dask]'"
        raise UsageError(message) from error
    if spec.scheduler is not None:
        held.enter_context(client_of(spec.scheduler))
    return frames.read_parquet([str(file) for file in place.files])


def client_of(address: str) -> Any:
    """Return a client of a Dask scheduler, or raise UsageError where none answers; no password is printed."""
    if "@" in address:
        message = "--scheduler: an address holds no user and password; leave out what stands before the @"
        raise UsageError(message)
    from distributed import Client

    try:
        return Client(address, timeout=WAIT, set_as_default=True)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, TimeoutError) as error:
        message = f"no Dask scheduler answers at {address} within {WAIT}; start one with: dask scheduler"
        raise UsageError(message) from error
