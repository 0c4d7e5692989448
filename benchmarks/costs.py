"""Measures what steps take at several sizes and prints the prices of auditkit/step/prices.py, fitted to that.

`python -m benchmarks.costs` prints the file; `python -m benchmarks.costs CASE` runs one case and prints, as JSON, the
amounts that the step stated beside the seconds and bytes that it took. Each case has a process of its own, one thread
and machine code that was made before. Seconds are of the processor, divided by how slow the machine was just then.
"""

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

RATES = {"use": "rates"}
CASES = {
    "rates": [
        dict(use="rates", n=2_000, given=True), dict(use="rates", n=200_000, given=True),
        dict(use="rates", n=1_000_000, given=True), dict(use="rates", n=300_000, given=True, scored=True),
        dict(use="rates", n=100_000, given=True, groups=40), dict(use="rates", n=100_000, given=True, classes=6),
        dict(use="rates", n=100_000, given=True, classes=6, groups=25), dict(use="rates", n=50_000, given=True, scored=True),
    ],
    "predictions": [
        dict(use="rates", n=2_000), dict(use="rates", n=50_000), dict(use="rates", n=200_000),
        dict(use="rates", n=50_000, numbers=40), dict(use="rates", n=50_000, classes=4), dict(use="rates", n=20_000, classes=4, numbers=30),
    ],
    "minoria": [
        dict(use="minoria", n=n, given=True, numbers=k) for n, k in ((2_000, 6), (30_000, 6), (200_000, 6), (30_000, 15), (100_000, 12))
    ],
    "minoria.slices": [
        dict(use="minoria.slices", n=n, given=True, numbers=k) for n, k in ((2_000, 6), (50_000, 6), (400_000, 6), (50_000, 15), (150_000, 12))
    ],
    "mime": [
        dict(use="mime", n=20_000, mime=dict(epochs=e, trials=t, train_size=s)) for e, t, s in ((20, 2, 1000), (60, 3, 1000), (40, 4, 2600), (20, 2, 2600))
    ] + [dict(use="mime", n=20_000, numbers=40, mime=dict(epochs=40, trials=3, train_size=2000))],
    "mime.logistic": [
        dict(use="mime", n=20_000, numbers=k, mime=dict(model="logistic", trials=t, train_size=s)) for k, t, s in ((6, 3, 1000), (6, 20, 1000), (6, 10, 4000), (40, 10, 2000))
    ],
    "shasam": [
        dict(use="shasam", n=n, numbers=k, given=given, shasam=dict(runs=r, epochs=e, patience=100)) for n, k, given, r, e in (
            (2_000, 6, True, 2, 5), (10_000, 6, True, 2, 8), (30_000, 6, True, 2, 6), (10_000, 60, True, 2, 8), (10_000, 6, False, 2, 8))
    ],
    "mpr": [
        dict(use="mpr", n=n, queries=q, dimensions=d) for n, q, d in ((2_000, 5, 32), (2_000, 60, 32), (50_000, 20, 32), (50_000, 20, 256), (10_000, 100, 64))
    ],
    "mopr": [
        dict(use="mopr", n=n, queries=q, dimensions=d, mopr=dict(sweep=s)) for n, q, d, s in ((2_000, 5, 32, 0), (2_000, 40, 32, 0), (50_000, 15, 32, 0), (10_000, 10, 32, 5), (10_000, 30, 64, 0))
    ],
    "thresholds": [dict(use="thresholds", n=n, given=g, scored=g) for n, g in ((2_000, True), (100_000, True), (500_000, True), (50_000, False))],
    "reweigh": [dict(use="reweigh", n=n, given=g, scored=g, numbers=k) for n, g, k in ((2_000, True, 6), (100_000, True, 6), (300_000, True, 6), (50_000, True, 40), (50_000, False, 6))],
    "resample": [dict(use="resample", n=n, given=g, scored=g, numbers=k) for n, g, k in ((2_000, True, 6), (100_000, True, 6), (300_000, True, 6), (50_000, True, 40), (50_000, False, 6))],
    "dfr": [dict(use="dfr", n=n, given=g, scored=g, numbers=k, dfr=dict(draws=d)) for n, g, k, d in ((2_000, True, 6, 10), (100_000, True, 6, 10), (100_000, True, 6, 40), (50_000, True, 40, 10), (50_000, False, 6, 10))],
}  # fmt: skip


