"""Claim: `auditkit mine` on 1,000,000 x 20 rows of Parquet takes at most 60 s and 6 GB, the model's fit included.

Run `python benchmarks/minoria_whole.py [ROWS]`. The whole process is timed. Beside it, in the same run: what one
fit of the same kind of model (scikit-learn's logistic regression, five folds) takes on the same file.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

import pandas as pd
from plugins.minoria.seeded import minoria_md

SECONDS, GIGABYTES = 60.0, 6.0
PEER = """
import sys
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
table = pd.read_parquet(sys.argv[1])
model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
cross_val_predict(model, table.drop(columns="label"), table["label"], cv=5, method="predict_proba")
"""


def measured(command, folder):
    """Return wall-clock seconds, process CPU seconds, and peak memory in GB, of a whole process."""
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, env=os.environ)
    _, status, usage = os.wait4(process.pid, 0)
    assert status == 0, command
    return time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1e6


def main():
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        points, label, *_ = minoria_md(rows, 20)
        table = pd.DataFrame(points, columns=[f"x{i}" for i in range(20)])
        table["label"] = label
        table.to_parquet(Path(folder) / "data.parquet")
        program = str(Path(sys.executable).with_name("auditkit"))
        command = [program, "mine", "data.parquet", "--target", "label", "--json"]
        wall, cpu, memory = measured(command, folder)
        print(f"auditkit mine, {rows:,} x 20     {wall:6.1f} s wall, {cpu:6.1f} s CPU, {memory:4.1f} GB")
        peer, peer_cpu, peer_memory = measured([sys.executable, "-c", PEER, "data.parquet"], folder)
        print(f"scikit-learn's model alone       {peer:6.1f} s wall, {peer_cpu:6.1f} s CPU, {peer_memory:4.1f} GB")
    return int(wall > SECONDS or memory > GIGABYTES)


if __name__ == "__main__":
    sys.exit(main())
