"""Findings are the plain sums of the trials' values that they carry."""

import numpy as np
import pytest
from plugins.mime import oracle, seeded

from auditkit import Stats
from auditkit.testing import make_context
from auditkit_mime.params import MimeParams
from auditkit_mime.steps import Mime

BETAS = (0.0, 0.1, 0.5, 0.9, 1.0)


@pytest.fixture(scope="module")
def context():
    return make_context(stats=Stats(seed=3, bootstrap=100))


@pytest.fixture(scope="module")
def found(context):
    params = MimeParams(
        group="g", minority="few", model="logistic", betas=BETAS, trials=4, train_size=80, test_size=60
    )
    frame = seeded.table(1, distances=(2.5, 1.5), n=2000, gap=0.8)
    return Mime().run(seeded.subject(frame), params, context)


def one(found, metric, group):
    return next(f for f in found if (f.metric, f.group) == (metric, group))


def trials(found, group):
    return np.array([f.details["trials"] for f in found if (f.metric, f.group) == ("accuracy", group)]).T


def test_accuracies_and_their_spread(found):
    for group in ("majority", "minority", "overall"):
        curve = trials(found, group)
        mine = [f for f in found if (f.metric, f.group) == ("accuracy", group)]
        assert [f.value for f in mine] == pytest.approx(curve.mean(axis=0))
        assert [f.details["zeta"] for f in mine] == pytest.approx(oracle.zeta(curve))
        best = int(curve.mean(axis=0).argmax())
        assert one(found, "beta_star", group).value == BETAS[best]
    both = (trials(found, "majority") + trials(found, "minority")) / 2
    assert trials(found, "overall") == pytest.approx(both)


def test_gain_and_costs(found):
    major, minor, both = (trials(found, g).mean(axis=0) for g in ("majority", "minority", "overall"))
    best = int(major.argmax())
    assert one(found, "gain", "majority").value == pytest.approx(major[best] - major[0])
    assert one(found, "minority_cost", "minority").value == pytest.approx(minor.max() - minor[best])
    assert one(found, "equal_representation_cost", "overall").value == pytest.approx(both.max() - both[2])
    assert one(found, "task_complexity", "majority").value == pytest.approx(1 - major[0])
    assert one(found, "task_complexity", "minority").value == pytest.approx(1 - minor[4])


def test_the_feature_space_is_that_of_the_model_that_serves_the_majority_best_at_equal_shares(found):
    details = one(found, "overlap", "majority").details
    assert details["beta"] == 0.5
    assert details["trial"] == int(trials(found, "majority")[:, 2].argmax())


def test_a_share_that_was_not_run_is_a_reason_and_no_number(context):
    params = MimeParams(
        group="g", minority="few", model="logistic", betas=(0.0, 0.9), trials=2, train_size=80, test_size=60
    )
    found = Mime().run(seeded.subject(seeded.table(1, distances=(2.5, 1.5), n=2000)), params, context)
    assert one(found, "equal_representation_cost", "overall").reason == "beta = 0.5 is not among --betas"
    assert "at beta = 1" in one(found, "task_complexity", "minority").reason
    assert all(f.value is None or np.isfinite(f.value) for f in found)
