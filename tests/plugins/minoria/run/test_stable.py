"""A group that is there is found again in re-runs."""

from plugins.minoria.slices.made import planted

from auditkit import Subject
from auditkit.testing import make_context
from auditkit_minoria.steps import FINDERS

SLICES = next(step for step in FINDERS if step.name == "minoria.slices")


def stability(table, reruns=8):
    context = make_context()
    subject = Subject(table=table, loss="err", features=tuple(table.columns.drop("err")))
    found = SLICES().find(subject, SLICES.Params(stability=reruns), context)
    shares = [f.details["stability"] for f in found.findings if f.metric == "loss_gap"]
    return shares, context.ledger


def test_a_planted_group_is_found_in_most_re_runs():
    table, _ = planted("a = p and b = v", 5000, 0)
    shares, ledger = stability(table)
    assert max(shares) >= 6 / 8
    (shown,) = [one for one in ledger.tables if one.title == "Is each group found again?"]
    assert [row[1] for row in shown.rows] == [round(share, 3) for share in shares]


def test_without_re_runs_nothing_is_said_of_it():
    table, _ = planted("a = q", 3000, 0)
    shares, ledger = stability(table, reruns=0)
    assert set(shares) == {None}
    assert not any(one.title == "Is each group found again?" for one in ledger.tables)


def test_a_re_run_depends_on_its_own_seed_and_not_on_those_before_it():
    table, _ = planted("a = p and b = v", 2000, 1)
    first, second = (stability(table, reruns=3)[0] for _ in range(2))
    assert first == second
