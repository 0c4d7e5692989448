"""Held-out rows with weights: their numbers are those of rows repeated as often, their evidence that of fewer rows."""

import numpy as np
import pytest
from scipy.stats import norm
from scipy.stats import t as student

from auditkit.measures import count, design
from auditkit_minoria.confirm.held_out import held_out_gaps
from auditkit_minoria.confirm.recalibrated import of_labels, of_numbers, of_scores
from auditkit_minoria.confirm.standard import Standard
from auditkit_minoria.confirm.weighted import gap_to_all, of_weighted_counts, share_of
from auditkit_minoria.features.weights import as_rows, repeated, worth

LOSSES = {
    "two values": lambda rng, n: (rng.random(n) < 0.3).astype(float),
    "even": lambda rng, n: rng.random(n),
    "exponential": lambda rng, n: rng.exponential(size=n),
}


def held_out(loss, tail, weight=None, seed=0, **standard):
    (found,) = held_out_gaps(
        loss, [tail], Standard(**standard), known=loss, rng=np.random.default_rng(seed), weight=weight
    )
    return found


def made(losses, n=600, seed=0):
    rng = np.random.default_rng(seed)
    tail = rng.random(n) < 0.2
    return LOSSES[losses](rng, n) + 0.0, tail, rng.integers(1, 5, n).astype(float)


@pytest.mark.parametrize("losses", LOSSES)
def test_whole_weights_give_the_numbers_of_rows_repeated_as_often(losses):
    loss, tail, weight = made(losses)
    times = weight.astype(int)
    one = held_out(loss, tail, weight)
    other = held_out(np.repeat(loss, times), np.repeat(tail, times))
    for name in ("gap", "tail_loss", "share"):
        assert getattr(one, name) == pytest.approx(getattr(other, name), rel=1e-12)
    assert (one.n, one.rows) == (int(tail.sum()), 600)
    assert one.interval.high - one.interval.low > other.interval.high - other.interval.low


@pytest.mark.parametrize("losses", LOSSES)
def test_the_unit_of_the_weights_does_not_matter(losses):
    loss, tail, weight = made(losses)
    one, other = held_out(loss, tail, weight), held_out(loss, tail, weight * 1e-9)
    assert (one.gap, one.p) == pytest.approx((other.gap, other.p), rel=1e-6)
    assert one.interval.low == pytest.approx(other.interval.low, rel=1e-6)


@pytest.mark.parametrize("losses", LOSSES)
def test_a_gap_is_shown_above_a_limit_that_it_clears_and_above_no_higher_one(losses):
    loss, tail, weight = made(losses)
    loss = np.maximum(loss, tail * (weight > 2)) if losses == "two values" else loss + 0.5 * tail
    p = [held_out(loss, tail, weight, tau=tau).p for tau in (0.0, 0.05, 0.5)]
    assert p[0] < p[1] < 0.025
    assert p[2] > 0.3


def test_a_weighted_gap_has_welchs_p_value_with_linearised_errors():
    rng = np.random.default_rng(4)
    loss, tail, weight = rng.normal(size=900), rng.random(900) < 0.3, rng.lognormal(sigma=0.5, size=900)
    loss[tail] += 0.15
    errors, means, degrees = [], [], []
    for rows in (tail, ~tail):
        w, x = weight[rows], loss[rows]
        mean = sum(w * x) / sum(w)
        kish = sum(w) ** 2 / sum(w**2)
        errors.append(sum((w * (x - mean)) ** 2) / sum(w) ** 2 * kish / (kish - 1))
        means.append(mean)
        degrees.append(kish - 1)
    freedom = sum(errors) ** 2 / sum(e**2 / d for e, d in zip(errors, degrees, strict=True))
    by_hand = student.sf((means[0] - means[1]) / np.sqrt(sum(errors)), freedom)
    found = held_out(loss, tail, weight)
    assert found.gap == pytest.approx((means[0] - means[1]) * weight[~tail].sum() / weight.sum())
    assert by_hand * 0.999 <= found.p < by_hand * 1.3  # the permutation's, where that is larger


