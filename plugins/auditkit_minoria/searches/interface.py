"""What a search is: a name, what it must be given, and the rules that it proposes for rows that fare badly."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from auditkit_minoria.features.needs import Needs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from auditkit import Chart, Context, EncodedColumn, Stats, Table
    from auditkit_minoria.directions.candidates import Candidates
    from auditkit_minoria.features.encoded import Features
    from auditkit_minoria.groups.choose import Choice
    from auditkit_minoria.groups.rule import Rule
    from auditkit_minoria.groups.tail import Tail
    from auditkit_minoria.kernels.compiled import Kernel

ANY = Needs()
"""Features of any kind, from one column on."""

P = TypeVar("P")
"""The frozen dataclass of a search's parameters, derived from CommonParams."""


@dataclass(frozen=True)
class Unheard:
    """What stands in for the context where a search is run again, perhaps by another process: nobody listens."""

    stats: Stats

    def say(self, message: str) -> None:
        """Tell nobody."""

    def skip(self, what: str, why: str) -> None:
        """Record nothing: the first run did."""

    def show(self, exhibit: Table | Chart) -> None:
        """Show nothing."""

    def track(self, items: Iterable[Any], description: str) -> Iterable[Any]:  # noqa: ARG002
        """Return the items."""
        return items


@dataclass(frozen=True, eq=False, kw_only=True)
class Ground:
    """What a search may look at: the rows that are mined, never those that are held out.

    `features` are those of n >= 1 rows, `loss` float64 [n] without NaN, or None where there is none to judge by.
    `choice` says what is to be reported. `weight` float64 [n], above 0, sums to the rows that these are worth; None
    where all weigh alike.
    """

    features: Features
    loss: NDArray[np.float64] | None
    choice: Choice
    rng: np.random.Generator
    context: Context | Unheard
    weight: NDArray[np.float64] | None = None

    def say(self, message: str) -> None:
        """Tell the reader of the report something that bears on the result."""
        self.context.say(message)

    def show(self, exhibit: Table | Chart) -> None:
        """Add a table or a chart to the report."""
        self.context.show(exhibit)

    @property
    def points(self) -> NDArray[np.float64]:
        """The features as numbers, float64 [n, d]."""
        return self.features.matrix

    @cached_property
    def by_row(self) -> Ground:
        """The ground without weights: its rows repeated in proportion to them, as many as there are."""
        from auditkit_minoria.features.weights import repeated

        if self.weight is None:
            return self
        places = repeated(self.weight)
        loss = None if self.loss is None else self.loss[places]
        return replace(self, features=self.features.rows(places), loss=loss, weight=None)

    @property
    def columns(self) -> Sequence[EncodedColumn]:
        """What each column of the points is."""
        return self.features.columns

    def sample(self, most_rows: int) -> NDArray[np.float64]:
        """Return the points, or a random `most_rows` of more, in their order."""
        import numpy as np

        if len(self.points) <= most_rows:
            return self.points
        return self.points[np.sort(self.rng.permutation(len(self.points))[:most_rows])]

    def tails(self, batches: Iterable[Candidates], *, hardest: float = 1.0) -> tuple[Tail, ...]:
        """Return the tails to report of directions; further batches are asked for only while they are too few.

        Of each tail, only its `hardest` share of rows, worst first, is compared with tau.
        """
        from auditkit_minoria.groups.tail import tails

        return tails(self.points, self.loss, batches, choice=replace(self.choice, hardest=hardest))


@dataclass(frozen=True, kw_only=True)
class Search(Generic[P]):
    """A search: from the ground to rules, best first, each for a set of rows.

    A rule may be a direction's tail, a cluster, or any other that can find its rows among new ones; whether these
    rows are a group, and whether it is confirmed, is decided for all searches alike. `method` is the paragraph of
    the report, `kernel` the machine code to make before the first run. An `exact` search reports a direction as
    it is; others may drop weights that change little. One that `weighs` its rows sees their weights; others are given
    rows repeated in proportion to them. Where it is no step `minoria.NAME` of its own, `known_as`
    says how a user asks for it.
    """

    name: str
    title: str
    method: str
    Params: type[P]
    propose: Callable[[Ground, P], Sequence[Rule]]
    needs: Needs = ANY
    kernel: Callable[[], Kernel] | None = None
    exact: bool = False
    weighs: bool = False
    known_as: str = ""

    @property
    def shown(self) -> str:
        """What a user calls it."""
        return self.known_as or f"minoria.{self.name}"


def ranking_kernel() -> Kernel:
    """Return the machine code by which candidates are ranked."""
    from auditkit_minoria.directions.candidates import ranking_kernel

    return ranking_kernel()


def counting_kernel() -> Kernel:
    """Return the machine code by which conjunctions are counted."""
    from auditkit_minoria.slices.cubes import counting_kernel

    return counting_kernel()
