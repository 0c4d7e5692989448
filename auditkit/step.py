"""What a plugin writes: a Finder, an Audit or a Repair, each with frozen Params.

A step's module is imported at start-up and so stays light: import the algorithm on the first line of
find, run or apply, never at the top.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Literal, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from auditkit.exhibits import Chart, Table
    from auditkit.report import Finding, Metric
    from auditkit.spec import Stats
    from auditkit.subject import Group, Subject


P = TypeVar("P")
"""The frozen dataclass of a step's parameters."""


@dataclass(frozen=True)
class NoParams:
    """The parameters of a step that has none."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Predictions:
    """What a model says about each row, aligned with the subject's table.

    `pred` holds labels (or numbers for regression) [n]; `score` the probability of each class in
    `subject.classes` order [n, k], or None; `loss` float64 [n], NaN where the target is missing.
    `source` says in words where they come from.
    """

    pred: NDArray[Any]
    score: NDArray[np.float64] | None
    loss: NDArray[np.float64]
    loss_name: str
    source: str
    baseline: bool = False


class Context(ABC):
    """What the host lends a running step: rules, randomness, progress, parallel work, predictions."""

    stats: Stats

    @abstractmethod
    def say(self, message: str) -> None:
        """Tell the reader of the report something that bears on the result."""

    @abstractmethod
    def track(self, items: Iterable[Any], description: str) -> Iterable[Any]:
        """Yield the items while an observer shows progress."""

    @abstractmethod
    def skip(self, what: str, why: str, *, n: int | None = None, rows_needed: int | None = None) -> None:
        """Record something that was not assessed, and why."""

    @abstractmethod
    def show(self, exhibit: Table | Chart) -> None:
        """Add a table or a chart to the report, in the order of the calls."""

    @abstractmethod
    def scratch(self) -> Path:
        """Return a folder of this step alone, for work that an interrupt should not lose.

        It is empty at first; with --resume it holds what the interrupted run of the same recipe on the same data
        left. It goes when the run ends. Write whole files: a half-written one would be read as finished work.
        """

    @abstractmethod
    def map(self, function: Callable[[Any], Any], items: Sequence[Any]) -> list[Any]:
        """Apply a picklable function to each item, in order, perhaps in parallel."""

    @abstractmethod
    def rng(self, purpose: str = "") -> np.random.Generator:
        """Return a generator that depends only on the run's seed, the step's id and the purpose."""

    @abstractmethod
    def predictions(self, subject: Subject) -> Predictions:
        """Return the subject's predictions: its columns, its model, or a cross-fitted baseline."""


@dataclass(frozen=True)
class Mined:
    """What a finder found: groups, and the findings that describe and confirm them.

    `confirmed` names the groups that held up on rows that the search did not see.
    """

    groups: tuple[Group, ...]
    findings: tuple[Finding, ...]
    confirmed: frozenset[str] | None = None


@dataclass(frozen=True)
class Repaired:
    """What a repair made: the new subject, and findings such as its certificate and its cost.

    `result` is what somebody takes away, such as new predictions or a re-ranked list: -o FILE.csv writes it.
    """

    subject: Subject
    findings: tuple[Finding, ...] = ()
    result: pd.DataFrame | None = None


class Step(ABC, Generic[P]):
    """A named piece of work with declared parameters, `class Mine(Audit[MineParams])`.

    `name` is what recipes and --with say. `method` is one paragraph for the report: what was computed, from
    which paper. Fields of `Params` are `Annotated[type, Doc("..."), bounds] = default`; they become recipe
    keys, command-line options and the JSON Schema.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    method: ClassVar[str]
    kind: ClassVar[Literal["finder", "audit", "repair"]]
    Params: ClassVar[type[Any]] = NoParams
    metrics: ClassVar[tuple[Metric, ...]] = ()

    def check(self, subject: Subject, params: P) -> None:
        """Raise DataError or UsageError before anything runs if this subject cannot be served."""

    def power(self, subject: Subject, params: P, context: Context, *, gap: float) -> Table | None:  # noqa: ARG002
        """Return the rows that it takes to see a gap of this size, for `auditkit power`; None if it cannot say."""
        return None


class Finder(Step[P]):
    """Subject -> groups."""

    kind = "finder"

    @abstractmethod
    def find(self, subject: Subject, params: P, context: Context) -> Mined:
        """Return groups nobody named, confirmed on rows that the search did not see."""


class Audit(Step[P]):
    """Subject -> findings."""

    kind = "audit"

    @abstractmethod
    def run(self, subject: Subject, params: P, context: Context) -> tuple[Finding, ...]:
        """Return findings about the subject's groups."""


class Repair(Step[P]):
    """Subject -> Subject."""

    kind = "repair"

    @abstractmethod
    def apply(self, subject: Subject, params: P, context: Context) -> Repaired:
        """Return the repaired subject with its certificate and cost."""


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """A bundled or plugged-in data set: a file and the role of each column.

    `files` are what steps may read besides, by the name of the parameter that they stand in for, such as queries.
    """

    name: str
    title: str
    path: str
    licence: str
    citation: str
    caveat: str = ""
    target: str | None = None
    positive: Any = None
    split: str | None = None
    sensitive: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    embeddings: str | None = None
    files: dict[str, str] = field(default_factory=dict)
    groups: dict[str, dict[str, Any]] = field(default_factory=dict)
