"""What --dry-run foretells beside what a run then takes, in seconds of a core and in bytes."""

import json
import os
import subprocess
import sys

import numpy as np
import pandas as pd

CHILD = """
import json, sys
from time import process_time
from auditkit.plugins.host import load_plugins
from auditkit.recipe.named import named_recipe
from auditkit.running.cost.expected import expected
from auditkit.running.cost.held import peak_bytes
from auditkit.running.engine import run
from auditkit.running.plan import make_plan

found = named_recipe(sys.argv[1], ())
plan = make_plan(found.recipe, found.document, load_plugins(), folder=found.folder, consent=found.consent)
_, _, *parts = expected(plan)
begun = process_time()
run(plan)
seconds = process_time() - begun
told = [sum(part.seconds for part in parts), max(part.bytes for part in parts)]
print(json.dumps([told, [seconds, peak_bytes()]]))
"""
FACTOR = 2.0
CASES = [
    ("rates", 20_000, {}), ("rates", 300_000, {}),
    ("minoria", 5_000, {}), ("minoria", 40_000, {}),
    ("minoria.slices", 5_000, {}), ("minoria.slices", 120_000, {}),
    ("mime", 10_000, {"epochs": 10, "trials": 2, "train_size": 600}), ("mime", 10_000, {"epochs": 16, "trials": 2}),
    ("shasam", 3_000, {"epochs": 3, "runs": 1}), ("shasam", 8_000, {"epochs": 3, "runs": 1}),
    ("mpr", 5_000, {"queries": 30}), ("mpr", 20_000, {"queries": 40}),
    ("mopr", 3_000, {"queries": 5}), ("mopr", 20_000, {"queries": 20}),
    ("thresholds", 5_000, {}), ("thresholds", 200_000, {}),
    ("reweigh", 5_000, {}), ("reweigh", 100_000, {}),
    ("dfr", 5_000, {}), ("dfr", 100_000, {}),
]  # fmt: skip


def recipe(folder, use, n, params):
    """Write a table of n rows and a recipe of one step; return the recipe's name."""
    rng = np.random.default_rng(1)
    table = pd.DataFrame(rng.normal(size=(n, 8)), columns=[f"x{i}" for i in range(8)])
    table["kind"], table["sex"] = rng.choice(list("abcd"), n), rng.choice(["f", "m"], n)
    table["race"] = rng.choice(["r1", "r2", "r3", "r4"], n)
    risk = table.x0 + (table.sex == "f") * 0.5
    table["y"], table["p"] = (risk + rng.normal(size=n) > 0).astype(int), (risk > 0).astype(int)
    table.to_parquet(folder / "rows.parquet")
    data = {"path": "rows.parquet", "sensitive": ["sex", "race"]}
    if queries := params.pop("queries", 0):
        np.save(folder / "items.npy", rng.normal(size=(n, 48)).astype(np.float32))
        np.save(folder / "asked.npy", rng.normal(size=(queries, 48)).astype(np.float32))
        data |= {"embeddings": "items.npy"}
        params |= {"queries": "asked.npy"}
    else:
        data |= {"target": "y", "favourable": "1", "pred": "p"}
        data |= {"features": [name for name in table.columns if name not in {"y", "p"}]}
    groups = (
        {"sex": {"column": "sex"}} if use == "mime" else {name: {"column": name} for name in ("sex", "race")}
    )
    step = {"id": "one", "use": use, "with": params}
    text = json.dumps({"version": 1, "name": "n", "data": data, "groups": groups, "steps": [step]})
    (folder / "r.yaml").write_text(text, encoding="utf-8")
    return str(folder / "r.yaml")


def foretold_and_taken(name):
    """Return seconds and bytes as foretold and as taken, by a process of one thread whose machine code was made."""
    env = os.environ | dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    done = subprocess.run(
        [sys.executable, "-c", CHILD, name], env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def wrong(folder, use, n, params, *, tries=3):
    """Return what was foretold beside what was taken where no try is within a factor of two of it, else ""."""
    name = recipe(folder, use, n, dict(params))
    # Machine code that is made once is no part of what is foretold, nor is a machine that chokes.
    for _ in range(tries):
        told, taken = foretold_and_taken(name)
        if all(1 / FACTOR <= one / other <= FACTOR for one, other in zip(told, taken, strict=True)):
            return ""
    return f"foretold {told}, taken {taken}"
