"""What a way to make a list under a limit says of itself and does. Read at every start: numpy only in functions."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from auditkit import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from auditkit_mpr.arrays import Codes, Floats
    from auditkit_mpr.classes.interface import FunctionClass, Limits
    from auditkit_mpr.relaxed.answer import Answer


@dataclass(frozen=True, kw_only=True)
class Needs:
    """What must be there besides similarities: vectors of the items, of the query, groups, a package of an extra."""

    vectors: bool = False
    query_vectors: bool = False
    groups: bool = False
    package: str = ""


@dataclass(frozen=True, kw_only=True)
class Iteration:
    """One program of algorithm 1: the functions in it, the gap that its relaxed list still has, and its rounded list.

    `similarity` is the sum over the rounded list, `mpr` its MPR.
    """

    cuts: int
    gap: float
    mpr: float
    similarity: float


@dataclass(frozen=True, eq=False, kw_only=True)
class Query:
    """One query as methods see it: `limits` on its items' lists of k, and what some methods need besides.

    `similarities` [n]; `codes`, an array [n] for each attribute with groups, and their `labels`; `vector` [d] the
    query's own; `item_vectors` returns unit vectors [n, d], or None. `seconds` is what an exact program may take.
    `made` keeps the lists of methods that know no limit; `iterations` is what algorithm 1 may take as printed, and
    `iterated` keeps these for each limit.
    """

    limits: Limits
    similarities: Floats
    k: int
    seconds: float = 60.0
    codes: tuple[Codes, ...] = ()
    labels: tuple[tuple[str, ...], ...] = ()
    vector: NDArray[np.float32] | None = None
    item_vectors: Callable[[], NDArray[np.float32] | None] = lambda: None
    made: dict[str, list[NDArray[np.int64]]] = field(default_factory=dict)
    iterations: int = 30
    iterated: dict[float, tuple[Iteration, ...]] = field(default_factory=dict)


class Method(ABC):
    """A way to make a list under a limit.

    `words` is its line in the docs, `serves_words` says which classes of functions it serves. Of the methods that
    serve a class the one of the lowest `preference` is the default.
    """

    name: ClassVar[str]
    words: ClassVar[str]
    preference: ClassVar[int]
    serves_words: ClassVar[str] = "every class of functions"
    needs: ClassVar[Needs] = Needs()
    certifies: ClassVar[bool] = True
    """Whether the method proves its own bound; the others are judged by what is known of the limit."""

    @abstractmethod
    def serves(self, one: FunctionClass) -> bool:
        """Return whether the method can keep a limit on this class."""

    @abstractmethod
    def answer(self, query: Query, rho: float) -> Answer:
        """Return a list for the limit with its certificate; UsageError where a need is not met."""

    def vectors_of(self, query: Query) -> NDArray[np.float32]:
        """Return the items' unit vectors [n, d]; UsageError without them."""
        vectors = query.item_vectors()
        if vectors is None:
            raise UsageError(self.without_vectors)
        return vectors

    @property
    def without_vectors(self) -> str:
        """The sentence for items without vectors."""
        return f"method {self.name} needs vectors of the items: --embeddings or --index"

    @property
    def without_query_vectors(self) -> str:
        """The sentence for queries that are similarities only."""
        return f"method {self.name} needs vectors of the queries: --queries"

    @property
    def without_groups(self) -> str:
        """The sentence for attributes that are quantities only."""
        return f"method {self.name} needs an attribute with groups"

    @property
    def not_served(self) -> str:
        """The sentence for a class that the method does not serve."""
        return f"method {self.name} is for {self.serves_words}"
