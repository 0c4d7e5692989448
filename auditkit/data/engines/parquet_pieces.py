"""Parquet files: how many rows they hold, and a Dask table of their row groups in which each row has its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from auditkit.data.engines.draw import PLACE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import pandas as pd

Piece = tuple[str, int, int]
"""A file, one of its row groups, and the place of its first row; None of them for no row."""


def rows_of(file: Path) -> int:
    """Return how many rows a Parquet file says that it holds."""
    return sum(row_groups_of(file))


def row_groups_of(file: Path) -> tuple[int, ...]:
    """Return the rows of each row group of a Parquet file."""
    import pyarrow.parquet as parquet

    with parquet.ParquetFile(file) as opened:
        told = opened.metadata
        return tuple(told.row_group(i).num_rows for i in range(told.num_row_groups))


def placed_pieces(files: Sequence[Path]) -> Any:
    """Return the rows with their places, file after file, as a Dask table that reads only what is asked for."""
    import dask.dataframe as frames

    pieces = list(_pieces(files))
    return frames.from_map(  # type: ignore[no-untyped-call]
        read_piece, pieces, meta=read_piece((str(files[0]), -1, 0))
    )


def _pieces(files: Sequence[Path]) -> Iterator[Piece]:
    start = 0
    for file in files:
        groups = row_groups_of(file)
        for i, rows in enumerate(groups or (0,)):
            yield str(file), i if groups else -1, start
            start += rows


def read_piece(piece: Piece, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """Return some columns of a row group, or of none for -1, with the places of its rows; by Arrow's own types."""
    import numpy as np
    import pandas as pd
    import pyarrow as pa
    import pyarrow.parquet as parquet

    name, group, start = piece
    wanted = None if columns is None else [column for column in columns if column != PLACE]
    with parquet.ParquetFile(name) as file:
        schema = (
            file.schema_arrow if wanted is None else pa.schema([file.schema_arrow.field(n) for n in wanted])
        )
        table = file.read_row_group(group, wanted) if group >= 0 else schema.empty_table()
    frame: pd.DataFrame = (
        table.select(schema.names).replace_schema_metadata().to_pandas(types_mapper=pd.ArrowDtype)
    )
    if columns is None or PLACE in columns:
        rows = table.num_rows if schema.names else file.metadata.row_group(group).num_rows
        frame[PLACE] = np.arange(start, start + rows, dtype=np.int64)
    return frame if columns is None else frame.loc[:, list(columns)]
