"""Tables written in every format, and what a file that cannot be read is told."""

import pandas as pd
import pytest

from auditkit.data.formats.table import read_table
from auditkit.errors import DataError

TABLE = pd.DataFrame({"age": [31, 25, 62], "sex": ["F", "M", None], "pay": [1.5, None, 2.0]})


def write(folder, name, content):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def says(path, *parts):
    """The error names the file and each of these parts, in one line."""
    with pytest.raises(DataError) as caught:
        read_table(path)
    text = str(caught.value)
    assert "\n" not in text
    for part in (path.name, *parts):
        assert part in text, text


WRITERS = {
    "t.csv": lambda path: TABLE.to_csv(path, index=False),
    "t.csv.gz": lambda path: TABLE.to_csv(path, index=False),
    "T.CSV": lambda path: TABLE.to_csv(path, index=False),
    "t.parquet": TABLE.to_parquet,
    "t.feather": TABLE.to_feather,
    "t.arrow": TABLE.to_feather,
    "t.jsonl": lambda path: TABLE.to_json(path, orient="records", lines=True),
    "t.ndjson": lambda path: TABLE.to_json(path, orient="records", lines=True),
}
