"""MOPR under ten limits on trees, n = m = 10,000, k = 50, ten attributes, beside a plain loop of algorithm 1.

The plain loop solves every program over all items and fits a tree to all rows, anew for each limit; it runs for two of
the limits, at most 25 functions each. Prints process CPU seconds, and what both lists keep.
"""

import os
import sys
import time
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before NumPy: small matrices lose time to threads

import numpy as np
from scipy.optimize import linprog
from sklearn.tree import DecisionTreeRegressor

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from plugins.mpr.seeded import mpr_data

from auditkit_mpr.classes.fitted import Fitted
from auditkit_mpr.reference.population import population
from auditkit_mpr.reference.table import Reference
from auditkit_mpr.relaxed.top import top
from auditkit_mpr.retrieval.candidates import Candidates

K, SHARES, PLAIN, MOST = 50, np.linspace(1.0, 0.1, 10), (0.7, 0.4), 25


def fitted(items, reference, entries):
    """Return the gap that a tree of three levels fitted to all rows shows, its values on the items and its mean."""
    n, m = len(items), len(reference)
    rows = np.concatenate([items, reference])
    wanted = np.concatenate([entries / K, np.full(m, -1 / m)])
    values = DecisionTreeRegressor(max_depth=3, random_state=0).fit(rows, wanted).predict(rows)
    values *= np.sqrt(m * K / (m + K)) / np.linalg.norm(values)
    return values[:n] @ entries / K - values[n:].mean(), values[:n], values[n:].mean()


def plain(items, reference, similarities, rho):
    """Return the k largest entries, whether the relaxed list keeps the limit, and the programs solved."""
    cuts, means = np.zeros((len(items), 0)), np.zeros(0)
    for _ in range(MOST):
        both = np.concatenate([cuts, -cuts], axis=1).T / K
        entries = linprog(
            -similarities,
            A_ub=both if len(means) else None,
            b_ub=np.concatenate([rho + means, rho - means]) if len(means) else None,
            A_eq=np.ones((1, len(items))),
            b_eq=[K],
            bounds=(0, 1),
            method="highs",
        ).x
        gap, function, mean = fitted(items, reference, entries)
        if gap <= rho + 1e-7:
            break
        cuts, means = np.column_stack([cuts, function]), np.append(means, mean)
    return top(entries, K), gap <= rho + 1e-7, len(means) + 1


def main():
    _, items, _, reference, _, similarities = mpr_data()
    candidates = Candidates(
        query="q",
        items=np.arange(len(items)),
        similarities=similarities,
        rows=items,
        codes=(),
        reference=Reference(population=population(reference), codes=(), exact=False),
        shared=True,
    )
    most = similarities[top(similarities, K)].sum()
    for name in sys.argv[1:] or ("tree", "tree:5", "mlp"):
        started = time.process_time()
        limits = Fitted(name).limits(candidates, k=K)
        top_mpr, spent = limits.mpr(top(similarities, K)), {}
        for share in SHARES:
            before = time.process_time()
            proof = limits.cut(share * top_mpr).certificate
            spent[round(float(share), 1)] = time.process_time() - before
            bound = np.nan if proof.similarity_bound is None else proof.similarity_bound / most
            print(
                f"{name} {share:.1f} of top-k: {spent[round(float(share), 1)]:5.2f} s, kept {proof.meets}, "
                f"similarity {proof.similarity / most:.4f}, bound {bound:.4f}",
                flush=True,
            )
        print(f"{name}: ten limits in {time.process_time() - started:.1f} s", flush=True)
        if name != "tree":
            continue
        for share in PLAIN:
            before = time.process_time()
            chosen, kept, solved = plain(items, reference, similarities, share * top_mpr)
            theirs = time.process_time() - before
            alone = Fitted(name).limits(candidates, k=K)
            before = time.process_time()
            ours = alone.cut(share * top_mpr).certificate
            mine = time.process_time() - before
            print(
                f"plain loop at {share} of top-k: {theirs:.1f} s for {solved} programs, relaxed list kept {kept}, "
                f"rounded MPR {limits.mpr(chosen):.4f} for a limit of {share * top_mpr:.4f}; ours {mine:.2f} s, kept "
                f"{ours.meets}: {theirs / mine:.0f} times faster",
                flush=True,
            )


if __name__ == "__main__":
    main()
