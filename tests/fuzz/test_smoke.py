"""A hundred changed inputs, of every kind that the program reads; `make sizes` runs two thousand."""

import pytest
from fuzz.inputs import KINDS
from fuzz.judge import FINE, judge

pytestmark = pytest.mark.slow

SLOW = {"card"}
"""A model has to be trained first."""
EACH = 10


@pytest.mark.parametrize(
    "kind", [pytest.param(kind, marks=pytest.mark.slow) if kind in SLOW else kind for kind in KINDS]
)
def test_a_changed_input_ends_in_a_report_or_in_one_sentence(kind):
    found = [judge(kind, seed) for seed in range(EACH)]
    assert [verdict for verdict in found if verdict.problem] == []
    assert {verdict.code for verdict in found} <= FINE


def test_the_judge_sees_what_is_wrong(monkeypatch):
    """A traceback, a wrong code, noise, two sentences, a file that is left: each is told."""
    from fuzz.judge import _problem

    told = {
        _problem(code, error, left=set(left), written={"out.json"}).partition(":")[0]
        for code, error, left in (
            (3, "Traceback (most recent call last):\n", ()),
            (-1, "", ()),
            (3, "auditkit: x\n", ()),
            (77, "", ()),
            (0, "x.py:3: RuntimeWarning: y\n", ()),
            (4, "auditkit: x\nauditkit: y\n", ()),
            (4, "auditkit: x\n", ("out.json",)),
            (0, "", (".out.json-abc",)),
        )
    }
    assert told == {
        "traceback", "hang", "exit code 3", "exit code 77", "noise", "not one sentence", "left out.json",
        "left .out.json-abc",
    }  # fmt: skip
    assert _problem(0, "wrote out.json\n", left={"out.json"}, written={"out.json"}) == ""
