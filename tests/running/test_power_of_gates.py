"""The rows that `power` tells of a gate, held against that gate's own decisions on simulated runs."""

import numpy as np
import pytest
from running.made import host_of

from auditkit import Audit, PluginError, UsageError
from auditkit.gates.decide import decide
from auditkit.gates.harm import rule_of
from auditkit.measures import Confusions, measure, measure_gap
from auditkit.measures.between.planning import GapSampling, RateSampling
from auditkit.recipe.document import Document
from auditkit.running.plan import make_plan
from auditkit.running.power.answer import answer
from auditkit.running.power.gates import gate_answers
from auditkit.running.power.needs import Question, enough, need_of
from auditkit.running.power.prospects import Prospect
from auditkit.spec.data import DataSpec
from auditkit.spec.gate import GateSpec
from auditkit.spec.recipe import Recipe
from auditkit.spec.stats import Stats
from auditkit.spec.step import StepSpec
from auditkit.values.finding import Finding, Interval

STATS = Stats()
OTHERS = 7
"""Groups beside the one that is asked about, all of 1,000 rows and without harm."""


def gate_of(**rule):
    return GateSpec(id="g", on="r", metric="tpr", **rule)


def question_of(gate, direction, *, gap, family):
    return Question(
        rule=rule_of(gate, direction), signed=gate.compare == "to_rest", gap=gap, harm=0.025 / family,
        alone=0.025, fewest=STATS.min_n, limits=(-1.0, 1.0) if gate.compare == "to_rest" else (0.0, 1.0),
    )  # fmt: skip


def asked_about(sampling, *, rows=1_000, share=1.0, measured=True):
    return Prospect(group="a", rows=rows, share=share, sampling=sampling, measured=measured)


def findings_of(successes, n, direction, compare):
    """Return one finding for each group of successes [g] in n [g] rows."""
    counts = np.zeros((len(n), 2, 2), dtype=np.int64)
    counts[:, 0, 0], counts[:, 1, 0] = successes, n - successes
    own = Confusions(counts=counts, table=counts.astype(float), squares=counts.astype(float))
    found = (
        measure(own, "accuracy") if compare == "absolute" else measure_gap(own, own.rest(), name="accuracy")
    )
    return [
        Finding(
            step="r", metric="tpr", value=float(value), n=int(n[i]), group="abcdefghij"[i], compare=compare,
            interval=found.interval(i), direction=direction, unit="share",
        )
        for i, value in enumerate(found.value)
    ]  # fmt: skip


def share_of_runs(gate, direction, *, rates, rows, says, repeats):
    """Return how often the gate says this about group a, whose rate and rows are the first."""
    rng, n = np.random.default_rng(0), np.array([rows] + [1_000] * OTHERS)
    hits = 0
    for _ in range(repeats):
        findings = findings_of(rng.binomial(n, rates), n, direction, gate.compare)
        (result,) = decide((gate,), findings, STATS, ran={"r"})
        (one,) = [c for c in result.comparisons if c.group == "a"]
        hits += one.within if says == "within" else one.outcome == says
    return hits / repeats


CASES = {
    "a limit, lower is worse": (gate_of(limit=0.1), "lower_is_worse", 0.6, 0.2),
    "a limit, higher is worse": (gate_of(limit=0.05), "higher_is_worse", 0.3, 0.15),
    "a limit, no side is worse": (gate_of(limit=0.1), "neither", 0.5, 0.22),
    "a rule of one side": (gate_of(fail_if="lower_bound > 0.10"), "lower_is_worse", 0.6, 0.25),
    "an absolute limit": (gate_of(compare="absolute", limit=0.7), "lower_is_worse", 0.8, 0.1),
}


