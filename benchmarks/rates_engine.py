"""Audits of Parquet tables of 10^6 to 10^8 rows by DuckDB, beside a GROUP BY written by hand, each in its own process.

`python benchmarks/rates_engine.py [ROWS ...]`, by default a million and ten million; a hundred million take 2 GB of
disk meanwhile. Three attributes, all intersections. Prints seconds of the clock and of the processor, peak memory as
the system tells it, the ratio to the hand-written query, and the exponent of the growth.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

PART = 5_000_000
"""Rows of one file."""
QUERY = "SELECT y, p, sex, race, age, COUNT(*) FROM read_parquet('{folder}/*.parquet') GROUP BY ALL"
BY_HAND = f"import duckdb; duckdb.sql({QUERY!r}.format(folder=FOLDER)).fetchall()"
AUDIT = (
    "from auditkit.cli.app import run; assert not run(['audit', FOLDER, '--engine', 'duckdb', '--target', 'y', "
    "'--pred', 'p', '--groups', 'sex,race,age:category', '--max-order', '3', '--favourable', '1', '-q'])"
)
MEASURED = """
import json, resource, time
begun = time.perf_counter()
{code}
own, spent = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter() - begun
print(json.dumps([spent, own.ru_utime + own.ru_stime, own.ru_maxrss / 2**20]))
"""


def make(folder, rows):
    """Write the table in parts: two classes, three attributes, and three columns that nobody asks for."""
    for part, start in enumerate(range(0, rows, PART)):
        n, rng = min(PART, rows - start), np.random.default_rng(part)
        sex, race = rng.integers(0, 2, n, dtype=np.int8), rng.choice(5, n, p=[0.7, 0.15, 0.1, 0.04, 0.01])
        y = (rng.random(n) < 0.3 + 0.1 * sex).astype(np.int8)
        table = pa.table(
            {
                "sex": pa.DictionaryArray.from_arrays(pa.array(sex), ["f", "m"]),
                "race": pa.DictionaryArray.from_arrays(pa.array(race.astype(np.int8)), list("abcde")),
                "age": rng.integers(18, 34, n, dtype=np.int16),
                "y": y,
                "p": np.where(rng.random(n) < 0.2, 1 - y, y).astype(np.int8),
                "income": rng.lognormal(10, 1, n).astype(np.float32),
                "hours": rng.integers(0, 80, n, dtype=np.int16),
                "claim": rng.random(n, dtype=np.float32),
            }
        )
        pq.write_table(table, folder / f"{part:03}.parquet")


def measured(code, folder):
    """Return seconds, seconds of the processor and GB of some code in a process of its own."""
    whole = MEASURED.format(code=f"FOLDER = {str(folder)!r}\n{code}")
    done = subprocess.run([sys.executable, "-c", whole], capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def main():
    taken = {}
    for rows in [int(float(word)) for word in sys.argv[1:]] or [10**6, 10**7]:
        with tempfile.TemporaryDirectory(dir=".") as name:
            folder = Path(name).absolute()
            make(folder, rows)
            hand, audit = measured(BY_HAND, folder), measured(AUDIT, folder)
        taken[rows] = audit
        told = (
            f"{name} {one[0]:.1f} s ({one[1]:.1f} s of the processor), {one[2]:.2f} GB"
            for name, one in (("audit", audit), ("by hand", hand))
        )
        print(
            f"{rows:,} rows: {'; '.join(told)}; ratio of the processor's time {audit[1] / hand[1]:.2f}",
            flush=True,
        )
    (few, *_, many) = sorted(taken)
    if many > few:
        exponent = np.log(taken[many][1] / taken[few][1]) / np.log(many / few)
        print(
            f"from {few:,} to {many:,} rows the audit's seconds of the processor grow with exponent {exponent:.2f}"
        )


if __name__ == "__main__":
    main()
