"""AUC with its standard error, calibration error and Brier score of ten groups, beside NumPy alone and fairscope.

fairscope is a peer that is run where it is installed (`pip install fairscope`). NumPy's lines rank each group alone.
"""

import importlib.util
import time

import numpy as np

from auditkit.measures import auc, bins_of, moments, scored
from auditkit.measures.scores.calibration_error import calibration_error

ROWS, GROUPS = (48_842, 1_000_000), 10
REPEATED = 1_000_000
"""Rows that each contestant ranks, over its repeats, of which the fastest counts; at least three."""


def seconds(work, *arrays) -> float:
    """Return the least processor time of a few runs."""
    found = []
    for _ in range(max(REPEATED // len(arrays[0]), 3)):
        start = time.process_time()
        work(*arrays)
        found.append(time.process_time() - start)
    return min(found)


def ours(truth, score, group):
    blocks = scored(truth, score).blocks(group, n_groups=GROUPS)
    area = auc(blocks)
    calibration_error(bins_of(blocks), n_groups=GROUPS)
    moments(group, (score - truth) ** 2, n_groups=GROUPS)
    return area.value, area.error


def plain(truth, score, group):
    """Rank the rows of each group three times, as DeLong's formulas read without ties."""
    values, errors = [], []
    for g in range(GROUPS):
        y, s = truth[group == g] == 1, score[group == g]
        m, n = y.sum(), (~y).sum()
        rank, among = ranks(s), np.empty(len(s))
        among[y], among[~y] = ranks(s[y]), ranks(s[~y])
        v10, v01 = (rank - among)[y] / n, 1 - (rank - among)[~y] / m
        values.append(v10.mean())
        errors.append(np.sqrt(v10.var(ddof=1) / m + v01.var(ddof=1) / n))
        place = np.minimum((s * 10).astype(int), 9)
        np.abs(np.bincount(place, s - y, minlength=10)).sum()
        np.mean((s - y) ** 2)
    return np.array(values), np.array(errors)


def ranks(values):
    place = np.empty(len(values))
    place[np.argsort(values)] = np.arange(1, len(values) + 1)
    return place


def peer(truth, score, group):
    from fairscope.core.calibration import ece_by_group
    from fairscope.core.delong import delong_by_group

    ece_by_group(truth, score, group)
    for g in range(GROUPS):
        np.mean((score[group == g] - truth[group == g]) ** 2)
    return delong_by_group(truth, score, group)


def main() -> None:
    there = importlib.util.find_spec("fairscope") is not None
    for n in ROWS:
        rng = np.random.default_rng(0)
        truth, score, group = rng.integers(0, 2, n), rng.random(n), rng.integers(0, GROUPS, n)
        for mine, theirs in zip(ours(truth, score, group), plain(truth, score, group), strict=True):
            np.testing.assert_allclose(mine, theirs, rtol=1e-9)
        own, twin = (seconds(f, truth, score, group) for f in (ours, plain))
        told = f"{n:,} rows: auditkit {own:.3f} s, NumPy {twin:.3f} s"
        if there:
            other = seconds(peer, truth, score, group)
            told += f", fairscope {other:.3f} s ({other / own:.0f} times)"
        print(told)


if __name__ == "__main__":
    main()
