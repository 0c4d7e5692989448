"""MMR at n = 10,000 items of 512 dimensions, k = 50: auditkit and a plain loop in one run, the same list, peak memory.

The plain loop follows the formula item by item. It runs on fewer items (--plain), and its time on all of them is
estimated in proportion.
"""

import argparse
import os
import resource
import sys
import time
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before NumPy: small matrices lose time to threads

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from plugins.mpr.oracle import greedy_mmr

from auditkit_mpr.methods.mmr import mmr


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
    print(f"n = 10,000, k = 50: {ours:.2f} s, peak memory {peak:.0f} MB, {grown:.0f} MB of it for the list")
    print(
        f"n = {plain}: plain loop {theirs:.2f} s, auditkit {small:.4f} s ({theirs / small:.0f} times faster), "
        f"the same list: {fast == slow}"
    )
    whole = theirs * 10_000 / plain
    print(f"n = 10,000: a plain loop would take about {whole:.0f} s, {whole / ours:.0f} times as long")


if __name__ == "__main__":
    main()
