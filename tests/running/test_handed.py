"""What steps hand back: faults name plugin, version, step and cause; what is not finite is not measured."""

import json
import math
import re
from dataclasses import replace

import numpy as np
import pytest
from running.made import planned

from auditkit import (
    Audit,
    Chart,
    Finder,
    Finding,
    Group,
    Interval,
    Layer,
    Metric,
    Mined,
    PluginError,
    Repair,
    Repaired,
    Table,
)
from auditkit.running.engine import run
from auditkit.running.handed.names import Names
from auditkit.store.report_json import to_dict

SHARE = Metric(
    name="share", title="Share", formula="ones / n", compares=("absolute", "to_rest", "difference")
)
FINE = Finding(metric="share", value=0.5, n=40, group="sex=F", interval=Interval(0.4, 0.6))


def audit_of(*findings, **body):
    """Return an audit that hands back these findings, or what `hands` says."""

    class Made(Audit):
        name, title, method, metrics = "made", "Made", "counts", (SHARE,)

        def run(self, subject, params, context):
            return body.get("hands", findings)

    return Made


def findings_of(folder, *findings):
    return run(planned(folder, audit_of(*findings))).findings


NAN, INF = math.nan, math.inf
NOT_FINITE = {
    "nan": (replace(FINE, value=NAN), "the value is nan"),
    "inf": (replace(FINE, value=INF), "the value is inf"),
    "-inf": (replace(FINE, value=-INF), "the value is -inf"),
    "numpy": (replace(FINE, value=np.float64("nan")), "the value is nan"),
    "an int past every float": (replace(FINE, value=10**400), "the value is inf"),
    "low": (replace(FINE, interval=Interval(NAN, 0.6)), "the interval's lower bound is nan"),
    "high": (replace(FINE, interval=Interval(0.4, INF)), "the interval's upper bound is inf"),
    "basis": (
        replace(FINE, interval=Interval(0.4, 0.6, basis=(1.0, NAN))),
        "the interval's basis [1] is nan",
    ),
}


@pytest.mark.parametrize("case", NOT_FINITE)
def test_a_number_that_is_not_finite_is_not_measured_and_says_which(tmp_path, case):
    finding, reason = NOT_FINITE[case]
    report = run(planned(tmp_path, audit_of(finding, replace(FINE, group="sex=M"))))
    first, second = report.findings
    assert (first.value, first.interval) == (None, None)
    assert first.reason == f"not measured: {reason}, which is no finite number"
    assert second.value == 0.5
    assert any("sex=F" in item.what for item in report.skipped)
    json.dumps(to_dict(report), allow_nan=False)


