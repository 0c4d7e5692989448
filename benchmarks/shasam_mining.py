"""The three selections of one SHaSaM iteration: seconds, peak memory, and value against exact coverage.

Features are 128-d blobs in four cells (two classes, two groups, 3 to 1). Coverage is summed over a uniform sample of
reference rows; the ratio compares the value, over all rows, with that of the selection that summed over all rows.
"""

import argparse
import resource
import time

import numpy as np

from auditkit_shasam.mining import Mining, make_cells, mine
from auditkit_shasam.submodular import Coverage, from_features

PAIR = (0, 0)


def data(n, seed=0):
    r = np.random.default_rng(seed)
    target = r.integers(2, size=n)
    sensitive = (r.random(n) < np.where(target == 1, 0.75, 0.25)).astype(int)
    centres = r.normal(size=(20, 128))
    points = centres[5 * (2 * target + sensitive) + r.integers(5, size=n)] + 0.7 * r.normal(size=(n, 128))
    return (points / np.linalg.norm(points, axis=1, keepdims=True)).astype(np.float32), make_cells(
        target, sensitive
    )


def values(points, found):
    """The value of positives and of negatives over all rows."""
    gain = Coverage(from_features(points), given=found.anchors)
    information = Coverage(from_features(points), query=found.anchors)
    return [
        sum(f.add(int(j)) for j in items)
        for f, items in ((gain, found.positives), (information, found.negatives))
    ]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, nargs="+", default=[32_000, 160_000])
    parser.add_argument("--references", type=int, default=Mining().references)
    parser.add_argument(
        "--exact", type=int, default=32_000, help="largest n for which exact coverage is compared"
    )
    given = parser.parse_args()
    mine(*data(2000), Mining(), pair=PAIR, rng=np.random.default_rng(0))  # compilation is not the selection
    for n in given.n:
        points, cells = data(n)
        seconds, processor = [], []
        for repeat in range(3):
            start, started = time.perf_counter(), time.process_time()
            found = mine(
                points,
                cells,
                Mining(references=given.references),
                pair=PAIR,
                rng=np.random.default_rng(repeat),
            )
            seconds.append(time.perf_counter() - start)
            processor.append(time.process_time() - started)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        print(
            f"|V| = {n:,}, k = 16, {given.references:,} references: {np.median(seconds):.2f} s "
            f"({np.median(processor):.2f} s of processor), {peak:.2f} GB peak"
        )
        if n <= given.exact:
            start = time.perf_counter()
            exact = mine(points, cells, Mining(references=n), pair=PAIR, rng=np.random.default_rng(0))
            took = time.perf_counter() - start
            ratios = np.array(values(points, found)) / np.array(values(points, exact))
            print(f"  exact coverage over all {n:,} rows: {took:.2f} s")
            print(
                f"  value of the sampled selection: positives {ratios[0]:.4f}, negatives {ratios[1]:.4f} of it"
            )


if __name__ == "__main__":
    main()
