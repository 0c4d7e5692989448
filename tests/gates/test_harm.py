"""Which side of a number is harm, and what a rule of one side asks for."""

import pytest

from auditkit.errors import UsageError
from auditkit.gates.condition import parse_condition
from auditkit.gates.harm import Claim, Rule, harm_beyond, one_sided, rule_of, sides_of, warning_of
from auditkit.spec.gate import GateSpec
from auditkit.values.metric import Metric
from auditkit.values.outcome import Outcome


@pytest.mark.parametrize(
    ("text", "compare", "direction", "rule"),
    [
        ("lower_bound > 0.1", "to_rest", "higher_is_worse", Rule((Claim("above", 0.1),), "harm shown")),
        ("lower_bound > 0.1", "to_rest", "lower_is_worse", Rule((Claim("below", -0.1),), "harm shown")),
        (
            "upper_bound > 0.1", "to_best", "neither",
            Rule((Claim("above", 0.1), Claim("below", -0.1)), "safety shown"),
        ),
        ("value >= 0.1", "to_rest", "higher_is_worse", Rule((Claim("above", 0.1),), "value", also_equal=True)),
        ("upper_bound < 0.8", "absolute", "lower_is_worse", Rule((Claim("below", 0.8),), "harm shown")),
        ("lower_bound <= 0.8", "absolute", "lower_is_worse", Rule((Claim("below", 0.8),), "safety shown", also_equal=True)),
        ("lower_bound > 0.2", "absolute", "neither", Rule((Claim("above", 0.2),), "harm shown")),
        ("upper_bound < 0.2", "absolute", "neither", Rule((Claim("below", 0.2),), "harm shown")),
        ("lower_bound < 0.2", "absolute", "neither", Rule((Claim("below", 0.2),), "safety shown")),
    ],
)  # fmt: skip
def test_a_condition_becomes_a_rule(text, compare, direction, rule):
    assert one_sided(parse_condition(text), compare, direction) == rule
    failing = GateSpec(id="g", on="s", metric="m", compare=compare, fail_if=text, warn_if=text)
    assert rule_of(failing, direction) == rule
    assert warning_of(failing, direction) == rule


def test_a_limit_asks_for_both_bounds():
    spec = GateSpec(id="g", on="s", metric="m", limit=0.1)
    assert rule_of(spec, "neither") == Rule((Claim("above", 0.1), Claim("below", -0.1)), "limit")


@pytest.mark.parametrize(
    ("text", "compare", "direction", "says"),
    [
        (
            "upper_bound < 0.1", "to_rest", "neither",
            "a gap is read as harm to the group, so that more is worse: write lower_bound > (or limit:), not "
            "upper_bound <",
        ),
        (
            "lower_bound <= 0.1", "absolute", "higher_is_worse",
            "higher is worse here: write lower_bound > (or limit:), not lower_bound <=, which blames the better side",
        ),
        (
            "upper_bound > 0.1", "ratio", "lower_is_worse",
            "lower is worse here: write upper_bound < (or limit:), not upper_bound >, which blames the better side",
        ),
    ],
)  # fmt: skip
def test_a_rule_that_blames_the_better_side_is_told_the_right_one(text, compare, direction, says):
    with pytest.raises(UsageError) as raised:
        one_sided(parse_condition(text), compare, direction)
    assert str(raised.value) == says


def test_a_number_of_which_no_side_is_worse_has_no_limit():
    with pytest.raises(UsageError) as raised:
        harm_beyond(0.1, "absolute", "neither")
    assert str(raised.value) == (
        "no side of this number is worse, so it has no limit; write fail_if with a bound and a sign"
    )
    assert harm_beyond(0.1, "absolute", "higher_is_worse") == (Claim("above", 0.1),)
    assert harm_beyond(0.1, "ratio", "lower_is_worse") == (Claim("below", 0.1),)


@pytest.mark.parametrize(
    ("side", "number", "beyond", "at_it"),
    [("above", 0.2, True, True), ("above", 0.1, False, True), ("above", 0.0, False, False),
     ("below", 0.0, True, True), ("below", 0.1, False, True), ("below", 0.2, False, False)],
)  # fmt: skip
def test_a_claim_is_met_beyond_its_threshold_and_at_it_if_asked(side, number, beyond, at_it):
    claim = Claim(side, 0.1)
    assert claim.met_by(number) is beyond
    assert claim.met_by(number, also_equal=True) is at_it


@pytest.mark.parametrize("text", ["lower_bound > 1e999", "value < -1e400"])
def test_a_threshold_that_no_number_reaches_is_refused(text):
    with pytest.raises(UsageError) as raised:
        parse_condition(text)
    assert str(raised.value) == f"'{text}' has a threshold that no number reaches"


def test_a_number_that_is_a_gap_by_itself_has_a_limit_on_both_sides_unless_one_is_worse():
    assert harm_beyond(0.1, "absolute", "neither", signed=True) == (Claim("above", 0.1), Claim("below", -0.1))
    assert harm_beyond(0.1, "absolute", "higher_is_worse", signed=True) == (Claim("above", 0.1),)


RATE = Metric(
    name="rate", title="", formula="", direction="higher_is_worse", favourable="lower_is_worse", unfavourable="neither"
)  # fmt: skip
SCORE = Metric(name="score", title="", formula="", signed=True)
OTHER = Metric(name="other", title="", formula="", direction="lower_is_worse")
ABOVE, BELOW, BOTH = frozenset({"above"}), frozenset({"below"}), frozenset({"above", "below"})


@pytest.mark.parametrize(
    ("metric", "more", "outcome", "sides"),
    [
        ("rate", {"compare": "absolute", "limit": 0.2}, None, ABOVE),
        ("rate", {"compare": "absolute", "limit": 0.2}, "favourable", BELOW),
        ("rate", {"compare": "to_rest", "limit": 0.2}, "unfavourable", BOTH),
        ("rate", {"compare": "absolute", "limit": 0.2}, "unfavourable", None),  # no side of it is worse
        ("rate", {"compare": "difference", "limit": 0.2}, "favourable", ABOVE),  # of a difference, higher is
        ("rate", {"compare": "ratio", "limit": 0.8}, None, BELOW),
        ("rate", {"compare": "absolute", "fail_if": "upper_bound < 0.2"}, "favourable", BELOW),
        (
            "rate",
            {"compare": "absolute", "fail_if": "upper_bound < 0.2"},
            None,
            None,
        ),  # it blames the better side
        ("score", {"compare": "absolute", "limit": 0.2}, None, BOTH),
        ("other", {"compare": "absolute", "limit": 0.2}, "favourable", BELOW),
        ("nobody", {"compare": "absolute", "limit": 0.2}, None, None),
    ],
)
def test_the_side_on_which_a_gate_harms_follows_from_its_metric_and_the_outcome(metric, more, outcome, sides):
    gates = [
        GateSpec(id="a", on="away", metric="rate", limit=0.1),
        GateSpec(id="g", on="s", metric=metric, **more),
    ]
    said = None if outcome is None else Outcome(column="y", value=1, kind=outcome, said=True)
    found = sides_of(gates, {"s": (OTHER, SCORE, RATE), "t": (RATE,)}, said)
    assert found == ({} if sides is None else {"g": sides})
