"""What a gate's comparisons amount to, and its gates to a verdict."""

import pytest

from auditkit.values.gate import GateComparison, GateResult, outcome_of, verdict_of


def result(*outcomes, **more):
    told = {
        "id": "g",
        "outcome": "pass",
        "message": "",
        "on": "s",
        "metric": "m",
        "compare": "to_rest",
        "rule": "r",
    }
    comparisons = tuple(GateComparison(group="", n=1, outcome=one, within=one == "holds") for one in outcomes)
    return GateResult(**told | more, comparisons=comparisons)


@pytest.mark.parametrize(
    ("outcomes", "more", "said"),
    [
        (["waived"], {}, "pass"), (["absent"], {"absent": "pass"}, "pass"), (["absent"], {"absent": "warn"}, "warn"),
        (["absent"], {}, "fail"), (["absent", "waived"], {"absent": "warn"}, "warn"), ([], {}, "insufficient"),
        (["too_few"], {}, "insufficient"), (["holds"], {"absent": "warn"}, "pass"),
        (["holds", "absent"], {"absent": "warn"}, "warn"), (["breaks", "too_few"], {}, "fail"),
        (["too_few"], {"absent": "warn"}, "insufficient"), ([], {"absent": "warn"}, "insufficient"),
        (["waived"], {"absent": "warn"}, "pass"),
    ],
)  # fmt: skip
def test_a_gates_outcome_follows_from_its_comparisons(outcomes, more, said):
    assert outcome_of(result(*outcomes, **more)) == said


@pytest.mark.parametrize(
    ("outcomes", "verdict", "code"),
    [
        ([], "no gates", 0), (["pass"], "pass", 0), (["warn"], "warn", 0), (["pass", "warn"], "warn", 0),
        (["not_shown"], "not_shown", 0), (["not_shown", "warn"], "not_shown", 0), (["insufficient"], "insufficient", 5),
        (["not_run"], "insufficient", 5), (["insufficient", "not_run"], "insufficient", 5),
        (["insufficient", "pass"], "not_shown", 0), (["not_run", "pass"], "pass", 0), (["fail", "not_shown"], "fail", 1),
        (["not_run", "not_shown"], "not_shown", 0),
    ],
)  # fmt: skip
def test_the_verdict_follows_from_the_gates_outcomes(outcomes, verdict, code):
    assert verdict_of([result(outcome=one) for one in outcomes]) == (verdict, code)
