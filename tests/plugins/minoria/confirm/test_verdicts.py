"""The verdict on a group that was tested, field by field."""

from types import SimpleNamespace

import numpy as np
import pytest

from auditkit_minoria.confirm.held_out import HeldOut
from auditkit_minoria.confirm.judge import NOT_HELD_UP, MinedGroup, _judged

MINED = MinedGroup(
    rule=SimpleNamespace(),
    members=np.ones(4, bool),
    mining_n=4,
    mining_share=0.5,
    mining_gap=0.3,
    group=True,
    confirmed=False,
)
HELD = HeldOut(n=40, rows=400, tail_loss=0.5, gap=0.2, p=0.01)


@pytest.mark.parametrize(
    ("p", "confirmed", "reason"), [(0.02, True, ""), (0.025, False, NOT_HELD_UP), (0.03, False, NOT_HELD_UP)]
)
def test_a_group_is_confirmed_below_the_level_and_told_why_not(p, confirmed, reason):
    found = _judged(MINED, HELD, p, level=0.025)
    assert (found.confirmed, found.reason, found.p_corrected) == (confirmed, reason, p)
    assert found.held_out is HELD
    assert found.mining_gap == 0.3


def test_a_group_that_could_not_be_tested_keeps_what_was_counted():
    few = HeldOut(n=3, rows=400, reason="insufficient evidence: 3 held-out rows in the tail, 30 needed")
    found = _judged(MINED, few, None, level=0.025)
    assert (found.confirmed, found.reason, found.p_corrected) == (False, few.reason, None)
    assert found.held_out is few
