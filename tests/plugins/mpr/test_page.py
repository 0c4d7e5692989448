"""The page's example runs, and the names it uses exist."""

import re
from pathlib import Path

import pytest

from auditkit.spec.declared import parameters
from auditkit_mpr.methods.registry import METHODS
from auditkit_mpr.params import MoprParams

PAGE = (Path(__file__).parents[3] / "docs" / "mpr.md").read_text(encoding="utf-8")


def test_the_example_of_the_library_door_runs(capsys):
    code = re.search(r"```python\n(.*?)```", PAGE, re.DOTALL)
    exec(compile(code[1], "docs/mpr.md", "exec"), {})  # noqa: S102  the page's own example
    assert "keeps the limit" in capsys.readouterr().out


def test_every_option_of_the_page_exists():
    known = {f"--{p.name.replace('_', '-')}" for p in parameters(MoprParams)}
    known |= {"--with", "--embeddings", "--groups", "--items"}
    assert set(re.findall(r"--[a-z][a-z-]+", PAGE)) <= known


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
def test_every_method_has_its_line_on_the_page(method):
    line = next(line for line in PAGE.splitlines() if line.startswith(f"| `{method.name}`"))
    assert method.words in line