def broken_and_held(name, repeats):
    """Return the shares of runs in which the gate breaks, and holds, at the rows that are told for it."""
    gate, direction, rate, gap = CASES[name]
    sampling = RateSampling() if gate.compare == "absolute" else GapSampling(rate, 1_000.0 * OTHERS)
    need = need_of(asked_about(sampling), question_of(gate, direction, gap=gap, family=OTHERS + 1))
    side = 1 if direction == "higher_is_worse" else -1
    harmed, well = (
        (gate.limit - gap, gate.limit + gap) if gate.compare == "absolute" else (rate + side * gap, rate)
    )
    runs = {"rates": [harmed] + [rate] * OTHERS, "rows": need.breaks, "says": "breaks"}
    broken = share_of_runs(gate, direction, **runs, repeats=repeats)
    if need.holds is None:
        return broken, None
    runs = {"rates": [well] + [rate] * OTHERS, "rows": need.holds, "says": "within"}
    return broken, share_of_runs(gate, direction, **runs, repeats=repeats)


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_a_gate_finds_and_clears_at_the_told_rows_with_the_told_power_within_5_points(name):
    broken, held = broken_and_held(name, 1_500)
    assert 0.75 < broken < 0.85
    assert held is None or 0.75 < held < 0.85


@pytest.mark.parametrize("name", ["a limit, lower is worse", "an absolute limit"])
def test_a_gate_finds_and_clears_at_the_told_rows_smoke(name):
    broken, held = broken_and_held(name, 80)
    assert broken > 0.62
    assert held > 0.62


def test_a_gap_on_the_limit_is_never_found_and_the_one_that_is_is_told():
    gate = gate_of(fail_if="lower_bound > 0.10")
    question = question_of(gate, "lower_is_worse", gap=0.1, family=57)
    need = need_of(asked_about(GapSampling(0.6, 40_000.0)), question)
    assert (need.breaks, need.holds) == (None, None)
    found = question_of(gate, "lower_is_worse", gap=need.found, family=57)
    assert need_of(asked_about(GapSampling(0.6, 40_000.0)), found).breaks == pytest.approx(1_000, rel=0.05)


@pytest.mark.parametrize(
    ("rows", "measured", "said"), [(10_000, True, True), (10_000, False, False), (100, True, False)]
)
def test_enough_is_what_every_part_of_the_rule_asks(rows, measured, said):
    question = question_of(gate_of(limit=0.1), "lower_is_worse", gap=0.2, family=1)
    prospect = asked_about(GapSampling(0.6, 40_000.0), rows=rows, measured=measured)
    assert enough(prospect, question, need_of(prospect, question)) is said


def test_a_share_multiplies_the_rows_and_the_fewest_are_asked_for():
    question = question_of(gate_of(limit=0.3), "lower_is_worse", gap=0.6, family=1)
    need = need_of(asked_about(GapSampling(0.6, 40_000.0), share=0.25), question)
    assert (need.holds, need.breaks) == (4 * STATS.min_n, 4 * STATS.min_n)


def some_findings():
    n = np.array([2_000, 500, 300])
    findings = findings_of(np.array([1_200, 310, 170]), n, "lower_is_worse", "to_rest")
    few = Finding(
        step="r", metric="tpr", value=None, n=40, group="d", compare="to_rest", direction="lower_is_worse",
        reason="insufficient evidence", rows_needed=60, unit="share",
    )  # fmt: skip
    return (*findings, few)


def answers_of(*gates, stats=STATS, gap=None):
    return list(gate_answers(gates, some_findings(), stats, gap=gap))


def test_a_table_has_each_group_with_those_that_are_too_small():
    (table,) = answers_of(gate_of(limit=0.1))
    assert table.columns == (
        "group", "rows", "to hold, true gap 0", "to break, true gap 0.2", "gap found now", "enough now",
    )  # fmt: skip
    assert [row[0] for row in table.rows] == ["a", "b", "c", "d"]
    assert table.rows[-1][1] == 40
    assert table.rows[-1][2] > 60
    assert table.rows[-1][-2:] == (None, "no")


def test_a_rule_of_one_side_is_asked_that_side_only():
    (table,) = answers_of(gate_of(fail_if="lower_bound > 0.10"))
    assert table.columns[2:] == ("to break, true gap 0.2", "gap found now", "enough now")
    (table,) = answers_of(gate_of(fail_if="upper_bound > 0.20"))
    assert table.columns[2:] == ("to hold, true gap 0", "enough now")


