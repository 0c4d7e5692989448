"""A redacted report: nothing about single persons, nothing from which few rows follow, the same verdict."""

import json
from dataclasses import replace

import pandas as pd
import pytest
from redact.attacked import report_of
from render import example

from auditkit.plugins.host import load_plugins
from auditkit.recipe.groups import groups_text
from auditkit.redact.report import HIDDEN, LEAST, REASON, redacted, without_numbers, without_small
from auditkit.store.report_json import to_dict
from auditkit.store.report_read import from_dict
from auditkit.values.finding import Finding, Interval
from auditkit.values.report import GroupEntry
from auditkit.values.shown.answer import Answer

RULE = "name == 'Ada'"


@pytest.fixture
def report(tmp_path):
    """A report of 300 rows in groups of 148, 149 and 3."""
    table = pd.DataFrame(
        {"sex": ["F"] * 148 + ["M"] * 149 + ["T"] * 3, "y": [1, 0] * 150, "p": [1, 1, 0, 0] * 75}
    )
    return report_of(table, tmp_path / "t.csv")


def values(report):
    return {f.group: f.n for f in report.findings if f.metric == "accuracy" and f.compare == "absolute"}


def test_the_smallest_other_group_goes_with_a_small_one(report):
    hidden = redacted(report)
    assert values(hidden) == {"": 300, "sex=F": 0, "sex=M": 149, "sex=T": 0}
    assert hidden.subject["groups"] == {"sex": {"F": HIDDEN, "M": 149, "T": HIDDEN}}
    assert {g.name: g.n for g in hidden.groups} == {"sex=F": 0, "sex=M": 149, "sex=T": 0}
    assert {f.reason for f in hidden.findings if f.group in {"sex=F", "sex=T"}} == {REASON}


def test_nothing_that_is_hidden_leaves_another_number(report):
    for finding in redacted(report).findings:
        if finding.value is None and finding.reason == REASON:
            assert (finding.interval, finding.rows_needed, finding.left_out) == (None, None, {})
            assert set(finding.details) <= {"attribute", "condition", "class"}


def test_the_verdict_and_the_outcomes_stay_and_the_hidden_comparisons_are_one(report):
    hidden = redacted(report)
    assert (hidden.verdict, hidden.exit_code) == (report.verdict, report.exit_code)
    assert [gate.outcome for gate in hidden.gates] == [gate.outcome for gate in report.gates]
    for gate in hidden.gates:
        for one in gate.comparisons:
            if one.group not in {"", "sex=M"}:
                assert (one.value, one.lower, one.upper, one.p, one.n, one.rows_needed) == (None,) * 4 + (
                    0,
                    None,
                )
        assert "sex=F" not in gate.message
        assert "sex=T" not in gate.message
    assert to_dict(from_dict(to_dict(hidden))) == to_dict(hidden)


def test_redacting_twice_changes_nothing(report):
    once = redacted(report)
    assert redacted(once) == once


def test_counts_behind_a_rate_are_counts(tmp_path):
    """148 rows of each, and of F only 3 false negatives: nothing of F stays but its rows, so nothing of M."""
    table = pd.DataFrame({"sex": ["F"] * 148 + ["M"] * 148, "y": [1] * 74 + [0] * 74 + [1] * 74 + [0] * 74})
    table["p"] = [1] * 71 + [0] * 3 + [1] * 20 + [0] * 54 + [1] * 50 + [0] * 24 + [1] * 20 + [0] * 54
    hidden = redacted(report_of(table, tmp_path / "t.csv"))
    kept = {(f.metric, f.group) for f in hidden.findings if f.value is not None and f.group}
    assert kept == {("selection_rate", "sex=F"), ("selection_rate", "sex=M")} or not {
        metric for metric, _ in kept
    } & {"tpr", "f1", "accuracy", "balanced_accuracy"}
    assert values(hidden) == {"": 296, "sex=F": 148, "sex=M": 148}


def test_counts_in_a_basis_are_counts(tmp_path):
    """Balanced accuracy alone: its value is no share of rows, its interval's basis has 3 of F's 74 positives wrong."""
    table = pd.DataFrame({"sex": ["F"] * 148 + ["M"] * 148, "y": [1] * 74 + [0] * 74 + [1] * 74 + [0] * 74})
    table["p"] = [1] * 71 + [0] * 3 + [1] * 20 + [0] * 54 + [1] * 50 + [0] * 24 + [1] * 20 + [0] * 54
    hidden = redacted(report_of(table, tmp_path / "t.csv", metrics=("balanced_accuracy",)))
    assert [f.group for f in hidden.findings if f.value is not None] == [""]


