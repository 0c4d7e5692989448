"""Each sentence of a gate, whole: the worst comparison, its bound, the rule, and how many are like it."""

import pytest

from auditkit.gates.words import harm_bounds, message_of
from auditkit.values.gate import GateComparison, GateResult


def one(outcome="breaks", value=0.3, lower=0.2, upper=0.4, **more):
    told = {"group": "g", "n": 100, "value": value, "lower": lower, "upper": upper, "outcome": outcome} | more
    return GateComparison(**told)


def silent(outcome="too_few", **more):
    return GateComparison(
        **{"group": "thin", "n": 3, "outcome": outcome, "reason": "3 rows, 30 needed"} | more
    )


def said(*comparisons, **more):
    rule = {"rule": "limit 0.1", "limit": 0.1} if "rule" not in more else {}
    told = {"id": "g", "outcome": "fail", "message": "", "on": "s", "metric": "tpr", "compare": "to_rest"}
    return message_of(GateResult(**told | rule | more, comparisons=comparisons))


def sided(rule, **more):
    return {"rule": rule, "limit": None} | more


BELOW = one(value=-0.3, lower=-0.4, upper=-0.2)
OPEN = one("not_shown", 0.05, -0.05, 0.15)


@pytest.mark.parametrize(
    ("comparison", "more", "sentence"),
    [
        (one(), {}, "g: tpr 0.300 above the rest, at least 0.200 where the limit is 0.1"),
        (BELOW, {"harm": "below"}, "g: tpr 0.300 below the rest, at least 0.200 where the limit is 0.1"),
        (BELOW, {"harm": "either"}, "g: tpr 0.300 below the rest, at least 0.200 where the limit is 0.1"),
        (one(), {"harm": "either"}, "g: tpr 0.300 above the rest, at least 0.200 where the limit is 0.1"),
        (one("holds", 0.05, 0.01, 0.09), {}, "g: tpr 0.050 above the rest, at most 0.090, within the limit 0.1"),
        (
            one("holds", 0.0, -0.01, 0.09), {"harm": "either"},
            "g: tpr 0.000 above the rest, at most 0.090, within the limit 0.1",
        ),
        (
            OPEN, {"outcome": "not_shown"},
            "g: tpr 0.050 above the rest, at most 0.150: not shown to be within the limit 0.1",
        ),
        (
            one("not_shown", 0.05, -0.05, 0.15, rows_needed=4000), {"outcome": "not_shown"},
            "g: tpr 0.050 above the rest, at most 0.150: not shown to be within the limit 0.1; "
            "about 4,000 rows would decide",
        ),
        (
            one("not_shown", 0.05, -0.05, None), {"outcome": "not_shown"},
            "g: tpr 0.050 above the rest, at most unknown: not shown to be within the limit 0.1",
        ),
        (
            one("not_shown", -0.05, None, 0.15), {"outcome": "not_shown", "harm": "below"},
            "g: tpr 0.050 below the rest, at most unknown: not shown to be within the limit 0.1",
        ),
        (
            one("not_shown", 0.05, -0.05, 0.15, reason="heavy tail"), {"outcome": "not_shown"},
            "g: tpr 0.050 above the rest, not shown: heavy tail",
        ),
        (
            one("not_shown", 0.05, -0.05, 0.15, within=True), {"outcome": "not_shown"},
            "g: tpr 0.050 above the rest, at most 0.150: not shown to be within the limit 0.1",
        ),
        (
            one("not_shown", 0.05, -0.05, 0.15, within=True), {"outcome": "pass"},
            "g: tpr 0.050 above the rest, within the limit 0.1, as each of them is by its own bound",
        ),
        (
            one("not_shown", 0.05, -0.05, 0.15, within=True), {"outcome": "warn"},
            "g: tpr 0.050 above the rest, within the limit 0.1, as each of them is by its own bound",
        ),
        (
            OPEN, {"outcome": "pass"},
            "g: tpr 0.050 above the rest, at most 0.150: not shown to be within the limit 0.1",
        ),
        (
            one(value=0.6, lower=0.5, upper=0.7), {"harm": "below", "compare": "absolute", "limit": 0.8, "rule": "limit 0.8"},
            "g: tpr 0.600, at most 0.700 where the limit is 0.8",
        ),
        (
            one("holds", 0.9, 0.85, 0.95), {"harm": "below", "compare": "absolute", "limit": 0.8, "rule": "limit 0.8"},
            "g: tpr 0.900, at least 0.850, within the limit 0.8",
        ),
        (
            one("not_shown", 0.8, 0.75, 0.85), {"harm": "below", "compare": "absolute", "limit": 0.8, "rule": "limit 0.8"},
            "g: tpr 0.800, at least 0.750: not shown to be within the limit 0.8",
        ),
        (
            one(value=0.3, group=""), {"compare": "absolute"},
            "tpr 0.300, at least 0.200 where the limit is 0.1",
        ),
        (
            one(note="k 10"), {}, "g (k 10): tpr 0.300 above the rest, at least 0.200 where the limit is 0.1",
        ),
    ],
)  # fmt: skip
def test_a_limit_in_words(comparison, more, sentence):
    assert said(comparison, **more) == sentence


