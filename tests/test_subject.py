"""What a subject carries from step to step."""

import numpy as np
import pytest

from auditkit import Retrieval, UsageError


def test_a_ranked_list_serves_every_smaller_k_and_refuses_a_larger_one():
    ranked = Retrieval(ranked={"nurse": np.array([7, 3, 5])}, depth=3)
    assert ranked.first("nurse", 3).tolist() == [7, 3, 5]
    assert ranked.first("nurse", 2).tolist() == [7, 3]
    assert ranked.first("chef", 2) is None
    with pytest.raises(
        UsageError, match="query 'nurse' has a ranked list of 3 items from a step before, and k is 4"
    ):
        ranked.first("nurse", 4)
