"""Post-hoc bias mitigation on a case worked by hand, and against plain loops."""

import numpy as np

from auditkit_mpr.methods.pbm import pbm, together


def plainly(similarities, codes, k):
    """Every step anew, over lists."""
    left, chosen = set(range(len(codes))), []

    def best(items):
        return max(items, key=lambda i: (similarities[i], -i))

    while len(chosen) < k:
        heads = [
            best([i for i in left if codes[i] == c])
            for c in sorted({codes[i] for i in left if codes[i] >= 0})
        ]
        neutral = [i for i in left if codes[i] < 0]
        mean = np.mean([similarities[i] for i in heads]) if heads else -np.inf
        step = [best(neutral)] if neutral and similarities[best(neutral)] > mean else heads
        for item in sorted(step, key=lambda i: -similarities[i])[: k - len(chosen)]:
            chosen.append(item)
            left.remove(item)
    return chosen


def test_pbm_adds_a_set_or_a_neutral_item_whichever_is_more_similar():
    similarities = np.array([0.9, 0.8, 0.7, 0.6, 0.85, 0.1])
    # (0, 2) mean .8 < neutral 4 at .85; then (0, 2); then (1, 3) mean .7 > neutral 5 at .1.
    missing = np.array([0, 0, 1, 1, -1, -1])
    assert pbm(similarities, missing, k=5).tolist() == [4, 0, 2, 1, 3]
    assert pbm(similarities, missing, k=6).tolist() == [4, 0, 2, 1, 3, 5]
    # three groups, two places: the most similar of the set
    assert pbm(similarities, np.array([0, 0, 1, 1, 2, 2]), k=2).tolist() == [0, 4]


def test_balanced_steps_are_those_of_plain_loops():
    for seed in range(30):
        rng = np.random.default_rng(seed)
        similarities, codes = rng.normal(size=25), rng.integers(-1, 4, 25)
        assert pbm(similarities, codes, k=12).tolist() == plainly(similarities, codes, 12)


def test_fewer_balanced_steps_come_nearer_to_the_most_similar_items():
    rng = np.random.default_rng(0)
    similarities = rng.normal(size=400)
    codes = (similarities + rng.normal(size=400) < 1).astype(int)
    kept = [similarities[pbm(similarities, codes, k=40, balanced=share)].sum() for share in (1.0, 0.5, 0.0)]
    assert kept[0] < kept[1] < kept[2]
    assert kept[2] == np.sort(similarities)[-40:].sum()


def test_attributes_are_balanced_together_and_a_neutral_value_of_one_makes_an_item_neutral():
    codes = (np.array([0, 0, 1, 1, 0]), np.array([0, 1, 0, 0, -1]))
    assert together(codes, (("f", "m"), ("a", "b"))).tolist() == [1, 2, 3, 3, -1]
    assert together(codes, (("f", "Unknown"), ("a", "b"))).tolist() == [1, 2, -1, -1, -1]
