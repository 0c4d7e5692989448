"""Maximal marginal relevance against two plain loops."""

import numpy as np
from plugins.mpr.oracle import greedy_mmr

from auditkit_mpr.methods.mmr import mmr


def test_mmr_makes_the_list_of_the_plain_loops():
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(80, 6)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    cosines = vectors @ vectors[3]
    for trade in (1.0, 0.7, 0.3):
        assert mmr(cosines, vectors, k=12, trade=trade).tolist() == greedy_mmr(cosines, vectors, 12, trade)
