"""Kernels run as Python or as machine code, and give the same numbers."""

import math
import subprocess
import sys

import numpy as np
import pytest
from scipy.special import ndtri

from auditkit.measures.compiled import pace
from auditkit.measures.compiled.kernels import compiled
from auditkit.measures.compiled.pace import Pace
from auditkit.measures.exact.binomial_tails import log_ways
from auditkit.measures.exact.sum_bounds import many_bounds, many_p

GAP, RECALLS = np.array([1.0, -1.0]), np.array([0.5, 0.5, -0.5, -0.5])


@compiled
def inverse(x, found):
    for i in range(len(x)):
        found[i] = 1.0 / x[i]


@pytest.mark.parametrize("weight", [GAP, RECALLS])
def test_python_and_machine_code_give_the_same_bounds_and_p_values(weight):
    rng = np.random.default_rng(0)
    n = np.floor(10 ** rng.uniform(0, 5, (60, len(weight))))
    x = np.floor(n * rng.choice([0.0, 0.001, 0.3, 0.97, 1.0], n.shape))
    level = 10 ** -rng.uniform(0.4, 6, 60)
    threshold = rng.uniform(-0.5, 0.5, 60)
    for kernel, asked in ((many_bounds, (level, -ndtri(level))), (many_p, (threshold,))):
        in_python, in_machine_code = (
            Pace(left)(kernel, weight, x, n, *asked, np.empty(len(weight)), np.empty(60)) for left in (60, 0)
        )
        np.testing.assert_allclose(in_python, in_machine_code, rtol=1e-12, atol=1e-300)


def test_a_process_asks_for_machine_code_once_python_has_done_its_share(monkeypatch):
    asked = []
    monkeypatch.setattr(pace, "filling", lambda *kernel: lambda x, found: asked.append(len(x)))
    five = Pace(5)
    for size in (3, 2, 1, 1):
        five(inverse, np.ones(size), np.empty(size))
    assert asked == [1, 1]
    Pace(5)(inverse, np.ones(6), np.empty(6))
    assert asked == [1, 1, 6]


@pytest.mark.parametrize(("to_come", "left"), [(5, 5), (6, 0)])
def test_of_more_than_python_is_given_none_goes_through_it(monkeypatch, to_come, left):
    monkeypatch.setattr(pace.at_its_pace, "left", 5)
    pace.expect_bounds(to_come)
    assert pace.at_its_pace.left == left


def test_what_python_cannot_divide_has_the_number_of_machine_code():
    assert Pace(2)(inverse, np.array([0.0, 4.0]), np.empty(2)).tolist() == [math.inf, 0.25]


def test_ways_to_choose_are_counted_to_the_last_digits():
    for n in (1, 2, 15, 16, 17, 100, 3000):
        for k in range(0, n + 1, max(n // 20, 1)):
            assert log_ways(float(n), float(k)) == pytest.approx(
                math.log(math.comb(n, k)), rel=1e-14, abs=1e-15
            )


def test_an_audit_of_few_groups_loads_no_compiler_and_no_library_that_it_does_not_need(tmp_path):
    sexes = ["F", "M"] * 300
    lines = [f"{i % 3 == 0:d},{i % 5 < 2:d},{sex}" for i, sex in enumerate(sexes)]
    (tmp_path / "t.csv").write_text("\n".join(["y,pred,sex", *lines]) + "\n")
    audit = "['audit', 't.csv', '--target', 'y', '--pred', 'pred', '--favourable', '1', '--groups', 'sex']"
    script = f"import sys; from auditkit.cli.app import run; code = run({audit}); assert code == 0, code; "
    script += "assert 'pandas' in sys.modules; "
    script += "found = {'numba', 'scipy.stats', 'scipy.optimize', 'sklearn', 'jinja2'} & set(sys.modules); assert not found, found"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
