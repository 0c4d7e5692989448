"""Machine code that needs no numba is made once, kept, and gives the same bits; whatever is in the way, numba does it."""

import subprocess
import sys
from pathlib import Path

import llvmlite.binding as llvm
import numpy as np
import pytest
from scipy.special import ndtri

from auditkit.measures.compiled import alone, objects
from auditkit.measures.compiled.alone import filling
from auditkit.measures.compiled.kernels import compiled, machine_code
from auditkit.measures.compiled.objects import Loaded, NotAloneError
from auditkit.measures.exact.sum_bounds import many_bounds, many_p

BOUNDS, P_VALUES = (1, 2, 2, 1, 1, 1, 1), (1, 2, 2, 1, 1, 1)
WEIGHTS = {
    "a difference": [1.0, -1.0],
    "a mean": [0.5, 0.5],
    "one far smaller": [1e-9, -1e9],
    "recalls": [0.5, 0.5, -0.5, -0.5],
    "40 classes": [*np.linspace(-1.0, 1.1, 40)],
}


@compiled
def roots(x, found):
    for i in range(x.shape[0]):
        found[i] = np.exp(x[i, 0]) + x[i, 1]


@compiled
def copied_roots(x, found):
    roots(x.copy(), found)


def hostile(weight, items):
    """Counts of few rows and of a million, none and all of them events, no rows, parts of rows; extreme levels."""
    rng = np.random.default_rng(len(weight))
    n = np.floor(10 ** rng.uniform(0, 6, (items, len(weight))))
    x = np.floor(n * rng.choice([0.0, 0.001, 0.3, 0.97, 1.0], n.shape))
    x[1::3] *= 0.77
    n[::10, 0], x[::10, 0] = 0.0, 0.0
    level = 10 ** -rng.uniform(0.01, 14, items)
    level[::7] = 1.0 - level[::7]
    threshold = rng.uniform(-1.2, 1.2, items) * np.abs(weight).sum()
    threshold[::5] = 0.0
    return x, n, level, threshold


def each_by_python(kernel, weight, x, n, *asked):
    """Return what the kernel makes of each item as Python, nan where Python divides by 0 or overflows."""
    found = np.full(len(x), np.nan)
    for i in range(len(x)):
        one = [0.0]
        try:
            kernel(weight, [x[i].tolist()], [n[i].tolist()], *([a[i].item()] for a in asked), weight[:], one)
        except (ArithmeticError, ValueError):
            continue
        found[i] = one[0]
    return found


@pytest.mark.slow
@pytest.mark.parametrize("weight", WEIGHTS.values(), ids=WEIGHTS)
def test_python_numba_and_code_without_numba_give_the_same_bits(weight):
    x, n, level, threshold = hostile(weight, max(400 // len(weight), 30))
    asked = {many_bounds: (BOUNDS, level, -ndtri(level)), many_p: (P_VALUES, threshold)}
    for kernel, (dimensions, *at) in asked.items():
        without_numba = filling(kernel, *dimensions)
        assert isinstance(without_numba, Loaded)
        without, by_numba = np.empty(len(x)), np.empty(len(x))
        for code, found in ((without_numba, without), (machine_code(kernel), by_numba)):
            code(np.array(weight), x, n, *at, np.empty(len(weight)), found)
        by_python = each_by_python(kernel, weight, x, n, *at)
        np.testing.assert_array_equal(without.view(np.int64), by_numba.view(np.int64))
        could = ~np.isnan(by_python)
        assert could.mean() > 0.8
        np.testing.assert_array_equal(without[could], by_python[could])


def test_what_one_process_made_the_next_one_loads_without_numba(tmp_path):
    script = "import sys; import numpy as np; from auditkit.measures.exact.sums import sum_bound; "
    script += "counts = np.arange(1, 1601.0).reshape(800, 2); "
    script += "bound = sum_bound(counts // 3, counts, weight=[1, -1], level=0.05, side='above'); "
    script += "print(bound.sum().hex(), 'numba' in sys.modules)"
    filling(many_bounds, *BOUNDS)
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.stdout.split()[1:] == ["False"], done.stderr


def called(code):
    x, found = np.array([[0.0, 1.0], [1.0, 2.0]]), np.empty(2)
    code(x, found)
    return found.tolist()


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """The folder of numba's cache, empty, and how to ask for machine code as a new process does."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "cache"))
    made = []
    emit = objects.emit
    monkeypatch.setattr(objects, "emit", lambda *asked: made.append(asked) or emit(*asked))
    return tmp_path / "cache", made


def ask():
    alone.filling.cache_clear()
    return filling(roots, 2, 1)


def test_code_is_made_once_and_anew_where_its_file_is_torn_or_another(cache):
    folder, made = cache
    right = called(machine_code(roots))
    assert called(ask()) == right
    (file,) = folder.rglob("*.o")
    whole = file.read_bytes()
    assert called(ask()) == right
    assert len(made) == 1
    for times, content in enumerate((whole[:-1], whole[:40], b"", whole[:90] + b"\0" + whole[91:]), start=2):
        file.write_bytes(content)
        assert called(ask()) == right
        assert len(made) == times
        assert file.read_bytes() != content


def test_code_of_another_numba_or_told_otherwise_lies_in_another_file(cache, monkeypatch):
    folder, made = cache
    ask()
    monkeypatch.setenv("NUMBA_OPT", "1")
    ask()
    assert len(made) == len([*folder.rglob("*.o")]) == 2


def test_code_is_made_in_each_process_that_can_keep_none(tmp_path, cache, monkeypatch):
    _, made = cache
    (tmp_path / "file").touch()
    for place in ("file", "relative"):
        monkeypatch.setenv("NUMBA_CACHE_DIR", place if place == "relative" else str(tmp_path / place))
        assert isinstance(ask(), Loaded)
        assert called(ask()) == called(machine_code(roots))
    assert len(made) == 4
    assert not Path("relative").exists()


def test_a_kernel_that_makes_arrays_is_numbas_and_is_tried_once(cache):
    _, made = cache
    with pytest.raises(NotAloneError, match="NRT_"):
        objects.emit(copied_roots, (2, 1))
    made.clear()
    for _ in range(2):
        alone.filling.cache_clear()
        assert called(filling(copied_roots, 2, 1)) == called(roots)
    assert len(made) == 1


def test_code_that_calls_more_than_libm_is_not_loaded():
    ir = f"declare void @nowhere()\ndefine void @{objects.ENTRY}() {{ call void @nowhere() ret void }}"
    code = objects.machine().emit_object(llvm.parse_assembly(ir))
    with pytest.raises(NotAloneError, match="nowhere"):
        Loaded(code, ())


WRONG = {
    "float32": np.zeros((2, 2), np.float32),
    "columns first": np.zeros((2, 2), order="F"),
    "every other row": np.zeros((4, 2))[::2],
    "one dimension": np.zeros(2),
}


@pytest.mark.parametrize("x", WRONG.values(), ids=WRONG)
def test_arrays_that_the_code_would_read_wrongly_are_refused(x):
    with pytest.raises(TypeError):
        filling(roots, 2, 1)(x, np.empty(2))
