from __future__ import annotations

import enum
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from render import example, hostile

from auditkit.errors import DataError
from auditkit.render.machine import json_document
from auditkit.store.report_json import to_dict
from auditkit.store.report_read import from_dict
from auditkit.values.exit_code import ExitCode
from auditkit.values.finding import Finding, Interval
from auditkit.values.gate import Accepted, GateComparison, GateResult, Judged, outcome_of, verdict_of
from auditkit.values.metric import Metric
from auditkit.values.report import GroupEntry, Report, Skipped, StepEntry
from auditkit.values.shown.answer import Answer, Sure

TEXT = st.text(max_size=8)
NUMBER = st.floats(allow_nan=False, allow_infinity=False)
COUNT = st.integers(0, 10**9)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | NUMBER | TEXT,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXT, inner, max_size=2),
    max_leaves=4,
)
OBJECT = st.dictionaries(TEXT, JSON, max_size=2)
COMPARE = st.sampled_from(("absolute", "to_rest", "to_best", "difference", "ratio"))
DIRECTION = st.sampled_from(("higher_is_worse", "lower_is_worse", "neither"))


def tuples(strategy, most=2):
    return st.lists(strategy, max_size=most).map(tuple)


INTERVAL = st.builds(Interval, NUMBER, NUMBER, confidence=NUMBER, method=TEXT, basis=tuples(NUMBER))
FINDING = st.builds(
    Finding,
    metric=TEXT, value=st.none() | NUMBER, n=COUNT, step=TEXT, group=TEXT, compare=COMPARE,
    interval=st.none() | INTERVAL, unit=TEXT, direction=DIRECTION, stage=st.integers(0, 3), reason=TEXT,
    rows_needed=st.none() | COUNT, details=OBJECT,
)  # fmt: skip
GROUP = st.builds(
    GroupEntry,
    name=TEXT, rule=TEXT, expression=TEXT, n=COUNT, share=NUMBER, step=TEXT,
    confirmed=st.none() | st.booleans(),
)  # fmt: skip
COMPARISON = st.builds(
    GateComparison,
    group=TEXT, outcome=st.sampled_from(get_args(Judged)), n=COUNT, value=st.none() | NUMBER,
    lower=st.none() | NUMBER, upper=st.none() | NUMBER, p=st.none() | NUMBER, within=st.booleans(), note=TEXT,
)  # fmt: skip
GATE = st.builds(
    GateResult,
    id=TEXT, outcome=st.just("pass"), message=TEXT, on=TEXT, metric=TEXT, compare=COMPARE, rule=TEXT,
    limit=st.none() | NUMBER, insufficient=st.sampled_from(get_args(Accepted)),
    absent=st.sampled_from(get_args(Accepted)), ran=st.booleans(), comparisons=tuples(COMPARISON),
).map(lambda gate: replace(gate, outcome=outcome_of(gate)))  # fmt: skip
METRIC = st.builds(Metric, name=TEXT, title=TEXT, formula=TEXT, direction=DIRECTION, source=TEXT)
STEP = st.builds(
    StepEntry,
    id=TEXT, use=TEXT, kind=st.sampled_from(("finder", "audit", "repair")), title=TEXT, method=TEXT,
    plugin=TEXT, params=OBJECT, metrics=tuples(METRIC),
)  # fmt: skip
ANSWER = st.builds(
    Answer,
    TEXT,
    step=TEXT,
    basis=TEXT,
    sure=st.sampled_from(get_args(Sure)),
    harm=st.booleans(),
    exhibit=TEXT,
)
SKIPPED = st.builds(Skipped, step=TEXT, what=TEXT, why=TEXT, n=st.none() | COUNT)


def judged(report):
    verdict, exit_code = verdict_of(report.gates)
    return replace(report, verdict=verdict, exit_code=exit_code)


REPORT = st.builds(
    Report,
    name=TEXT, verdict=st.just("no gates"), exit_code=st.just(ExitCode.OK),
    recipe=OBJECT, subject=OBJECT, steps=tuples(STEP), findings=tuples(FINDING), answers=tuples(ANSWER), groups=tuples(GROUP),
    gates=tuples(GATE), skipped=tuples(SKIPPED), notes=tuples(TEXT), provenance=OBJECT,
).map(judged)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(REPORT)
def test_a_report_survives_json_exactly(report):
    assert from_dict(json.loads(json_document.render(report))) == report


def test_the_example_matches_its_golden_file(check_golden):
    check_golden("report.json", json_document.render(example.report()))


def test_the_document_has_its_keys_in_order():
    document = to_dict(example.report())
    assert list(document) == [
        "schema_version", "name", "verdict", "exit_code", "finished", "failure", "answers", "findings", "groups", "gates", "waivers", "skipped",
        "notes", "tables", "charts", "subject", "steps", "recipe", "provenance",
    ]  # fmt: skip
    assert list(document["findings"][0]) == [
        "step", "metric", "value", "interval", "n", "group", "compare", "stage", "unit", "direction",
        "signed", "reason", "rows_needed", "left_out", "details",
    ]  # fmt: skip
    assert list(document["findings"][0]["interval"]) == ["low", "high", "confidence", "method", "basis"]
    assert list(document["groups"][0]) == ["name", "rule", "expression", "n", "share", "step", "confirmed"]


