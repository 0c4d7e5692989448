"""The folder of runs: listed, pruned, packed as evidence, and written to by many at once."""

import json
import multiprocessing
import zipfile
from pathlib import Path

import pytest

from auditkit.store.runs import read_report, runs, save


def test_evidence_is_one_archive_with_the_hash_of_each_file(kept):
    import hashlib

    assert kept("runs", "export", "-o", "out/e.zip").code == 0
    with zipfile.ZipFile("out/e.zip") as archive:
        manifest = json.loads(archive.read("manifest.json"))
        for name, digest in manifest["files"].items():
            assert hashlib.sha256(archive.read(name)).hexdigest() == digest
    assert set(manifest["files"]) == {"report.json", "report.html", "recipe.yaml"}


def test_runs_are_listed_and_pruned_by_number_and_age(kept):
    for _ in range(3):
        kept("run", "r.yaml", "-q")
    assert [row["verdict"] for row in json.loads(kept("runs", "list", "--json").out)] == ["PASS"] * 4
    assert kept("runs", "prune").code == 2
    last = runs(Path(".auditkit/runs"))[-1]
    kept("runs", "prune", "--keep", "2", "--dry-run")
    assert len(runs(Path(".auditkit/runs"))) == 4
    kept("runs", "prune", "--keep", "0", "--older-than", "1")
    assert len(runs(Path(".auditkit/runs"))) == 4
    kept("runs", "prune", "--keep", "1")
    assert runs(Path(".auditkit/runs")) == [last]
    assert Path(".auditkit/.gitignore").read_text() == "*\n"
    assert {path.name for path in Path(".auditkit/runs").iterdir()} == {last}


@pytest.mark.parametrize("option", ["--keep", "--older-than"])
@pytest.mark.parametrize("number", ["0", "99999999999", "9" * 30, "-1", "1.5"])
def test_a_number_of_any_size_is_no_traceback(kept, option, number):
    done = kept("runs", "prune", option, number, "--dry-run")
    assert done.code in {0, 2}
    assert "Traceback" not in done.err


def test_pruning_leaves_what_somebody_put_beside_the_runs(kept):
    last = runs(Path(".auditkit/runs"))[-1]
    (Path(".auditkit/runs") / last).rename(".auditkit/runs/baseline")
    done = kept("runs", "prune", "--keep", "0")
    assert (done.code, done.out) == (0, "")
    assert "baseline stays" in done.err
    assert Path(".auditkit/runs/baseline/report.json").is_file()


def _save(args):
    made, folder = read_report(args[0]), Path(args[1])
    return [save(made, folder) for _ in range(20)]


@pytest.mark.slow
def test_six_processes_that_save_twenty_runs_each_lose_none(kept, tmp_path):
    with multiprocessing.get_context("spawn").Pool(6) as pool:
        names = [
            name
            for part in pool.map(_save, [(Path("r.json").absolute(), tmp_path / "s")] * 6)
            for name in part
        ]
    assert len(set(names)) == 120
    assert sorted(runs(tmp_path / "s")) == sorted(names)
