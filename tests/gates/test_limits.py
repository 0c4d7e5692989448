"""A limit has three answers: it breaks, it holds, or neither is shown."""

import numpy as np
import pytest

from auditkit.gates.census import Census
from auditkit.gates.decide import decide
from auditkit.measures import newcombe
from auditkit.spec.gate import GateSpec
from auditkit.spec.stats import Stats
from auditkit.values.finding import Finding, Interval

CENSUS = Census({"sex=Female": np.array([True, True, False]), "sex=Male": np.array([False, False, True])})


def gap(value, half, *, group="g", direction="higher_is_worse", compare="to_rest", n=100):
    interval = Interval(value - half, value + half, 0.95, "normal")
    return Finding(
        metric="m",
        value=value,
        n=n,
        step="s",
        group=group,
        compare=compare,
        interval=interval,
        direction=direction,
    )


def too_few(group="thin"):
    return Finding(
        metric="m", value=None, n=3, step="s", group=group, compare="to_rest", reason="few", rows_needed=60
    )


def decided(*findings, limit=0.10, census=None, stats=None, **more):
    spec = GateSpec(**{"id": "g", "on": "s", "metric": "m", "limit": limit} | more)
    return decide([spec], findings, stats or Stats(), ran={"s"}, census=census)[0]


def outcomes(result):
    return [one.outcome for one in result.comparisons]


@pytest.mark.parametrize(
    ("value", "half", "judged", "gate"),
    [(0.25, 0.1, "breaks", "fail"), (-0.05, 0.1, "holds", "pass"), (0.1, 0.1, "not_shown", "insufficient")],
)
def test_one_comparison_has_three_answers(value, half, judged, gate):
    result = decided(gap(value, half))
    assert (outcomes(result), result.outcome) == ([judged], gate)


def test_a_limit_is_a_floor_where_lower_is_worse():
    for compare in ("absolute", "ratio"):
        at = {"direction": "lower_is_worse", "compare": compare}
        assert decided(gap(0.6, 0.1, **at), limit=0.8, compare=compare).outcome == "fail"
        assert decided(gap(0.95, 0.1, **at), limit=0.8, compare=compare).outcome == "pass"
        assert decided(gap(0.85, 0.1, **at), limit=0.8, compare=compare).outcome == "insufficient"


def test_without_a_worse_side_both_sides_must_be_within():
    neither = {"direction": "neither"}
    assert decided(gap(-0.25, 0.1, **neither)).outcome == "fail"
    assert decided(gap(0.0, 0.09, **neither)).outcome == "pass"
    assert decided(gap(-0.05, 0.09, **neither)).outcome == "insufficient"


def test_a_gate_holds_when_each_is_within_by_its_own_bound_though_no_row_may_claim_it():
    near = [gap(0.0, 0.095, group=f"g{i}") for i in range(10)]
    result = decided(*near)
    assert result.outcome == "pass"
    assert set(outcomes(result)) == {"not_shown"}
    assert all(one.within for one in result.comparisons)


def test_what_is_shown_for_some_and_open_for_others_is_never_a_pass():
    safe, open_one = gap(-0.2, 0.05, group="safe"), gap(0.08, 0.1, group="open")
    result = decided(safe, open_one)
    assert (result.outcome, outcomes(result)) == ("not_shown", ["not_shown", "holds"])
    assert decided(safe, open_one, insufficient="fail").outcome == "fail"
    assert decided(safe, open_one, insufficient="pass").outcome == "pass"
    assert decided(safe, too_few()).outcome == "not_shown"
    assert decided(too_few(), insufficient="pass").outcome == "insufficient"


def test_eight_groups_of_a_hundred_and_twenty_rows_are_not_shown():
    findings = []
    for i, positives in enumerate((60, 55, 58, 62, 64, 57, 61, 66)):
        low, high = newcombe(positives, 120, x2=483 - positives, n2=840)
        interval = Interval(float(low), float(high), 0.95, "newcombe", (positives, 120, 483 - positives, 840))
        value = positives / 120 - (483 - positives) / 840
        findings.append(
            Finding(
                metric="m", value=value, n=120, step="s", group=f"g{i}", compare="to_rest", interval=interval,
                direction="lower_is_worse",
            )
        )  # fmt: skip
    result = decided(*findings)
    assert result.outcome == "not_shown"
    assert "not shown to be within the limit 0.1" in result.message


def test_rows_that_would_decide_shrink_the_half_width_to_the_distance():
    result = decided(gap(0.05, 0.1, n=1000))
    assert result.comparisons[0].rows_needed == 4000
    assert decided(gap(0.1, 0.1, n=1000)).comparisons[0].rows_needed is None


def test_a_named_group_that_the_data_lack_is_absent_as_the_gate_says():
    result = decided(gap(0.0, 0.01, group="sex=Female"), group="sex=Famale", census=CENSUS)
    assert (result.outcome, outcomes(result)) == ("fail", ["absent"])
    assert "did you mean 'sex=Female'?" in result.message
    for word, outcome in (("warn", "warn"), ("pass", "pass")):
        found = decided(gap(0.0, 0.01), group="sex=Famale", census=CENSUS, absent=word)
        assert (found.outcome, outcomes(found)) == (outcome, ["absent"])


def test_a_named_group_that_is_there_but_not_reported_has_too_few_rows():
    result = decided(group="sex=Female", census=CENSUS)
    assert (result.outcome, outcomes(result), result.comparisons[0].n) == ("insufficient", ["too_few"], 2)
    both = decided(group="sex=Female & sex=Male", census=CENSUS)
    assert outcomes(both) == ["absent"]


def test_a_row_claims_to_hold_at_the_level_that_the_correction_allows():
    rows = [gap(0.0, 0.099, group="near")] + [gap(0.0, 0.02, group=f"g{i}") for i in range(19)]
    judged = {one.group: one for one in decided(*rows).comparisons}
    assert judged["near"].outcome == "holds"  # Holm: the nineteen that are clear leave it its own level
    assert {one.outcome for one in judged.values()} == {"holds"}
    open_ones = [gap(0.0, 0.099, group="near"), *(gap(0.09, 0.02, group=f"g{i}") for i in range(5))]
    assert {one.group: one.outcome for one in decided(*open_ones).comparisons}["near"] == "not_shown"


def test_groups_that_a_difference_leaves_out_are_undecided():
    between = {"compare": "difference", "group": "race"}
    whole = gap(0.02, 0.01, **between)
    short = Finding(**{**vars(whole), "left_out": {"race=Other": 12, "race=Unknown": 0}})
    assert decided(whole, compare="difference").outcome == "pass"
    result = decided(short, compare="difference")
    assert (result.outcome, outcomes(result)) == ("not_shown", ["too_few", "too_few", "holds"])
    assert [(one.group, one.n) for one in result.comparisons[:2]] == [("race=Other", 12), ("race=Unknown", 0)]
    assert decided(short, compare="difference", insufficient="fail").outcome == "fail"
    rule = {"limit": None, "fail_if": "lower_bound > 0.1", "compare": "difference"}
    assert decided(short, **rule, insufficient="fail").outcome == "fail"
    assert decided(short, **rule).outcome == "warn"