def test_every_declared_field_is_in_the_document():
    assert set(to_dict(example.report())) == set(Report.__dataclass_fields__) - {
        "results",
        "models",
        "written",
    } | {"finished"}
    assert set(to_dict(example.report())["findings"][0]) == set(Finding.__dataclass_fields__)


def test_numpy_dates_paths_and_sets_in_details_become_json_values():
    class Kind(enum.Enum):
        A = "a"

    details = {
        "scalar": np.float32(0.5),
        "count": np.int64(3),
        "flag": np.bool_(True),
        "array": np.array([[1, 2], [3, 4]]),
        "when": datetime(2025, 1, 2, tzinfo=UTC),
        "where": Path("a") / "b",
        "set": {"b", "a"},
        "pair": (1, 2),
        "interval": Interval(0.0, 1.0, basis=(3.0,)),
        "inf": float("-inf"),
        "nan": np.float64("nan"),
        np.int64(7): "key",
    }
    (finding,) = to_dict(with_finding(details=details))["findings"]
    assert finding["details"] == {
        "scalar": 0.5,
        "count": 3,
        "flag": True,
        "array": [[1, 2], [3, 4]],
        "when": "2025-01-02T00:00:00+00:00",
        "where": str(Path("a") / "b"),
        "set": ["a", "b"],
        "pair": [1, 2],
        "interval": {"low": 0.0, "high": 1.0, "confidence": 0.95, "method": "normal", "basis": [3.0]},
        "inf": "-inf",
        "nan": "nan",
        "7": "key",
    }


def test_numpy_scalars_in_fields_become_numbers():
    report = with_finding(
        value=np.float64(0.25), n=np.int64(4), interval=Interval(np.float32(0), np.float32(1))
    )
    (finding,) = to_dict(report)["findings"]
    assert type(finding["value"]) is float
    assert type(finding["n"]) is int
    assert type(finding["interval"]["low"]) is float


def with_finding(**fields):
    return replace(example.report(), findings=(Finding(**{"metric": "m", "value": 0.5, "n": 3, **fields}),))


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), np.float64("nan")])
def test_a_value_or_bound_that_is_not_finite_is_refused_with_its_place(bad):
    with pytest.raises(ValueError, match=r"findings\[0\]\.value is (nan|inf)"):
        to_dict(with_finding(value=bad))
    with pytest.raises(ValueError, match=r"findings\[0\]\.interval\.high"):
        to_dict(with_finding(interval=Interval(0.0, bad)))


def test_an_object_without_a_json_form_is_refused_with_its_place():
    with pytest.raises(TypeError, match=r"findings\[0\]\.details\.x holds a object"):
        to_dict(with_finding(details={"x": object()}))


def test_hostile_text_is_kept_and_the_file_is_utf_8():
    text = json_document.render(hostile.report())
    text.encode()
    assert text.endswith("}\n")
    groups = {item["group"] for item in json.loads(text)["findings"]}
    assert set(hostile.NAMES[:-1]) <= groups
    assert "lone \\udc80 surrogate" in groups


def test_another_schema_version_is_refused():
    with pytest.raises(DataError, match="schema_version 99; this auditkit reads 2"):
        from_dict({**to_dict(example.report()), "schema_version": 99})
    with pytest.raises(DataError, match="schema_version None"):
        from_dict({})


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"verdict": "maybe"}, "report.verdict is 'maybe'; known: pass"),
        ({"exit_code": 77}, "report.exit_code is 77"),
        ({"findings": {}}, "report.findings should be a list, and is dict"),
        ({"findings": [3]}, r"report.findings\[0\] should be an object, and is int"),
        ({"findings": [{"metric": "m"}]}, r"report.findings\[0\] lacks value, n"),
        ({"recipe": None}, "report.recipe should be an object"),
        ({"gates": [{"outcome": []}]}, "lacks"),
    ],
)
def test_a_malformed_document_is_refused_with_its_place(change, sentence):
    with pytest.raises(DataError, match=sentence):
        from_dict({**to_dict(example.report()), **change})


def test_a_document_without_a_needed_key_and_one_that_is_no_object_are_refused():
    document = to_dict(example.report())
    del document["name"]
    with pytest.raises(DataError, match="report lacks name"):
        from_dict(document)
    with pytest.raises(DataError, match="not a report"):
        from_dict([])


def test_unknown_keys_of_a_newer_minor_version_are_left_out():
    assert from_dict({**to_dict(example.report()), "new": 1}) == example.report()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"verdict": "pass", "exit_code": ExitCode.OK}, "its gates amount to fail and exit code 1"),
        ({"exit_code": ExitCode.OK}, "its gates amount to fail and exit code 1"),
        ({"verdict": "no gates"}, "its gates amount to fail"),
    ],
)
def test_a_stored_report_whose_verdict_is_not_that_of_its_gates_is_refused(change, says):
    with pytest.raises(DataError, match=says):
        from_dict(to_dict(replace(example.report(), **change)))


def test_a_stored_gate_whose_outcome_is_not_that_of_its_comparisons_is_refused():
    report = example.report()
    gates = (replace(report.gates[0], outcome="pass"), *report.gates[1:])
    with pytest.raises(DataError, match="gate 'tpr' says pass, but its comparisons amount to fail"):
        from_dict(to_dict(replace(report, gates=gates, verdict="not_shown", exit_code=ExitCode.OK)))
