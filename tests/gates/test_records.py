"""What a gate keeps of each comparison, number for number."""

import dataclasses

import numpy as np
import pytest
from scipy.stats import norm

from auditkit.gates.census import Census
from auditkit.gates.decide import decide
from auditkit.spec.gate import GateSpec
from auditkit.spec.stats import Stats
from auditkit.values.finding import Finding, Interval
from auditkit.values.gate import GateComparison

Z = norm.ppf(0.975)


def number(value, half=0.1, *, group="g", direction="higher_is_worse", compare="to_rest", n=100, **more):
    interval = None if half is None else Interval(value - half, value + half, 0.95, "normal")
    return Finding(
        metric="m", value=value, n=n, step="s", group=group, compare=compare, interval=interval,
        direction=direction, **more,
    )  # fmt: skip


def decided(*findings, stats=None, census=None, **more):
    spec = GateSpec(
        **{"id": "i", "on": "s", "metric": "m"} | ({"limit": 0.1} if "fail_if" not in more else {}) | more
    )
    return decide([spec], findings, stats or Stats(), ran={"s"}, census=census)[0]


def p_beyond(value, half, threshold):
    """The p-value of the claim that the truth lies above a threshold, of a normal estimate."""
    return norm.sf((value - threshold) / (half / Z))


def test_a_comparison_is_kept_with_its_bounds_and_p():
    kept = decided(number(0.25)).comparisons[0]
    assert kept == GateComparison(
        group="g", outcome="breaks", n=100, value=0.25, lower=pytest.approx(0.15), upper=pytest.approx(0.35),
        p=pytest.approx(p_beyond(0.25, 0.1, 0.1)),
    )  # fmt: skip
    held = decided(number(-0.05)).comparisons[0]
    assert (held.within, held.reason, held.note, held.rows_needed) == (True, "", "", None)


def test_where_no_side_is_worse_p_is_doubled_and_each_end_reads_half_the_level():
    kept = decided(number(0.25, direction="neither")).comparisons[0]
    assert kept.p == pytest.approx(2 * p_beyond(0.25, 0.1, 0.1))
    assert 0.25 - kept.lower == pytest.approx(0.1 * norm.ppf(1 - 0.0125) / Z)
    assert kept.upper - 0.25 == pytest.approx(0.1 * norm.ppf(1 - 0.0125) / Z)
    assert decided(number(0.1, direction="neither")).comparisons[0].p == pytest.approx(1.0)
    assert decided(number(0.0, direction="neither")).comparisons[0].p == 1.0


def test_of_a_floor_the_upper_end_shows_the_harm():
    low = {"direction": "lower_is_worse", "compare": "absolute"}
    others = [number(0.9, 0.01, group=f"o{i}", **low) for i in range(9)]
    found = decided(number(0.6, group="g", **low), *others, compare="absolute", limit=0.8).comparisons[0]
    assert (found.group, found.outcome) == ("g", "breaks")
    assert found.upper - 0.6 == pytest.approx(0.1 * norm.ppf(1 - 0.0025) / Z)
    assert 0.6 - found.lower < found.upper - 0.6


def test_a_proof_of_safety_keeps_its_own_p_and_a_bare_value_none():
    safety = decided(number(0.0, 0.05), fail_if="upper_bound > 0.1").comparisons[0]
    assert safety.p == pytest.approx(norm.sf(0.1 / (0.05 / Z)))
    assert safety.within
    assert decided(number(0.2), fail_if="value > 0.1").comparisons[0].p is None
    assert decided(number(0.2), fail_if="lower_bound > 0.1").comparisons[0].p == pytest.approx(
        p_beyond(0.2, 0.1, 0.1)
    )


@pytest.mark.parametrize(
    ("value", "rule", "outcome"),
    [
        (0.1, "value > 0.1", "holds"), (0.1, "value >= 0.1", "breaks"), (0.2, "value > 0.1", "breaks"),
        (0.0, "value > 0.1", "holds"), (0.0, "value >= 0", "breaks"),
    ],
)  # fmt: skip
def test_a_bare_value_breaks_its_rule_beyond_it_and_at_it_if_the_sign_says_so(value, rule, outcome):
    kept = decided(number(value), fail_if=rule).comparisons[0]
    assert (kept.outcome, kept.within) == (outcome, outcome == "holds")


