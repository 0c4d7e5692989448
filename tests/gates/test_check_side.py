"""A gate needs somebody who says which side of a number is worse, wherever there is no telling by itself."""

import pytest

from auditkit.gates.check import GateError, check_side
from auditkit.spec.gate import GateSpec
from auditkit.values.metric import Metric
from auditkit.values.outcome import Outcome

DEPENDS = Metric(
    name="rate", title="", formula="", favourable="lower_is_worse", unfavourable="higher_is_worse"
)  # fmt: skip
KNOWN = Metric(name="tpr", title="", formula="", direction="lower_is_worse")
NEITHER = Metric(name="score", title="", formula="")
METRICS = (KNOWN, DEPENDS, NEITHER)
GUESSED = (
    "which side of rate is worse depends on what is good for a person: add data.favourable: {value} if that is a "
    "benefit, data.unfavourable: if it is a burden, or data.positive: to count it without a side (column 'y')"
)
NO_BEST = "no side of {name} is better here, so that no group is the best: use compare: to_rest"


def outcome(kind, *, value=1, said=True):
    return Outcome(column="y", value=value, kind=kind, said=said)


@pytest.mark.parametrize(
    ("metric", "compare", "of", "key", "message"),
    [
        ("rate", "to_rest", outcome("positive", said=False), "metric", GUESSED.format(value="1")),
        (
            "rate",
            "absolute",
            outcome("positive", value="yes", said=False),
            "metric",
            GUESSED.format(value="'yes'"),
        ),
        ("rate", "to_best", outcome("positive"), "compare", NO_BEST.format(name="rate")),
        ("rate", "to_best", None, "compare", NO_BEST.format(name="rate")),
        ("score", "to_best", outcome("favourable"), "compare", NO_BEST.format(name="score")),
    ],
)
def test_a_side_that_nobody_said_is_asked_for_at_its_key(metric, compare, of, key, message):
    gate = GateSpec(id="g", on="s", metric=metric, compare=compare, limit=0.1)
    with pytest.raises(GateError) as caught:
        check_side(gate, METRICS, of)
    assert (caught.value.key, str(caught.value)) == (key, message)


@pytest.mark.parametrize(
    ("metric", "compare", "of"),
    [
        ("rate", "difference", outcome("positive", said=False)),  # of a difference, the larger is worse
        ("rate", "to_best", outcome("favourable")),
        ("rate", "to_rest", outcome("positive")),
        ("rate", "to_rest", None),
        ("tpr", "to_best", outcome("positive", said=False)),
        ("score", "to_rest", outcome("favourable")),
    ],
)
def test_a_side_that_is_known_or_not_needed_is_let_through(metric, compare, of):
    check_side(GateSpec(id="g", on="s", metric=metric, compare=compare, limit=0.1), METRICS, of)
