"""What somebody accepted is set apart for as long as it holds; whatever does not hold any more says why."""

from dataclasses import replace
from datetime import date

import pytest

from auditkit.gates.accepted import accept, is_beyond, said_of
from auditkit.spec.waiver import Waiver
from auditkit.values.gate import GateComparison, GateResult
from auditkit.values.report import Accepted

DAY = date(2026, 5, 10)
WAIVER = Waiver(
    fingerprint="mark-one", owner="ann", reason="known", expires="2026-05-10", gate="g", group="sex=F"
)
ENTRY = Accepted(
    fingerprint="mark-one", owner="ann", reason="known", expires="2026-05-10", state="used", gate="g", group="sex=F"
)  # fmt: skip


def one(outcome="breaks", mark="mark-one", *, group="sex=F", **more):
    told = {"n": 100, "value": 0.3, "lower": 0.2, "upper": 0.4} | more
    return GateComparison(group=group, outcome=outcome, fingerprint=mark, **told)


def gate(*comparisons, **more):
    told = {"id": "g", "outcome": "fail", "message": "as it was", "on": "s", "metric": "tpr"}
    told |= {"compare": "to_rest", "rule": "limit 0.1", "limit": 0.1} | more
    return GateResult(**told, comparisons=comparisons)


def decided(*comparisons, waivers=(WAIVER,), today=DAY, recipe="r", **more):
    (found,), entries = accept([gate(*comparisons, **more)], waivers, recipe=recipe, today=today)
    return found, entries


def test_an_accepted_finding_keeps_its_numbers_and_decides_nothing():
    found, entries = decided(
        one(), one("holds", "mark-two", group="sex=M", value=0.0, upper=0.05, within=True)
    )
    (kept,) = [row for row in found.comparisons if row.group == "sex=F"]
    reason = "it breaks the rule; accepted by ann until 2026-05-10: known"
    assert kept == replace(one(), outcome="waived", reason=reason)
    assert found.outcome == "pass"
    assert found.message == "sex=M: tpr 0.000 above the rest, at most 0.050, within the limit 0.1; 1 accepted"
    assert entries == (ENTRY,)


@pytest.mark.parametrize(
    ("outcome", "was"),
    [("breaks", "it breaks the rule"), ("absent", "the data lack it"), ("too_few", "not decided"),
     ("not_shown", "not decided")],
)  # fmt: skip
def test_the_reason_says_what_was_accepted(outcome, was):
    found, _ = decided(one(outcome))
    assert found.comparisons[0].reason == f"{was}; accepted by ann until 2026-05-10: known"
    assert found.outcome == "pass"


def test_what_is_accepted_comes_after_what_breaks_and_a_gate_fails_for_the_others():
    found, _ = decided(one(), one(mark="other", group="sex=M"))
    assert [(row.group, row.outcome) for row in found.comparisons] == [
        ("sex=M", "breaks"),
        ("sex=F", "waived"),
    ]
    assert found.outcome == "fail"


def test_a_gate_of_which_nothing_is_accepted_is_left_as_it_was():
    given = gate(one(mark="other"), one("holds"))
    (found,), entries = accept([given], [WAIVER], recipe="r", today=DAY)
    assert found is given
    assert [entry.state for entry in entries] == ["unused"]


@pytest.mark.parametrize(("day", "state"), [(10, "used"), (11, "expired")])
def test_a_waiver_holds_on_its_last_day_and_no_longer(day, state):
    found, (entry,) = decided(one(reason="why"), today=date(2026, 5, day))
    assert entry == replace(ENTRY, state=state)
    if state == "expired":
        assert found.comparisons[0].outcome == "breaks"
        assert found.comparisons[0].reason == "why; the waiver of ann expired on 2026-05-10"
        assert found.outcome == "fail"


def test_lack_of_evidence_that_was_accepted_does_not_accept_harm():
    lacking = replace(WAIVER, accepts="undecided")
    assert decided(one("too_few"), waivers=[lacking])[1][0].state == "used"
    found, (entry,) = decided(one(), waivers=[lacking])
    assert entry.state == "lapsed"
    assert found.comparisons[0].reason == "the waiver of ann lapsed, for more harm is shown than it accepts"


