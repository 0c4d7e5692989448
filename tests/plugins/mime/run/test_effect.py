"""Does the audit find the effect where it is, and only there? Twenty made tables each way."""

import numpy as np
import pytest
from plugins.mime import seeded

from auditkit import Stats
from auditkit.testing import make_context
from auditkit_mime.effect.effect import measure
from auditkit_mime.effect.judged import judged
from auditkit_mime.params import MimeParams
from auditkit_mime.run.audit import settle
from auditkit_mime.steps import Mime
from auditkit_mime.train.sweep import sweep

SETTINGS = {
    "group": "g", "minority": "few", "model": "logistic", "betas": (0.0, 0.25, 0.5, 0.75, 1.0),
    "trials": 10, "train_size": 150, "test_size": 1000, "validation_size": 4,
}  # fmt: skip


def findings(frame, seed, **changes):
    params = MimeParams(**{**SETTINGS, **changes})
    found = Mime().run(seeded.subject(frame), params, make_context(stats=Stats(seed=seed, bootstrap=100)))
    return {f.metric: f for f in found if f.group in {"majority", ""} and f.metric != "accuracy"}


def gain_shown(frame, seed, **changes):
    """Whether the gain is shown, without the feature space."""
    params, subject = MimeParams(**{**SETTINGS, **changes}), seeded.subject(frame)
    context = make_context(stats=Stats(seed=seed))
    model, planned = settle(subject, params)
    swept = sweep(subject, planned, planned.pairs[0], model, context)
    parts = judged(swept.right, np.array([trial.test for trial in swept.trials]), classes=2)
    return measure(parts, planned.betas, context).majority.shown


def shown(frame, seed, **changes):
    gain = findings(frame, seed, **changes)["gain"]
    assert (gain.interval.low > 0) == (gain.details["verdict"] == "effect shown")
    assert gain.interval.low <= gain.value <= gain.interval.high
    return gain.interval.low > 0


@pytest.mark.slow
def test_the_effect_is_found_where_it_exists():
    assert sum(shown(seeded.boundary(s, near_minority=True), s) for s in range(20)) >= 18


@pytest.mark.slow
@pytest.mark.parametrize("trials", [5, 10])
def test_no_effect_is_claimed_where_both_groups_are_one_distribution(trials):
    assert sum(shown(seeded.boundary(s, near_minority=False), s, trials=trials) for s in range(20)) <= 1


@pytest.mark.slow
def test_small_tables_whose_trials_share_rows_claim_no_more():
    """600 rows, half of which are drawn again by each trial."""
    small = {"trials": 8, "train_size": 60, "test_size": 60}
    claims = [shown(seeded.boundary(s, near_minority=False, n=600), s, **small) for s in range(60)]
    assert sum(claims) <= 4


REFERENCE = {"betas": MimeParams().betas, "trials": 20, "train_size": 120, "test_size": None}


@pytest.mark.slow
def test_a_true_gain_of_one_point_is_shown_in_two_tables_of_five():
    found = [gain_shown(seeded.reference(s, effect=True), s, **REFERENCE) for s in range(40)]
    assert sum(found) >= 16


@pytest.mark.slow
def test_at_full_width_no_effect_is_claimed_more_often_than_the_confidence_says():
    """2.5 % are nominal, on one side; more than 4 of 60 have a chance of 1 in 50."""
    found = [gain_shown(seeded.reference(1000 + s, effect=False), s, **REFERENCE) for s in range(60)]
    assert sum(found) <= 4


def test_a_share_that_hurts_is_shown_beside_the_best_one_that_does_not_help():
    frame = seeded.table(0, distances=(2.5, 2.5), gap=3.0)
    found = findings(frame, 0)
    assert found["loss"].interval.low > 0
    assert found["loss"].details["shown"]
    assert found["loss"].details["beta"] == 1
    assert found["gain"].details["verdict"] == "no effect shown"
    same = findings(seeded.table(0, distances=(2, 2)), 0)["loss"]
    assert not same.details["shown"]
    assert same.interval.low == 0 <= same.value <= same.interval.high


def test_theory_foretells_by_the_minoritys_density_at_the_threshold():
    found = findings(seeded.table(0, distances=(4, 1.5)), 0)
    assert found["theorem_1"].value > 0
    assert found["theorem_1"].details["foretells"] == "gain"
    assert found["theorem_2"].details["density_ratio"] < 1
    swapped = findings(seeded.table(0, distances=(1.5, 4)), 0)
    assert swapped["theorem_1"].details["foretells"] == "no gain"
    assert swapped["theorem_2"].details["density_ratio"] > 1
    same = findings(seeded.table(0, distances=(2, 2)), 0)
    assert abs(same["theorem_1"].value) < found["theorem_1"].value / 3


def test_the_papers_threshold_is_a_named_option():
    frame = seeded.table(0, distances=(2, 2))
    central, snippet = (findings(frame, 0, threshold=how)["domain_gap"] for how in ("central", "snippet"))
    assert central.value != snippet.value
    assert all(-5 <= snippet.details[f"threshold_{group}"] <= 5 for group in ("majority", "minority"))
