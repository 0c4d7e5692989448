"""A function fits on a screen and takes a handful of things; the few that do not are named here, with the reason."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MOST_LINES, MOST_PARAMETERS = 40, 6

OPTIONS = "a command's parameters are its options"
KERNEL = "a compiled kernel takes plain numbers and arrays, and a call in its inner loop would cost the speed"
MEASURES = "a formula over arrays, in the terms of its source"

ALLOWED = {
    "auditkit/cli/commands/diff.py: command": OPTIONS,
    "auditkit/cli/commands/diff.py: diff_command": OPTIONS,
    "auditkit/cli/commands/init.py: init": OPTIONS,
    "auditkit/cli/commands/power.py: command": OPTIONS,
    "auditkit/cli/commands/stored/check.py: check": OPTIONS,
    "auditkit/cli/commands/stored/report.py: report": OPTIONS,
    "auditkit/cli/commands/stored/waive.py: waive_add": OPTIONS,
    "auditkit/cli/commands/run.py: run": OPTIONS,
    "auditkit/cli/commands/step.py: command": OPTIONS,
    "auditkit/cli/commands/step.py: step_command": OPTIONS,
    "auditkit/data/subjects.py: load": "the border: checks in the order in which each may rely on those before it",
    "auditkit/measures/counting/cross.py: cross": MEASURES,
    "auditkit/measures/counting/moments.py: moments": MEASURES,
    "auditkit/measures/closed_forms/means.py: welch": MEASURES,
    "auditkit/measures/exact/sum_bounds.py: many_bounds": KERNEL,
    "auditkit/measures/intervals/per_metric.py: measure_gap": MEASURES,
    "plugins/auditkit_minoria/kernels/cubes.py: best_intervals": KERNEL,
    "plugins/auditkit_minoria/kernels/cubes.py: best_sets": KERNEL,
    "plugins/auditkit_minoria/kernels/cubes.py: tally_weighted": KERNEL,
    "plugins/auditkit_minoria/kernels/plane.py: keep_candidates": KERNEL,
    "plugins/auditkit_minoria/kernels/plane.py: project": KERNEL,
    "plugins/auditkit_minoria/kernels/plane.py: push": KERNEL,
    "plugins/auditkit_minoria/kernels/plane.py: sweep_bins": KERNEL,
    "plugins/auditkit_minoria/kernels/space.py: attempt": KERNEL,
    "plugins/auditkit_minoria/kernels/space.py: bounds": KERNEL,
    "plugins/auditkit_minoria/kernels/space.py: closed_forms": KERNEL,
    "plugins/auditkit_minoria/kernels/space.py: keep": KERNEL,
    "plugins/auditkit_minoria/kernels/space.py: search_tile": KERNEL,
    "plugins/auditkit_shasam/classifier.py: __init__": "scikit-learn reads an estimator's settings off its constructor",
}


def functions_of(text):
    """Yield each function of a module, nested ones too: its name, its lines, its parameters without self."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            told = node.args
            names = [one.arg for one in (*told.posonlyargs, *told.args, *told.kwonlyargs)]
            own = [name for name in names if name not in {"self", "cls"}]
            yield node.name, node.end_lineno - node.lineno + 1, len(own)


def too_large(text):
    return {
        name: f"{lines} lines, {parameters} parameters"
        for name, lines, parameters in functions_of(text)
        if lines > MOST_LINES or parameters > MOST_PARAMETERS
    }


@pytest.fixture(scope="module")
def found():
    """Every function past the limits, by file and name, with its size."""
    paths = [path for folder in ("auditkit", "plugins") for path in sorted((ROOT / folder).rglob("*.py"))]
    code = [
        path for path in paths if "template" not in path.parts
    ]  # not Python before its names are filled in
    assert len(code) > 200
    return {
        f"{path.relative_to(ROOT).as_posix()}: {name}": size
        for path in code
        for name, size in too_large(path.read_text(encoding="utf-8")).items()
    }


def test_functions_are_short_and_take_few_parameters(found):
    assert {name: size for name, size in found.items() if name not in ALLOWED} == {}


def test_nothing_is_allowed_that_is_within_the_limits_by_now(found):
    assert sorted(set(ALLOWED) - set(found)) == []


@pytest.mark.parametrize(
    ("text", "large"),
    [
        ("def f(a, b, c, d, e, *, g): pass", False),
        ("def f(a, b, c, d, e, *, g, h): pass", True),
        ("class A:\n def f(self, a, b, c, d, e, *, g): pass", False),
        ("def f():\n" + " pass\n" * 39, False),
        ("def f():\n" + " pass\n" * 40, True),
        ("def f():\n def g(a, b, c, d, e, g, h): pass", True),
    ],
)
def test_the_walk_sees_what_is_too_large(text, large):
    assert bool(too_large(text)) is large
