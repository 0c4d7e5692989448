"""What is audited: a table with its roles, the groups named so far, and perhaps a model."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, Protocol

from auditkit.errors import DataError, UsageError, nearest
from auditkit.values.labels import class_codes, class_position, sorted_labels

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from auditkit.values.finding import Finding
    from auditkit.values.grouping import Cells, Group, Grouping
    from auditkit.values.outcome import Outcome

Task = Literal["none", "binary", "multiclass", "regression"]

MAX_CLASSES = 20
"""A numeric target with more distinct values than this is a regression target."""


def is_number(values: pd.Series[Any]) -> bool:
    """Return whether a column of outcomes is a number, and not a few classes."""
    import pandas as pd

    numeric = pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)
    return bool(numeric and values.nunique(dropna=True) > MAX_CLASSES)


class Images(Protocol):
    """One image for each row, read when it is asked for."""

    def __len__(self) -> int: ...

    def read(self, rows: Sequence[int] | NDArray[np.int64], *, size: int) -> NDArray[np.uint8]:
        """Return the RGB pixels of these rows, each scaled to a square: uint8 [len(rows), size, size, 3]."""
        ...


@dataclass(frozen=True, eq=False)
class SomeImages:
    """The images of some rows of a table that has more: `rows` int64 [m] are their places in it."""

    images: Images
    rows: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.rows)

    def read(self, rows: Sequence[int] | NDArray[np.int64], *, size: int) -> NDArray[np.uint8]:
        """Return the RGB pixels of these of the rows: uint8 [len(rows), size, size, 3]."""
        return self.images.read([int(self.rows[row]) for row in rows], size=size)


class Rest(Protocol):
    """The rows that a table was drawn from and does not hold: they stay where they are, and are counted."""

    @property
    def rows(self) -> int:
        """How many there are."""
        ...

    def refusal(self, expression: str) -> str:
        """Return why a group's expression cannot be worked out where the rows are; "" if it can."""
        ...

    def counted(self, expressions: Sequence[str]) -> Subject:
        """Return the rows as cells, whose groups are those that the expressions find, in their order."""
        ...

    def searched(self, edges: Mapping[str, Sequence[float]], share: float) -> tuple[Subject, Rest]:
        """Return a share of all rows, those of the table among them, as cells by these columns; and the others.

        Columns with edges are numbers in bins, low <= number < high, of which a cell has a number within.
        """
        ...


@dataclass(frozen=True, eq=False, kw_only=True)
class Retrieval:
    """Ranked result lists by query: rows of the subject's table, int64 [depth] each, first in the list first.

    A list of `depth` items serves every smaller k by its first k. Nothing is known of what would follow them.
    """

    ranked: Mapping[str, NDArray[np.int64]]
    depth: int

    def first(self, query: str, k: int) -> NDArray[np.int64] | None:
        """Return the first k items of a query's list, or None for a query that has none.

        Raises UsageError for a k above the depth.
        """
        if query not in self.ranked:
            return None
        if k > self.depth:
            message = f"query '{query}' has a ranked list of {self.depth:,} items from a step before, and k is {k:,}"
            raise UsageError(message)
        return self.ranked[query][:k]

    def take(self, rows: NDArray[np.int64], *, n: int) -> Retrieval | None:
        """Return the lists over some of n rows, int [m] places, items that are not among them left out.

        The depth is that of the shortest list; None where a list has no item left.
        """
        import numpy as np

        place = np.full(n, -1, dtype=np.int64)
        place[rows] = np.arange(len(rows))
        moved = {query: place[items] for query, items in self.ranked.items()}
        kept = {query: items[items >= 0] for query, items in moved.items()}
        depth = min(map(len, kept.values()), default=0)
        return Retrieval(ranked=kept, depth=depth) if depth else None