def table_of(case, rng):
    """Return a table with two sensitive columns, features, a target, predictions and a score."""
    import numpy as np
    import pandas as pd

    n, classes = case["n"], case.get("classes", 2)
    numbers = rng.normal(size=(n, case.get("numbers", 6)))
    table = pd.DataFrame(numbers, columns=[f"x{i}" for i in range(numbers.shape[1])])
    table["kind"] = rng.choice(list("abcde"), n)
    table["where"] = rng.choice(list("stuvwxyz"), n)
    table["sex"] = rng.choice(["f", "m"], n)
    table["race"] = rng.choice([f"r{i}" for i in range(case.get("groups", 3))], n)
    risk = numbers[:, 0] + 0.5 * numbers[:, 1] + (table["sex"] == "f") * 0.5
    table["y"] = np.clip(
        np.digitize(risk + rng.normal(size=n), np.linspace(-1, 1, classes + 1)[1:-1]), 0, classes - 1
    )
    table["p"] = np.clip(np.digitize(risk, np.linspace(-1, 1, classes + 1)[1:-1]), 0, classes - 1)
    table["s"] = 1 / (1 + np.exp(-risk))
    return table


def recipe_of(case, folder):
    """Return a recipe of one step on such a table, whose files lie in the folder."""
    import numpy as np

    rng = np.random.default_rng(0)
    table_of(case, rng).to_parquet(folder / "rows.parquet")
    features = [f"x{i}" for i in range(case.get("numbers", 6))] + ["kind", "where", "sex", "race"]
    data = {"path": "rows.parquet", "target": "y", "features": features, "sensitive": ["sex", "race"]}
    data |= {"pred": "p"} if case.get("given") else {}
    data |= {"score": "s"} if case.get("scored") else {}
    data |= {"favourable": "1"} if case.get("classes", 2) == 2 else {}
    more = dict(case.get(case["use"], {}))
    groups = {"sex": {"column": "sex"}, "race": {"column": "race"}, "max_order": 2}
    if "queries" in case:
        np.save(folder / "items.npy", rng.normal(size=(case["n"], case["dimensions"])).astype(np.float32))
        np.save(
            folder / "asked.npy", rng.normal(size=(case["queries"], case["dimensions"])).astype(np.float32)
        )
        data = {"path": "rows.parquet", "embeddings": "items.npy", "sensitive": ["sex", "race"]}
        more |= {"queries": "asked.npy"}
    if case["use"] == "mime":
        groups = {"sex": {"column": "sex"}}
    step = {"id": "step", "use": case["use"], "with": more}
    return {"version": 1, "name": "cost", "data": data, "groups": groups, "steps": [step]}


@contextmanager
def planned(case):
    """Yield the plan of a case."""
    from auditkit.plugins.host import load_plugins
    from auditkit.recipe.named import named_recipe
    from auditkit.running.plan import make_plan

    with TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "r.yaml").write_text(json.dumps(recipe_of(case, folder)), encoding="utf-8")
        host = load_plugins()
        found = named_recipe(str(folder / "r.yaml"), ())
        yield make_plan(found.recipe, found.document, host, folder=found.folder, consent=found.consent)


def amounts_of(cost, works):
    """Return what a cost is made of, {work: {term: amount}}: with every price but one 0, the seconds are its amount."""
    from auditkit.step.prices import PRICES

    found = {}
    for work in works:
        kept = PRICES[work]
        for term in kept:
            PRICES[work] = {name: (float(name == term), 0.0) for name in kept}
            found.setdefault(work, {})[term] = cost()
        PRICES[work] = kept
    return found


