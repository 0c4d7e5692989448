"""What a plugin writes: a Finder, an Audit or a Repair, each with frozen Params.

A step's module is imported at start-up and so stays light: import the algorithm on the first line of
find, run or apply, never at the top.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Literal, TypeVar

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from auditkit.spec.stats import Stats
    from auditkit.step.context import Context
    from auditkit.step.cost import Cost
    from auditkit.values.finding import Finding
    from auditkit.values.grouping import Group
    from auditkit.values.metric import Metric
    from auditkit.values.shown.exhibit import Table
    from auditkit.values.subject import Subject


P = TypeVar("P")
"""The frozen dataclass of a step's parameters."""


@dataclass(frozen=True)
class NoParams:
    """The parameters of a step that has none."""


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

    The subject's table keeps the index of its rows, in whatever order and however few; groups, masks and embeddings
    follow by it and need not be seen to. `result` is what somebody takes away, such as new predictions or a re-ranked
    list: -o FILE.csv writes it. `learned` bool [n] marks the rows, of those that the repair was given, that it learned
    from: audits after it leave them out. `model` is what it trained, with `predict`: notebooks get it.
    """

    subject: Subject
    findings: tuple[Finding, ...] = ()
    result: pd.DataFrame | None = None
    learned: NDArray[np.bool_] | None = None
    model: Any = None


@dataclass(frozen=True, kw_only=True)
class Vectors:
    """What is known of a subject's embeddings [rows, dimensions] before they are read.

    `predicted` says whether predictions, scores or a model come with the data: then no step has to fit one.
    """

    rows: int
    dimensions: int
    predicted: bool

    @property
    def bytes(self) -> int:
        """What they take as float64."""
        return 8 * self.rows * self.dimensions

    @property
    def square(self) -> int:
        """What a matrix of dimensions by dimensions takes as float64, such as their covariance."""
        return 8 * self.dimensions**2


class Step(ABC, Generic[P]):
    """A named piece of work with declared parameters, `class Mine(Audit[MineParams])`.

    `name` is what recipes and --with say. `method` is one paragraph for the report: what was computed, from
    which paper. `own_names` says that findings stand at names that the step makes, such as queries, besides the groups
    of the data. Fields of `Params` are `Annotated[type, Doc("..."), bounds] = default`; they become recipe
    keys, command-line options and the JSON Schema.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    method: ClassVar[str]
    kind: ClassVar[Literal["finder", "audit", "repair"]]
    Params: ClassVar[type[Any]] = NoParams
    metrics: ClassVar[tuple[Metric, ...]] = ()
    quick: ClassVar[bool] = False
    """Whether an audit only counts rows, in seconds: `auditkit power` runs it for what its gates would read."""
    own_names: ClassVar[bool] = False
    tabulates: ClassVar[bool] = False
    """Whether an audit's findings make one table, a row for each group, that -o FILE.csv writes."""
    reads_given: ClassVar[bool] = False
    """Whether it compares within the values of `data.given` too; if not, the report says that it did not."""
    reads_clusters: ClassVar[bool] = False
    """Whether its intervals know that rows of one `data.cluster` belong together; if not, no gate may rely on them."""
    reads_cells: ClassVar[bool] = False
    """Whether it needs no more than counts: then it serves rows that an engine counts where they are."""
    reads_sample: ClassVar[bool] = False
    """Whether it serves a sample of rows that an engine has, and confirms on the `rest` of them by counts."""
    reads_versus: ClassVar[bool] = False
    """Whether it says what changed from what `data.versus` names: without such a step, naming it is an error."""

    def check(self, subject: Subject, params: P) -> None:
        """Raise DataError or UsageError before anything runs if this subject cannot be served."""

    def trains(self, subject: Subject) -> bool:  # noqa: ARG002
        """Return whether it fits a model on the features: then the run says which of them give the outcome away."""
        return False

    def memory(self, vectors: Vectors, params: P) -> int:  # noqa: ARG002
        """Return the bytes that it takes at most for the data's vectors, besides the file that they are in.

        What does not fit is refused before anything is read, so that no more is known of them than this.
        """
        return 0

    def needs(self, params: P) -> tuple[str, ...]:  # noqa: ARG002
        """Return the modules by which other processes do its work; none where it hands none out by `context.map`.

        With `--jobs` they are imported there while the data are read.
        """
        return ()

    def power(self, subject: Subject, params: P, context: Context, *, gap: float) -> Table | None:  # noqa: ARG002
        """Return the rows that it takes to see a gap of this size, for `auditkit power`; None if it cannot say."""
        return None

    def cost(self, subject: Subject, params: P, stats: Stats) -> Cost | None:  # noqa: ARG002
        """Return what a run is expected to take, for --dry-run, in a moment; None if the step cannot say."""
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
