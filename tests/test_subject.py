"""What a subject carries from step to step."""

import numpy as np
import pandas as pd
import pytest

from auditkit import Retrieval, Subject, UsageError


def test_a_ranked_list_serves_every_smaller_k_and_refuses_a_larger_one():
    ranked = Retrieval(ranked={"nurse": np.array([7, 3, 5])}, depth=3)
    assert ranked.first("nurse", 3).tolist() == [7, 3, 5]
    assert ranked.first("nurse", 2).tolist() == [7, 3]
    assert ranked.first("chef", 2) is None
    with pytest.raises(
        UsageError, match="query 'nurse' has a ranked list of 3 items from a step before, and k is 4"
    ):
        ranked.first("nurse", 4)


def test_the_truth_is_each_row_s_place_among_the_classes_and_nobody_writes_to_it():
    subject = Subject(table=pd.DataFrame({"y": ["no", "yes", None, "no"]}), target="y")
    assert subject.truth.tolist() == [0, 1, -1, 0]
    assert subject.truth is subject.truth
    with pytest.raises(ValueError, match="read-only"):
        subject.truth[0] = 1
    assert subject.take(np.array([1, 2])).truth.tolist() == [0, -1]