@pytest.mark.parametrize("confidence", [0.8, 0.95])
def test_the_interval_of_two_values_is_as_wide_as_linearised_errors_make_it(confidence):
    rng = np.random.default_rng(7)
    tail = rng.random(4000) < 0.3
    weight = rng.lognormal(sigma=0.6, size=4000) * np.where(tail, 4.0, 1.0)
    loss = np.where(rng.random(4000) < np.where(tail, 0.5, 0.4), 10.0, 0.0)
    error = 0.0
    for rows in (tail, ~tail):
        w, x = weight[rows], loss[rows]
        error += sum((w * (x - np.average(x, weights=w))) ** 2) / sum(w) ** 2
    outside = weight[~tail].sum() / weight.sum()
    half = student.ppf((1 + confidence) / 2, 1000) * np.sqrt(error) * outside
    found = held_out(loss, tail, weight, confidence=confidence)
    gap = np.average(loss[tail], weights=weight[tail]) - np.average(loss, weights=weight)
    assert found.gap == pytest.approx(gap)
    assert found.interval.low == pytest.approx(gap - half, abs=0.1 * half)
    assert found.interval.high == pytest.approx(gap + half, abs=0.1 * half)


@pytest.mark.parametrize("others", [0, 3])
def test_sides_count_as_what_they_are_worth_at_the_level_of_the_strictest_test(others):
    """Of few rows whose weights differ much; the more tails are tested, the fewer rows they count as."""
    rng = np.random.default_rng(9)
    tail, weight = np.arange(120) < 50, rng.lognormal(sigma=1.0, size=120)
    loss = np.where(rng.random(120) < 0.4, 10.0, 4.0)
    tails = [tail, *(rng.random(120) < 0.5 for _ in range(others))]
    gap, interval = of_weighted_counts(loss, tails, (4.0, 10.0), Standard(), weight=weight)[0]
    hits = (loss == 10).astype(int)
    sides = design(
        count((~tail).astype(int), hits, hits, n_groups=2, n_classes=2, weights=weight), "selection_rate"
    )
    level = 0.025 / (1 + others)
    for i, part in enumerate((tail, ~tail)):
        x, n = interval.basis[2 * i : 2 * i + 2]
        fewer = (norm.ppf(level) / student.ppf(level, sides.degrees[i])) ** 2
        assert fewer < 0.95
        assert n == pytest.approx(sides.n[i] * fewer)
        assert x / n == pytest.approx(np.average(hits[part], weights=weight[part]))
    _, n1, _, n2, width = interval.basis
    assert width * n2 / (n1 + n2) == pytest.approx(6.0 * weight[~tail].sum() / weight.sum())
    assert gap == pytest.approx(
        np.average(loss[tail], weights=weight[tail]) - np.average(loss, weights=weight)
    )


def test_the_interval_of_any_losses_is_linearised_and_scaled_by_the_weight_outside():
    rng = np.random.default_rng(10)
    tail = np.arange(800) < 200
    weight = rng.lognormal(sigma=0.4, size=800) * np.where(tail, 4.0, 1.0)
    loss = rng.normal(size=800)
    error = 0.0
    for rows in (tail, ~tail):
        w, x = weight[rows], loss[rows]
        error += sum((w * (x - np.average(x, weights=w))) ** 2) / sum(w) ** 2
    outside = weight[~tail].sum() / weight.sum()
    found = held_out(loss, tail, weight)
    half = student.ppf(0.975, 300) * np.sqrt(error) * outside
    assert (found.interval.high - found.interval.low) / 2 == pytest.approx(half, rel=0.03)


@pytest.mark.parametrize("weighted", [False, True])
def test_a_limit_is_tested_where_tail_and_rest_are_as_far_apart_as_it_says(weighted):
    """A gap to all of exactly tau is as often above as below it, by permutations too, whatever the tail's share."""
    rng = np.random.default_rng(13)
    tail = np.arange(600) < 240
    weight = rng.lognormal(sigma=0.5, size=600) * np.where(tail, 0.4, 1.0)
    own = weight if weighted else None
    loss = rng.normal(size=600)
    means = [np.average(loss[part], weights=weight[part] if weighted else None) for part in (tail, ~tail)]
    loss[tail] += 1.0 - (means[0] - means[1])  # now one apart
    outside = weight[~tail].sum() / weight.sum() if weighted else 0.6
    found = held_out(loss, tail, own, tau=outside)
    assert found.gap == pytest.approx(outside)
    at_zero, at_tau = np.array(found.interval.basis[4:]).reshape(2, 3)
    assert (at_zero[0], at_tau[0]) == (0.0, outside)
    assert at_zero[1] < 1e-6
    assert at_tau[1:] == pytest.approx([0.5, 0.5], abs=0.06)