def test_a_bare_value_on_the_low_side():
    low = {"direction": "lower_is_worse", "compare": "absolute"}
    for value, rule, outcome in (
        (0.8, "value < 0.8", "holds"),
        (0.8, "value <= 0.8", "breaks"),
        (0.7, "value < 0.8", "breaks"),
    ):
        kept = decided(number(value, **low), compare="absolute", fail_if=rule).comparisons[0]
        assert kept.outcome == outcome


def test_a_finding_without_an_interval_is_too_few_for_a_bound_and_enough_for_a_value():
    bare = number(0.2, None)
    kept = decided(bare).comparisons[0]
    assert (kept.outcome, kept.value, kept.reason) == ("too_few", 0.2, "it has no confidence interval")
    assert decided(bare, fail_if="value > 0.1").comparisons[0].outcome == "breaks"


def test_what_could_not_be_measured_is_kept_with_its_reason_and_rows():
    few = Finding(
        metric="m", value=None, n=3, step="s", group="thin", compare="to_rest", reason="few", rows_needed=60
    )
    kept = decided(number(0.0, 0.01), few).comparisons[0]
    assert kept == GateComparison(group="thin", outcome="too_few", n=3, rows_needed=60, reason="few")


def test_notes_tell_numbers_of_one_group_apart_measured_or_not():
    measured = number(0.0, 0.01, details={"k_items": 10, "seed": 1})
    few = Finding(
        metric="m", value=None, n=3, step="s", group="g", compare="to_rest", reason="few",
        details={"k_items": 20, "seed": 1},
    )  # fmt: skip
    other = number(0.0, 0.01, group="h", details={"k_items": 10})
    notes = {(one.group, one.outcome): one.note for one in decided(measured, few, other).comparisons}
    assert notes == {("g", "holds"): "k items 10", ("g", "too_few"): "k items 20", ("h", "holds"): ""}
    same = number(0.0, 0.01, details={"k_items": 10})
    assert [one.note for one in decided(same, dataclasses.replace(same)).comparisons] == ["", ""]
    pairs = [number(0.0, 0.01, details={"k": k}, group=g) for g in "ab" for k in (1, 2)]
    assert [one.note for one in decided(*pairs).comparisons] == ["k 1", "k 2"] * 2
    lists = [number(0.0, 0.01, details={"k": [k], "m": k}) for k in (1, 2)]
    assert {one.note for one in decided(*lists).comparisons} == {"m 1", "m 2"}


def test_left_out_groups_are_kept_with_their_reason():
    short = number(0.02, 0.01, compare="difference", group="race", left_out={"race=Other": 1200})
    kept = decided(short, compare="difference").comparisons[0]
    assert (kept.group, kept.n, kept.outcome) == ("race=Other", 1200, "too_few")
    assert kept.reason == "1,200 rows, too few to be compared with the others"


def test_a_named_group_that_nobody_reports():
    census = Census({"sex=F": np.array([True, False])})
    kept = decided(group="sex=F", census=census).comparisons[0]
    assert kept == GateComparison(
        group="sex=F", outcome="too_few", n=1, reason="1 rows, too few to be reported"
    )
    lacking = decided(group="sex=X", census=census).comparisons[0]
    assert (lacking.group, lacking.outcome, lacking.n) == ("sex=X", "absent", 0)
    assert lacking.reason == census.lacking("sex=X")
    unknown = decided(group="sex=X").comparisons[0]
    assert unknown == GateComparison(
        group="sex=X", outcome="absent", n=0, reason="the data have no group 'sex=X'"
    )


