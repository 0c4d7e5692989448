"""The four-fifths comparison: known counts, the exact test, and both kinds of significance."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import fisher_exact

from auditkit import Subject, UsageError
from auditkit.groups.cut import group_by
from auditkit.spec.groups import GroupSpec
from auditkit.testing import make_context
from auditkit.values.outcome import Outcome
from auditkit_rates.selection.steps import FourFifths


def compared(cells, kind="favourable", **params):
    """Return findings, the table's rows by group, and the ledger, of groups with (selected, assessed)."""
    frame = pd.DataFrame(
        [(group, "yes" if i < x else "no") for group, (x, n) in cells.items() for i in range(n)],
        columns=["g", "hired"],
    )
    outcome = Outcome(column="hired", value="yes", kind=kind)
    subject = group_by(Subject(table=frame, pred="hired", outcome=outcome), {"g": GroupSpec(column="g")})
    step, context = FourFifths(), make_context()
    step.check(subject, step.Params(**params))
    found = step.run(subject, step.Params(**params), context)
    return found, {row[0]: row for row in context.ledger.tables[0].rows}, context.ledger


def test_ratio_exact_p_and_reading_of_known_counts():
    cells = {"men": (120, 200), "women": (60, 150), "others": (10, 20)}
    found, rows, _ = compared(cells)
    by = {(f.metric, f.group): f.value for f in found}
    assert by["impact_ratio", "g=women"] == pytest.approx(0.4 / 0.6, abs=1e-12)
    assert by["selection_p", "g=women"] == pytest.approx(
        fisher_exact([[60, 90], [120, 80]]).pvalue, abs=1e-12
    )
    assert ("selection_p", "g=men") not in by
    assert rows["women"][-1] == "below 0.8, and beyond chance"
    assert rows["others"][-1] == "not below 0.8"
    assert rows["men"][-1] == "highest rate"


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"a": (6, 10), "b": (4, 10)}, "below 0.8; chance may be the reason"),
        ({"a": (9000, 10000), "b": (8500, 10000)}, "not below 0.8, but beyond chance"),
    ],
)
def test_size_and_chance_are_said_apart(cells, said):
    assert compared(cells)[1]["b"][-1] == said


def test_nobody_selected_has_no_ratio():
    cells = {"a": (0, 50), "b": (0, 40)}
    frame_of_no = {**cells, "c": (1, 1)}
    found, rows, _ = compared(frame_of_no)
    assert rows["a"][3] == 0.0
    assert {f.value for f in found if (f.metric, f.group) == ("impact_ratio", "g=a")} == {0.0}


def test_on_equal_rates_both_kinds_together_are_rare():
    rng, called = np.random.default_rng(0), 0
    for _ in range(60):
        cells = {name: (int(rng.binomial(n, 0.3)), n) for name, n in (("a", 60), ("b", 80), ("c", 150))}
        called += any("and beyond chance" in row[-1] for row in compared(cells)[1].values())
    assert called <= 8


def test_a_burden_is_not_a_selection():
    with pytest.raises(UsageError, match="name that value with --favourable"):
        compared({"a": (5, 10), "b": (5, 10)}, kind="unfavourable")


def test_a_small_group_by_chance_lowest_does_not_hide_one_that_is_low_beyond_chance():
    cells = {"men": (152, 555), "women": (112, 585), "few": (2, 15)}
    _, rows, ledger = compared(cells)
    assert rows["few"][-1] == "below 0.8; chance may be the reason"
    assert ledger.answers[0].text.startswith("By g: the selection rate of women is 0.70")
    assert ledger.answers[0].harm


def test_rows_without_a_value_are_counted_as_unknown_and_are_no_group():
    frame = pd.DataFrame({"g": ["a"] * 80 + ["b"] * 80 + [None] * 40, "hired": (["yes"] * 3 + ["no"]) * 50})
    found, tables, _ = ran(frame)
    assert {f.group for f in found} == {"g=a", "g=b"}
    assert "40 of 200 persons are of an unknown group" in tables[0].caption
    found, tables, skipped = ran(frame.assign(g="unknown"))
    assert (found, tables) == ((), [])
    assert skipped[0].why == "all persons are of an unknown group"


def test_a_small_group_with_the_highest_rate_is_told():
    _, _, ledger = compared({"men": (120, 200), "women": (60, 150), "few": (9, 10)})
    assert any("few has the highest rate and only 10 persons" in note for note in ledger.notes)


def ran(frame):
    """Return findings, tables and what was skipped, of a frame with g and hired."""
    outcome = Outcome(column="hired", value="yes", kind="favourable")
    subject = group_by(Subject(table=frame, pred="hired", outcome=outcome), {"g": GroupSpec(column="g")})
    step, context = FourFifths(), make_context()
    found = step.run(subject, step.Params(), context)
    return found, context.ledger.tables, context.ledger.skipped
