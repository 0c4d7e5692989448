"""Made retrieval problems with known answers; the same seed gives the same bits on every machine."""

from __future__ import annotations

import numpy as np
from scipy.stats import norm


def small():
    """60 items and 40 reference rows of 5 attributes, and 10 of the items."""
    rng = np.random.default_rng(0)
    items = rng.normal(size=(60, 5))
    reference = rng.normal(size=(40, 5)) + 0.2
    return items, reference, rng.choice(60, 10, replace=False)


def integer_toy():
    """12 items of 3 zero-one attributes, 20 reference rows and similarities; k is 4."""
    rng = np.random.default_rng(3)
    items = rng.integers(0, 2, (12, 3))
    reference = rng.integers(0, 2, (20, 3))
    return items, reference, rng.random(12)


def mpr_data(n=10_000, m=10_000, d=512, l=10, seed=0):  # noqa: E741  the paper's letter
    """Embeddings [n, d] that lean on zero-one attributes [n, l], a reference alike, a query and similarities."""
    rng = np.random.default_rng(seed)
    axes = rng.normal(size=(l, d))
    axes /= np.linalg.norm(axes, axis=1, keepdims=True)
    rates = rng.uniform(0.2, 0.8, size=l)

    def draw(count):
        shared = rng.normal(size=(count, 1))
        has = ((rng.normal(size=(count, l)) * 0.8 + 0.6 * shared) < norm.ppf(rates)).astype(float)
        points = rng.normal(size=(count, d)) / np.sqrt(d) + 0.35 * (2 * has - 1) @ axes
        return points / np.linalg.norm(points, axis=1, keepdims=True), has

    embeddings, items = draw(n)
    reference_embeddings, reference = draw(m)
    query = rng.normal(size=d) / np.sqrt(d) + 0.5 * (rng.choice([-1, 1], size=l) @ axes)
    query /= np.linalg.norm(query)
    return embeddings, items, reference_embeddings, reference, query, embeddings @ query
