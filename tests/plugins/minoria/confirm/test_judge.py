from dataclasses import dataclass, replace

import numpy as np
import pytest
from plugins.minoria.calls import material, mined
from plugins.minoria.seeded import minoria_2d, minoria_md
from sklearn.linear_model import LogisticRegression

from auditkit_minoria.confirm.held_out import held_out_gaps
from auditkit_minoria.confirm.judge import NO_LOSS, judge
from auditkit_minoria.confirm.standard import Standard
from auditkit_minoria.directions.errors import whitened_difference
from auditkit_minoria.directions.unit import angle_degrees
from auditkit_minoria.groups.rule import Rule
from auditkit_minoria.groups.tail import NO_TAIL
from auditkit_minoria.groups.threshold import tail_threshold

SAME = "largely the same rows as another tail"


def rng():
    return np.random.default_rng(11)


def planted(n, d, seed):
    points, label, minority, _ = minoria_md(n, d, seed)
    chance = LogisticRegression(max_iter=500).fit(points, label).predict_proba(points)[:, 1]
    loss = -np.log(np.clip(np.where(label == 1, chance, 1 - chance), 1e-12, 1.0))
    return (points - points.mean(axis=0)) / points.std(axis=0), loss, minority == 1


@dataclass(frozen=True, eq=False, kw_only=True)
class Chosen(Rule):
    """Rows that were picked by hand."""

    noun = "pick"
    rows: np.ndarray

    def members(self, features):
        return self.rows

    def price(self, features):
        raise AssertionError

    def in_words(self, features):
        raise AssertionError

    def expression(self, features, table):
        raise AssertionError

    def sources(self, features):
        raise AssertionError


@pytest.mark.parametrize("weighted", [False, True])
def test_rules_are_measured_on_mined_rows_and_judged_on_the_others_by_what_rows_weigh(weighted):
    n, source = 400, np.random.default_rng(5)
    mining, tail = np.arange(n) < 150, np.arange(n) % 4 == 0
    loss = source.exponential(size=n) + 0.8 * tail
    weight = source.lognormal(sigma=0.4, size=n)
    given = material(np.zeros((n, 2)), loss, mining)
    given = replace(given, weight=weight if weighted else None)
    w = weight if weighted else np.ones(n)
    (found,) = judge([Chosen(rows=tail)], given, Standard(), rng())
    own, all_ = tail & mining, mining
    assert found.mining_gap == pytest.approx(
        (w * loss)[own].sum() / w[own].sum() - (w * loss)[all_].sum() / w[all_].sum()
    )
    assert (found.mining_n, found.mining_share) == (150, pytest.approx(w[own].sum() / w[all_].sum()))
    (alone,) = held_out_gaps(
        loss[~mining],
        [tail[~mining]],
        Standard(),
        known=loss,
        rng=rng(),
        weight=weight[~mining] if weighted else None,
    )
    assert found.held_out == alone
    assert found.confirmed == (alone.p < 0.025)


def test_two_values_are_those_of_all_known_losses_where_held_out_rows_have_one_of_them():
    mining, tail = np.arange(400) < 200, np.arange(400) % 4 == 0
    loss = np.where(mining & (np.arange(400) % 8 != 0), 2.0, 5.0)
    loss[:9] = np.nan
    (found,) = judge([Chosen(rows=tail)], material(np.zeros((400, 2)), loss, mining), Standard(), rng())
    assert found.held_out.interval.method == "gap_of_counts"
    assert found.held_out.interval.basis == (50.0, 50.0, 150.0, 150.0, 3.0)


def test_a_rule_that_no_mined_row_meets_is_no_group_and_says_so():
    mining = np.arange(100) < 50
    given = material(np.zeros((100, 2)), np.arange(100.0), mining)
    found, other = judge([Chosen(rows=~mining), Chosen(rows=np.arange(100) < 5)], given, Standard(), rng())
    assert (found.group, found.reason, found.held_out, found.confirmed) == (
        False, "no mining row is in the pick", None, False,
    )  # fmt: skip
    assert (other.group, other.reason, other.confirmed) == (False, "pick not under-performing", False)


def overlap(tail, minority):
    """F1 of the tail as a guess of who is in the minority."""
    return 2 * (tail & minority).sum() / (tail.sum() + minority.sum())


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_planted_group_is_found_as_well_as_by_one_who_knows_it_and_confirmed(seed):
    points, loss, minority = planted(6000, 20, seed)
    mining = np.arange(6000) % 2 == 0
    found = mined(points, loss, mining, rng=rng())
    best = max((one for one in found if one.confirmed), key=lambda one: overlap(one.members, minority))
    tail = best.members
    knowing = points @ whitened_difference(points[mining], minority[mining])
    limit = tail_threshold(knowing[mining], share=0.05, side="upper")
    assert overlap(tail, minority) > 0.95 * overlap(knowing >= limit, minority) > 0.6
    assert best.held_out.gap == pytest.approx(loss[~mining & tail].mean() - loss[~mining].mean())
    assert best.mining_gap == pytest.approx(loss[mining & tail].mean() - loss[mining].mean())


