"""Which table is audited, and the role of its columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from annotated_doc import Doc
from annotated_types import Ge, MaxLen, MinLen

DATABASES = ("duckdb", "sqlite")
"""Schemes of files that hold tables: `duckdb:file.db?table=claims`."""


@dataclass(frozen=True, kw_only=True)
class DataSpec:
    """Which table, and the role of its columns."""

    path: Annotated[str, MinLen(1), Doc("a bundled name, a file beside the recipe, or a loader's scheme")]
    target: Annotated[str | None, Doc("column with the true label")] = None
    task: Annotated[
        Literal["binary", "multiclass", "regression"] | None,
        Doc("what kind of target it is, where its values do not show it: ratings of 1 to 5 may be numbers"),
    ] = None
    pred: Annotated[str | None, Doc("column, or file of one column, with a model's predicted labels")] = None
    outcome: Annotated[
        str | None, Doc("instead of labels and predictions: the column with the decision that is audited")
    ] = None
    score: Annotated[
        str | None,
        Doc("column, or file, with the model's score, such as the probability of the counted outcome"),
    ] = None
    score_of: Annotated[
        Any, Doc("the outcome that a high score speaks for; default: the one that is counted")
    ] = None
    cut: Annotated[
        float | None, Doc("score from which on it decides for its outcome, itself included; default: 0.5")
    ] = None
    loss: Annotated[str | None, Doc("column with each row's loss, in place of predictions")] = None
    embeddings: Annotated[
        str | None, Doc("a vector for each row: an .npy file [rows, dimensions], or a column of lists")
    ] = None
    images: Annotated[
        str | None, Doc("an image for each row: a column of file names, or an .npy or .npz of pixels")
    ] = None
    model: Annotated[str | None, Doc("model that predicts: a file a plugin reads, or module:object")] = None
    favourable: Annotated[
        Any,
        Doc("the outcome that is a benefit and is counted, such as yes; quote what a shell reads: '>50K'"),
    ] = None
    unfavourable: Annotated[
        Any, Doc("instead: the outcome that is a burden and is counted, such as denied")
    ] = None
    positive: Annotated[
        Any, Doc("instead: the outcome that is counted, and no side of it is called worse")
    ] = None
    weight: Annotated[str | None, Doc("column with a weight for each row")] = None
    count: Annotated[str | None, Doc("column that says how many rows each row of the table stands for")] = (
        None
    )
    cluster: Annotated[
        str | None, Doc("column that is equal for rows that belong together, such as those of one person")
    ] = None
    id: Annotated[
        str | None,
        Doc("column that names each row once, by which rows of two tables are known to be the same"),
    ] = None
    versus: Annotated[
        str | None,
        Doc(
            "what was accepted before, to say what changed: a column or a file of predictions, a table, a model, or a "
            "stored run"
        ),
    ] = None
    versus_sha256: Annotated[
        str | None, MinLen(64), MaxLen(64), Doc("the hash that the file, model or run in versus must have")
    ] = None
    given: Annotated[
        tuple[str, ...], Doc("columns within whose values selection is compared too, such as the department")
    ] = ()
    audited: Annotated[
        Literal["test", "all"],
        Doc("rows that audits measure where pred is a repair's file, which says which it learned from"),
    ] = "test"
    split: Annotated[str | None, Doc("column whose values train and test divide the rows")] = None
    features: Annotated[
        tuple[str, ...], Doc("columns a finder or a baseline may read; default: all others")
    ] = ()
    ignore: Annotated[tuple[str, ...], Doc("columns that nothing may read")] = ()
    sensitive: Annotated[tuple[str, ...], Doc("columns left out of finders and baselines")] = ()
    engine: Annotated[
        Literal["duckdb", "dask"] | None,
        Doc("what counts the rows of Parquet files where they are, for tables beyond memory"),
    ] = None
    scheduler: Annotated[
        str | None,
        Doc("address of the Dask scheduler, such as tcp://host:8786; default: threads of this machine"),
    ] = None
    sample: Annotated[
        int | None,
        Ge(1000),
        Doc(
            "rows that minoria searches where an engine has the table, to confirm on all others by counts; "
            "default: 200000"
        ),
    ] = None
    memory_limit: Annotated[
        str | None, Doc("most memory that a table may take, such as 8GB, or none; default: what is free")
    ] = None
    na: Annotated[
        tuple[str, ...], Doc("words for a missing value, besides the empty field, such as unknown,999")
    ] = ()
    missing: Annotated[
        Literal["refuse", "impute", "drop"],
        Doc("missing numbers: refuse, fill with the median, drop the row"),
    ] = "refuse"

    @property
    def scheme(self) -> str | None:
        """The engine that a path names before its colon, as in `duckdb:file.db?table=claims`; None for any other."""
        scheme, colon, _ = self.path.partition(":")
        return scheme if colon and scheme in DATABASES else None

    @property
    def counted(self) -> bool:
        """Whether an engine counts the rows where they are, and none is read."""
        return self.engine is not None or self.scheme is not None

    @property
    def file(self) -> str:
        """The path without what stands around the file of a database."""
        return self.path if self.scheme is None else self.path.partition(":")[2].partition("?")[0]
