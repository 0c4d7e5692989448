"""The set functions and their information measures by definition, with loops; and made points."""

from __future__ import annotations

import itertools

import numpy as np

A, P, N = tuple(range(4)), tuple(range(4, 9)), tuple(range(9, 15))


def seeded_unit_rows():
    """25 rows of unit length in 8 dimensions: the method page's instance."""
    rows = np.random.default_rng(1).normal(size=(25, 8))
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def blobs(n, d=128, c=20, seed=0):
    """Points around c centres, scaled to unit length."""
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(c, d))
    points = centres[rng.integers(c, size=n)] + 0.7 * rng.normal(size=(n, d))
    return points / np.linalg.norm(points, axis=1, keepdims=True)


def facility(kernel, items):
    total = 0.0
    for v in range(len(kernel)):
        total += max((kernel[v][a] for a in set(items)), default=0.0)
    return total


def determinant(kernel, items, ridge=0.1):
    chosen = sorted(set(items))
    block = [[kernel[a][b] + (ridge if a == b else 0.0) for b in chosen] for a in chosen]
    return float(np.linalg.slogdet(np.array(block))[1]) if chosen else 0.0


def mutual(f, first, second):
    return f(first) + f(second) - f((*first, *second))


def gain(f, first, given):
    return f((*first, *given)) - f(given)


def conditional_mutual(f, first, second, given):
    return f((*first, *given)) + f((*second, *given)) - f((*first, *second, *given)) - f(given)


def greedy(f, n, budget):
    """The greedy set by evaluating f itself on every extension, ties to the lowest index."""
    chosen = []
    for _ in range(budget):
        gains = [-np.inf if j in chosen else f((*chosen, j)) - f(tuple(chosen)) for j in range(n)]
        chosen.append(int(np.argmax(gains)))
    return chosen


def best_of_all(f, n, budget):
    return max(f(items) for items in itertools.combinations(range(n), budget))
