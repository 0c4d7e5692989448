from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from render import example

from auditkit.render import words
from auditkit.values.finding import Finding, Interval, as_declared
from auditkit.values.metric import Metric


@pytest.mark.parametrize(
    ("value", "options", "text"),
    [
        (0.1234, {}, "0.123"),
        (-0.1234, {}, "−0.123"),
        (0.1234, {"signed": True}, "+0.123"),
        (-0.0001, {"signed": True}, "0.000"),
        (0.0, {"signed": True}, "0.000"),
        (12345.6, {"unit": "ms"}, "12,346"),
        (1234, {"unit": "rows"}, "1,234"),
        (7, {"unit": "rows"}, "7"),
        (0.00002, {"unit": "nats"}, "2.0e-05"),
        (0.0004, {"unit": "p"}, "<0.001"),
        (0.04, {"unit": "p"}, "0.040"),
        (float("inf"), {}, "∞"),
        (float("nan"), {}, "not a number"),
    ],
)
def test_a_number_is_written_in_one_way(value, options, text):
    assert words.number(value, **options) == text


def test_a_gap_carries_its_sign_and_a_value_does_not():
    tpr = Metric(name="tpr", title="TPR", formula="TP / P")
    finding = Finding(metric="tpr", value=0.2, n=9, interval=Interval(-0.1, 0.5), unit="share")
    assert words.estimate(finding) == "0.200 [−0.100, 0.500]"
    assert words.estimate(as_declared(replace(finding, compare="to_rest"), tpr)) == "+0.200 [−0.100, +0.500]"
    gap = replace(tpr, signed=True)
    assert words.estimate(as_declared(finding, gap)) == "+0.200 [−0.100, +0.500]"


def test_an_unmeasured_finding_has_no_number():
    assert words.estimate(Finding(metric="tpr", value=None, n=2, reason="too few")) == "not measured"


def test_p_values_in_details_are_cut_at_a_thousandth():
    assert words.details({"p_value": 1e-9, "draws": 2000, "k": 0.25}) == "p value <0.001; draws 2000; k 0.250"


def test_nested_facts_are_put_in_words():
    value = {"a": [1, True, None], "b": {"c": 0.5}}
    assert words.plain(value) == "a 1, yes, none; b: c 0.500"


def test_control_and_direction_marks_are_spelt_out_and_emoji_are_kept():
    assert words.visible("a\nb\x1b\u202e👩🏽‍🔬") == "a\\nb\\x1b\\u202e👩🏽‍🔬"


@given(st.text(max_size=80), st.integers(1, 40))
def test_visible_text_is_one_encodable_line_of_bounded_length(text, limit):
    shown = words.visible(text, limit)
    assert shown.splitlines() in ([], [shown])
    shown.encode()
    # one letter may be spelt out in ten
    assert len(shown) <= 10 * limit


def test_provenance_is_one_line_with_short_hashes():
    assert words.provenance(example.report().provenance) == (
        "auditkit 0.1.0 · seed 0 · commit 33939f9c0ffe+changes · adult.parquet 9f2d5a4c7b1e"
        " · on 2025-11-24T04:22:03+00:00"
    )
    assert words.provenance({}) == ""
    assert words.provenance({"inputs": [3, {}], "versions": "x", "seed": 0}) == "seed 0"


def test_nested_provenance_is_flattened_and_lists_go_by_name():
    values = {
        "a": {"b_c": 1},
        "inputs": [{"file": "x.csv", "bytes": 0, "note": ""}],
        "tags": ["u"],
        "none": [],
    }
    assert list(words.flatten(values)) == [
        ("a b c", 1),
        ("inputs x.csv", {"bytes": 0}),
        ("tags", ["u"]),
        ("none", []),
    ]
