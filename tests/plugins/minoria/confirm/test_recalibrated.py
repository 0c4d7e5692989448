"""Recalibrated scores, labels and numbers beside minimisers, loops and sums by hand; weights beside repeated rows."""

import numpy as np
import pytest
from scipy.optimize import minimize

from auditkit_minoria.confirm.recalibrated import CLIP, SCALINGS, of_labels, of_numbers, of_scores


def made(classes, n=60, seed=0, mined=25):
    """Scores, classes drawn from other chances, which rows are mined, and weights."""
    rng = np.random.default_rng(seed)
    score = rng.dirichlet(np.ones(classes), size=n)
    other = 0.5 * score + 0.5 * rng.dirichlet(np.ones(classes), size=n)
    truth = np.array([rng.choice(classes, p=p) for p in other])
    return score, truth, rng.permutation(n) < mined, rng.lognormal(size=n)


def worth_of(weight):
    """Weights scaled to sum to the rows of equal weight that carry as much (Kish)."""
    return weight / weight.sum() * (weight.sum() ** 2 / (weight**2).sum())


def platt(score, truth, mined, weight):
    """Chances of class 1 by minimising log loss plus a quarter of half the squared way from "as it is"."""
    odds = np.log(score[:, 1] / score[:, 0])
    x, sign = odds[mined], np.where(truth[mined] == 1, 1.0, -1.0)

    def loss(beta):
        return (weight * np.log1p(np.exp(-sign * (beta[0] + beta[1] * x)))).sum() + (
            beta[0] ** 2 + (beta[1] - 1) ** 2
        ) / 8

    found = minimize(loss, [0.0, 0.1], method="BFGS", options={"gtol": 1e-10})
    return 1 / (1 + np.exp(-(found.x[0] + found.x[1] * odds)))


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("weighted", [False, True])
def test_two_classes_have_the_log_odds_that_minimise_the_loss_on_mined_rows(seed, weighted):
    score, truth, mined, weight = made(2, seed=seed)
    own = worth_of(weight[mined]) if weighted else np.ones(int(mined.sum()))
    chance = platt(score, truth, mined, own)
    after = np.column_stack([1 - chance, chance])[~mined]
    found = of_scores(score, truth, mined, ~mined, weight=weight if weighted else None)
    falls = np.log(after) - np.log(score[~mined])
    assert found.falls == pytest.approx(falls, abs=1e-6)
    assert found.fall == pytest.approx(
        [row[c] for row, c in zip(falls, truth[~mined], strict=True)], abs=1e-6
    )
    assert found.chances == pytest.approx(score[~mined])
    if weighted:
        assert found.weight.tolist() == weight[~mined].tolist()
    else:
        assert found.weight is None


def test_scores_that_tell_the_classes_apart_are_sharpened_and_stay_finite():
    p = np.r_[np.full(50, 0.9), np.full(50, 0.1)]
    score, truth = np.column_stack([1 - p, p]), (p > 0.5).astype(int)
    mined = np.arange(100) % 2 == 0
    chance = platt(score, truth, mined, np.ones(50))
    assert chance[0] > 0.99
    found = of_scores(score, truth, mined, ~mined)
    assert found.fall == pytest.approx(
        np.log(np.where(truth == 1, chance, 1 - chance)[~mined] / 0.9), abs=1e-6
    )


def test_certain_scores_that_are_all_wrong_are_turned_round():
    truth = np.arange(40) % 2
    score = np.column_stack([truth, 1 - truth]).astype(float)
    mined = np.arange(40) < 20
    found = of_scores(score, truth, mined, ~mined)
    assert found.chances.min() == pytest.approx(CLIP, rel=1e-6)
    assert found.chances.sum(axis=1) == pytest.approx(np.ones(20))
    chance = platt(np.clip(score, CLIP, 1 - CLIP), truth, mined, np.ones(20))
    assert found.fall == pytest.approx(
        np.log(np.where(truth == 1, chance, 1 - chance)[~mined] / CLIP), abs=1e-4
    )
    assert found.fall.min() > 20
    sure = of_scores(score, 1 - truth, mined, ~mined)
    assert sure.fall == pytest.approx(np.zeros(20), abs=1e-8)


def test_no_row_is_made_surer_than_scores_can_be():
    """Mined scores of 0.9 and 0.1 that are always right ask for sharper ones; the judged ones are certain."""
    p = np.r_[np.tile([0.9, 0.1], 30), 1.0, 0.0]
    score, truth = np.column_stack([1 - p, p]), (p > 0.5).astype(int)
    mined = np.arange(62) < 60
    found = of_scores(score, truth, mined, ~mined)
    assert found.falls == pytest.approx(np.zeros((2, 2)), abs=1e-6)


@pytest.mark.parametrize("factor", [0.1, 7.0])
def test_the_scale_of_scores_does_not_matter(factor):
    score, truth, mined, _ = made(3)
    one, other = (
        of_scores(score * 0.1, truth, mined, ~mined),
        of_scores(score * 0.1 * factor, truth, mined, ~mined),
    )
    assert one.falls == pytest.approx(other.falls)
    assert one.chances == pytest.approx(score[~mined])


def scaled(score, truth, mined, weight):
    """Chances after SCALINGS rounds: each class times wanted over expected, both with a row shared by all classes."""
    k = score.shape[1]
    factors = [1.0] * k
    for _ in range(SCALINGS):
        wanted, expected = [1 / k] * k, [1 / k] * k
        for p, c, w in zip(score[mined], truth[mined], weight, strict=True):
            total = sum(f * q for f, q in zip(factors, p, strict=True))
            wanted[c] += w
            for j in range(k):
                expected[j] += w * factors[j] * p[j] / total
        factors = [f * a / b for f, a, b in zip(factors, wanted, expected, strict=True)]
    raw = score * np.array(factors)
    return raw / raw.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("seen", [3, 2])
