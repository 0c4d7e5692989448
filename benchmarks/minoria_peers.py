"""Mining beside sliceline and divexplorer: time, memory, and how well the worst slice is found.

Run `python benchmarks/minoria_peers.py [WORD ...]` (needs the dependency group `bench`; with words, searches that have
one in their name). Two tables of 48,842 rows: made-up categories with two planted conjunctions of raised error, and
Adult with a cross-fitted model's errors. A planted conjunction of categories is the peers' home ground. "Counts" is
the counting of all plain conjunctions alone, as many as the peers' with the same support (1 %); "sets, ranges" adds
these and what follows from all of them; `minoria.slices` adds the confirmation on held-out rows.
Claims: counting three conditions is at least 100 times as fast as divexplorer at 1 % and 200 times as sliceline, and
takes at most .3 GB. Found is the best F1, over the groups of each, with the planted rows.
Each search is a process of its own; its memory is its peak.
"""

import json
import subprocess
import sys
import time

N = 48_842
DATA = """
import json, resource, sys, time
import numpy as np, pandas as pd
def made():
    r = np.random.default_rng(0)
    cards = [9, 8, 16, 7, 15, 6, 5, 2, 10, 12, 9, 20, 5, 4]
    def draw(c):
        w = 1 / np.arange(1, c + 1) ** 0.8
        return r.choice(c, size=48842, p=w / w.sum())
    X = np.stack([draw(c) for c in cards], 1)
    first = (X[:, 2] == 1) & (X[:, 5] == 2)
    second = (X[:, 7] == 1) & (X[:, 12] == 0) & (X[:, 3] == 1)
    err = (r.random(48842) < 0.12 + 0.25 * first + 0.15 * second).astype(float)
    table = pd.DataFrame(X, columns=[f"c{i}" for i in range(14)]).astype(str)
    return table, err, [first, second]
def adult():
    from auditkit.data.bundled.sets import ADULT
    from auditkit import Subject
    from auditkit.predict.baseline import cross_fit
    table = pd.read_parquet(ADULT.path)
    features = [c for c in table if c not in ("income", "split", "fnlwgt", "sex", "race", "native-country")]
    found = cross_fit(Subject(table=table, target="income", features=tuple(features)), seed=0)
    err = (found.pred != table["income"].to_numpy()).astype(float)
    cut = table[features].copy()
    for c in cut.select_dtypes("number"):
        cut[c] = pd.qcut(cut[c], 8, duplicates="drop").astype(str)
    return cut.astype(str), err, []
table, err, planted = {"made": made, "adult": adult}[sys.argv[1]]()
start = time.process_time()
masks = []
"""
ENDING = """
seconds = time.process_time() - start
f1 = [max((2 * (m & p).sum() / (m.sum() + p.sum()) for m in masks), default=0.0) for p in planted]
worst = max((float(err[m].mean()) for m in masks if m.sum() >= 100), default=0.0)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
print(json.dumps({"seconds": seconds, "memory": peak, "f1": f1, "worst": worst, "groups": len(masks)}))
"""
OURS = """
from auditkit import Subject
from auditkit.testing import make_context
from auditkit_minoria.confirm.standard import Standard
from auditkit_minoria.confirm.judge import judge
from auditkit_minoria.features.material import material_of
from auditkit_minoria.run.propose import proposed
from auditkit_minoria.searches import every_search
from auditkit_minoria.slices.cubes import counting_kernel
counting_kernel().first_call()
start = time.process_time()
search = every_search()["SEARCH"]
params = search.Params()
subject = Subject(table=table.assign(err=err), loss="err", features=tuple(table))
context = make_context()
material = material_of(subject, subject.features, context, needs=search.needs, confirm_share=0.5)
found = judge(proposed(search, material, params, context), material, Standard(), context.rng("permutations"))
masks = [one.members for one in found if one.confirmed]
"""
COUNT = """
from auditkit import Subject
from auditkit_minoria.features.levels import levels_of
from auditkit_minoria.slices.cells import Limits
from auditkit_minoria.slices.cubes import counted, counting_kernel
levels = levels_of(Subject(table=table), list(table))
counting_kernel().first_call()
start = time.process_time()
found = counted(levels, err, Limits(conditions=CONDITIONS, least=488, most=len(err)))
"""
BEST = """
from auditkit import Subject
from auditkit_minoria.features.levels import levels_of
from auditkit_minoria.slices.cells import Limits
from auditkit_minoria.slices.conditions import members
from auditkit_minoria.slices.cubes import counting_kernel
from auditkit_minoria.slices.find import best_slices
levels = levels_of(Subject(table=table), list(table))
counting_kernel().first_call()
start = time.process_time()
limits = Limits(conditions=CONDITIONS, least=244, most=len(err) // 2)
found, _ = best_slices(levels, err, limits, top=5)
masks = [members(one.rule, levels.columns, levels.n) for one in found]
"""
SLICELINE = """
from sliceline.slicefinder import Slicefinder
finder = Slicefinder(alpha=0.99, k=5, max_l=LEVEL, min_sup=488, verbose=False).fit(table, err)
values = table.to_numpy()
for row in finder.top_slices_:
    mask = np.ones(len(values), dtype=bool)
    for column, value in enumerate(row):
        if value is not None:
            mask &= values[:, column] == value
    masks.append(mask)
"""
DIVEXPLORER = """
from divexplorer import DivergenceExplorer
frame = table.assign(error=err)
found = DivergenceExplorer(frame).get_pattern_divergence(min_support=SUPPORT, quantitative_outcomes=["error"])
found = found[found["itemset"].map(len) > 0].sort_values("error_div", ascending=False).head(5)
for items in found["itemset"]:
    mask = np.ones(len(table), dtype=bool)
    for item in items:
        name, _, value = str(item).partition("=")
        mask &= (table[name] == value).to_numpy()
    masks.append(mask)
"""
SEARCHES = {
    "auditkit, counts of 3": COUNT.replace("CONDITIONS", "3"),
    "auditkit, counts of 4": COUNT.replace("CONDITIONS", "4"),
    "auditkit, sets, ranges of 3": BEST.replace("CONDITIONS", "3"),
    "auditkit, sets, ranges of 4": BEST.replace("CONDITIONS", "4"),
    "auditkit minoria.slices": OURS.replace("SEARCH", "slices"),
    "auditkit minoria": OURS.replace("SEARCH", "climb+focus+slices"),
    "sliceline, 2 conditions": SLICELINE.replace("LEVEL", "2"),
    "divexplorer, support 5 %": DIVEXPLORER.replace("SUPPORT", "0.05"),
    "divexplorer, support 1 %": DIVEXPLORER.replace("SUPPORT", "0.01"),
}
SLOW = {"sliceline, 3 conditions": SLICELINE.replace("LEVEL", "3")}