def test_a_gate_names_a_group_or_one_of_its_classes():
    classes = [number(0.3, group="sex=F [a]"), number(0.3, group="sex=F [b]"), number(0.3, group="sex=M")]
    assert [one.group for one in decided(*classes, group="sex=F").comparisons] == ["sex=F [a]", "sex=F [b]"]
    assert [one.group for one in decided(*classes, group="sex=F [b]").comparisons] == ["sex=F [b]"]
    odd = [number(0.3, group="job=x [old] [a]")]
    assert len(decided(*odd, group="job=x [old]").comparisons) == 1
    assert [one.outcome for one in decided(*odd, group="job=x").comparisons] == ["absent"]
    assert [one.outcome for one in decided(*odd, group="").comparisons] == ["absent"]


def test_a_gate_keeps_the_rules_it_decided_by():
    stats = Stats(correction="bh", family="gate")
    kept = decided(number(0.3), stats=stats, insufficient="pass", absent="warn")
    assert (kept.id, kept.on, kept.metric, kept.compare) == ("i", "s", "m", "to_rest")
    assert (kept.rule, kept.limit, kept.correction, kept.family) == ("limit 0.1", 0.1, "bh", "gate")
    assert (kept.insufficient, kept.absent, kept.ran, kept.harm) == ("pass", "warn", True, "above")
    assert decided(number(0.3, direction="lower_is_worse")).harm == "below"
    assert decided(number(0.3, direction="neither")).harm == "either"
    assert decided().harm == "above"
    sided = decided(number(0.3), fail_if="lower_bound > 0.2")
    assert (sided.rule, sided.limit) == ("lower_bound > 0.2", None)


def test_comparisons_come_from_the_worst_to_the_best():
    few = Finding(metric="m", value=None, n=3, step="s", group="thin", compare="to_rest", reason="few")
    found = decided(
        number(-0.3, 0.1, group="holds"), number(-0.2, 0.1, group="holds nearer"), few,
        number(0.05, 0.1, group="open"), number(0.08, 0.1, group="open nearer"), number(0.5, 0.1, group="worst"),
        number(0.4, 0.1, group="bad"),
    )  # fmt: skip
    order = ["worst", "bad", "open nearer", "open", "thin", "holds nearer", "holds"]
    assert [one.group for one in found.comparisons] == order


def test_of_values_the_one_farthest_beyond_the_rule_comes_first():
    values = [number(v, group=str(v)) for v in (0.2, 0.5, 0.05, 0.3, 0.01)]
    order = [one.group for one in decided(*values, fail_if="value > 0.1").comparisons]
    assert order == ["0.5", "0.3", "0.2", "0.05", "0.01"]
    low = {"direction": "lower_is_worse", "compare": "absolute"}
    values = [number(v, group=str(v), **low) for v in (0.2, 0.5, 0.3)]
    found = decided(*values, compare="absolute", fail_if="value < 0.6").comparisons
    assert [one.group for one in found] == ["0.2", "0.3", "0.5"]


@pytest.mark.parametrize(
    ("value", "half", "direction", "rows"),
    [
        (0.05, 0.1, "higher_is_worse", 4000), (0.15, 0.1, "higher_is_worse", 4000),
        (-0.05, 0.1, "lower_is_worse", 4000), (0.04, 0.1, "higher_is_worse", 2800),
        (-0.12, 0.1, "neither", None), (0.1, 0.1, "higher_is_worse", None),
        (0.09999, 0.1, "higher_is_worse", 100_000_000_000),
    ],
)  # fmt: skip
def test_rows_that_would_decide_are_an_estimate_of_two_digits(value, half, direction, rows):
    kept = decided(number(value, half, direction=direction, n=1000)).comparisons[0]
    if direction == "neither":
        reach = 0.1 * norm.ppf(1 - 0.0125) / Z
        expected = 1000 * (reach / 0.02) ** 2
        assert kept.rows_needed == pytest.approx(expected, rel=0.05)
    elif rows is not None and rows > 1e9:
        assert kept.rows_needed is None
    else:
        assert kept.rows_needed == rows


def test_small_numbers_of_rows_are_whole():
    assert decided(number(0.05, 0.1, n=2)).comparisons[0].rows_needed == 8
    assert decided(number(0.05, 0.1, n=30)).comparisons[0].rows_needed == 120
    assert decided(number(0.05, 0.1, n=321)).comparisons[0].rows_needed == 1300


