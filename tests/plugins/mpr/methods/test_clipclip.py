"""CLIP-clip against another estimator of mutual information."""

import numpy as np
from sklearn.feature_selection import mutual_info_classif

from auditkit_mpr.methods.clipclip import by_information, clipped, mutual_information


def test_clipclip_drops_the_dimensions_that_tell_the_attribute():
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 2, 2000)
    vectors = rng.normal(size=(2000, 6)).astype(np.float32)
    vectors[:, 4] += 2 * codes
    vectors[:, 1] += 0.7 * codes
    order = by_information(vectors, [codes])
    assert order[:2].tolist() == [4, 1]
    peer = mutual_info_classif(vectors, codes, random_state=0)
    assert np.argsort(-peer)[:2].tolist() == [4, 1]
    np.testing.assert_allclose(mutual_information(vectors, codes)[[4, 1]], peer[[4, 1]], atol=0.05)
    query = np.ones(6, dtype=np.float32)
    kept = vectors[:, [0, 2, 3, 5]]
    expected = kept.sum(axis=1) / np.linalg.norm(kept, axis=1) / 2
    np.testing.assert_allclose(clipped(vectors, query, order, share=2 / 6), expected, rtol=1e-5)
