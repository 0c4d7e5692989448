"""Facility location of 10,000 points in 128 dimensions: auditkit, submodlib, apricot and plain NumPy in one run.

Each method runs in a process of its own, so that its peak memory is its own, on one thread. Prints processor seconds
of the selection (kernel included; the least of three), peak memory, the objective, and how many times faster auditkit
is than the fastest peer.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time

import numpy as np

ONE_THREAD = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
METHODS = ("auditkit", "numpy", "apricot", "submodlib")


def blobs(n, d=128, c=20, seed=0):
    r = np.random.default_rng(seed)
    centres = r.normal(size=(c, d))
    points = centres[r.integers(c, size=n)] + 0.7 * r.normal(size=(n, d))
    return (points / np.linalg.norm(points, axis=1, keepdims=True)).astype(np.float32)


def auditkit(points, budget):
    from auditkit_shasam.submodular import Coverage, from_features, lazy_greedy

    return lazy_greedy(Coverage(from_features(points)), budget).items


def plain(points, budget):
    kernel = np.maximum(points @ points.T, 0)
    best, chosen = np.zeros(len(points), dtype=np.float32), []
    for _ in range(budget):
        gains = np.array([np.maximum(row - best, 0).sum() for row in kernel])
        gains[chosen] = -1
        chosen.append(int(gains.argmax()))
        best = np.maximum(best, kernel[chosen[-1]])
    return chosen


def apricot(points, budget):
    from apricot import FacilityLocationSelection

    chooser = FacilityLocationSelection(budget, metric="precomputed", optimizer="lazy")
    return chooser.fit(np.maximum(points @ points.T, 0).astype(np.float64)).ranking


def submodlib(points, budget):
    from submodlib import FacilityLocationFunction

    kernel = np.maximum(points @ points.T, 0)
    function = FacilityLocationFunction(n=len(points), mode="dense", sijs=kernel, separate_rep=False)
    chosen = function.maximize(budget=budget, optimizer="LazyGreedy", show_progress=False)
    return [item for item, _ in chosen]


def objective(points, chosen):
    exact = points.astype(np.float64)
    return float(np.maximum(exact @ exact[np.asarray(chosen)].T, 0).max(axis=1).sum())


def one(method, n, budget):
    points = blobs(n)
    work = {"auditkit": auditkit, "numpy": plain, "apricot": apricot, "submodlib": submodlib}[method]
    work(points[:100], 4)  # imports and compilation are not the selection
    seconds = float("inf")
    for _ in range(3):
        start = time.process_time()
        chosen = work(points, budget)
        seconds = min(seconds, time.process_time() - start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(json.dumps({"seconds": seconds, "peak_gb": peak, "objective": objective(points, chosen)}))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=10_000)
    parser.add_argument("--budget", type=int, nargs="+", default=[16, 100])
    parser.add_argument("--method", choices=METHODS)
    given = parser.parse_args()
    if given.method:
        one(given.method, given.n, given.budget[0])
        return
    for budget in given.budget:
        rows = {}
        for method in METHODS:
            command = [
                sys.executable,
                __file__,
                "--method",
                method,
                "--n",
                str(given.n),
                "--budget",
                str(budget),
            ]
            done = subprocess.run(command, capture_output=True, text=True, check=False, env=ONE_THREAD)
            if done.returncode:
                print(f"{method:10} not measured: {done.stderr.strip().splitlines()[-1]}")
                continue
            rows[method] = row = json.loads(done.stdout.splitlines()[-1])
            print(
                f"{method:10} {row['seconds']:7.2f} s {row['peak_gb']:6.2f} GB   objective {row['objective']:.4f}"
            )
        fastest = min(row["seconds"] for name, row in rows.items() if name != "auditkit")
        print(
            f"n = {given.n:,}, budget {budget}: {fastest / rows['auditkit']['seconds']:.1f} times the fastest peer\n"
        )


if __name__ == "__main__":
    main()
