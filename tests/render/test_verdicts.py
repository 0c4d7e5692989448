from __future__ import annotations

from dataclasses import replace

import pytest
from render import example

from auditkit.render import verdicts


def with_outcomes(verdict, *outcomes):
    gate = example.gates()[0]
    return replace(example.report(), verdict=verdict, gates=tuple(replace(gate, outcome=o) for o in outcomes))


@pytest.mark.parametrize(
    ("verdict", "outcomes", "line"),
    [
        ("fail", ("fail", "pass", "pass"), "FAIL: 1 of 3 gates failed"),
        ("fail", ("fail", "insufficient"), "FAIL: 1 of 2 gates failed, 1 not shown to hold"),
        ("pass", ("pass",), "PASS: 1 of 1 gate held"),
        ("not_shown", ("pass", "insufficient"), "NOT SHOWN: 1 of 2 gates not shown to hold"),
        ("not_shown", ("not_shown", "warn"), "NOT SHOWN: 1 of 2 gates not shown to hold"),
        ("pass", ("pass", "not_run"), "PASS: 1 of 2 gates held, 1 not run"),
        ("warn", ("warn", "pass"), "WARN: 1 of 2 gates warned"),
        ("insufficient", ("insufficient",) * 2, "NOT SHOWN: nothing could be decided"),
        ("insufficient", ("not_run",), "NOT SHOWN: nothing could be decided, 1 not run"),
        ("no gates", (), "NO GATES: measured only, nothing was asked to hold"),
    ],
)
def test_the_verdict_says_in_words_what_it_rests_on(verdict, outcomes, line):
    assert verdicts.verdict(with_outcomes(verdict, *outcomes)) == line
