"""Two sets of predictions in a notebook: arrays and columns, and what a call is told where nothing is compared."""

import numpy as np
import pandas as pd
import pytest

import auditkit


def rows(n=400):
    rng = np.random.default_rng(0)
    y = rng.integers(0, 2, n)
    return pd.DataFrame(
        {"sex": rng.choice(["F", "M"], n), "y": y, "new": np.where(rng.random(n) < 0.7, y, 0), "old": y}
    )


def test_predictions_are_compared_as_columns_and_as_arrays():
    frame = rows()
    told = {"target": "y", "favourable": 1, "groups": "sex", "steps": "diff"}
    named = auditkit.audit(frame, pred="new", versus="old", **told)
    given = auditkit.audit(
        frame[["sex", "y"]], pred=frame.new.to_numpy(), versus=frame.old.to_numpy(), **told
    )
    for report in (named, given):
        found = {f.group: f.value for f in report.findings if (f.metric, f.compare) == ("tpr", "change")}
        mine = frame[(frame.sex == "F") & (frame.y == 1)]
        assert found["sex=F"] == pytest.approx((mine.new - mine.old).mean())
        assert report.answers[0].harm


def test_something_to_compare_with_asks_for_the_step_that_compares():
    with pytest.raises(auditkit.UsageError, match=r"versus=.*: no step of this run says what changed"):
        auditkit.audit(rows(), target="y", pred="new", versus="old", groups="sex")
