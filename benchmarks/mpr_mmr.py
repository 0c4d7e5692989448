"""MMR at n = 10,000 items of 512 dimensions, k = 50: auditkit and a plain loop in one run, the same list, peak memory.

The plain loop does what its formula says, item by item over NumPy rows; it is run on fewer items and steps (--plain) and
scaled by its own count of comparisons, because the whole takes many minutes.
"""

import argparse
import resource
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from plugins.mpr.oracle import greedy_mmr

from auditkit_mpr.baselines import mmr


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plain", type=int, default=400, help="items of the plain loop")
    plain = parser.parse_args().plain
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(10_000, 512)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    similarities = (vectors @ (vectors[0] + 0.1 * vectors[1])).astype(float)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.process_time()
    mmr(similarities, vectors, k=50, trade=0.5)
    ours = time.process_time() - started
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    started = time.process_time()
    slow = greedy_mmr(similarities[:plain], vectors[:plain], 50, 0.5)
    theirs = time.process_time() - started
    started = time.process_time()
    fast = mmr(similarities[:plain], vectors[:plain], k=50, trade=0.5).tolist()
    small = time.process_time() - started
    print(f"n = 10,000, k = 50: {ours:.2f} s, {grown:.0f} MB more than the {peak - grown:.0f} MB of Python and the vectors")
    print(f"n = {plain}: plain loop {theirs:.2f} s, auditkit {small:.4f} s ({theirs / small:.0f} times faster), "
          f"the same list: {fast == slow}")
    print(f"a plain loop over 10,000 items would take about {theirs * 10_000 / plain:.0f} s: {theirs * 10_000 / plain / ours:.0f} times as long")


if __name__ == "__main__":
    main()