def measured(case, work):
    """Return the amounts of a case's work, with the seconds and bytes that all of its run took."""
    from auditkit.running.cost.expected import cost_of_predictions
    from auditkit.running.cost.held import held_bytes, peak_bytes
    from auditkit.running.cost.speed import slowness
    from auditkit.running.engine import run
    from auditkit.running.plan import load_subject

    with planned(case) as plan:
        subject = load_subject(plan)
        step, stats = plan.steps[0], plan.recipe.stats
        cost = step.step.cost(subject, step.params, stats)
        amounts = amounts_of(
            lambda: step.step.cost(subject, step.params, stats).seconds,
            [case["use"] if work in {"predictions", case["use"]} else work],
        )
        if cost.predicts:
            amounts |= amounts_of(lambda: cost_of_predictions(subject).seconds, ["predictions"])
        slow, held, begun = slowness(), held_bytes(), process_time()
        run(plan)
        seconds, slow = process_time() - begun, (slow + slowness()) / 2
        return {"amounts": amounts, "seconds": seconds / slow, "bytes": peak_bytes() - held, "slowness": slow}


def fitted(rows, values, terms):
    """Return prices of at least 0, [terms], whose sums are near the values in proportion, none of which is 0."""
    import numpy as np
    from scipy.optimize import nnls

    amounts = np.array([[row.get(term, 0.0) for term in terms] for row in rows])
    return nnls(amounts / values[:, None], np.ones(len(values)))[0]


def child(work, number):
    """Return what the second of two runs of a case printed, in a process of its own: the first made machine code."""
    env = os.environ | dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    command = [sys.executable, __file__, work, str(number)]
    for _ in range(2):
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    return json.loads(done.stdout.splitlines()[-1])


def prices_of(work, known):
    """Return the prices of one kind of work, {term: (seconds, bytes)}, and print how far each case is from them."""
    import numpy as np

    from auditkit.step.prices import PRICES

    found = [child(work, number) for number in range(len(CASES[work]))]
    terms = list(PRICES[work])
    rows = [one["amounts"].get(work, {}) for one in found]
    others = np.array([
        [sum(known.get(w, PRICES[w])[t][part] * a for w, more in one["amounts"].items() if w != work for t, a in more.items()) for part in (0, 1)]
        for one in found
    ])  # fmt: skip
    seconds = np.array([one["seconds"] for one in found])
    sizes = np.array([float(one["bytes"]) for one in found])
    own = np.maximum(seconds - others[:, 0], 0.02 * seconds), np.maximum(sizes - others[:, 1], 1e6)
    by_seconds, by_bytes = (fitted(rows, values, terms) for values in own)
    for case, row, took, size, more in zip(CASES[work], rows, seconds, sizes, others, strict=True):
        says = [
            sum(row.get(t, 0) * p for t, p in zip(terms, price, strict=True))
            for price in (by_seconds, by_bytes)
        ]
        print(
            f"# {work} {case}: {took:.2f} s, expected {says[0] + more[0]:.2f}; {size / 1e6:.0f} MB, expected {(says[1] + more[1]) / 1e6:.0f}",
            file=sys.stderr,
            flush=True,
        )
    return {
        term: (float(f"{s:.3g}"), float(f"{b:.3g}"))
        for term, s, b in zip(terms, by_seconds, by_bytes, strict=True)
    }


def main(words):
    if len(words) == 2 and words[1].isdigit():
        print(json.dumps(measured(CASES[words[0]][int(words[1])], words[0])))
        return
    from auditkit.running.cost.speed import probe_seconds

    known = {}
    print(f"PROBE_SECONDS = {sorted(probe_seconds() for _ in range(9))[4]:.4f}")
    for work in words or CASES:
        known[work] = prices_of(work, known)
        print(f'    "{work}": {{')
        for term, (seconds, size) in known[work].items():
            print(f'        "{term}": ({seconds:g}, {size:g}),')
        print("    },", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
