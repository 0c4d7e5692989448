"""The first screen: what it says is in the report, worst first, and says no more than was shown."""

from __future__ import annotations

from dataclasses import replace

import pytest
from render import example, hostile

from auditkit.render.screen.elsewhere import Elsewhere, heading
from auditkit.render.screen.screen import first_screen
from auditkit.values.finding import Finding, Interval
from auditkit.values.gate import GateComparison, GateResult, outcome_of, verdict_of
from auditkit.values.metric import Metric
from auditkit.values.report import Report, StepEntry

RECALL = Metric(name="tpr", title="Recall", formula="TP / P", direction="lower_is_worse", said="recall")


def gap(group, value, low, high, own=None):
    """Return a gap to the rest, and the group's own rate where it is given."""
    shared = {
        "step": "rates",
        "metric": "tpr",
        "group": group,
        "n": 400,
        "direction": "lower_is_worse",
        "unit": "share",
    }
    found = [Finding(value=value, compare="to_rest", interval=Interval(low, high), signed=True, **shared)]
    return found if own is None else [*found, Finding(value=own, **shared)]


def comparison(group, outcome, value, lower, upper, **more):
    return GateComparison(group=group, outcome=outcome, n=400, value=value, lower=lower, upper=upper, **more)


def report(*comparisons, limit=0.02, findings=(), **more):
    gate = GateResult(
        id="chances", outcome="pass", message="m", on="rates", metric="tpr", compare="to_rest", rule=f"limit {limit}",
        harm="below", limit=limit, comparisons=comparisons,
    )  # fmt: skip
    gate = replace(gate, outcome=outcome_of(gate))
    verdict, code = verdict_of([gate])
    step = StepEntry(
        id="rates", use="rates", kind="audit", title="Rates", method="m", plugin="p", metrics=(RECALL,)
    )
    groups = {"sex": {"Female": 400, "Male": 400}, "age": {"0 to 25": 100, "25 to 60": 700}}
    return Report(
        name="r", verdict=verdict, exit_code=code, recipe={}, subject={"rows": 800, "groups": groups}, steps=(step,),
        findings=tuple(findings), gates=(gate,), **more,
    )  # fmt: skip


def test_a_failing_gate_says_who_by_how_much_how_sure_and_how_many():
    made = report(
        comparison("sex=Female & age=0 to 25", "breaks", -0.2417, -0.4, -0.0512),
        comparison("sex=Female", "breaks", -0.09, -0.12, -0.0204),
        comparison("sex=Male", "holds", 0.05, 0.01, 0.1, within=True),
        GateComparison(group="age=0 to 25", outcome="too_few", n=9, reason="few", rows_needed=30),
        findings=gap("sex=Female & age=0 to 25", -0.2417, -0.35, -0.1, own=0.343),
    )
    screen = first_screen(made)
    assert screen.sentences == (
        "Recall is 34 % for Female · age 0 to 25 and 58 % for the rest: 24 points lower, at least 5.1 "
        "(97.5 % confidence, corrected).",
        "2 of 3 break it, 1 holds; 1 more has too few rows (gate chances: recall at most 2 points below the rest).",
    )
    (block,) = screen.gates
    assert [(row.group, row.levels, row.gap) for row in block.open_rows] == [
        ("Female · age 0 to 25", "0.34 against 0.58", "24, at least 5.1"),
        ("Female", "", "9, at least 2.04"),
    ]


def test_a_limit_that_is_not_shown_says_what_is_open_and_what_would_decide():
    made = report(
        comparison("sex=Female", "not_shown", -0.015, -0.06, 0.03, rows_needed=9000),
        comparison("sex=Male", "holds", 0.05, 0.01, 0.1, within=True),
    )
    assert first_screen(made).sentences == (
        "Nothing fails, and it is not shown that every group keeps to it: recall at most 2 points below the rest.",
        "1 of 2 is shown within it, 1 is undecided.",
        "Least sure: Female, gap 1.5, −3 to 6 points; about 9,000 rows like these would decide.",
    )


def test_what_holds_says_the_bound_for_all_groups_at_once():
    made = report(
        comparison("sex=Female", "holds", -0.01, -0.018, 0.0, within=True),
        comparison("sex=Male", "holds", 0.01, 0.0, 0.018, within=True),
        findings=[*gap("sex=Female", -0.01, -0.0151, 0.0), *gap("sex=Male", 0.01, 0.0, 0.0151)],
    )
    assert first_screen(made).sentences == (
        "With 97.5 % confidence no assessed group's recall trails the rest by more than 1.6 points.",
    )


