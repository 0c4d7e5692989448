"""Claim: the exact sweep of the plane takes 12 ms for 1,000 points, and for 1,400,000 at most 15 s and 2 GB.

Run `python benchmarks/minoria_sweep.py [--small]`. In the same run, on one core: the plain walk of the median level
that the tests compare with, O(n) in NumPy for each of the some 1.45 n times that the median changes. The authors'
own code takes 126 s for 1,000 points. `--small` leaves out a million points and more, and how time grows.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from plugins.minoria.oracle import walk
from plugins.minoria.seeded import minoria_2d

from auditkit_minoria.directions.sweep import sweep

LARGEST = 1_400_000
FIRST_CALL = "import time; s=time.perf_counter(); import numpy as np; "
FIRST_CALL += "from auditkit_minoria.directions.sweep import sweep; "
FIRST_CALL += "sweep(np.random.default_rng(0).normal(size=(100, 2))); print(time.perf_counter() - s)"


def seconds(function, points, repeats):
    """Return the median of process CPU times, and the last result."""
    times = []
    for _ in range(repeats):
        start = time.process_time()
        result = function(points)
        times.append(time.process_time() - start)
    return float(np.median(times)), result


def main():
    fresh = subprocess.run([sys.executable, "-c", FIRST_CALL], capture_output=True, text=True, check=True)
    print(
        f"first call of a new process, imports included: {float(fresh.stdout):.2f} s (kernels from the cache)"
    )
    sweep(minoria_2d(100))
    for n in (1_000, 10_000):
        points = minoria_2d(n)
        fast, found = seconds(sweep, points, 9)
        slow, (size, *_) = seconds(walk, points, 1)
        assert abs(abs(found.skews[found.best]) - size) < 1e-9
        print(
            f"n = {n:>9,}: sweep {fast * 1e3:8.1f} ms, walk {slow:6.2f} s, ratio {slow / fast:5.0f},"
            f" max |skew| {size:.6f}"
        )
        if n == 1_000:
            failed = fast > 0.012
    if "--small" in sys.argv:
        return int(failed)
    sizes, times = (10_000, 31_623, 100_000, 316_228, 1_000_000), []
    for n in sizes:
        fast, found = seconds(sweep, minoria_2d(n), 9 if n <= 100_000 else 3)
        times.append(fast)
        print(f"n = {n:>9,}: sweep {fast:8.3f} s, {found.regions:,} regions")
    growth = np.polyfit(np.log(sizes), np.log(times), 1)[0]
    as_n_log_n = np.polyfit(np.log(sizes), np.log(np.array(sizes) * np.log(sizes)), 1)[0]
    print(f"time grows as n^{growth:.3f} from 10^4 to 10^6; n log n would be n^{as_n_log_n:.3f} there")
    points = minoria_2d(LARGEST)
    fast, _ = seconds(sweep, points, 1)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"n = {LARGEST:>9,}: sweep {fast:8.3f} s; peak memory of the whole benchmark {memory:.2f} GB")
    return int(failed or fast > 15 or memory > 2)


if __name__ == "__main__":
    sys.exit(main())