@pytest.mark.parametrize(
    ("comparison", "more", "sentence"),
    [
        (one(), sided("lower_bound > 0.1"), "g: tpr 0.300 above the rest, corrected lower bound 0.200 is > 0.1"),
        (
            one(), sided("lower_bound > 0.1", correction="none"),
            "g: tpr 0.300 above the rest, lower bound 0.200 is > 0.1",
        ),
        (BELOW, sided("lower_bound > 0.1", harm="below"), "g: tpr 0.300 below the rest, corrected lower bound 0.200 is > 0.1"),
        (one(), sided("upper_bound > 0.1"), "g: tpr 0.300 above the rest, upper bound 0.400 is > 0.1"),
        (
            one(value=0.6, lower=0.5, upper=0.7), sided("upper_bound < 0.8", harm="below", compare="absolute"),
            "g: tpr 0.600, corrected upper bound 0.700 is < 0.8",
        ),
        (
            one(value=0.6, lower=0.5, upper=0.7), sided("lower_bound < 0.8", harm="below", compare="absolute"),
            "g: tpr 0.600, lower bound 0.500 is < 0.8",
        ),
        (one(), sided("value > 0.1"), "g: tpr 0.300 above the rest, value 0.300 is > 0.1"),
        (BELOW, sided("value > 0.1", harm="below"), "g: tpr 0.300 below the rest, value 0.300 is > 0.1"),
        (BELOW, sided("value > 0.1", harm="either"), "g: tpr 0.300 below the rest, value 0.300 is > 0.1"),
        (one(), sided("value > 0.1", harm="either"), "g: tpr 0.300 above the rest, value 0.300 is > 0.1"),
        (
            one("holds", 0.3), sided("value > 0.1", harm="below"),
            "g: tpr 0.300 above the rest, value -0.300 is not > 0.1",
        ),
        (one("holds", -0.3), sided("value > 0.1"), "g: tpr 0.300 below the rest, value -0.300 is not > 0.1"),
        (
            one("holds", 0.0), sided("value > 0.1", harm="either"),
            "g: tpr 0.000 above the rest, value 0.000 is not > 0.1",
        ),
        (
            one("holds", 0.0), sided("value > 0.1", harm="below"),
            "g: tpr 0.000 above the rest, value -0.000 is not > 0.1",
        ),
        (
            one(value=0.6), sided("value < 0.8", harm="below", compare="absolute"),
            "g: tpr 0.600, value 0.600 is < 0.8",
        ),
        (
            one("not_shown", 0.05, -0.05, 0.15), sided("lower_bound > 0.1"),
            "g: tpr 0.050 above the rest, corrected lower bound -0.050 is not > 0.1; "
            "not shown to break it; shown within it for 0 of 1",
        ),
        (
            one("not_shown", 0.05, None, 0.15), sided("lower_bound > 0.1"),
            "g: tpr 0.050 above the rest, corrected lower bound unknown is not > 0.1; "
            "not shown to break it; shown within it for 0 of 1",
        ),
    ],
)  # fmt: skip
def test_a_rule_of_one_side_in_words(comparison, more, sentence):
    assert said(comparison, **more) == sentence


def ends(*comparisons, **more):
    """Return what follows the worst comparison."""
    return said(*comparisons, **more).split("; ")[1:]


HELD = one("holds", 0.05, 0.01, 0.09)


