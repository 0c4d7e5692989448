"""The endings of the files that read_table knows, light enough for the start of the program."""

from __future__ import annotations

EXTENSIONS = (".csv", ".csv.gz", ".parquet", ".feather", ".arrow", ".jsonl", ".ndjson", ".npz")
