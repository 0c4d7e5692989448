"""The name of what a gate may find: the same in every run, another for anything else, and never of other numbers."""

import hashlib
from dataclasses import replace

import pytest

from auditkit.gates.fingerprint import fingerprint, marked
from auditkit.values.gate import GateComparison, GateResult

ONE = GateComparison(group="sex=F", outcome="breaks", n=100, value=0.3)
GATE = GateResult(
    id="g", outcome="fail", message="", on="s", metric="tpr", compare="to_rest", rule="limit 0.1", comparisons=(ONE,)
)  # fmt: skip
OTHERS = {
    "recipe": ("q", GATE, ONE),
    "gate": ("r", replace(GATE, id="h"), ONE),
    "metric": ("r", replace(GATE, metric="fpr"), ONE),
    "comparison": ("r", replace(GATE, compare="absolute"), ONE),
    "group": ("r", GATE, replace(ONE, group="sex=M")),
    "note": ("r", GATE, replace(ONE, note="k 5")),
}


def test_the_mark_is_the_hash_of_names_each_with_its_length():
    told = "1:r\0" + "1:g\0" + "3:tpr\0" + "7:to_rest\0" + "5:sex=F\0" + "0:"
    assert fingerprint("r", GATE, ONE) == hashlib.sha256(told.encode()).hexdigest()[:16]


@pytest.mark.parametrize("case", OTHERS)
def test_anything_else_has_another_mark(case):
    assert fingerprint(*OTHERS[case]) != fingerprint("r", GATE, ONE)


def test_numbers_and_outcomes_have_no_say_and_neither_has_what_the_gate_asks():
    other = replace(ONE, outcome="holds", n=7, value=0.0, lower=-1.0, upper=1.0, p=0.5, reason="why")
    assert fingerprint("r", replace(GATE, rule="limit 0.2", limit=0.2), other) == fingerprint("r", GATE, ONE)


def test_letters_that_move_from_one_name_to_the_next_make_another_mark():
    one, other = replace(GATE, id="g", metric="\0001:htpr"), replace(GATE, id="g\0001:h", metric="tpr")
    assert fingerprint("r", one, ONE) != fingerprint("r", other, ONE)


def test_half_of_a_pair_of_surrogates_has_a_mark_too():
    assert len(fingerprint("r", GATE, replace(ONE, group="x=\ud800"))) == 16


def test_each_comparison_of_each_gate_is_marked_and_nothing_else_changes():
    other = replace(GATE, id="h", comparisons=(ONE, replace(ONE, group="sex=M")))
    found = marked([GATE, other], "r")
    for gate, given in zip(found, (GATE, other), strict=True):
        expected = [replace(one, fingerprint=fingerprint("r", given, one)) for one in given.comparisons]
        assert gate == replace(given, comparisons=tuple(expected))
