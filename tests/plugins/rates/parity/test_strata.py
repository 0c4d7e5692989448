"""Selection within strata: the admissions of Berkeley, 1973, as Bickel, Hammel and O'Connell published them."""

import numpy as np
import pandas as pd
import pytest
from plugins.rates.audited import audited, one
from statsmodels.stats.contingency_tables import StratifiedTable

from auditkit import DataError, Subject, UsageError
from auditkit.groups.cut import group_by
from auditkit.spec.groups import GroupSpec
from auditkit.testing import make_context
from auditkit_rates.steps import Rates

ADMITTED = {
    "A": ((512, 825), (89, 108)), "B": ((353, 560), (17, 25)), "C": ((120, 325), (202, 593)),
    "D": ((138, 417), (131, 375)), "E": ((53, 191), (94, 393)), "F": ((22, 373), (24, 341)),
}  # fmt: skip


def berkeley():
    rows = [
        (sex, dept, int(i < x), int(i < x))
        for dept, both in ADMITTED.items()
        for sex, (x, n) in zip(("male", "female"), both, strict=True)
        for i in range(n)
    ]
    return pd.DataFrame(rows, columns=["g", "dept", "p", "y"])


def compared(frame, given=("dept",), *, ledger=False, reference=None, **roles):
    subject = Subject(table=frame, target="y", pred="p", given=given, **roles)
    subject = group_by(subject, {"g": GroupSpec(column="g", reference=reference)})
    step, context = Rates(), make_context()
    found = step.run(subject, step.Params(metrics=("conditional_parity",)), context)
    return (found, context.ledger) if ledger else found


def pooled(found, group, compare="to_rest"):
    (mine,) = [f for f in found if (f.group, f.compare) == (group, compare) and "stratum" not in f.details]
    return mine


def test_pooled_difference_and_ratio_are_mantel_and_haenszels():
    found = pooled(compared(berkeley()), "g=female")
    tables = [np.array([[x1, n1 - x1], [x0, n0 - x0]]) for (x0, n0), (x1, n1) in ADMITTED.values()]
    assert found.details["ratio"] == pytest.approx(StratifiedTable(tables).riskratio_pooled, abs=1e-12)
    top = bottom = 0.0
    for (x0, n0), (x1, n1) in ADMITTED.values():
        weight = n1 * n0 / (n1 + n0)
        top, bottom = top + weight * (x1 / n1 - x0 / n0), bottom + weight
    assert found.value == pytest.approx(top / bottom, abs=1e-12)
    assert found.interval.low < 0.0 < found.interval.high
    assert found.details["ratio_low"] < found.details["ratio"] < found.details["ratio_high"]


def test_a_stratum_is_what_the_gap_to_the_rest_is_there_alone():
    frame = berkeley()
    found = compared(frame)
    alone = audited(frame[frame.dept == "A"].reset_index(drop=True), metrics=("selection_rate",))
    expected = one(alone, "selection_rate", "g=female", "to_rest")
    (mine,) = [f for f in found if f.group == "g=female" and f.details.get("stratum") == "dept=A"]
    assert (mine.value, mine.interval) == (expected.value, expected.interval)
    (few,) = [f for f in found if f.group == "g=female" and f.details.get("stratum") == "dept=B"]
    assert few.reason == "insufficient evidence: 25 rows, 30 needed"


def test_it_is_said_where_the_sign_turns_within_strata():
    _, ledger = compared(berkeley(), ledger=True)
    (note,) = [note for note in ledger.notes if note.startswith("g=female is selected")]
    assert (
        "14.2 points less often than the rest over all rows, and is selected 1.8 points more often within dept"
        in note
    )
    assert "as far as these rows show" in note
    same = berkeley().assign(dept="A")
    assert not [note for note in compared(same, ledger=True)[1].notes if "Simpson" in note]


def test_one_stratum_is_nearly_the_gap_of_all_rows():
    frame = berkeley().assign(dept="one")
    found = pooled(compared(frame), "g=female")
    whole = one(audited(frame, metrics=("selection_rate",)), "selection_rate", "g=female", "to_rest")
    assert found.value == pytest.approx(whole.value, abs=1e-12)
    assert (found.interval.low, found.interval.high) == pytest.approx(
        (whole.interval.low, whole.interval.high), abs=1e-3
    )


def test_weights_that_are_alike_change_nothing_and_the_reference_stands_beside():
    frame = berkeley().assign(w=2.0)
    plain = compared(frame, reference="male")
    heavy = compared(frame, reference="male", weight="w")
    for compare in ("to_rest", "to_reference"):
        a, b = (pooled(found, "g=female", compare) for found in (plain, heavy))
        assert a.value == pytest.approx(b.value, abs=1e-12)
        assert a.interval.low == pytest.approx(b.interval.low, abs=2e-3)
    assert not [f for f in plain if f.group == "g=male" and f.compare == "to_reference"]


def test_rows_without_a_stratum_are_told_and_many_strata_are_pooled_only():
    frame = berkeley()
    frame.loc[:9, "dept"] = None
    found, ledger = compared(frame, ledger=True)
    assert "10 rows without a value of dept are in no stratum." in ledger.notes
    many = berkeley().assign(dept=lambda f: np.arange(len(f)) % 40)
    found, ledger = compared(many, ledger=True)
    assert not ledger.tables
    assert all("stratum" not in f.details for f in found)


def test_clusters_and_several_classes_are_not_compared_within_strata():
    frame = berkeley().assign(who=lambda f: np.arange(len(f)) // 2)
    found, ledger = compared(frame, ledger=True, cluster="who")
    assert not found
    assert ledger.skipped[0].what == "conditional parity"
    several = frame.assign(y=lambda f: np.arange(len(f)) % 3, p=lambda f: np.arange(len(f)) % 3)
    with pytest.raises(UsageError):
        compared(several)


def test_strata_that_no_row_has_are_refused():
    with pytest.raises(DataError, match="no row has a value of dept"):
        compared(berkeley().assign(dept=None))
