"""How the three sets of a step are selected: each at random, by facility location or by log-determinant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from auditkit import UsageError
from auditkit_shasam.choices import one_of
from auditkit_shasam.mining.cells import Negatives
from auditkit_shasam.submodular.log_determinant import RIDGE

Way: TypeAlias = Literal["random", "facility_location", "log_determinant"]
NegativeWay: TypeAlias = Literal["random", "facility_location", "log_determinant", "semihard"]
Optimiser: TypeAlias = Literal["lazy", "naive", "stochastic"]
Covered: TypeAlias = Literal["all", "target"]
NonNegative: TypeAlias = Literal["clamp", "shift"]


@dataclass(frozen=True, kw_only=True)
class Mining:
    """How the three sets are selected; the defaults are the paper's.

    "random" draws uniformly. "semihard" negatives are the k of `semihard` times k drawn rows that are nearest to the
    anchors. Facility location sums its coverage over the ground set (`covered` "all") or over the class's rows
    ("target"), and over a uniform sample of `references` of them if there are more: an unbiased estimate of the sum
    per row. `policy` says what becomes of negative cosines, `ridge` is added to the kernel's diagonal in
    log-determinants.
    """

    k: int = 16
    anchors: Way = "log_determinant"
    positives: Way = "facility_location"
    negatives: NegativeWay = "facility_location"
    semihard: int = 8
    pool: Negatives = "same_sensitive"
    optimiser: Optimiser = "lazy"
    covered: Covered = "all"
    references: int = 1024
    policy: NonNegative = "clamp"
    ridge: float = RIDGE

    def __post_init__(self) -> None:
        one_of("anchors", self.anchors, allowed=get_args(Way))
        one_of("positives", self.positives, allowed=get_args(Way))
        one_of("negatives", self.negatives, allowed=get_args(NegativeWay))
        one_of("pool", self.pool, allowed=get_args(Negatives))
        one_of("optimiser", self.optimiser, allowed=get_args(Optimiser))
        one_of("covered", self.covered, allowed=get_args(Covered))
        one_of("policy", self.policy, allowed=get_args(NonNegative))
        for name in ("k", "references", "semihard"):
            if getattr(self, name) < 1:
                message = f"{name} must be at least 1, got {getattr(self, name)}"
                raise UsageError(message)

    @property
    def random(self) -> bool:
        """Whether all three sets are drawn, so that no features are needed."""
        return self.anchors == self.positives == self.negatives == "random"

    @property
    def covers(self) -> bool:
        """Whether any of the sets is selected by what it covers."""
        return "facility_location" in {self.anchors, self.positives, self.negatives}


def drawn(k: int = 16) -> Mining:
    """Return the mining that draws all three sets from their cells."""
    return Mining(k=k, anchors="random", positives="random", negatives="random")
