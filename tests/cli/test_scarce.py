"""Little room, few rights, few handles, no home: the verdict is said, and what could not be kept or written is."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

RECIPE = """
version: 1
name: made
data: {path: t.csv, target: y, pred: p, positive: 1}
groups: {sex: {column: sex}}
steps: [{id: rates, use: rates}]
gates: [{id: g, on: rates, metric: tpr, compare: to_rest, limit: 0.1}]
stats: {min_n: 10}
"""
PROGRAM = f"{sys.executable} -c 'from auditkit.cli.app import main; main()'"


@pytest.fixture
def folder(tmp_path):
    """A folder with a recipe whose one gate fails."""
    rows = ["F,1,1"] * 10 + ["F,1,0"] * 90 + ["M,1,1"] * 90 + ["M,1,0"] * 10 + ["F,0,0"] * 50 + ["M,0,1"] * 50
    (tmp_path / "t.csv").write_text("sex,y,p\n" + "\n".join(rows) + "\n")
    (tmp_path / "r.yaml").write_text(RECIPE)
    return tmp_path


def shell(folder, line):
    """Run one line of sh in which PROGRAM is the program."""
    done = subprocess.run(
        ["bash", "-c", line.replace("PROGRAM", PROGRAM)], cwd=folder, capture_output=True, text=True, check=False,
        env=dict(os.environ), timeout=600,
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout, done.stderr


def test_a_full_disk_keeps_the_verdict_and_leaves_nothing_half_written(folder):
    """No file may grow past 1,024 bytes; neither the run nor the report fits."""
    code, out, err = shell(folder, "ulimit -f 1; PROGRAM run r.yaml -o r.html")
    assert (code, "FAIL" in out) == (2, True)
    assert err.splitlines() == [
        "auditkit: this run was not kept: file too large",
        "auditkit: cannot write r.html: file too large",
    ]
    left = {path.name for path in folder.rglob("*") if path.is_file()}
    assert left == {"t.csv", "r.yaml", ".gitignore"}


@pytest.mark.parametrize("place", ["$PWD/t.csv", "/proc/nothing"])
def test_a_store_that_cannot_be_made_costs_the_kept_run_alone(folder, place):
    code, out, err = shell(folder, f"AUDITKIT_HOME={place} PROGRAM run r.yaml -o r.json")
    assert (code, "FAIL" in out, (folder / "r.json").is_file()) == (1, True, True)
    first, *rest = err.splitlines()
    assert first.startswith("auditkit: this run was not kept: ")
    assert "[Errno" not in first
    assert rest == ["wrote r.json"]


@pytest.mark.parametrize("line", ["env -u HOME PROGRAM", "HOME=/nowhere PROGRAM", "ulimit -n 32; PROGRAM"])
def test_without_a_home_or_with_few_handles_nothing_is_missing(folder, line):
    code, out, err = shell(folder, f"{line} run r.yaml -o r.html")
    assert (code, "FAIL" in out, err) == (1, True, "wrote r.html\n")
    assert len(list(Path(folder / ".auditkit" / "runs").glob("*/report.json"))) == 1