def test_more_classes_are_scaled_until_counts_agree_on_mined_rows(weighted, seen):
    """The last class may be missing from the mined rows: it is scaled down, not away."""
    score, truth, mined, weight = made(4, n=80, mined=40)
    truth = np.where(mined, np.minimum(truth, seen), truth)
    own = worth_of(weight[mined]) if weighted else np.ones(int(mined.sum()))
    expected = scaled(score, truth, mined, own)
    found = of_scores(score, truth, mined, ~mined, weight=weight if weighted else None)
    assert found.falls == pytest.approx(np.log(expected[~mined] / score[~mined]), rel=1e-6)
    assert (found.weight is not None) == weighted
    for c in range(seen + 1):
        assert (own * expected[mined, c]).sum() == pytest.approx((own * (truth[mined] == c)).sum(), abs=0.5)


def test_a_class_that_is_never_scored_is_kept_a_little_likely():
    score = np.tile([0.6, 0.4, 0.0], (40, 1))
    truth = np.arange(40) % 2
    found = of_scores(score, truth, np.arange(40) < 20, np.arange(40) >= 20)
    assert np.isfinite(found.falls).all()
    after = np.exp(found.falls) * found.chances
    assert after[:, 2].min() >= CLIP * (1 - 1e-9)
    assert after.sum(axis=1) == pytest.approx(np.ones(20))


def labels(counts, classes):
    """Predicted and true labels of mined rows, by how many there are of each pair."""
    pairs = [pair for pair, many in counts.items() for _ in range(many)]
    return np.array(pairs).T.reshape(2, -1), classes


def test_a_label_becomes_the_class_that_it_most_often_is_unless_another_is_no_more_frequent():
    (predicted, truth), k = labels({(0, 0): 3, (0, 1): 3, (1, 1): 1, (1, 2): 2, (2, 2): 5, (2, 0): 4}, 3)
    n = len(truth)
    judged = [(0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (1, 0), (2, 2), (2, 0)]
    both = np.r_[np.column_stack([predicted, truth]), np.array(judged)]
    mined = np.arange(len(both)) < n
    found = of_labels(both[:, 0], both[:, 1], mined, ~mined, classes=k)
    # 0 stays (a tie) and so does 2; 1 becomes 2.
    assert found.fall.tolist() == [0, 0, 0, -1, 1, 0, 0, 0]
    assert (found.falls, found.chances, found.weight) == (None, None, None)


def test_of_two_classes_that_are_as_frequent_the_label_stays_whichever_comes_first():
    predicted, truth = np.array([1, 1, 1, 1, 1]), np.array([0, 1, 0, 1, 0])
    mined = np.arange(5) < 4
    assert of_labels(predicted, truth, mined, ~mined, classes=2).fall.tolist() == [0.0]


def test_weights_decide_what_a_label_most_often_is():
    predicted = np.array([0, 0, 0, 0, 0])
    truth = np.array([0, 0, 1, 0, 1])
    mined = np.array([True, True, True, False, False])
    weight = np.array([1.0, 1.0, 2.5, 4.0, 3.0])
    found = of_labels(predicted, truth, mined, ~mined, classes=2, weight=weight)
    assert found.fall.tolist() == [-1.0, 1.0]
    assert found.weight.tolist() == [4.0, 3.0]
    assert of_labels(predicted, truth, mined, ~mined, classes=2).fall.tolist() == [0.0, 0.0]


@pytest.mark.parametrize("weighted", [False, True])
def test_numbers_are_moved_to_the_line_of_least_squares_of_mined_rows(weighted):
    rng = np.random.default_rng(1)
    x, weight = rng.normal(5, 2, size=50), rng.lognormal(size=50)
    y = 1 + 0.7 * x + rng.normal(size=50)
    mined = np.arange(50) < 30
    roots = np.sqrt(weight[mined]) if weighted else None
    slope, level = np.polyfit(x[mined], y[mined], 1, w=roots)
    found = of_numbers(x, y, mined, ~mined, weight=weight if weighted else None)
    assert found.fall == pytest.approx([(b - a) ** 2 - (b - level - slope * a) ** 2
                                        for a, b in zip(x[~mined], y[~mined], strict=True)])  # fmt: skip
    assert (found.weight is not None) == weighted
    if weighted:
        assert found.weight.tolist() == weight[~mined].tolist()


def test_a_number_that_is_always_the_same_is_moved_by_the_mean_error():
    x, y = np.full(10, 3.0), np.array([4.0, 6.0] * 5)
    mined = np.arange(10) < 6
    found = of_numbers(x, y, mined, ~mined)
    assert found.fall.tolist() == [1.0 - 1.0, 9.0 - 1.0] * 2
    elsewhere = np.where(mined, 3.0, 4.0)  # 4 becomes 4 + 2: the mean error there was 2
    assert of_numbers(elsewhere, y, mined, ~mined).fall.tolist() == [0.0 - 4.0, 4.0 - 0.0] * 2
    narrow = of_numbers(3.0 + 1e-3 * np.arange(10), 5.0 + 2e-3 * np.arange(10), mined, ~mined)
    assert narrow.fall == pytest.approx([(2 + 1e-3 * i) ** 2 for i in range(6, 10)])