def test_the_sweep_finds_and_confirms_the_small_cloud():
    points = minoria_2d(2000, seed=4)
    loss = 1.0 + (points[:, 0] < -2.5) + rng().normal(size=2000) * 0.1
    found = mined(points, loss, np.arange(2000) % 2 == 0, rng=rng(), search="sweep", tail=0.1)
    best = next(one for one in found if one.confirmed)
    angle = np.deg2rad(angle_degrees(best.rule.direction))
    assert 0 <= angle < np.pi
    assert best.rule.direction == pytest.approx([np.cos(angle), np.sin(angle)])
    assert np.mean(points[best.members, 0] < -2.5) > 0.9
    assert best.rule.side == ("upper" if best.rule.skew > 0 else "lower")
    again = [one for one in found if not one.group]
    assert {one.reason for one in again} <= {SAME, "tail not under-performing"}
    assert [abs(one.rule.skew) for one in found] == sorted(
        (abs(one.rule.skew) for one in found), reverse=True
    )


def test_the_correction_counts_the_directions_that_were_tested():
    points, loss, _ = planted(3000, 6, 0)
    found = mined(points, loss, np.arange(3000) % 2 == 0, rng=rng())
    p = sorted((one.held_out.p, one.p_corrected) for one in found if one.p_corrected is not None)
    assert p[0][1] == pytest.approx(min(1.0, p[0][0] * len(p)))
    assert len(p) == sum(one.group for one in found)


def test_a_group_is_confirmed_where_its_corrected_p_is_below_half_of_one_minus_confidence():
    points, loss, _ = planted(3000, 6, 0)
    loss = (loss > 1).astype(float)  # counted, so that p does not depend on draws
    mining = np.arange(3000) % 2 == 0
    p = min(one.p_corrected for one in mined(points, loss, mining, rng=rng()) if one.p_corrected is not None)
    for factor, confirmed in ((1.9, False), (1.1, False), (0.9, True), (0.5, True)):
        again = mined(points, loss, mining, rng=rng(), confidence=1 - 2 * p / factor)
        assert any(one.confirmed for one in again) == confirmed


def test_held_out_rows_do_not_bear_on_what_is_tested():
    points, loss, _ = planted(3000, 6, 0)
    mining = np.arange(3000) % 2 == 0
    other = np.where(mining, loss, loss[::-1])
    one, two = (mined(points, values, mining, rng=rng()) for values in (loss, other))
    assert [(a.rule.direction.tolist(), a.rule.threshold, a.mining_gap) for a in one] == [
        (b.rule.direction.tolist(), b.rule.threshold, b.mining_gap) for b in two
    ]
    assert [a.held_out for a in one] != [b.held_out for b in two]


def test_a_tail_that_fares_no_worse_is_listed_but_no_group():
    points = minoria_2d(400)
    found = mined(points, np.ones(400), np.arange(400) % 2 == 0, rng=rng(), search="sweep", tau=0.1)
    assert found
    assert {(one.group, one.reason, one.held_out) for one in found} == {
        (False, "tail not under-performing", None)
    }
    assert not any(one.confirmed for one in found)


def test_too_few_held_out_tail_rows_are_insufficient_evidence():
    points = minoria_2d(400)
    loss = np.abs(points[:, 0])
    found = mined(points, loss, np.arange(400) % 2 == 0, rng=rng(), search="sweep", min_n=30)
    tested = [one for one in found if one.group]
    assert tested
    assert all(one.reason.startswith("insufficient evidence") and not one.confirmed for one in tested)


@pytest.mark.parametrize("search", ["sweep", "focus"])
def test_without_a_loss_there_is_skew_only(search):
    found = mined(minoria_2d(300), None, np.zeros(300, dtype=bool), rng=rng(), search=search)
    assert found[0].group
    for one in found:
        assert (one.reason, one.confirmed, one.mining_gap) == (NO_LOSS if one.group else SAME, None, None)
        assert one.mining_n == 300


def test_rows_without_a_loss_are_left_out():
    points = minoria_2d(600)
    loss = np.abs(points[:, 0])
    loss[::3] = np.nan
    found = mined(points, loss, np.arange(600) < 300, rng=rng(), search="sweep")
    kept = ~np.isnan(loss)
    expected = mined(points[kept], loss[kept], (np.arange(600) < 300)[kept], rng=rng(), search="sweep")
    assert [one.rule.skew for one in found] == [one.rule.skew for one in expected]
    assert found[0].mining_n == 200


@pytest.mark.parametrize("search", ["sweep", "focus"])
@pytest.mark.parametrize("n", [0, 1, 2, 3])
def test_a_handful_of_rows_breaks_nothing(search, n):
    points = np.arange(2.0 * n).reshape(n, 2) ** 2
    for mining in (np.zeros(n, dtype=bool), np.ones(n, dtype=bool)):
        found = mined(points, np.arange(float(n)), mining, rng=rng(), search=search)
        assert not any(one.confirmed for one in found)


@pytest.mark.parametrize("search", ["sweep", "focus"])
def test_equal_points_have_no_tail_and_no_group(search):
    found = mined(np.ones((50, 2)), np.arange(50.0), np.arange(50) < 25, rng=rng(), search=search)
    assert all(one.reason == NO_TAIL and not one.group for one in found)


@pytest.mark.slow
@pytest.mark.parametrize("binary", [False, True])
def test_where_the_loss_has_nothing_to_do_with_the_features_few_runs_confirm_anything(binary):
    false_alarms = 0
    for seed in range(150):
        source = np.random.default_rng(seed)
        points = source.exponential(size=(600, 3))
        loss = (source.random(600) < 0.3).astype(float) if binary else source.exponential(size=600)
        found = mined(
            points, loss, source.random(600) < 0.5, rng=source, tail=0.1, min_n=10,
            candidates=200,
        )  # fmt: skip
        false_alarms += any(one.confirmed for one in found)
    assert false_alarms <= 0.05 * 150
