"""MOPR with 1,000,000 items (--items N) and ten attributes: seconds per limit after the similarities, peak memory."""

import argparse
import os
import resource
import time

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before NumPy: small matrices lose time to threads

import numpy as np

from auditkit_mpr.rerank import prepare


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=1_000_000)
    n = parser.parse_args().items
    rng = np.random.default_rng(0)
    rates = rng.uniform(0.2, 0.8, size=10)
    items = np.empty((n, 10), dtype=np.uint8)
    similarities = np.empty(n)
    lean = rng.normal(size=10)
    for start in range(0, n, 1_000_000):
        part = slice(start, min(start + 1_000_000, n))
        items[part] = rng.random((part.stop - start, 10)) < rates
        similarities[part] = rng.normal(size=part.stop - start) + items[part] @ lean
    reference = (rng.random((10_000, 10)) < rates).astype(np.uint8)

    started = time.perf_counter()
    prepared = prepare(items, reference)
    print(f"n = {n:,}: preparation {time.perf_counter() - started:.2f} s", flush=True)
    started = time.perf_counter()
    floor = prepared.reach(50).floor
    print(
        f"least MPR of k = 50: {time.perf_counter() - started:.2f} s, reached {floor.reached:.2e}", flush=True
    )
    top = prepared.rerank(similarities, k=50, rho=1.0).certificate.top_mpr
    for share in (0.8, 0.5, 0.2, 0.05):
        started = time.perf_counter()
        proof = prepared.rerank(similarities, k=50, rho=share * top).certificate
        seconds = time.perf_counter() - started
        lost = (proof.similarity_bound - proof.similarity) / proof.top_similarity
        print(
            f"rho {share:.2f} of top-k: {seconds:.2f} s, kept {proof.meets}, {lost:.3%} below the bound",
            flush=True,
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    print(
        f"peak memory {peak:.2f} GB, {(items.nbytes + similarities.nbytes) / 1024**3:.2f} GB of it the input"
    )


if __name__ == "__main__":
    main()
