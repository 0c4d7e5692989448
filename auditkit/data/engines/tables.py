"""Rows as a lazy table of the engine that has them, opened for reading, and closed."""

from __future__ import annotations

import warnings
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

from auditkit.data.engines.duckdb_files import connected, in_file, in_parquet
from auditkit.data.engines.parquet_pieces import placed_pieces
from auditkit.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    import narwhals as nw

    from auditkit.data.engines.places import Place
    from auditkit.spec.data import DataSpec

WAIT = "10s"
"""How long a scheduler may take to answer."""


@contextmanager
def opened(place: Place, spec: DataSpec, *, placed: bool = False) -> Iterator[nw.LazyFrame[Any]]:
    """Yield the rows as a lazy table, `placed` with the place of each: nothing is read before it is asked for."""
    import narwhals as nw

    with ExitStack() as held:
        if place.engine == "dask":  # it warns of what it does itself, and of what narwhals will do with it
            held.enter_context(warnings.catch_warnings())
            warnings.simplefilter("ignore")
            rows = _dask(place, spec, held, placed=placed)
        else:
            rows = _duckdb(place, spec, held, placed=placed)
        frame = nw.from_native(rows)
        yield frame.lazy() if isinstance(frame, nw.DataFrame) else frame


def _duckdb(place: Place, spec: DataSpec, held: ExitStack, *, placed: bool) -> Any:
    if not (place.table or place.query):
        base = held.enter_context(connected(None, spec.memory_limit))
        return in_parquet(base, place.files, placed=placed)
    base = held.enter_context(connected(place.files[0], spec.memory_limit))
    return in_file(base, place, placed=placed)


def _dask(place: Place, spec: DataSpec, held: ExitStack, *, placed: bool) -> Any:
    try:
        import dask.dataframe as frames
    except ImportError as error:
        message = "Dask is not installed: pip install 'fair-auditkit[dask]'"
        raise UsageError(message) from error
    if spec.scheduler is not None:
        held.enter_context(client_of(spec.scheduler))
    if placed:
        return placed_pieces(place.files)
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