def main():
    words = [word for word in sys.argv[1:] if word != "--slow"]
    searches = SEARCHES | (SLOW if "--slow" in sys.argv else {})
    searches = {
        name: code for name, code in searches.items() if not words or any(one in name for one in words)
    }
    print(
        f"{'search':<28}{'data':<8}{'CPU s':>8}{'GB':>7}{'F1 planted 1':>14}{'F1 planted 2':>14}{'worst error':>13}"
    )
    for data in ("made", "adult"):
        for name, code in searches.items():
            began = time.perf_counter()
            done = subprocess.run(
                [sys.executable, "-W", "ignore", "-c", DATA + code + ENDING, data],
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode:
                reason = done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "no message"
                print(f"{name:<28}{data:<8}failed after {time.perf_counter() - began:.0f} s: {reason[:70]}")
                continue
            found = json.loads(done.stdout.strip().splitlines()[-1])
            shown = "".join(f"{value:>14.2f}" for value in found["f1"]) or f"{'-':>14}{'-':>14}"
            print(
                f"{name:<28}{data:<8}{found['seconds']:>8.1f}{found['memory']:>7.2f}{shown}{found['worst']:>13.2f}",
                flush=True,
            )
    print(
        "worst error: the highest error rate of a group found, with at least 100 rows; all rows: .13 made, .15 Adult"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