@dataclass(frozen=True, eq=False, kw_only=True)
class Subject:
    """A table and the role of each of its columns. Frozen: the with_ methods return a new one.

    The table's index is the identity of its rows, 0..n-1 for every step. A repair may reorder rows and leave some out,
    and takes the index along: it says which row each row was, and groups, embeddings and images follow it. Then the
    rows are numbered anew. `seen` bool [n] marks rows that a repair learned from: what is measured there flatters it.
    """

    table: pd.DataFrame
    source: str = "table"
    target: str | None = None
    said_task: Task | None = None
    """The kind of target, where somebody said it."""
    outcome: Outcome | None = None
    pred: str | None = None
    score: str | None = None
    turned: bool = False
    """Whether the score was turned around, so that a table read without that says the opposite."""
    weight: str | None = None
    cluster: str | None = None
    given: tuple[str, ...] = ()
    split: str | None = None
    id: str | None = None
    """The column that names each row once."""
    features: tuple[str, ...] = ()
    sensitive: tuple[str, ...] = ()
    missing: Literal["refuse", "impute"] = "refuse"
    groupings: tuple[Grouping, ...] = ()
    groups: tuple[Group, ...] = ()
    model: Any = None
    loss: str | None = None
    embeddings: NDArray[np.floating[Any]] | None = None
    images: Images | None = None
    retrieval: Retrieval | None = None
    seen: NDArray[np.bool_] | None = None
    versus: Versus | None = None
    """What was accepted before, for the steps that say what changed."""
    notes: tuple[str, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    """Further files of a bundled data set, by the name of the parameter that each stands in for."""
    cells: Cells | None = None
    """What each row of the table stands for, where an engine counted rows that are elsewhere."""
    rest: Rest | None = None
    """All other rows, where those of the table are a sample."""

    def __len__(self) -> int:
        return len(self.table)

    @property
    def n_rows(self) -> int:
        """Rows that the table holds or, where it holds cells of them, stands for."""
        return len(self) if self.cells is None else int(self.cells.rows.sum())

    def rows_in(self, places: NDArray[np.bool_]) -> int:
        """Return how many rows lie in some places of the table, bool [n]."""
        return int(places.sum()) if self.cells is None else int(self.cells.rows[places].sum())

    def with_groups(self, groups: Iterable[Group]) -> Subject:
        """Return this subject with more named groups."""
        return replace(self, groups=(*self.groups, *groups))

    def with_model(self, model: Any) -> Subject:
        """Return this subject with another model, and without the old model's predictions."""
        return replace(self, model=model, pred=None, score=None, turned=False)

    def with_retrieval(self, retrieval: Retrieval) -> Subject:
        """Return this subject with these result lists in place of its own."""
        return replace(self, retrieval=retrieval)

    def take(self, rows: NDArray[np.int64]) -> Subject:
        """Return the subject of some of the rows, int64 [m] places, in their order, with all that belongs to them."""
        return replace(
            self,
            table=self.table.iloc[rows].reset_index(drop=True),
            groupings=tuple(grouping.take(rows) for grouping in self.groupings),
            groups=tuple(group.take(rows) for group in self.groups),
            embeddings=None if self.embeddings is None else self.embeddings[rows],
            images=None if self.images is None else SomeImages(self.images, rows),
            retrieval=None if self.retrieval is None else self.retrieval.take(rows, n=len(self)),
            seen=None if self.seen is None else self.seen[rows],
            cells=None if self.cells is None else self.cells[rows],
            versus=None if self.versus is None else self.versus.take(rows),
        )

    def predicts_as(self, other: Subject) -> bool:
        """Whether the other subject's predictions and losses are this one's: same objects, same roles."""
        held = ("table", "model", "embeddings", "images")
        told = (
            "target",
            "said_task",
            "outcome",
            "pred",
            "score",
            "loss",
            "weight",
            "cluster",
            "split",
            "features",
            "sensitive",
            "missing",
        )
        return all(getattr(self, name) is getattr(other, name) for name in held) and all(
            getattr(self, name) == getattr(other, name) for name in told
        )

    def column(self, name: str) -> pd.Series[Any]:
        """Return one column, or raise DataError that names the nearest one."""
        if name not in self.table.columns:
            message = f"{self.source} has no column '{name}'{nearest(name, self.table.columns)}"
            raise DataError(message)
        return self.table[name]

    @cached_property
    def task(self) -> Task:
        """What kind of target this is: two classes, several, a number, or none named."""
        if self.target is None:
            return "none"
        values = self.column(self.target)
        if self.said_task is not None:
            return self.said_task
        counted = self.outcome is not None and self.outcome.column == self.target
        if counted or values.nunique(dropna=True) == 2:  # one class only where some of the rows are here
            return "binary"
        return "regression" if is_number(values) else "multiclass"

    @cached_property
    def classes(self) -> tuple[Any, ...]:
        """The classes of the target, or of decisions without one: numbers ascending, then texts sorted.

        Of two the one that is counted comes last. A number has none.
        """
        column = self.pred if self.target is None else self.target
        if column is None or (self.task == "regression" if self.target else is_number(self.column(column))):
            return ()
        ordered = sorted_labels(self.column(column).dropna().unique().tolist())
        if self.outcome is not None and self.outcome.column == column:
            position = class_position(
                self.outcome.value, ordered
            )  # None where only some of the rows are here
            ordered.append(self.outcome.value if position is None else ordered.pop(position))
        return tuple(ordered)

    @cached_property
    def truth(self) -> NDArray[np.int64]:
        """The place of each row's target in `classes`, int64 [n], -1 where it is missing; nobody writes to it."""
        codes, _ = class_codes(self.column(self.need_target()), self.classes)
        codes.setflags(write=False)
        return codes

    def need_target(self) -> str:
        """Return the target's name, or raise DataError if none was named."""
        if self.target is None:
            message = (
                f"{self.source} has no target; name the column of true labels with --target or data.target, or audit "
                "decisions without labels with --outcome or data.outcome (a score with --cut)"
            )
            raise DataError(message)
        return self.target


@dataclass(frozen=True, kw_only=True)
class Stored:
    """What a stored run knows: its findings, and the `facts` that its report says of the data. It has no rows."""

    findings: tuple[Finding, ...]
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, eq=False, kw_only=True)
class Versus:
    """What was accepted before, called `name`: a `subject` of its own, or the run `before`.

    `rows` int64 [n] is the place of each row in that subject, -1 for one that it lacks; None where no row of the two
    tables is known to be the same. `now` is the run that is compared where it is no table either.
    """

    name: str
    subject: Subject | None = None
    rows: NDArray[np.int64] | None = None
    before: Stored | None = None
    now: Stored | None = None

    def take(self, rows: NDArray[np.int64]) -> Versus:
        """Return what some of the rows are compared with, int [m] places, in their order."""
        return self if self.rows is None else replace(self, rows=self.rows[rows])
