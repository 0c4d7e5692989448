"""Two of the points that `make sizes` ends runs at."""

import pytest
from kill.runs import killed, straight


@pytest.mark.slow
def test_a_run_that_was_ended_goes_on_to_the_same_findings(tmp_path):
    whole = straight("mime", tmp_path)
    found = [killed("mime", tmp_path, seed, whole=whole) for seed in (0, 9)]
    assert [one.problem for one in found] == ["", ""]
    assert {one.signal for one in found} == {"SIGKILL", "SIGTERM"}
