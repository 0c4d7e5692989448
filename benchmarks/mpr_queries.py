"""The audit of 1,000 queries over 100,000 items of 384 dimensions through the command line, and its peak memory."""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--queries", type=int, default=1_000)
    given = parser.parse_args()
    rng = np.random.default_rng(0)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        table = {
            "sex": rng.choice(["f", "m"], given.items),
            "race": rng.choice(list("abcde"), given.items),
            "age": rng.choice(["young", "middle", "old"], given.items),
        }
        pd.DataFrame(table).to_parquet(place / "items.parquet")
        np.save(place / "items.npy", rng.normal(size=(given.items, 384)).astype(np.float32))
        np.save(place / "queries.npy", rng.normal(size=(given.queries, 384)).astype(np.float32))
        for prefilter in (10_000, 0):
            started = time.perf_counter()
            command = (
                "audit items.parquet --with mpr --embeddings items.npy --queries queries.npy --attributes sex,race,age "
                f"--k 50 --prefilter {prefilter} --json -o report.json"
            )
            program = "from auditkit.cli.app import main; main()"
            subprocess.run(
                [sys.executable, "-c", program, *command.split()],
                cwd=place,
                check=True,
                stdout=subprocess.DEVNULL,
            )
            seconds = time.perf_counter() - started
            print(
                f"prefilter {prefilter or 'off'}: {seconds:.1f} s for {given.queries:,} queries", flush=True
            )
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024**2
        print(f"peak memory {peak:.2f} GB")


if __name__ == "__main__":
    main()
