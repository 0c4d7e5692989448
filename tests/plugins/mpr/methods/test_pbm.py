"""Post-hoc bias mitigation on a case worked by hand."""

import numpy as np

from auditkit_mpr.methods.pbm import pbm


def test_pbm_adds_a_set_or_a_neutral_item_whichever_is_more_similar():
    similarities = np.array([0.9, 0.8, 0.7, 0.6, 0.85, 0.1])
    codes = np.array([0, 0, 1, 1, 2, 2])
    # (0, 2) mean .8 < neutral 4 at .85; then (0, 2); then (1, 3) mean .7 > neutral 5 at .1.
    assert pbm(similarities, codes, k=5, neutral=[2]).tolist() == [4, 0, 2, 1, 3]
    assert pbm(similarities, codes, k=2).tolist() == [
        0,
        4,
    ]  # three groups, two places: the most similar of the set
    missing = np.array([0, 0, 1, 1, -1, -1])
    assert pbm(similarities, missing, k=6).tolist() == [4, 0, 2, 1, 3, 5]