@pytest.mark.parametrize(
    ("limit", "comparison", "more", "beyond"),
    [
        (None, one(), {}, False),
        (0.2, one(), {}, False),
        (0.19, one(), {}, True),
        (0.19, one(lower=None), {}, False),
        (0.25, one(value=-0.3, lower=-0.4, upper=-0.26), {"harm": "below"}, True),
        (0.26, one(value=-0.3, lower=-0.4, upper=-0.26), {"harm": "below"}, False),
        (0.25, one(value=-0.3, lower=-0.4, upper=-0.26), {"harm": "either"}, True),
        (0.7, one(value=0.6, lower=0.5, upper=0.69), {"harm": "below", "compare": "absolute"}, True),
        (0.69, one(value=0.6, lower=0.5, upper=0.69), {"harm": "below", "compare": "absolute"}, False),
        (0.4, one(value=0.6, lower=0.5, upper=0.69), {"harm": "below", "compare": "absolute"}, False),
        (0.7, one(value=0.6, lower=0.5, upper=None), {"harm": "below", "compare": "absolute"}, False),
        (0.49, one(value=0.6, lower=0.5, upper=0.69), {"compare": "absolute"}, True),
        (0.5, one(value=0.6, lower=0.5, upper=0.69), {"compare": "absolute"}, False),
    ],
)
def test_a_waiver_lapses_where_the_bound_shows_more_harm_than_its_limit(limit, comparison, more, beyond):
    assert is_beyond(limit, gate(comparison, **more), comparison) is beyond
    found, (entry,) = decided(comparison, waivers=[replace(WAIVER, limit=limit)], **more)
    assert entry == replace(ENTRY, state="lapsed" if beyond else "used", limit=limit)
    assert (found.comparisons[0].outcome == "waived") is not beyond


@pytest.mark.parametrize(("named", "counts"), [("", True), ("r", True), ("other", False)])
def test_a_waiver_of_another_recipe_is_none_of_this_ones(named, counts):
    found, entries = decided(one(), waivers=[replace(WAIVER, recipe=named)])
    assert (found.comparisons[0].outcome == "waived", len(entries)) == (counts, int(counts))


@pytest.mark.parametrize(
    ("day", "ran", "state"),
    [(10, True, "unused"), (10, False, "waiting"), (11, True, "expired"), (11, False, "expired")],
)
def test_a_waiver_that_no_gate_asked_for_says_so_unless_a_gate_did_not_run(day, ran, state):
    gates = [gate(one("holds")), gate(id="h", ran=ran, outcome="not_run")]
    _, entries = accept(gates, [WAIVER], recipe="r", today=date(2026, 5, day))
    assert entries == (replace(ENTRY, state=state),)
    _, entries = accept(gates, [replace(WAIVER, gate="", group="")], recipe="r", today=date(2026, 5, day))
    assert entries == (replace(ENTRY, state=state, gate="", group=""),)


def test_each_gate_learns_of_its_own_waivers():
    gates = [gate(one()), gate(one(mark="mark-two", group="sex=M"), id="h")]
    other = replace(WAIVER, fingerprint="mark-two", owner="bob", gate="", group="")
    (first, second), entries = accept(gates, [other, WAIVER], recipe="r", today=DAY)
    assert [row.comparisons[0].outcome for row in (first, second)] == ["waived", "waived"]
    assert entries == (
        replace(ENTRY, fingerprint="mark-two", owner="bob", gate="h", group="sex=M"),
        ENTRY,
    )


@pytest.mark.parametrize(
    ("state", "gate_id", "said"),
    [
        ("used", "g", "The waiver mark-one of ann for gate g holds until 2026-05-10: known."),
        ("used", "", "The waiver mark-one of ann holds until 2026-05-10: known."),
        ("expired", "g", "The waiver mark-one of ann for gate g expired on 2026-05-10."),
        (
            "lapsed",
            "g",
            "The waiver mark-one of ann for gate g has lapsed: more harm is shown than it accepts.",
        ),
        ("unused", "g", "The waiver mark-one of ann for gate g accepts what no gate finds any more."),
    ],
)
@pytest.mark.parametrize("reason", ["known", "known."])
def test_what_became_of_a_waiver_is_one_sentence(state, gate_id, said, reason):
    waiting = replace(ENTRY, state="waiting")
    assert said_of([replace(ENTRY, state=state, gate=gate_id, reason=reason), waiting]) == (said,)
