"""How much an engine is about to read, from the footers of the files: no row is read for that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditkit.errors import DataError, first_line

if TYPE_CHECKING:
    from auditkit.data.engines.places import Place
    from auditkit.data.engines.question import Question


@dataclass(frozen=True)
class Extent:
    """Rows and columns of a table, how many columns are read of it, and the bytes of these, compressed as they lie.

    A database tells neither its rows nor its columns before it is asked: there `rows` is None, and `bytes` are all.
    """

    rows: int | None
    columns: int | None
    read: int
    bytes: int


def extent_of(place: Place, question: Question | None) -> Extent:
    """Return what counting for a question, or drawing rows whole, will read.

    Raises DataError for a file whose footer nobody can read.
    """
    wanted = () if question is None else question.columns
    if place.engine == "sqlite" or not place.files[0].name.lower().endswith(".parquet"):
        return Extent(None, None, len(wanted), sum(file.stat().st_size for file in place.files))
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows, size, columns = 0, 0, 0
    for file in place.files:
        try:
            footer = pq.read_metadata(file)
        except (OSError, pa.ArrowException) as error:
            message = f"{file} is no Parquet file that can be read: {first_line(error)}"
            raise DataError(message) from error
        rows, columns = rows + footer.num_rows, len({name.partition(".")[0] for name in footer.schema.names})
        for number in range(footer.num_row_groups):
            group = footer.row_group(number)
            parts = (group.column(i) for i in range(group.num_columns))
            size += sum(
                part.total_compressed_size for part in parts if not wanted or part.path_in_schema in wanted
            )
    return Extent(rows, columns, len(wanted) or columns, size)
