"""Measures what steps take at several sizes and prints the prices of auditkit/step/prices.py, fitted to that.

`python benchmarks/costs.py [WORK ...]` prints them; `python benchmarks/costs.py WORK NUMBER` runs one case and prints,
as JSON, the amounts that the step stated beside the seconds and bytes that it took. Each case has a process of its own,
one thread and machine code that was made before. Seconds are of the processor, divided by how slow the machine was just
then.
"""

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time


def cases(use, keys, *rows, **fixed):
    """Return a case for each row of values of these keys; what is no trait of the table is a parameter of the step."""
    traits = {"n", "numbers", "groups", "classes", "given", "scored", "queries", "dimensions"}
    found = []
    for row in rows:
        told = dict(zip(keys.split(), row, strict=True)) | fixed
        params = {name: value for name, value in told.items() if name not in traits}
        found.append({"use": use, "with": params} | {name: told[name] for name in told if name in traits})
    return found


LEARNT = ((2_000, True, 6), (100_000, True, 6), (300_000, True, 6), (50_000, True, 40), (50_000, False, 6))
SEARCHED = ((2_000, 6), (30_000, 6), (200_000, 6), (30_000, 15), (100_000, 12))
CASES = {
    "rates": [
        *cases("rates", "n scored", (2_000, 0), (200_000, 0), (1_000_000, 0), (50_000, 1), (300_000, 1), given=True),
        *cases("rates", "classes groups", (2, 40), (2, 400), (6, 3), (6, 10), (6, 25), given=True, n=100_000),
    ],
    "predictions": cases(
        "rates", "n numbers classes",
        (2_000, 6, 2), (50_000, 6, 2), (200_000, 6, 2), (50_000, 40, 2), (50_000, 6, 4), (20_000, 30, 4),
    ),
    "minoria": cases("minoria", "n numbers", *SEARCHED, given=True),
    "minoria.slices": cases("minoria.slices", "n numbers", *SEARCHED, given=True),
    "mime": cases(
        "mime", "n numbers epochs trials train_size",
        (20_000, 6, 20, 2, 1_000), (20_000, 6, 60, 3, 1_000), (20_000, 6, 40, 4, 2_600), (12_000, 6, 20, 2, 2_600),
        (20_000, 40, 40, 3, 2_000), (6_000, 6, 10, 2, 600),
    ),
    "mime.logistic": cases(
        "mime", "n numbers trials train_size",
        (20_000, 6, 3, 1_000), (20_000, 6, 20, 1_000), (20_000, 6, 10, 4_000), (20_000, 40, 10, 2_000),
        (6_000, 6, 3, 600), model="logistic",
    ),
    "shasam": cases(
        "shasam", "n numbers given epochs",
        (2_000, 6, 1, 5), (10_000, 6, 1, 8), (30_000, 6, 1, 6), (10_000, 60, 1, 8), (10_000, 6, 0, 8),
        (20_000, 6, 1, 3),
        runs=2, patience=100,
    ),
    "mpr": cases(
        "mpr", "n queries dimensions",
        (2_000, 5, 32), (2_000, 60, 32), (50_000, 20, 32), (50_000, 20, 256), (10_000, 100, 64), (5_000, 30, 32),
    ),
    "mopr": cases(
        "mopr", "n queries dimensions sweep",
        (2_000, 5, 32, 0), (2_000, 40, 32, 0), (50_000, 15, 32, 0), (10_000, 10, 32, 5), (10_000, 30, 64, 0),
        (3_000, 10, 32, 3), (20_000, 20, 48, 0), (20_000, 60, 48, 0),
    ),
    "thresholds": cases(
        "thresholds", "n given scored", (2_000, 1, 1), (100_000, 1, 1), (500_000, 1, 1), (50_000, 0, 0)
    ),
    "reweigh": cases("reweigh", "n given numbers", *LEARNT),
    "resample": cases("resample", "n given numbers", *LEARNT),
    "dfr": cases("dfr", "n given numbers draws", *((*row, 10) for row in LEARNT), (100_000, True, 6, 40)),
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
    more = dict(case["with"])
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
    others = np.array([[sum_of(one["amounts"], known, work, part) for part in (0, 1)] for one in found])
    seconds = np.array([one["seconds"] for one in found])
    sizes = np.array([float(one["bytes"]) for one in found])
    own = np.maximum(seconds - others[:, 0], 0.02 * seconds), np.maximum(sizes - others[:, 1], 1e6)
    by_seconds, by_bytes = (fitted(rows, values, terms) for values in own)
    for case, row, took, size, more in zip(CASES[work], rows, seconds, sizes, others, strict=True):
        says = [
            sum(row.get(t, 0) * p for t, p in zip(terms, price, strict=True))
            for price in (by_seconds, by_bytes)
        ]
        spent = f"{took:.2f} s, expected {says[0] + more[0]:.2f}"
        held = f"{size / 1e6:.0f} MB, expected {(says[1] + more[1]) / 1e6:.0f}"
        print(f"# {work} {case}: {spent}; {held}", file=sys.stderr, flush=True)
    pairs = zip(by_seconds, by_bytes, strict=True)
    return {term: (float(f"{s:.3g}"), float(f"{b:.3g}")) for term, (s, b) in zip(terms, pairs, strict=True)}


def sum_of(amounts, known, work, part):
    """Return what the other kinds of work in a case cost: its seconds, or its bytes."""
    from auditkit.step.prices import PRICES

    prices = PRICES | known
    return sum(prices[w][t][part] * a for w, more in amounts.items() if w != work for t, a in more.items())


def started(known):
    """Return the seconds of one core for what is no step's: a small audit by the command line, less its step."""
    command = [sys.executable, "-m", "auditkit", "audit", "german_credit", "--groups", "sex", "--json"]
    took = []
    for _ in range(4):
        before = os.times()
        subprocess.run(command, capture_output=True, check=False)
        after = os.times()
        took.append(
            after.children_user + after.children_system - before.children_user - before.children_system
        )
    return min(took) - sum(known[work]["start"][0] for work in ("rates", "predictions"))


def main(words):
    if len(words) == 2 and words[1].isdigit():
        print(json.dumps(measured(CASES[words[0]][int(words[1])], words[0])))
        return
    from auditkit.running.cost.speed import probe_seconds
    from auditkit.step.prices import PRICES

    known = {}
    print(f"PROBE_SECONDS = {sorted(probe_seconds() for _ in range(9))[4]:.4f}")
    print(f'    "auditkit": {{"start": ({started(PRICES):.3g}, 0)}},')
    for work in words or CASES:
        known[work] = prices_of(work, known)
        print(f'    "{work}": {{')
        for term, (seconds, size) in known[work].items():
            print(f'        "{term}": ({seconds:g}, {size:g}),')
        print("    },", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