@pytest.mark.parametrize("compare", ["absolute", "to_rest"])
def test_rows_that_a_repair_changes_are_counts(report, compare):
    """Of F's 148 rows one is lost, and of the 152 others: each is a number of the basis."""
    own, rest = (90.0, 20.0, 20.0, 18.0, 0.0, 0.0), (90.0, 1.0, 30.0, 31.0, 0.0, 0.0)
    basis = (90.0, 1.0, 20.0, 37.0, 0.0, 0.0) if compare == "absolute" else (*own, *rest)
    change = Finding(
        step="rates", metric="accuracy_change", value=0.1, n=148, group="sex=M", compare=compare, unit="share",
        signed=True, interval=Interval(0.0, 0.2, 0.95, "paired_rows", basis), details={"attribute": "sex"},
    )  # fmt: skip
    plain = replace(change, compare="absolute", interval=Interval(0.0, 0.2, 0.95, "paired_rows", own))
    findings = (*report.findings, *((change,) if compare == "absolute" else (plain, change)))
    hidden = redacted(replace(report, findings=findings))
    assert {f.value for f in hidden.findings if f.metric == "accuracy_change"} == {None}
    many = replace(report, findings=(*report.findings, plain))
    assert 0.1 in {f.value for f in redacted(many).findings if f.metric == "accuracy_change"}


def test_words_lose_their_numbers_and_names_keep_theirs():
    assert without_numbers("3 of 297 rows (1.0 %) lack x1; see minoria-1, '1' counts.") == (
        "# of # rows (#) lack x1; see minoria-1, '1' counts."
    )
    assert without_small("3 rows of 30, 10 needed, 1,234 and 0.05 of x3", LEAST) == (
        "# rows of 30, 10 needed, 1,234 and 0.05 of x3"
    )


def test_exhibits_go_and_what_steps_say_keeps_no_number():
    report = replace(
        example.report(), answers=(Answer("3 of 9 women are ...", basis="9 rows", exhibit="Tails"),)
    )
    hidden = redacted(report)
    assert (hidden.tables, hidden.charts) == ((), ())
    assert hidden.answers == (Answer("# of # women are ...", basis="# rows"),)
    assert "tables and charts of steps are left out" in hidden.notes[-1]


def test_a_group_of_few_rows_keeps_its_name_alone_and_is_not_saved():
    tiny = GroupEntry(
        name="tiny", rule=RULE, expression=RULE, n=3, share=0.001, step="hidden", confirmed=True
    )
    big = replace(tiny, name="big", rule="x > 1", expression="x > 1", n=5000)
    report = example.report()
    recipe = {**report.recipe, "groups": {"tiny": {"where": RULE}}}
    hidden = redacted(replace(report, recipe=recipe, groups=(tiny, big), findings=()))
    assert [(entry.name, entry.n, entry.expression) for entry in hidden.groups] == [
        ("tiny", 0, ""),
        ("big", 5000, "x > 1"),
    ]
    assert "tiny" not in groups_text(hidden)
    assert "big" in groups_text(hidden)
    for renderer in load_plugins(only=[]).renderers:
        assert RULE not in renderer.render(hidden)
        assert "name ==" not in renderer.render(hidden)


def test_rules_that_lie_within_each_other_by_few_rows_do_not_both_stay():
    entry = GroupEntry(name="a", rule="x > 1", expression="x > 1", n=500, share=0.03, step="hidden")
    near, far = replace(entry, name="b", n=496), replace(entry, name="c", n=480)
    hidden = redacted(replace(example.report(), groups=(entry, near, far), findings=()))
    assert {one.name: one.n for one in hidden.groups} == {"a": 500, "b": 0, "c": 480}


def test_every_format_of_a_redacted_report_is_written(report):
    hidden = redacted(report)
    for renderer in load_plugins(only=[]).renderers:
        text = renderer.render(hidden)
        assert text
        if ".json" in renderer.extensions:
            assert json.loads(text)["verdict"] == report.verdict
