"""Little room, few rights, few handles, no home: the verdict is said, and what could not be kept or written is."""

from pathlib import Path

import pytest
from one_gate import shell

pytestmark = pytest.mark.slow


def test_a_full_disk_keeps_the_verdict_and_leaves_nothing_half_written(folder):
    """No file may grow past 1,024 bytes; neither the run nor the report fits."""
    code, out, err = shell(folder, "ulimit -f 1; PROGRAM run r.yaml -o r.html")
    assert (code, b"FAIL" in out) == (2, True)
    assert err.decode().splitlines() == [
        "auditkit: this run was not kept: file too large",
        "auditkit: cannot write r.html: file too large",
    ]
    left = {path.name for path in folder.rglob("*") if path.is_file()}
    assert left == {"t.csv", "r.yaml", ".gitignore"}


@pytest.mark.parametrize("place", ["$PWD/t.csv", "/proc/nothing"])
def test_a_store_that_cannot_be_made_costs_the_kept_run_alone(folder, place):
    code, out, err = shell(folder, f"AUDITKIT_HOME={place} PROGRAM run r.yaml -o r.json")
    assert (code, b"FAIL" in out, (folder / "r.json").is_file()) == (1, True, True)
    first, *rest = err.decode().splitlines()
    assert first.startswith("auditkit: this run was not kept: ")
    assert "[Errno" not in first
    assert rest == ["wrote r.json"]


@pytest.mark.parametrize("line", ["env -u HOME PROGRAM", "HOME=/nowhere PROGRAM", "ulimit -n 32; PROGRAM"])
def test_without_a_home_or_with_few_handles_nothing_is_missing(folder, line):
    code, out, err = shell(folder, f"{line} run r.yaml -o r.html")
    assert (code, b"FAIL" in out, err) == (1, True, b"wrote r.html\n")
    assert len(list(Path(folder / ".auditkit" / "runs").glob("*/report.json"))) == 1
