"""A set of rows by the rule that finds them: among the mining rows, the held-out ones, and any to come."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from auditkit_minoria.features.encoded import Features


@dataclass(frozen=True, eq=False, kw_only=True)
class Rule(ABC):
    """What a search proposes, and a reader, a file of groups and the statistics are told of a set of rows.

    `found_by` says in words which search found it.
    """

    found_by: str = ""

    noun: ClassVar[str]
    """What such a set is called, as in "tail not under-performing"."""

    @abstractmethod
    def members(self, features: Features) -> NDArray[np.bool_]:
        """Return which of the n rows are in the set."""

    def unfit(self, members: NDArray[np.bool_], weight: NDArray[np.float64] | None) -> str:  # noqa: ARG002
        """Return why the set cannot be a group, whatever its loss; "" if it can.

        members are bool [n] of the mining rows, weight [n] what these weigh, None where all weigh alike.
        """
        return "" if members.any() else f"no mining row is in the {self.noun}"

    @abstractmethod
    def price(self, features: Features) -> float:
        """Return 2 log of the number of rules of this shape: what its z^2 must exceed to stand out of them."""

    @abstractmethod
    def in_words(self, features: Features) -> str:
        """Return the rule as a sentence part for a reader: "rows with ..."."""

    @abstractmethod
    def expression(self, features: Features, table: pd.DataFrame) -> str:
        """Return the rule as the text that finds these rows in a table like this one."""

    @abstractmethod
    def sources(self, features: Features) -> tuple[str, ...]:
        """Return the columns that bear on it, most first."""
