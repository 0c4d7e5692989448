"""Small problems with every list there is: duplicates, ties, weights, one to three attributes."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from auditkit_mpr.reference.intersections import Attribute
from auditkit_mpr.reference.population import population
from auditkit_mpr.reference.table import Reference
from auditkit_mpr.retrieval.candidates import Candidates


@dataclass
class Small:
    """One problem, and MPR and similarity of every list of k."""

    candidates: Candidates
    attributes: tuple
    reference: np.ndarray
    weights: np.ndarray
    k: int

    def lists(self):
        return np.array(list(combinations(range(len(self.candidates.items)), self.k)))

    def sums(self):
        return self.candidates.similarities[self.lists()].sum(axis=1)

    def linear(self):
        """Prop. 4: the length of the projection of a~ on the columns of all rows, written out."""
        items, m = self.candidates.rows, len(self.reference)
        shares = self.weights / self.weights.sum()
        stacked = np.concatenate([items, self.reference * np.sqrt(m * shares)[:, None]])
        left, values, _ = np.linalg.svd(stacked, full_matrices=False)
        left = left[:, values > values[0] * 1e-10]
        lists, n = self.lists(), len(items)
        wanted = np.zeros((len(lists), n + m))
        np.put_along_axis(wanted[:, :n], lists, 1 / self.k, axis=1)
        wanted[:, n:] = -np.sqrt(shares / m)
        return np.sqrt(m * self.k / (m + self.k)) * np.linalg.norm(wanted @ left, axis=1)

    def groups(self, depth):
        lists, worst = self.lists(), 0.0
        shares = self.weights / self.weights.sum()
        for order in range(1, depth + 1):
            for places in combinations(range(len(self.attributes)), order):
                for values in np.ndindex(*[len(self.attributes[p].labels) for p in places]):
                    here, there = (
                        np.logical_and.reduce([side[p] == v for p, v in zip(places, values, strict=True)])
                        for side in (self.candidates.codes, self.candidates.reference.codes)
                    )
                    worst = np.maximum(worst, np.abs(here[lists].mean(axis=1) - shares @ there))
        return worst

    def trees(self, levels):
        """The supremum over trees, with D and N of every leaf: mk / (m + k) times the best sum of D² / N."""
        items, m = self.candidates.rows, len(self.reference)
        shares = self.weights / self.weights.sum()
        rows, which = np.unique(np.concatenate([items, self.reference]), axis=0, return_inverse=True)
        which = which.reshape(-1)
        sizes = np.bincount(which, weights=np.concatenate([np.ones(len(items)), m * shares]))
        found = []
        for chosen in self.lists():
            wanted = np.concatenate([np.zeros(len(items)), -shares])
            wanted[chosen] = 1 / self.k
            gaps = np.bincount(which, weights=wanted)
            found.append(m * self.k / (m + self.k) * best_tree(rows, gaps, sizes, levels))
        return np.sqrt(found)


def best_tree(rows, gaps, sizes, levels):
    """Every split of every set of cells, by recursion."""
    if sizes.sum() <= 0:
        return 0.0
    best = gaps.sum() ** 2 / sizes.sum()
    for column in range(rows.shape[1]) if levels else ():
        for value in np.unique(rows[:, column])[:-1]:
            left = rows[:, column] <= value
            best = max(best, sum(best_tree(rows[s], gaps[s], sizes[s], levels - 1) for s in (left, ~left)))
    return best


def small(seed):
    """One to three attributes of two to four values; similarities with ties; one reference in three is weighted."""
    rng = np.random.default_rng(seed)
    n, m, k = int(rng.integers(7, 12)), int(rng.integers(5, 30)), int(rng.integers(2, 5))
    sizes = rng.integers(2, 5, int(rng.integers(1, 4)))
    codes = [(rng.integers(0, rng.integers(1, size + 1), n), rng.integers(0, size, m)) for size in sizes]
    rows, reference = (
        np.column_stack(
            [c[side] == v for c, size in zip(codes, sizes, strict=True) for v in range(size)]
        ).astype(float)
        for side in (0, 1)
    )
    weights = rng.uniform(0.2, 3, m) if seed % 3 == 0 else np.ones(m)
    similarities = np.round(rng.normal(size=n), 1 if seed % 2 else 8)
    people = population(reference, None if seed % 3 else weights)
    candidates = Candidates(
        query="q",
        items=np.arange(n),
        similarities=similarities,
        rows=rows,
        codes=tuple(items for items, _ in codes),
        reference=Reference(population=people, codes=tuple(theirs for _, theirs in codes), exact=False),
        shared=True,
    )
    attributes = tuple(
        Attribute(name=f"a{i}", labels=tuple("wxyz"[:size]), items=c[0], reference=c[1])
        for i, (c, size) in enumerate(zip(codes, sizes, strict=True))
    )
    return Small(candidates, attributes, reference, weights, k)
