"""Exchanges aim a little below a limit that lists break, and come back towards it."""

from auditkit_mpr.classes.limits.searched import STEADY, Aims


def test_a_list_that_keeps_the_limit_at_once_ends_the_search():
    assert not Aims(0.1).go_on(kept=True)


def test_the_aim_falls_while_lists_break_the_limit_and_is_halved_back_once_one_keeps_it():
    aims = Aims(0.1)
    seen = []
    for _ in range(STEADY + 3):
        assert aims.go_on(kept=False)
        seen.append(aims.aim)
    assert seen[:STEADY] == [0.1] * STEADY
    assert seen[STEADY:] == sorted(seen[STEADY:], reverse=True)
    assert seen[-1] < 0.1
    kept = aims.aim
    assert aims.go_on(kept=True)
    assert kept < aims.aim < 0.1
    while aims.go_on(kept=False):
        pass
    assert aims.aim - kept < 0.002
