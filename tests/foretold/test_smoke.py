"""A few of the runs of `python -m foretold`: a machine with other work at hand may take any time for the long ones."""

import pytest
from foretold.measured import CASES, wrong

pytestmark = pytest.mark.slow
FEW = [
    case
    for case in CASES
    if case[:2] in {("rates", 300_000), ("minoria.slices", 5_000), ("thresholds", 5_000)}
]


@pytest.mark.parametrize(("use", "n", "params"), FEW)
def test_a_step_takes_what_was_foretold_within_a_factor_of_two(tmp_path, use, n, params):
    assert wrong(tmp_path, use, n, params, tries=5) == ""


def test_every_kind_of_price_has_runs_of_two_sizes():
    sizes = {}
    for use, n, params in CASES:
        sizes.setdefault(use, set()).add((n, tuple(params.items())))
    assert {len(runs) for runs in sizes.values()} == {2}
    assert len(FEW) == 3
