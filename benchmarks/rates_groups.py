"""10,000 groups and 10 metrics from counts: seconds of processor time and peak memory; a loop over groups beside it."""

from __future__ import annotations

import resource
import time

import numpy as np

from auditkit.measures import Confusions, difference, gaps_to_best, measure, measure_gap, rates_of, ratio

GROUPS = 10_000
METRICS = (
    "selection_rate", "base_rate", "accuracy", "tpr", "fpr", "tnr", "fnr", "precision", "npv", "f1",
)  # fmt: skip


def counts_of(groups: int) -> Confusions:
    """Return random counts of groups of 20 to 400 rows."""
    rng = np.random.default_rng(0)
    cells = rng.dirichlet([6, 1, 1, 2], groups)
    counts = rng.multinomial(rng.integers(20, 400, groups), cells).reshape(groups, 2, 2)
    return Confusions(counts=counts, table=counts.astype(float), squares=counts.astype(float))


def all_of(confusions: Confusions) -> None:
    """Measure every metric of every group, its gaps, and how far apart the groups are."""
    rest = confusions.rest()
    for name in METRICS:
        measure(confusions, name)
        measure_gap(confusions, rest, name=name)
        rates = rates_of(confusions, name)
        difference(rates)
        ratio(rates)
        gaps_to_best(rates, "highest")


def main() -> None:
    """Print seconds by size and the exponent of their growth."""
    taken = {}
    all_of(counts_of(50))  # compiled, or read from the cache
    for groups in (GROUPS // 10, GROUPS):
        found = counts_of(groups)
        begun = time.process_time()
        all_of(found)
        taken[groups] = time.process_time() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    few, many = taken.values()
    size = f"{GROUPS:,} groups x {len(METRICS)} metrics"
    print(f"{size}: {many:.1f} s, peak {peak:.2f} GB; exponent of its growth {np.log10(many / few):.2f}")


if __name__ == "__main__":
    main()
