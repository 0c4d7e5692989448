"""What loss gap recalibration leaves, beside Welch's test, and what a group is called by it."""

from types import SimpleNamespace

import numpy as np
import pytest
from scipy.stats import t as student
from scipy.stats import ttest_ind

from auditkit_minoria.confirm.excess import (
    _called,
    _left,
)
from auditkit_minoria.confirm.recalibrated import Excess


def left(loss, members, judges, fall):
    material = SimpleNamespace(loss=loss, judges=judges, weight=None)
    return _left(SimpleNamespace(members=members), Excess(fall), material)


def test_what_recalibration_leaves_is_welchs_gap_of_the_lowered_loss():
    source = np.random.default_rng(5)
    loss, members = source.exponential(size=400), np.arange(400) % 4 == 0
    judges = np.arange(400) >= 100
    fall = source.random(int((members & judges).sum())) * 0.2
    lowered = loss.copy()
    lowered[members & judges] -= fall
    own, rest = lowered[members & judges], lowered[~members & judges]
    gap, p = left(loss, members, judges, fall)
    assert gap == pytest.approx(own.mean() - lowered[judges].mean())
    assert p == pytest.approx(ttest_ind(own, rest, equal_var=False, alternative="greater").pvalue)


@pytest.mark.parametrize(("inside", "p"), [(1.0, 0.0), (0.0, 1.0), (-1.0, 1.0)])
def test_where_no_loss_differs_within_the_sides_the_gap_is_certain(inside, p):
    members = np.arange(40) < 10
    found = left(np.where(members, inside, 0.0), members, np.ones(40, dtype=bool), np.zeros(10))
    assert found == (pytest.approx(inside * 0.75), p)


def test_without_a_loss_nothing_is_left():
    assert _left(SimpleNamespace(), Excess(np.zeros(3)), SimpleNamespace(loss=None)) == (0.0, 1.0)


def test_what_is_left_counts_rows_by_their_weights():
    source = np.random.default_rng(12)
    loss, members, weight = source.exponential(size=300), np.arange(300) % 3 == 0, source.lognormal(size=300)
    judges = np.arange(300) >= 60
    loss[members] += 0.3
    material = SimpleNamespace(loss=loss, judges=judges, weight=weight)
    gap, p = _left(
        SimpleNamespace(members=members), Excess(np.zeros(int((members & judges).sum()))), material
    )
    means, errors, degrees = [], [], []
    for rows in (members & judges, ~members & judges):
        w, x = weight[rows], loss[rows]
        kish = w.sum() ** 2 / (w**2).sum()
        means.append((w * x).sum() / w.sum())
        errors.append((w**2 * (x - means[-1]) ** 2).sum() / w.sum() ** 2 * kish / (kish - 1))
        degrees.append(kish - 1)
    freedom = sum(errors) ** 2 / sum(e**2 / d for e, d in zip(errors, degrees, strict=True))
    assert gap == pytest.approx(means[0] - np.average(loss[judges], weights=weight[judges]))
    assert p == pytest.approx(student.sf((means[0] - means[1]) / np.sqrt(sum(errors)), freedom), rel=1e-3)


@pytest.mark.parametrize(
    ("off", "hard", "confirmed", "kind"),
    [
        (True, True, True, "both"),
        (True, False, True, "mis-predicted"),
        (True, False, False, "mis-predicted"),
        (False, True, True, "harder to predict"),
        (False, False, True, "harder to predict"),
        (False, True, False, "not shown"),
    ],
)
def test_a_group_is_called_by_what_was_shown_of_it(off, hard, confirmed, kind):
    assert _called(SimpleNamespace(confirmed=confirmed), off=off, hard=hard) == kind
