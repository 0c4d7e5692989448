"""What is said of each group's excess loss: why there is none, on which rows it is known, and how tests are corrected."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from auditkit import Predictions, Subject
from auditkit_minoria.confirm.excess import MATERIAL, Service, _excess, services
from auditkit_minoria.confirm.recalibrated import of_labels, of_numbers, of_scores
from auditkit_minoria.confirm.standard import Standard

N = 400
SEEN = np.arange(N) % 2 == 0
NO_SCORE = "a column of losses alone does not say what a better score would lose"


def group(members, *, tested=True, **more):
    held_out = SimpleNamespace(gap=0.1 if tested else None)
    return SimpleNamespace(**{"members": members, "group": True, "held_out": held_out, "reason": ""} | more)


def material(table, *, pred=None, score=None, weight=None, loss=None, predicted=True, **roles):
    subject = Subject(table=table, **{"target": "y"} | roles)
    said = Predictions(pred=pred, score=score, loss=np.zeros(len(table)), loss_name="loss", source="a test")
    return SimpleNamespace(
        subject=subject, seen=SEEN, judges=~SEEN, weight=weight, loss=loss, predictions=said if predicted else None
    )  # fmt: skip


def numbers(seed=0):
    rng = np.random.default_rng(seed)
    truth = rng.normal(size=N)
    return pd.DataFrame({"y": truth, "p": truth + rng.normal(size=N) * 0.1, "l": rng.random(N)}), rng


@pytest.mark.parametrize(
    ("of_group", "of_material", "reason"),
    [
        ({"group": False, "reason": "tail not under-performing"}, {}, "tail not under-performing"),
        ({"group": False}, {}, "not tested"),
        ({"held_out": None}, {}, "not tested"),
        ({"tested": False, "reason": "insufficient evidence: few"}, {}, "insufficient evidence: few"),
        ({}, {"predicted": False}, NO_SCORE),
        ({}, {"target": None}, NO_SCORE),
        ({}, {"loss": "l"}, NO_SCORE),
    ],
)
def test_what_says_nothing_of_a_score_says_why(of_group, of_material, reason):
    table, _ = numbers()
    given = material(table, pred=table["p"], **{k: v for k, v in of_material.items() if k != "loss"})
    if "loss" in of_material:
        given.subject = Subject(table=table, target="y", loss="l")
    members = np.arange(N) < 100
    assert _excess(group(members, **of_group), given, Standard()) == Service(n=50, reason=reason)


def test_thirty_mined_rows_are_enough_to_recalibrate_on_and_29_are_not():
    table, _ = numbers()
    given = material(table, pred=table["p"])
    few = _excess(group(np.arange(N) < 57), given, Standard())  # 29 of them mined, 28 judged
    assert few == Service(n=28, reason="29 mined rows to recalibrate on, 30 needed")
    enough = _excess(group(np.arange(N) < 59), given, Standard())
    assert len(enough.fall) == 29


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("kind", ["numbers", "scores", "labels"])
def test_each_kind_of_prediction_is_recalibrated_on_mined_rows_and_read_on_the_others(kind, weighted):
    table, rng = numbers()
    members, weight = np.arange(N) < 200, rng.lognormal(size=N) if weighted else None
    mined, judged = members & SEEN, members & ~SEEN
    if kind == "numbers":
        given = material(table, pred=table["p"], weight=weight)
        expected = of_numbers(table["p"].to_numpy(), table["y"].to_numpy(), mined, judged, weight=weight)
    else:
        truth = rng.integers(0, 3, N)
        table["y"] = np.array(["no", "so so", "yes"])[truth]
        score = rng.dirichlet(np.ones(3), size=N) if kind == "scores" else None
        predicted = rng.integers(0, 3, N)
        given = material(table, pred=np.array(["no", "so so", "yes"])[predicted], score=score, weight=weight)
        expected = (
            of_labels(predicted, truth, mined, judged, classes=3, weight=weight)
            if score is None
            else of_scores(score, truth, mined, judged, weight=weight)
        )
    found = _excess(group(members), given, Standard())
    for name in ("fall", "falls", "chances", "weight"):
        one, other = getattr(found, name), getattr(expected, name)
        assert (one is None) == (other is None)
        assert one is None or one == pytest.approx(other)


def test_a_family_of_groups_is_corrected_by_holm_and_called_by_what_matters():
    """Four groups of a hundred: predictions off by much, by little, by a trifle, and not known of the last."""
    table, rng = numbers(3)
    error = rng.normal(size=N)
    off = np.repeat([2.0, 0.6, 0.05, 0.0], 100)
    table["p"] = rng.normal(size=N)
    table["y"] = table["p"] + error + off
    loss = ((table["p"] - table["y"]) ** 2).to_numpy()
    given = material(table, pred=table["p"], loss=loss)
    members = [np.arange(N) // 100 == i for i in range(4)]
    groups = [group(rows, confirmed=True) for rows in members[:3]] + [group(members[3], tested=False)]
    found = services(groups, given, Standard(), np.random.default_rng(0))
    assert found[3] == Service(n=50, reason="not tested")
    p = sorted(one.p for one in found[:3])
    by_hand, worst = {}, 0.0
    for i, value in enumerate(p):
        worst = max(worst, min(1.0, (3 - i) * value))
        by_hand[value] = worst
    for one, rows in zip(found[:3], members[:3], strict=True):
        assert one.p_corrected == pytest.approx(by_hand[one.p])
        assert one.confirmed == (one.p_corrected < 0.025)
        judged = rows & ~SEEN
        lowered = loss.copy()
        lowered[judged] -= _excess(group(rows), given, Standard()).fall
        assert one.left == pytest.approx(lowered[judged].mean() - lowered[~SEEN].mean())
    assert [one.confirmed for one in found] == [True, True, False, None]
    assert found[0].value == pytest.approx(4.0, abs=1.0)
    assert found[0].value > MATERIAL * (found[0].left + found[0].value)
    assert [one.kind for one in found] == ["mis-predicted", "mis-predicted", "harder to predict", "not known"]
