"""Gates: three outcomes on corrected bounds, and one verdict with its exit code."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditkit.errors import UsageError
from auditkit.gates.condition import parse_condition
from auditkit.gates.decide import decide
from auditkit.gates.words import harm_bounds
from auditkit.spec.gate import GateSpec
from auditkit.spec.stats import Stats
from auditkit.values.exit_code import ExitCode
from auditkit.values.finding import Finding, Interval
from auditkit.values.gate import GateResult, verdict_of


def gap(value, half, *, group="g", direction="higher_is_worse", **more):
    interval = Interval(value - half, value + half, 0.95)
    return Finding(
        metric="m", value=value, n=100, step="s", group=group, compare="to_rest", interval=interval,
        direction=direction, **more,
    )  # fmt: skip


def missing(group="thin"):
    return Finding(
        metric="m", value=None, n=3, step="s", group=group, compare="to_rest", reason="insufficient evidence"
    )


def gate(fail_if="lower_bound > 0.10", **more):
    return GateSpec(**{"id": "g", "on": "s", "metric": "m", "fail_if": fail_if} | more)


def decided(gate_spec, findings, census=None, **stats):
    return decide([gate_spec], findings, Stats(**stats), ran={"s"}, census=census)[0]


def outcome(gate_spec, *findings, **stats):
    return decided(gate_spec, findings, **stats).outcome


def harm_bound(result):
    return harm_bounds(result, result.comparisons[0])[0]


def test_one_comparison_reads_the_interval_as_it_is_printed():
    assert outcome(gate(), gap(0.201, 0.1)) == "fail"
    assert outcome(gate(), gap(0.199, 0.1)) == "pass"
    assert harm_bound(decided(gate(), [gap(0.201, 0.1)])) == pytest.approx(0.101)


def test_the_bound_moves_with_the_number_of_comparisons():
    others = [gap(0.0, 0.1, group=f"o{i}") for i in range(19)]
    near, far = gap(0.201, 0.1), gap(0.40, 0.1)
    assert outcome(gate(), near, *others) == "pass"
    assert outcome(gate(), near, *others, correction="none") == "fail"
    assert outcome(gate(), far, *others) == "fail"


def test_holm_lets_the_second_comparison_read_an_easier_level():
    z = 1.959964
    strong, weaker = gap(0.5, 0.1, group="a"), gap(0.1 + 2.0 * 0.1 / z, 0.1, group="b")
    assert decided(gate(), [strong, weaker]).message.endswith("2 of 2 comparisons break the rule")
    assert outcome(gate(group="b"), strong, weaker) == "fail"
    assert outcome(gate(), gap(0.0, 0.1, group="a"), weaker) == "pass"


def test_a_gap_is_read_as_harm_by_the_metrics_direction():
    assert outcome(gate(), gap(-0.3, 0.1, direction="lower_is_worse")) == "fail"
    assert outcome(gate(), gap(0.3, 0.1, direction="lower_is_worse")) == "pass"
    assert outcome(gate(), gap(-0.3, 0.1, direction="higher_is_worse")) == "pass"
    assert outcome(gate(), gap(-0.3, 0.1, direction="neither")) == "fail"
    assert outcome(gate(), gap(0.3, 0.1, direction="neither")) == "fail"


def test_where_no_side_is_worse_each_side_gets_half_of_the_level():
    assert outcome(gate(), gap(0.205, 0.1)) == "fail"
    assert outcome(gate(), gap(0.205, 0.1, direction="neither")) == "pass"
    assert outcome(gate(), gap(0.216, 0.1, direction="neither")) == "fail"


def test_a_newcombe_gap_turned_to_harm_keeps_its_basis_in_order():
    from auditkit.measures import newcombe

    low, high = newcombe(30, 100, x2=60, n2=100)
    interval = Interval(float(low), float(high), 0.95, "newcombe", (30, 100, 60, 100))
    finding = gap(-0.3, 0.1, direction="lower_is_worse")
    found = decided(gate(), [Finding(**{**vars(finding), "interval": interval})])
    assert harm_bound(found) == pytest.approx(-float(high), abs=1e-6)


def test_of_several_numbers_about_one_group_the_message_tells_the_one_that_decided():
    found = [gap(k / 10, 0.01, direction="lower_is_worse", details={"share": k}) for k in (2, -3, 1)]
    assert decided(gate(), found).message.startswith("g (share -3): m 0.300 below the rest")


def test_too_few_rows_are_insufficient_evidence_as_the_gate_says():
    assert outcome(gate(), missing()) == "insufficient"
    assert outcome(gate(insufficient="fail"), missing()) == "fail"
    assert outcome(gate(), gap(0.0, 0.1), missing()) == "warn"
    assert outcome(gate(insufficient="pass"), gap(0.0, 0.1), missing()) == "pass"
    assert outcome(gate(insufficient="fail"), gap(0.0, 0.1), missing()) == "fail"
    said = decided(gate(), [gap(0.0, 0.1), missing()]).message
    assert said.endswith("; 1 had too few rows to decide")
    assert outcome(gate(), gap(0.5, 0.1), missing()) == "fail"
    assert outcome(gate()) == "insufficient"


def test_a_warning_rule_is_weaker_than_failing():
    rule = gate(warn_if="lower_bound > 0.05")
    assert outcome(rule, gap(0.17, 0.1)) == "warn"
    assert outcome(rule, gap(0.12, 0.1)) == "pass"
    assert outcome(rule, gap(0.3, 0.1)) == "fail"


def test_asking_for_proof_of_safety_needs_no_correction_and_every_comparison():
    rule = gate("upper_bound > 0.10")
    safe = [gap(0.0, 0.05, group=f"g{i}") for i in range(30)]
    assert outcome(rule, *safe) == "pass"
    assert outcome(rule, *safe, gap(0.06, 0.05, group="x")) == "fail"
    assert "corrected" not in decided(rule, safe).message


def test_only_the_last_stage_counts():
    before, after = gap(0.5, 0.1), gap(0.0, 0.1, stage=1)
    assert outcome(gate(), before, after) == "pass"


@pytest.mark.parametrize(
    "text", ["low > 1", "lower_bound", "lower_bound > x", "lower_bound = 1", "value > 1 or 2", ""]
)
def test_a_malformed_condition_is_refused(text):
    with pytest.raises(UsageError, match="is no condition"):
        parse_condition(text)


OUTCOMES = st.lists(
    st.sampled_from(["pass", "warn", "not_shown", "fail", "insufficient", "not_run"]), max_size=5
)


@given(OUTCOMES)
def test_the_verdict_and_the_exit_code_never_disagree(outcomes):
    gates = [
        GateResult(id=str(i), outcome=o, message="", on="s", metric="m", compare="to_rest", rule="")
        for i, o in enumerate(outcomes)
    ]
    verdict, code = verdict_of(gates)
    assert (verdict == "fail") == (code == ExitCode.GATE_FAILED) == ("fail" in outcomes)
    assert (verdict == "insufficient") == (code == ExitCode.UNDECIDED)
    assert (verdict == "no gates") == (not outcomes)
    if verdict == "pass":
        assert set(outcomes) <= {"pass", "not_run"}
        assert "pass" in outcomes


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.floats(-0.5, 0.5), min_size=1, max_size=6),
    st.floats(0.01, 0.2),
    st.sampled_from(["holm", "bh", "none"]),
)
def test_a_correction_never_fails_a_gate_that_holds_without_it(values, half, correction):
    findings = [gap(value, half, group=str(i)) for i, value in enumerate(values)]
    corrected = decided(gate(), findings, correction=correction)
    plain = decided(gate(), findings, correction="none")
    assert not (corrected.outcome == "fail" and plain.outcome == "pass")
    for one in corrected.comparisons:
        assert (one.outcome == "breaks") == (one.lower > 0.10)


def test_a_rule_on_the_value_may_stand_beside_a_warning_on_a_bound_that_is_not_there():
    bare = Finding(
        metric="m", value=0.2, n=100, step="s", group="g", compare="to_rest", direction="higher_is_worse"
    )
    rule = gate("value > 0.10", warn_if="lower_bound > 0.05")
    assert outcome(rule, bare) == "fail"
    assert outcome(gate("value > 0.30", warn_if="lower_bound > 0.05"), bare) == "pass"


def test_five_gates_of_one_run_share_one_family_unless_each_is_its_own():
    gates = [gate(id=f"g{i}", group=f"g{i}") for i in range(5)]
    findings = [gap(0.205, 0.1, group=f"g{i}") for i in range(1)] + [
        gap(0.0, 0.1, group=f"g{i}") for i in range(1, 5)
    ]
    run = decide(gates, findings, Stats(), ran={"s"})
    alone = decide(gates, findings, Stats(family="gate"), ran={"s"})
    assert [one.outcome for one in run] == ["pass"] * 5
    assert [one.outcome for one in alone] == ["fail"] + ["pass"] * 4


def test_a_gate_of_a_step_that_did_not_run_is_listed_and_decides_nothing():
    results = decide([gate()], [], Stats(), ran=set())
    assert [(one.outcome, one.comparisons) for one in results] == [("not_run", ())]
    assert verdict_of(results) == ("insufficient", ExitCode.UNDECIDED)


def test_a_passing_gate_names_its_worst_comparison():
    found = [gap(0.01, 0.02, group="a"), gap(0.09, 0.02, group="z"), gap(-0.1, 0.02, group="b")]
    assert decided(gate(), found).message.startswith("z: m 0.090 above the rest")