WRONG = {
    "undeclared": (replace(FINE, metric="shaer"), "it reports 'shaer', which it does not declare; did you mean 'share'?"),
    "unasked": (replace(FINE, compare="ratio"), "it reports 'share' as ratio, which it does not declare"),
    "n below 0": (replace(FINE, n=-1), "'share' of 'sex=F': n: it must be a whole number from 0 on, and is -1"),
    "n no integer": (replace(FINE, n=2.5), "n: it must be a whole number from 0 on, and is 2.5"),
    "n nan": (replace(FINE, n=NAN), "n: it must be a whole number from 0 on, and is nan"),
    "n text": (replace(FINE, n="40"), "n: it must be a whole number from 0 on, and is a str"),
    "n true": (replace(FINE, n=True), "n: it must be a whole number from 0 on, and is True"),
    "rows needed": (replace(FINE, rows_needed=-3), "rows_needed: it must be a whole number from 0 on, and is -3"),
    "value text": (replace(FINE, value="0.5"), "value: it must be a number, and is a str"),
    "value array": (replace(FINE, value=np.array([0.5])), "value: it must be a number, and is a ndarray"),
    "value true": (replace(FINE, value=True), "value: it must be a number, and is True"),
    "nothing said": (replace(FINE, value=None, interval=None), "there is neither a value nor a reason"),
    "no group": (replace(FINE, group="sex=FF"), "there is no such group; did you mean 'sex=F'?"),
    "no attribute": (replace(FINE, group="race", compare="difference"), "there is no such group"),
    "no intersection": (replace(FINE, group="sex=F & sex=X"), "there is no such group"),
    "group none": (replace(FINE, group=None), "group must be text, and is None"),
    "reason none": (replace(FINE, reason=None), "reason must be text, and is None"),
    "interval pair": (replace(FINE, interval=(0.4, 0.6)), "interval must be an Interval, and is a tuple"),
    "interval turned": (replace(FINE, interval=Interval(0.6, 0.4)), "bounds are the wrong way round: 0.6 and 0.4"),
    "confidence": (replace(FINE, interval=Interval(0.4, 0.6, 95)), "confidence must lie between 0 and 1"),
    "stage": (replace(FINE, stage=1), "stage is 1, and may be 0"),
    "details": (replace(FINE, details={"why": object()}), "details.why holds a object"),
    "details list": (replace(FINE, details=[1]), "details must be a mapping, and is a list"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_a_finding_that_breaks_the_contract_names_plugin_version_step_and_cause(tmp_path, case):
    finding, cause = WRONG[case]
    with pytest.raises(PluginError, match=re.escape(cause)) as caught:
        findings_of(tmp_path, FINE, finding)
    assert str(caught.value).startswith("plugin 'made' 1.2, step 'made0' (made): ")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("hands", "says"),
    [
        (None, "findings must be a tuple of Finding values, and is None"),
        (3, "findings must be a tuple of Finding values, and is 3"),
        ("abc", "findings must be a tuple of Finding values, and is a str"),
        ({"share": 0.5}, "findings must be a tuple of Finding values, and is a dict"),
        ((0.5,), "findings must be Finding values, and hold 0.5"),
        ((FINE, None), "findings must be Finding values, and hold None"),
        (FINE, "findings must be a tuple of Finding values, and is a Finding"),
    ],
)
def test_a_step_that_hands_back_something_else_says_so(tmp_path, hands, says):
    with pytest.raises(PluginError, match=re.escape(f"step 'made0' (made): {says}")):
        run(planned(tmp_path, audit_of(hands=hands)))


def test_findings_may_come_one_by_one_and_numbers_from_numpy(tmp_path):
    found = (replace(FINE, value=np.float32(0.5), n=np.int64(40)) for _ in range(2))
    report = run(planned(tmp_path, audit_of(hands=found)))
    assert [(type(f.value), type(f.n)) for f in report.findings] == [(float, int)] * 2


def mining(*groups, mined=Mined, **fields):
    class Made(Finder):
        name, title, method, metrics = "made", "Made", "looks", (SHARE,)

        def find(self, subject, params, context):
            return mined(groups, (), **fields) if mined is Mined else mined

    return Made


def group(name="odd", n=40, **fields):
    return Group(name, "odd rows", "`y` == 1", np.arange(n) % 2 == 1, **fields)


@pytest.mark.parametrize(
    ("finder", "says"),
    [
        (mining(mined=None), "find must return Mined, and returned None"),
        (mining(mined=(group(),)), "find must return Mined, and returned a tuple"),
        (mining("odd"), "groups must be Group values, and hold a str"),
        (mining(group(n=39)), "group 'odd': mask must mark the 40 rows of the subject"),
        (mining(replace(group(), mask=list(range(40)))), "group 'odd': mask must mark the 40 rows"),
        (mining(replace(group(), mask=np.arange(40))), "group 'odd': mask must mark the 40 rows"),
        (mining(group(seen=np.ones(3, bool))), "group 'odd': seen must mark the 40 rows"),
        (mining(group(name=" ")), "it hands back a group without a name"),
        (mining(group(), group()), "it hands back two groups called 'odd'"),
        (mining(replace(group(), rule=None)), "group 'odd': rule must be text, and is None"),
        (mining(group(), confirmed=frozenset({"even"})), "it confirms 'even', which is none of its groups"),
    ],
)
def test_groups_that_a_finder_hands_back_are_checked(tmp_path, finder, says):
    with pytest.raises(PluginError, match=re.escape(f"plugin 'made' 1.2, step 'made0' (made): {says}")):
        run(planned(tmp_path, finder))


def test_a_finders_findings_may_stand_at_its_groups(tmp_path):
    class Made(Finder):
        name, title, method, metrics = "made", "Made", "looks", (SHARE,)

        def find(self, subject, params, context):
            return Mined((group(),), (replace(FINE, group="odd"), replace(FINE, group="odd & sex=F")))

    assert len(run(planned(tmp_path, Made)).findings) == 2


@pytest.mark.parametrize(
    "name",
    ["", "sex", "sex=F", "sex=F & race=a & b", "race=a & b & sex=F", "sex × race", "sex=F [yes]", "[no]", "sex [yes]"],
)  # fmt: skip
def test_names_of_groups_attributes_intersections_and_classes_are_known(name):
    names = Names(frozenset({"sex", "race"}), frozenset({"sex=F", "race=a & b"}), ("no", "yes"))
    assert names.has(name)


@pytest.mark.parametrize(
    "name", ["sex=M", "sex=F & ", "sex=F&race=a & b", "sex=F [maybe]", "race × age", " "]
)
def test_other_names_are_not(name):
    names = Names(frozenset({"sex", "race"}), frozenset({"sex=F", "race=a & b"}), ("no", "yes"))
    assert not names.has(name)


def showing(exhibit):
    class Made(Audit):
        name, title, method = "made", "Made", "shows"

        def run(self, subject, params, context):
            context.show(exhibit)
            return ()

    return Made


def test_a_table_with_numbers_that_are_not_finite_has_empty_cells(tmp_path):
    rows = ((1.0, NAN, np.float64(INF), "nan", True, np.int64(3)),)
    report = run(planned(tmp_path, showing(Table(title="T", columns=tuple("abcdef"), rows=rows))))
    assert report.tables[0].rows == ((1.0, None, None, "nan", True, 3),)
    json.dumps(to_dict(report), allow_nan=False)


def test_a_layer_that_is_not_finite_is_not_drawn_and_said_to_be(tmp_path):
    good = Layer(kind="line", name="good", x=(0.0, 1.0), y=(0.0, 1.0))
    bad = replace(good, name="bad", y=(0.0, NAN))
    chart = Chart(title="C", layers=(good, bad), x_title="x", y_title="y")
    report = run(planned(tmp_path, showing(chart)))
    assert [layer.name for layer in report.charts[0].layers] == ["good"]
    assert [item.what for item in report.skipped if "chart" in item.what] == ["chart 'C', bad"]
    none = run(planned(tmp_path, showing(replace(chart, layers=(bad,)))))
    assert none.charts == ()


@pytest.mark.parametrize(
    "exhibit",
    [None, "text", Table(title="T", columns=("a",), rows=((object(),),)), Table(title="T", columns=("a",), rows=(([],),))],
)  # fmt: skip
def test_what_is_no_exhibit_is_the_steps_fault(tmp_path, exhibit):
    with pytest.raises(PluginError, match=r"plugin 'made' 1\.2, step 'made0' \(made\): TypeError: "):
        run(planned(tmp_path, showing(exhibit)))


def repairing(repaired):
    class Made(Repair):
        name, title, method, metrics = "made", "Made", "repairs", (SHARE,)

        def apply(self, subject, params, context):
            return repaired(subject)

    return Made


@pytest.mark.parametrize(
    ("repaired", "says"),
    [
        (lambda s: None, "apply must return Repaired, and returned None"),
        (lambda s: s, "apply must return Repaired, and returned a Subject"),
        (lambda s: Repaired(None), "it must hand back a Subject with a table, and hands back None"),
        (lambda s: Repaired(s.table), "it must hand back a Subject with a table, and hands back a DataFrame"),
        (lambda s: Repaired(s, result=[1]), "its result must be a pandas DataFrame, and is a list"),
        (lambda s: Repaired(s, findings=None), "findings must be a tuple of Finding values, and is None"),
        (lambda s: Repaired(s, (replace(FINE, stage=2),)), "stage is 2, and may be 0 or 1 in a repair"),
        (lambda s: Repaired(replace(s, pred="q")), "it hands back a table without column 'q', which is pred"),
        (
            lambda s: Repaired(replace(s, table=s.table.drop(columns="y"))),
            "without column 'y', which is target",
        ),
        (lambda s: Repaired(replace(s, features=("z",))), "without column 'z', which is a feature"),
    ],
)
def test_what_a_repair_hands_back_is_checked(tmp_path, repaired, says):
    with pytest.raises(PluginError, match=re.escape(says)) as caught:
        run(planned(tmp_path, repairing(repaired)))
    assert str(caught.value).startswith("plugin 'made' 1.2, step 'made0' (made): ")
