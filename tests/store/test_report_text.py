"""The text of a report, written straight from its fields, against the careful document of it."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from render import example
from store.test_report_json import REPORT

from auditkit.store.digest import digest_of, digest_of_gates, digests_of_document, with_digest
from auditkit.store.report_json import to_dict
from auditkit.store.report_text import AT_ONCE, indented_text, report_text
from auditkit.values.finding import Finding, Interval


def text_of(report):
    return b"".join(report_text(report))


def one_line(report):
    text = json.dumps(to_dict(report), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return f"{text}\n".encode()


def many_lines(report):
    return json.dumps(to_dict(report), ensure_ascii=False, allow_nan=False, indent=2) + "\n"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(REPORT)
def test_both_texts_are_those_of_the_document(report):
    assert text_of(report) == one_line(report)
    assert "".join(indented_text(report)) == many_lines(report)
    assert text_of(with_digest(report)) == one_line(with_digest(report))


@pytest.mark.parametrize("n", [0, 1, AT_ONCE - 1, AT_ONCE, AT_ONCE + 1, 2 * AT_ONCE, 2 * AT_ONCE + 1])
def test_findings_are_all_there_however_many_are_written_at_once(n):
    report = replace(
        example.report(), findings=tuple(Finding(metric=f"m {i}", value=i / 7, n=i) for i in range(n))
    )
    assert text_of(report) == one_line(report)
    assert "".join(indented_text(report)) == many_lines(report)


@dataclass(frozen=True)
class Wider(Interval):
    more: float = 1.0


@pytest.mark.parametrize(
    "odd",
    [
        {"details": {"a": np.float32(0.5), 3: np.arange(2), None: True, True: {"b"}}},
        {"details": {1: 2, "1": 3}},
        {"details": {"deep": {"deeper": [1, (2.0, None)]}}},
        {"details": {"a": float("nan"), "b": float("-inf")}},
        {"details": {"half of a pair": "\ud800", "\udfff": 1}},
        {"details": MappingProxyType({"a": 1})},
        {"left_out": {"g=\u00e9": 3}},
        {"value": np.float64(0.25), "n": np.int64(7)},
        {"interval": Wider(0.0, 1.0, basis=(1, 2.0))},
        {"interval": Interval(np.float32(0.0), 1, basis=(np.int64(3),))},
        {"group": "\udc80 \x00 \u2028 %s %% \""},
        {"group": np.str_("g")},
    ],
)  # fmt: skip
def test_what_json_has_no_word_for_is_written_as_in_the_document(odd):
    report = replace(
        example.report(), findings=(Finding(metric="m", value=0.5, n=3), *example.report().findings)
    )
    report = replace(report, findings=(*report.findings, replace(report.findings[0], **odd)))
    assert text_of(report) == one_line(report)
    assert "".join(indented_text(report)) == many_lines(report)
    text_of(report).decode()


@pytest.mark.parametrize("write", [text_of, lambda report: list(indented_text(report)), digest_of])
@pytest.mark.parametrize("wrong", [{"value": float("nan")}, {"interval": Interval(0.0, float("inf"))}])
def test_a_number_that_is_not_finite_is_named_with_its_place(write, wrong):
    finding = replace(Finding(metric="m", value=0.5, n=3), **wrong)
    with pytest.raises(ValueError, match=r"^findings\[0\].* a report holds only finite numbers"):
        write(replace(example.report(), findings=(finding,)))


def test_other_findings_are_not_those_that_were_written():
    hashed = with_digest(example.report())
    fewer = replace(hashed, findings=hashed.findings[:1])
    assert json.loads(text_of(fewer))["findings"] == to_dict(fewer)["findings"]
    assert digest_of(fewer) != digest_of(hashed)


def test_hashes_of_a_report_are_those_of_its_document():
    report = example.report()
    assert digests_of_document(json.loads(text_of(report))) == (
        digest_of(report),
        digest_of_gates(report),
    )
