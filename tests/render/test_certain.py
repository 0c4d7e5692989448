"""Words and colour follow bounds that are corrected for all that a reader sees."""

from dataclasses import replace

import numpy as np
from render import example

from auditkit.measures import newcombe
from auditkit.render import outline
from auditkit.render.certain import certain_harms
from auditkit.render.text import markdown
from auditkit.values.exit_code import ExitCode
from auditkit.values.finding import Finding, Interval, as_declared
from auditkit.values.metric import Metric

COMPARES = ("absolute", "to_rest")
TPR = Metric(name="tpr", title="TPR", formula="TP / P", direction="lower_is_worse", compares=COMPARES)
RATE = Metric(name="selection_rate", title="Selection rate", formula="n", compares=COMPARES)


def gap(metric, x, n, rest_x, rest_n, group):
    low, high = newcombe(x, n, x2=rest_x, n2=rest_n)
    interval = Interval(float(low), float(high), 0.95, "newcombe", (x, n, rest_x, rest_n))
    found = Finding(
        step="rates", metric=metric.name, value=x / n - rest_x / rest_n, n=n, group=group, compare="to_rest",
        interval=interval,
    )  # fmt: skip
    return as_declared(found, metric)


def report_of(findings):
    step = replace(example.RATES, metrics=(TPR, RATE))
    return replace(
        example.report(),
        findings=tuple(findings),
        steps=(step,),
        groups=(),
        gates=(),
        verdict="no gates",
        exit_code=ExitCode.OK,
        tables=(),
        charts=(),
    )


def departments(metric, seed, *, worst=0.0):
    rng = np.random.default_rng(seed)
    x = rng.binomial(60, 0.5, size=200).astype(float)
    x[7] -= round(worst * 60)
    return [gap(metric, x[i], 60, x.sum() - x[i], 60 * 199, f"department {i}") for i in range(200)]


def test_of_two_hundred_departments_drawn_at_random_none_is_called_worst_off():
    claimed, printed = 0, 0
    for seed in range(20):
        report = report_of(departments(TPR, seed))
        printed += sum(f.interval.high < 0 for f in report.findings)
        claimed += bool(certain_harms(report))
    assert printed > 50  # what the intervals alone would have called certain
    assert claimed <= 2
    assert "Worst elsewhere" not in markdown.render(report_of(departments(TPR, 0)))


def test_a_department_that_is_far_behind_is():
    report = report_of(departments(TPR, 0, worst=0.4))
    ((_, _, row),) = outline.worst(report)
    assert row.label == "department 7"
    assert "department 7" in markdown.render(report)


def test_where_no_side_is_worse_nobody_is_worst_off():
    report = report_of(departments(RATE, 0, worst=0.4))
    assert certain_harms(report) == frozenset()
    assert outline.worst(report) == ()


def test_the_report_s_own_correction_is_used():
    findings = departments(TPR, 3)
    plain = replace(report_of(findings), recipe={"stats": {"correction": "none"}})
    assert len(certain_harms(plain)) == sum(f.interval.high < 0 for f in findings)
