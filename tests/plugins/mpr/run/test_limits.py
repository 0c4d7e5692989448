"""Limits as people write them."""

import pytest

from auditkit_mpr.run.asked.limits import parse_limit


def test_limits_are_read_as_numbers_or_shares_of_top_k():
    assert parse_limit("0.03").value(0.5) == 0.03
    assert parse_limit("0.2x").value(0.5) == pytest.approx(0.1)