@pytest.mark.parametrize(
    ("comparisons", "more", "tail"),
    [
        ([one()], {}, []),
        ([one(), one()], {}, ["2 of 2 comparisons break the rule"]),
        ([one(), HELD], {}, ["1 of 2 comparisons break the rule"]),
        ([one(), one()], sided("lower_bound > 0.1"), ["2 of 2 comparisons break the rule"]),
        ([HELD], {}, []),
        ([HELD, HELD], {}, ["2 of 2 are shown within it"]),
        ([OPEN, HELD], {}, ["1 of 2 are shown within it"]),
        ([HELD, HELD], sided("value > 0.1"), ["2 of 2 are shown within it"]),
        ([HELD], sided("value > 0.1"), []),
        ([OPEN, HELD], sided("lower_bound > 0.1"), ["not shown to break it", "shown within it for 1 of 2"]),
        ([HELD, silent()], {}, ["1 had too few rows to decide"]),
        ([one(), silent(), silent()], {}, ["2 had too few rows to decide"]),
        ([HELD, silent("absent", reason="no x")], {}, ["no x"]),
        ([HELD, silent("absent", reason="no x"), silent("waived")], {}, ["1 accepted", "no x"]),
    ],
)
def test_how_many_are_like_the_worst(comparisons, more, tail):
    assert ends(*comparisons, **more) == tail


@pytest.mark.parametrize(
    ("comparisons", "sentence"),
    [
        ([], "tpr: insufficient evidence, there was nothing to compare"),
        (
            [silent()],
            "tpr: insufficient evidence, none of 1 comparisons could be measured (3 rows, 30 needed)",
        ),
        ([silent(), silent()], "tpr: insufficient evidence, none of 2 comparisons could be measured"),
        ([silent("absent", reason="no x"), silent("absent", reason="no z")], "tpr: no x; no z"),
        ([silent("absent", reason="no x"), silent()], "tpr: no x"),
    ],
)
def test_nothing_that_could_be_measured_in_words(comparisons, sentence):
    assert said(*comparisons) == sentence


def test_a_step_that_did_not_run_in_words():
    assert said(ran=False) == "step 's' did not run: see --when"


@pytest.mark.parametrize(
    ("harm", "value", "compare", "lower", "upper", "bounds"),
    [
        ("above", 0.3, "to_rest", 0.2, 0.4, (0.2, 0.4)),
        ("above", -0.3, "to_rest", -0.4, -0.2, (-0.4, -0.2)),
        ("below", -0.3, "to_rest", -0.4, -0.2, (0.2, 0.4)),
        ("below", 0.3, "to_rest", None, 0.4, (-0.4, None)),
        ("below", 0.3, "to_rest", 0.2, None, (None, -0.2)),
        ("either", -0.3, "to_rest", -0.4, -0.2, (0.2, 0.4)),
        ("either", 0.3, "to_rest", 0.2, 0.4, (0.2, 0.4)),
        ("either", 0.0, "to_rest", -0.1, 0.2, (-0.1, 0.2)),
        ("either", None, "to_rest", -0.1, 0.2, (-0.1, 0.2)),
        ("below", 0.6, "absolute", 0.5, 0.7, (0.5, 0.7)),
    ],
)
def test_bounds_of_a_gap_are_turned_so_that_more_is_worse(harm, value, compare, lower, upper, bounds):
    gate = GateResult(
        id="g", outcome="fail", message="", on="s", metric="m", compare=compare, rule="limit 0.1", harm=harm
    )
    assert harm_bounds(gate, one(value=value, lower=lower, upper=upper)) == bounds


def test_where_all_is_accepted_the_first_is_told_with_what_could_not_be_decided():
    accepted = [one("waived", group=group, reason=f"{group} is known") for group in ("g", "h")]
    assert said(*accepted) == "tpr: 2 accepted, first g: g is known"
    assert said(*accepted, silent(), silent(reason="gone: no rows"), silent(reason="new: no rows")) == (
        "tpr: 2 accepted, first g: g is known; 1 had too few rows to decide; 1 is new; 1 is gone"
    )


def test_groups_that_are_new_or_gone_are_counted_where_nothing_was_measured():
    new, gone = silent(reason="new: no rows before"), silent(reason="gone: no rows after")
    assert said(new, gone, gone) == (
        "tpr: insufficient evidence, none of 3 comparisons could be measured; 1 is new, 2 are gone"
    )
