"""What comparisons between groups cover, and what they leave out."""

import numpy as np
import pandas as pd
import pytest
from plugins.rates.audited import audited, one

from auditkit.measures import available
from auditkit_rates.metrics.reported import GROUP_METRICS, METRICS, ON_REQUEST, best_side


def rows(group, *, positives, hits, negatives, alarms):
    """Return a frame of one group with these true and false positives."""
    y = np.r_[np.ones(positives), np.zeros(negatives)].astype(int)
    p = np.r_[np.arange(positives) < hits, np.arange(negatives) < alarms].astype(int)
    return pd.DataFrame({"g": group, "y": y, "p": p})


def unestimable():
    """Groups A and B alike; C of 300 rows has no positive, and half of its rows are alarms."""
    alike = {"positives": 100, "hits": 80, "negatives": 200, "alarms": 20}
    return pd.concat(
        [rows("A", **alike), rows("B", **alike), rows("C", positives=0, hits=0, negatives=300, alarms=150)],
        ignore_index=True,
    )


def test_a_group_without_positives_is_named_as_left_out_and_not_counted():
    found = one(audited(unestimable()), "equal_opportunity", "g", "difference")
    assert found.value == 0.0
    assert dict(found.left_out) == {"g=C": 0}
    assert (found.details["groups_compared"], found.details["groups"]) == (2, 3)
    assert found.n == 600


def test_equalized_odds_says_from_which_groups_each_part_comes():
    found = one(audited(unestimable()), "equalized_odds", "g", "difference")
    assert found.value == pytest.approx(0.4)
    assert found.details["furthest_apart"] == "fpr"
    assert found.details["tpr"] == {"groups_compared": 2, "groups": 3, "too_small": ["g=C"]}
    assert found.details["fpr"] == {"groups_compared": 3, "groups": 3, "too_small": []}
    assert dict(found.left_out) == {"g=C": 0}
    assert found.n == 900
    assert (found.details["lowest"], found.details["highest"]) == ("g=A", "g=C")


def test_a_group_one_row_below_the_minimum_disappears_but_is_told():
    alike = {"positives": 100, "hits": 80, "negatives": 100, "alarms": 10}
    few = rows("C", positives=49, hits=0, negatives=100, alarms=10)
    frame = pd.concat([rows("A", **alike), rows("B", **alike), few], ignore_index=True)
    found = one(audited(frame, min_n=50), "equal_opportunity", "g", "difference")
    assert (found.value, dict(found.left_out), found.n) == (0.0, {"g=C": 49}, 400)
    enough = one(audited(frame, min_n=49), "equal_opportunity", "g", "difference")
    assert (enough.value, dict(enough.left_out), enough.n) == (0.8, {}, 549)


def test_fewer_than_two_groups_give_a_reason_that_counts():
    frame = pd.concat(
        [
            rows("A", positives=80, hits=70, negatives=80, alarms=9),
            rows("B", positives=5, hits=1, negatives=80, alarms=9),
        ]
    )
    found = one(audited(frame.reset_index(drop=True)), "equalized_odds", "g", "ratio")
    assert found.value is None
    assert found.reason == "insufficient evidence: 1 of 2 groups have enough rows for tpr, 2 needed"
    assert dict(found.left_out) == {"g=B": 5}


@pytest.mark.parametrize("classes", [2, 3])
def test_every_finding_is_of_a_declared_comparison_and_every_one_is_reported(classes):
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"g": rng.choice(list("abc"), 1500), "y": rng.integers(0, classes, 1500)})
    frame["p"] = np.where(rng.random(1500) < 0.7, frame.y, rng.integers(0, classes, 1500))
    unasked = audited(frame, reference={"g": "a"})
    asked = tuple(sorted(set(available(2)) & ON_REQUEST))  # of several classes, each against the rest
    reported = {
        (f.metric, f.compare) for f in (*unasked, *audited(frame, reference={"g": "a"}, metrics=asked))
    }
    assert {f.metric for f in unasked}.isdisjoint(ON_REQUEST)
    for metric, compare in reported:
        assert compare in METRICS[metric].compares
    whole = set(available(classes)) & {m.name for m in GROUP_METRICS}
    for name in whole:
        sideless = {"to_best"} if best_side(name, None) is None else set()
        assert {c for m, c in reported if m == name} == set(METRICS[name].compares) - sideless


def test_a_perfect_model_has_no_ratio_of_false_alarms_but_a_reason():
    frame = unestimable().assign(p=lambda f: f.y)
    found = one(audited(frame), "fpr", "g", "ratio")
    assert (found.value, found.reason) == (None, "insufficient evidence: every group's rate is 0")
    assert one(audited(frame), "fpr", "g", "difference").value == 0.0