def test_only_what_is_not_shown_has_rows_that_would_decide():
    assert decided(number(0.25)).comparisons[0].rows_needed is None
    assert decided(number(0.0, 0.01)).comparisons[0].rows_needed is None


def test_a_heavy_tail_is_the_reason_only_where_nothing_is_shown():
    from auditkit.measures import heavy_tail

    basis = (0.05, 100.0, 0.001, 0.999, 1.0, 0.4)
    heavy = dataclasses.replace(number(0.2), interval=Interval(0.0, 0.4, 0.95, "permutation", basis))
    assert heavy_tail(heavy.interval) == pytest.approx(0.4)
    kept = decided(heavy).comparisons[0]
    assert (kept.outcome, kept.reason) == (
        "not_shown",
        "heavy tail: the largest 1 % of rows hold 40% of the sum",
    )
    shown = decided(heavy, limit=0.0).comparisons[0]
    assert (shown.outcome, shown.reason) == ("breaks", "")
    assert kept.upper is None


def test_levels_are_shared_by_what_asks_for_proof_of_harm_only():
    bare = [number(0.2, None, group=f"b{i}") for i in range(50)]
    rule = {"fail_if": "lower_bound > 0.1"}
    assert decided(number(0.205), *bare, **rule).comparisons[0].outcome == "breaks"
    two = [
        GateSpec(id=i, on="s", metric="m", **r)
        for i, r in (("a", {"limit": 0.1}), ("b", {"fail_if": "value > 0.9"}))
    ]
    found = decide(two, [number(0.205)], Stats(), ran={"s"})
    assert found[0].comparisons[0].outcome == "breaks"


def test_a_warning_is_kept_with_the_comparison_that_gave_it():
    rule = {"fail_if": "lower_bound > 0.1", "warn_if": "lower_bound > 0.05"}
    found = decided(number(0.19, group="near"), number(-0.2, group="far"), **rule)
    assert {one.group: one.warns for one in found.comparisons} == {"near": True, "far": False}
    assert decided(number(0.12), **rule).outcome == "pass"


def test_the_last_stage_counts_and_stages_may_all_be_later_than_none():
    assert [one.value for one in decided(number(0.5, stage=2), number(0.0, stage=1)).comparisons] == [0.5]


def test_the_clearer_evidence_comes_first_not_the_larger_number():
    clear, large = number(0.05, 0.5, group="clear"), number(0.095, 0.01, group="large")
    assert [one.group for one in decided(large, clear).comparisons] == ["clear", "large"]


def test_without_a_correction_a_row_holds_by_its_own_bound():
    found = [number(0.0, 0.099, group="near"), *(number(0.09, 0.02, group=f"g{i}") for i in range(5))]
    for correction, outcome in (("holm", "not_shown"), ("none", "holds")):
        kept = {
            one.group: one.outcome for one in decided(*found, stats=Stats(correction=correction)).comparisons
        }
        assert kept["near"] == outcome


@pytest.mark.parametrize(
    ("value", "low", "high", "direction"),
    [
        (0.15, 0.05, 0.17, "higher_is_worse"),
        (0.05, 0.03, 0.15, "higher_is_worse"),
        (-0.15, -0.17, -0.05, "lower_is_worse"),
        (-0.05, -0.15, -0.03, "lower_is_worse"),
    ],
)
def test_the_rows_needed_follow_the_end_that_has_to_clear_the_limit(value, low, high, direction):
    lopsided = dataclasses.replace(
        number(value, direction=direction, n=1000), interval=Interval(low, high, 0.95, "normal")
    )
    assert decided(lopsided).comparisons[0].rows_needed == 4000


@pytest.mark.parametrize("value", [0.12, -0.12])
def test_where_no_side_is_worse_the_nearer_limit_is_the_one_to_clear(value):
    reach = 0.1 * norm.ppf(1 - 0.0125) / Z
    kept = decided(number(value, direction="neither", n=1000)).comparisons[0]
    assert kept.rows_needed == pytest.approx(1000 * (reach / 0.02) ** 2, rel=0.05)
