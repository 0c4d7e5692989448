from __future__ import annotations

import math
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from render import example

from auditkit.render import by_metric, outline
from auditkit.values.finding import Finding, Interval
from auditkit.values.report import Skipped

REPORT = example.report()


def tables(*findings):
    report = replace(REPORT, findings=findings, steps=())
    return [table for section in outline.sections(report) for table in section.tables]


def finding(group, value, **more):
    return Finding(
        **{"step": "s", "metric": "m", "n": 10, "direction": "higher_is_worse", **more},
        group=group,
        value=value,
    )


def test_values_and_gaps_of_a_group_share_a_row():
    (table,) = tables(finding("a", 0.2), finding("a", 0.1, compare="to_rest"), finding("b", 0.3))
    assert table.columns == ("absolute", "to_rest")
    assert {row.label: [cell and cell.value for cell in row.cells] for row in table.rows} == {
        "a": [0.2, 0.1],
        "b": [0.3, None],
    }


def test_the_value_of_all_rows_is_the_reference_and_no_row():
    (table,) = tables(finding("", 0.5), finding("a", 0.2))
    assert [row.label for row in table.rows] == ["a"]
    assert table.reference("absolute") == 0.5
    assert table.reference("to_rest") == 0
    assert table.reference("ratio") == 1


def test_a_value_of_all_rows_alone_is_a_row():
    (table,) = tables(finding("", 0.5))
    assert [row.label for row in table.rows] == ["all rows"]


def test_attributes_have_a_table_of_their_own():
    by_group, by_attribute = tables(
        finding("a", 0.2),
        finding("", 0.4, compare="difference", details={"attribute": "sex"}),
        finding("", 0.3, compare="difference", details={"attribute": "race"}),
        finding("", 0.5, compare="ratio", details={"attribute": "sex"}),
    )
    assert by_group.by_group
    assert not by_attribute.by_group
    assert [row.label for row in by_attribute.rows] == ["sex", "race"]
    assert by_attribute.columns == ("difference", "ratio")
    section = outline.Section(outline.sections(REPORT)[0].step, (by_group, by_attribute))
    assert section.is_second(by_attribute)
    assert not section.is_second(by_group)
    assert not replace(section, tables=(by_attribute,)).is_second(by_attribute)


def test_the_sure_harm_of_a_gap_decides_the_order_and_unmeasured_groups_come_last():
    (table,) = tables(
        finding("wide", 0.9, compare="to_rest", interval=Interval(-0.1, 1.0)),
        finding("none", None, compare="to_rest", reason="thin"),
        finding("sure", 0.3, compare="to_rest", interval=Interval(0.2, 0.4)),
    )
    assert [row.label for row in table.rows] == ["sure", "wide", "none"]


def test_a_measured_group_without_a_reference_comes_before_an_unmeasured_one():
    (table,) = tables(finding("a", None, reason="thin"), finding("b", 0.5))
    assert [row.label for row in table.rows] == ["b", "a"]


def test_before_and_after_a_repair_stand_together():
    (table,) = tables(
        finding("a", 0.1, compare="to_rest", stage=1),
        finding("b", 0.3, compare="to_rest"),
        finding("a", 0.5, compare="to_rest"),
        finding("b", 0.2, compare="to_rest", stage=1),
    )
    assert [row.label for row in table.rows] == ["a", "a (after 1 repair)", "b", "b (after 1 repair)"]


def test_several_findings_of_one_group_and_metric_each_keep_a_row():
    (table,) = tables(*(finding("a", k / 100, details={"k": k}) for k in (5, 10, 20)))
    assert {row.label for row in table.rows} == {"a (k 20)", "a (k 10)", "a (k 5)"}
    assert sorted(cell.value for row in table.rows for cell in row.findings) == [0.05, 0.1, 0.2]


def test_only_the_details_that_tell_findings_of_a_group_apart_are_spelt():
    (table,) = tables(
        *(
            finding("a", k / 10, details={"seed": 0, "trials": [k], "beta": k / 4, "epochs": k})
            for k in range(3)
        ),
        finding("b", 0.5, details={"beta": 0.5}),
    )
    assert {row.label for row in table.rows} == {"a (beta 0.000)", "a (beta 0.250)", "a (beta 0.500)", "b"}


def test_where_no_single_detail_tells_them_apart_several_do():
    pairs = [(k, method) for k in (5, 10) for method in ("lp", "qp")]
    (table,) = tables(*(finding("a", 0.1, details={"k": k, "method": method}) for k, method in pairs))
    assert {row.label for row in table.rows} == {f"a (k {k}; method {method})" for k, method in pairs}


def test_lower_values_harm_where_lower_is_worse():
    gap = finding("a", -0.3, compare="to_rest", interval=Interval(-0.5, -0.1), direction="lower_is_worse")
    assert by_metric.harm(gap, 0.0) == 0.1
    assert by_metric.harm(replace(gap, direction="higher_is_worse"), 0.0) == -0.5
    assert by_metric.harm(replace(gap, direction="neither"), 0.0) == 0.1
    assert by_metric.harm(replace(gap, value=None), 0.0) == -math.inf


def test_unmeasured_metrics_of_a_group_are_told_once():
    thin = {"reason": "3 rows", "n": 3}
    report = replace(
        REPORT,
        skipped=(
            Skipped(step="s", what="b", why="left out"),
            Skipped(step="s", what="x: c: tpr, fpr", why="thin"),
        ),
        findings=(
            finding("a", None, metric="tpr", rows_needed=40, **thin),
            finding("a", None, metric="tpr", compare="to_rest", rows_needed=60, **thin),
            finding("a", None, metric="fpr", **thin),
            finding("b", None, metric="fpr", **thin),
            finding("x: c", None, metric="fpr", **thin),
        ),
    )
    told = outline.not_assessed(report)
    assert [(item.what, item.why, item.n, item.rows_needed) for item in told] == [
        ("b", "left out", None, None),
        ("x: c: tpr, fpr", "thin", None, None),
        ("tpr, fpr of a", "3 rows", 3, 60),
    ]


def test_found_groups_come_with_their_loss_gap():
    assert [(item.entry.name, item.finding.metric) for item in outline.found(REPORT)] == [
        ("hidden-1", "loss_gap"),
        ("hidden-2", "loss_gap"),
    ]
    assert len(outline.named(REPORT)) == len(example.COUNTS)


def test_only_groups_that_are_surely_worse_off_are_called_worst_off():
    assert [(table.metric.name, row.label) for _, table, row in outline.worst(REPORT)] == [
        ("tpr", "sex: Female & race: Black"),
        ("selection_rate", "sex: Female & race: Black"),
        ("fpr", "sex: Male"),
        ("loss_gap", "hidden-1"),
    ]


FINDINGS = st.builds(
    Finding,
    step=st.sampled_from(("s", "t")),
    metric=st.sampled_from(("m", "loss_gap")),
    value=st.none() | st.floats(-1, 1),
    n=st.integers(0, 99),
    group=st.sampled_from(("", "a", "b")),
    compare=st.sampled_from(("absolute", "to_rest", "to_best", "difference", "ratio")),
    stage=st.integers(0, 1),
    direction=st.sampled_from(("higher_is_worse", "lower_is_worse", "neither")),
)


@given(st.lists(FINDINGS, max_size=12))
def test_no_finding_is_lost_or_told_twice(findings):
    shown = [cell for table in tables(*findings) for row in table.rows for cell in row.findings]
    shown += [table.overall for table in tables(*findings) if table.overall]
    assert sorted(map(repr, shown)) == sorted(map(repr, findings))