def test_a_gap_short_of_the_limit_is_said_to_be_found_by_chance_alone():
    (table,) = answers_of(gate_of(fail_if="lower_bound > 0.10"), gap=0.1)
    assert all(row[2] is None and row[-1] == "no" for row in table.rows)
    assert (
        "A true gap of 0.1 is not beyond 0.1: it is found by chance alone, in 2.5% of runs" in table.caption
    )


def test_more_gates_are_corrected_together_unless_each_is_a_family():
    gates = [gate_of(limit=0.1), gate_of(limit=0.1, compare="to_rest")]
    together, _ = answers_of(*gates)
    apart, _ = answers_of(*gates, stats=Stats(family="gate"))
    plain, _ = answers_of(*gates, stats=Stats(correction="none"))
    assert "corrected for 6 comparisons" in together.caption
    assert "corrected for 3 comparisons" in apart.caption
    assert "corrected" not in plain.caption
    assert together.rows[1][3] > apart.rows[1][3] > plain.rows[1][3]
    assert together.rows[1][2] == apart.rows[1][2] == plain.rows[1][2]  # a limit is held without a correction


def test_what_cannot_be_told_is_said():
    (value,) = answers_of(gate_of(fail_if="value > 0.20"))
    assert value == "gate 'g' reads the value alone: no number of rows makes it sure"
    (nothing,) = answers_of(gate_of(limit=0.1, compare="absolute"))
    assert nothing == "gate 'g': there is no group to compare"


def test_a_number_that_is_no_share_is_asked_for_twice_its_limit_or_for_a_gap():
    n = np.array([2_000, 500, 300])
    waits = [
        Finding(
            step="r", metric="tpr", value=4.0, n=int(rows), group=group, compare="to_rest", unit="days",
            direction="higher_is_worse", interval=Interval(4.0 - 40 / rows**0.5, 4.0 + 40 / rows**0.5),
        )
        for group, rows in zip("abc", n, strict=True)
    ]  # fmt: skip
    (table,) = gate_answers((gate_of(limit=3.0),), waits, STATS, gap=None)
    assert table.columns[2:4] == ("to hold, true gap 0", "to break, true gap 6")
    assert table.rows[0][2] == pytest.approx((40 / 1.96 * (1.96 + 0.8416) / 3.0) ** 2, rel=0.01)
    (said,) = gate_answers((gate_of(fail_if="lower_bound > 0"),), waits, STATS, gap=None)
    assert said == "gate 'g': say which gap it should find: --gap, in days"


class Says(Audit):
    """An audit whose answer about rows is whatever is put here."""

    name, title, method = "says", "Says", "counts"
    answer = None

    def run(self, subject, params, context):
        return ()

    def power(self, subject, params, context, *, gap):
        return self.answer() if callable(self.answer) else self.answer


def out_of_order():
    message = "out of order"
    raise ZeroDivisionError(message)


@pytest.mark.parametrize(
    ("said", "kind", "message"),
    [
        (None, UsageError, "says does not say how many rows it needs"),
        (
            "many",
            PluginError,
            r"plugin 'made' 1.2, step 'says': power must return a Table or None, and returned",
        ),
        (out_of_order, PluginError, r"plugin 'made' 1.2, step 'says': ZeroDivisionError: out of order"),
    ],
)
def test_a_steps_wrong_answer_is_its_own_fault(tmp_path, monkeypatch, said, kind, message):
    (tmp_path / "t.csv").write_text("x,y\n" + "1,0\n2,1\n" * 5)
    monkeypatch.setattr(Says, "answer", staticmethod(said) if callable(said) else said)
    recipe = Recipe(name="r", data=DataSpec(path="t.csv"), steps=(StepSpec(id="says", use="says"),))
    plan = make_plan(recipe, Document({}), host_of(Says), folder=tmp_path)
    with pytest.raises(kind, match=message):
        answer(plan)