@pytest.mark.parametrize("lacking", ["interval", "finding", "bound"])
def test_the_bound_for_all_groups_is_not_said_where_one_has_none(lacking):
    findings = gap("sex=Female", -0.01, -0.0151, 0.0)
    if lacking == "interval":
        findings += [replace(gap("sex=Male", 0.01, 0.0, 0.0151)[0], interval=None)]
    if lacking == "bound":  # as of a mean with a heavy tail, whose own interval proves nothing
        findings += gap("sex=Male", 0.01, 0.0, 0.0151)
    made = report(
        comparison("sex=Female", "holds", -0.01, -0.018, 0.0, within=True),
        comparison("sex=Male", "holds", 0.01, None if lacking == "bound" else 0.0, 0.018, within=True),
        findings=findings,
    )
    assert first_screen(made).gates[0].at_most == ""


def test_the_bound_for_all_groups_names_how_many_it_is_silent_about():
    made = report(
        comparison("sex=Female", "holds", -0.01, -0.018, 0.0, within=True),
        GateComparison(group="age=0 to 25", outcome="too_few", n=9, reason="few", rows_needed=30),
        findings=gap("sex=Female", -0.01, -0.0151, 0.0),
    )
    assert (
        first_screen(made)
        .gates[0]
        .at_most.endswith("by more than 1.6 points (1 group could not be assessed)")
    )


def test_where_nothing_was_decided_the_nearest_to_enough_is_named():
    made = report(
        GateComparison(group="age=0 to 25", outcome="too_few", n=9, reason="few", rows_needed=3000),
        GateComparison(group="sex=Male", outcome="too_few", n=9, reason="few", rows_needed=300),
    )
    assert first_screen(made).sentences == (
        "Nothing could be decided about chances (recall at most 2 points below the rest): age 0 to 25 and Male have "
        "too few rows; the nearest to enough is Male, at about 300 rows.",
    )


def test_failed_gates_come_first_and_no_row_is_lost():
    made = example.report()
    screen = first_screen(made)
    assert [block.gate.outcome for block in screen.gates] == ["fail", "insufficient", "pass"]
    assert {(b.gate.id, len(b.rows)) for b in screen.gates} == {
        (g.id, len(g.comparisons)) for g in made.gates
    }


def test_mined_groups_are_cards_confirmed_first():
    titles = [(card.title, card.confirmed, card.n_gap) for card in first_screen(example.report()).cards]
    assert titles == [(rule, confirmed, n) for _, rule, _, n, confirmed, _ in example.MINED]


def test_of_confirmed_groups_the_one_of_most_harm_is_first_gap_times_rows():
    made = example.report()
    many = {"hidden-2": 10_000}
    report = replace(
        made,
        groups=tuple(replace(one, confirmed=True) if one.step else one for one in made.groups),
        findings=tuple(replace(one, n=many.get(one.group, one.n)) for one in made.findings),
    )
    assert [card.name for card in first_screen(made).cards] == ["hidden-1", "hidden-2"]
    assert [card.name for card in first_screen(report).cards] == ["hidden-2", "hidden-1"]


def test_a_hostile_report_has_a_first_screen_on_single_lines():
    screen = first_screen(hostile.report())
    texts = [
        *screen.sentences,
        *screen.facts,
        *screen.unassessed.sentences,
        *(row.group for b in screen.gates for row in b.rows),
    ]
    assert all(len(text.splitlines()) <= 1 for text in texts)


@pytest.mark.parametrize("compare", ["absolute", "to_rest"])
def test_a_change_of_a_share_is_in_points_whatever_it_is_compared_with(compare):
    change = replace(RECALL, name="tpr_change", title="Change of recall", said="", signed=True)
    found = Finding(
        step="rates", metric="tpr_change", group="sex=Male", n=400, value=-0.207, compare=compare, signed=True, stage=1,
        interval=Interval(-0.2213, -0.1929), direction="lower_is_worse", unit="share",
    )  # fmt: skip
    made = report(comparison("sex=Male", "holds", 0.05, 0.01, 0.1, within=True), findings=[found])
    made = replace(made, steps=(replace(made.steps[0], metrics=(change,)),))
    (row,) = first_screen(made).elsewhere
    assert row.gap == "−21 points [−22, −19]"


def test_the_heading_says_whether_numbers_are_changes_or_gaps():
    change = Elsewhere(step="s", metric="m", group="g", gap="1", n=1, is_change=True)
    gap_ = replace(change, is_change=False)
    found = [heading(rows) for rows in ([change, change], [gap_], [gap_, change])]
    assert found == ["change", "gap to the rest", "change, or gap to the rest"]