def test_a_heavy_tail_is_known_with_weights_as_without():
    rng = np.random.default_rng(8)
    tail = rng.random(2000) < 0.3
    loss = rng.pareto(1.1, size=2000)
    nearly = 1.0 + 1e-6 * rng.random(2000)
    one, other = held_out(loss, tail, nearly), held_out(loss, tail)
    assert one.interval.basis[2:4] == pytest.approx(other.interval.basis[2:4], rel=1e-3)
    even = held_out(rng.random(2000), tail, nearly)
    assert even.interval.basis[3] < 0.05 < 0.5 < one.interval.basis[3]
    assert held_out(rng.random(2000), tail, nearly, confidence=0.8).interval.confidence == 0.8


def test_one_row_that_weighs_as_much_as_all_others_shows_nothing():
    rng = np.random.default_rng(5)
    tail = np.arange(1000) < 100
    weight = np.where(np.arange(1000) == 0, 500.0, 1.0)
    for loss in (rng.random(1000), (rng.random(1000) < 0.2).astype(float)):
        loss[0] = 1.0
        found = held_out(loss, tail, weight)
        assert found.gap is None
        assert found.reason == (
            "insufficient evidence: 1 held-out rows' worth of weight in the tail, 30 needed"
        )


@pytest.mark.parametrize("weight", [None, np.array([1.0, 3.0, 4.0, 2.0])])
def test_the_gap_to_all_and_the_share_are_weighted_sums(weight):
    loss, tail, w = np.array([2.0, 4.0, 1.0, 5.0]), np.array([1, 1, 0, 0], bool), weight
    w = np.ones(4) if w is None else w
    mean = sum(w * loss) / sum(w)
    assert gap_to_all(loss, tail, weight) == pytest.approx((w[0] * 2 + w[1] * 4) / (w[0] + w[1]) - mean)
    assert share_of(tail, weight) == pytest.approx((w[0] + w[1]) / sum(w))
    assert gap_to_all(loss, np.zeros(4, bool), weight) == 0.0
    assert share_of(np.zeros(0, bool), None if weight is None else weight[:0]) == 0.0


def test_rows_are_worth_as_many_as_carry_as_much():
    assert worth(None, 7) == 7
    assert worth(np.array([2.0, 2.0, 2.0]), 3) == pytest.approx(3)
    assert worth(np.array([3.0, 1.0]), 2) == pytest.approx(16 / 10)
    assert worth(np.array([1e200, 1e200]), 2) == pytest.approx(2)
    assert worth(np.zeros(2), 2) == 0
    assert as_rows(np.full(4, 0.3)) is None
    assert as_rows(np.array([3.0, 1.0])).sum() == pytest.approx(1.6)


def test_rows_stand_there_as_often_as_they_weigh():
    weight = np.array([1.0, 3.0] * 300)
    times = np.bincount(repeated(weight), minlength=600)
    assert times.sum() == 600
    assert set(times[1::2]) <= {1, 2}
    assert set(times[::2]) <= {0, 1}
    assert times[1::2].sum() == pytest.approx(450, abs=20)
    exact = np.random.default_rng(0).permutation(np.r_[np.full(100, 0.0), np.full(50, 2.0), np.full(50, 2.0)])
    assert np.bincount(repeated(exact), minlength=200).tolist() == exact.tolist()


@pytest.mark.parametrize("classes", [2, 3])
def test_recalibration_of_whole_weights_is_that_of_rows_repeated_as_often(classes):
    rng = np.random.default_rng(6)
    n = 800
    score = rng.dirichlet(np.ones(classes), size=n)
    truth = np.array([rng.choice(classes, p=p**2 / (p**2).sum()) for p in score])
    mined = np.arange(n) < 400
    weight = rng.integers(1, 5, n).astype(float)
    times = weight.astype(int)
    more = [np.repeat(one, times, axis=0) for one in (score, truth, mined)]
    one, other = of_scores(score, truth, mined, ~mined, weight=weight), of_scores(*more, ~more[2])
    assert np.average(one.fall, weights=one.weight) == pytest.approx(other.fall.mean(), abs=2e-3)
    predicted = score.argmax(axis=1)
    again = of_labels(predicted, truth, mined, ~mined, classes=classes, weight=weight)
    repeats = of_labels(np.repeat(predicted, times), *more[1:], ~more[2], classes=classes)
    assert np.average(again.fall, weights=again.weight) == pytest.approx(repeats.fall.mean(), abs=1e-12)
    line = of_numbers(score[:, 0], truth + 0.0, mined, ~mined, weight=weight)
    longer = of_numbers(more[0][:, 0], more[1] + 0.0, more[2], ~more[2])
    assert np.average(line.fall, weights=line.weight) == pytest.approx(longer.fall.mean(), abs=1e-12)
