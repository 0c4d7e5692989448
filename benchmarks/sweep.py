"""Claim: the exact sweep of the plane is at least 50 times faster than a plain walk of the median level.

Run `python benchmarks/sweep.py [--large]`. Both search the same points in the same process, on one core: the walk
is the NumPy one that the tests compare with, O(n) for each of the some 1.45 n times that the median changes.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from plugins.minoria.oracle import walk
from plugins.minoria.seeded import minoria_2d

from auditkit_minoria.sweep import sweep


def seconds(function, points, repeats):
    """Return the median of process CPU times, and the last result."""
    times = []
    for _ in range(repeats):
        start = time.process_time()
        result = function(points)
        times.append(time.process_time() - start)
    return float(np.median(times)), result


def main():
    start = time.process_time()
    sweep(minoria_2d(100))
    print(f"first call, with compilation or its cache: {time.process_time() - start:.2f} s")
    for n in (1_000, 10_000):
        points = minoria_2d(n)
        fast, found = seconds(sweep, points, 9)
        slow, (size, *_) = seconds(walk, points, 1)
        assert abs(abs(found.skews[found.best]) - size) < 1e-9
        print(
            f"n = {n:>9,}: sweep {fast * 1e3:8.1f} ms, walk {slow:6.2f} s, ratio {slow / fast:5.0f},"
            f" max |skew| {size:.6f}"
        )
    for n in (100_000, 1_000_000) if "--large" in sys.argv else (100_000,):
        fast, found = seconds(sweep, minoria_2d(n), 1)
        print(f"n = {n:>9,}: sweep {fast * 1e3:8.1f} ms, {found.regions:,} regions")


if __name__ == "__main__":
    main()
