"""New York City's table of Adult, 48,842 rows, by the whole command, beside what relfair computes; processor seconds.

relfair is a peer that is run where it is installed (`pip install --no-deps relfair`: what its dependencies, half a
gigabyte of them, are for has no part in the table). It draws 2,000 bootstrap samples unless told otherwise, and takes
minutes; `python benchmarks/rates_ll144.py DRAWS` draws so many, by default a twentieth.
"""

import importlib.util
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from auditkit import read_table
from auditkit.data.bundled.sets import ADULT

THEIRS = 2_000
MEASURED = """
import json, resource, sys
from auditkit.cli.app import run
assert not run(sys.argv[1:])
own = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps([own.ru_utime + own.ru_stime, own.ru_maxrss / 2**20]))
"""


def ours(file, folder):
    """Return processor seconds and peak GB of the whole command in a process of its own, and its ratios by category."""
    out = folder / "table.json"
    command = ["audit", str(file), "--with", "ll144", "--outcome", "hired", "--favourable", "1"]
    command += ["--groups", "sex,race", "-q", "-o", str(out)]
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, *command], capture_output=True, text=True, check=True, cwd=folder
    )
    found = json.loads(out.read_text())["findings"]
    ratios = {f["group"]: f["value"] for f in found if f["metric"] == "impact_ratio"}
    return *json.loads(done.stdout.splitlines()[-1]), ratios


def peer(frame, draws):
    """Return processor seconds, and the ratios by category."""
    from relfair.metrics import compute_ll144_metrics

    begun = time.process_time()
    found = compute_ll144_metrics(frame, outcome_col="hired", sex_col="sex", race_col="race", n_boot=draws)
    spent = time.process_time() - begun
    named = {f"sex={one.group}": one.ratio for one in found.by_sex}
    return spent, named | {f"race={one.group}": one.ratio for one in found.by_race}


def main() -> None:
    draws = int(sys.argv[1]) if sys.argv[1:] else THEIRS // 20
    adult = read_table(Path(ADULT.path))
    frame = pd.DataFrame(
        {"sex": adult.sex, "race": adult.race, "hired": (adult.income == ">50K").astype(int)}
    )
    with tempfile.TemporaryDirectory() as made:
        file = Path(made) / "adult.csv"
        frame.to_csv(file, index=False)
        spent, peak, ratios = ours(file, Path(made))
    told = f"{len(frame):,} rows: auditkit {spent:.2f} s, peak {peak:.2f} GB"
    if importlib.util.find_spec("relfair") is not None:
        other, theirs = peer(frame.astype({"sex": str, "race": str}), draws)
        # Both divide by the highest rate; ours leaves the ratios of categories below 2 % of all assessed out.
        kept = {name: value for name, value in ratios.items() if name in theirs and value is not None}
        np.testing.assert_allclose(list(kept.values()), [theirs[name] for name in kept], rtol=1e-9)
        told += f", relfair {other:.1f} s with {draws:,} of its {THEIRS:,} draws ({other / spent:.0f} times)"
    print(told)


if __name__ == "__main__":
    main()
