"""Before any step that trains: what gives the outcome away is a caution, and rows that repeat are told."""

import numpy as np
import pandas as pd
import pytest

from auditkit import Subject, audit, mine, repair
from auditkit.plugins.host import load_plugins

N = 600
RUN = {
    "mime": lambda rows, **more: audit(rows, steps="mime", groups="sex", trials=2, **more),
    "reweigh": lambda rows, **more: repair(rows, steps="reweigh", sensitive="sex", **more),
    "thresholds": lambda rows, **more: repair(rows, steps="thresholds", sensitive="sex", **more),
    "rates": lambda rows, **more: audit(rows, groups="sex", **more),
    "minoria": lambda rows, **more: mine(rows, **more),
}


def table():
    rng = np.random.default_rng(0)
    x = rng.normal(size=N)
    y = np.where(x + rng.normal(size=N) > 0, "yes", "no")
    sex = rng.choice(["f", "m"], N)
    return pd.DataFrame({"sex": sex, "x": x, "z": rng.normal(size=N), "y": y})


def test_these_steps_train_on_the_features_and_no_others():
    rows = table()
    trained = {
        name
        for name, step in load_plugins().steps.items()
        if step().trains(Subject(table=rows, source="t", target="y"))
    }
    assert trained == {"mime", "reweigh", "resample", "dfr", "shasam", "thresholds"}
    given = Subject(table=rows.assign(p="no"), source="t", target="y", pred="p")
    assert not load_plugins().steps["thresholds"]().trains(given)


FITS_MANY = {"mime", "minoria"}
each = [pytest.param(name, marks=pytest.mark.slow if name in FITS_MANY else ()) for name in RUN]


@pytest.mark.parametrize("step", each)
def test_a_leak_is_the_first_thing_said(step):
    rows = table()
    leak = rows.assign(paid=np.where(rows.y == "yes", 2.0, 1.0) + np.arange(N) % 7 / 20)
    report = RUN[step](leak, target="y")
    assert report.subject["caution"].startswith("Leak: 'paid' (1.000) alone says 'y' on rows not seen")
    assert sum(note.startswith("Leak: ") for note in report.notes) == 1
    assert "caution" not in RUN[step](rows, target="y").subject


@pytest.mark.parametrize("step", ["reweigh", "rates"])
def test_rows_that_repeat_are_told(step):
    rows = pd.concat([table()] * 2, ignore_index=True)
    assert any(
        "600 of 1,200 rows repeat another one exactly" in note for note in RUN[step](rows, target="y").notes
    )


@pytest.mark.parametrize("step", each)
def test_columns_left_out_are_listed_by_every_step(step):
    rows = table().assign(case_id=np.arange(N), y_pred="no", seen=pd.Timestamp("2020-01-01"))
    notes = RUN[step](rows, target="y").notes
    assert any("(identifiers: case_id; predictions: y_pred; times: seen)" in note for note in notes)
