"""`plugins new` writes a package that passes its own tests, is found by the host, and passes `plugins check`."""

import os
import shutil
import subprocess
import sys

import pytest

from auditkit.errors import UsageError
from auditkit.plugins.scaffold import new_plugin

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made")
    new_plugin("hard_rows", folder)
    root = folder / "auditkit-hard_rows"
    metadata = root / "auditkit_hard_rows-0.1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: auditkit-hard_rows\nVersion: 0.1.0\n")
    (metadata / "entry_points.txt").write_text("[auditkit]\nhard_rows = auditkit_hard_rows\n")
    return root


def run(package, *words):
    path = os.pathsep.join(filter(None, [str(package), os.environ.get("PYTHONPATH")]))
    environment = {**os.environ, "PYTHONPATH": path}
    return subprocess.run(
        [sys.executable, *words], cwd=package, env=environment, capture_output=True, text=True, check=False
    )


def test_the_new_package_passes_its_own_tests(package):
    done = run(package, "-m", "pytest", "-q", "-p", "no:cacheprovider")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 passed" in done.stdout


def test_the_host_finds_it_and_it_audits_real_data(package):
    main = "from auditkit.cli.app import main; main()"
    done = run(
        package, "-c", main, "audit", "german_credit", "--with", "hard_rows", "--groups", "sex", "--json"
    )
    assert done.returncode == 0, done.stderr
    assert '"hard_share"' in done.stdout
    checked = run(package, "-c", main, "plugins", "check", "hard_rows")
    assert checked.returncode == 0, checked.stderr
    assert checked.stdout.splitlines()[0] == (
        "ok   audit hard_rows: ran on two classes, three classes, numbers, no predictions, few rows, embeddings"
    )


def test_a_step_that_breaks_the_contract_is_named(package, tmp_path):
    broken = tmp_path / "auditkit-hard_rows"
    shutil.copytree(package, broken)
    source = broken / "auditkit_hard_rows" / "declare.py"
    source.write_text(
        source.read_text().replace('formula="hard rows of the group / rows of the group"', 'formula=""')
    )
    done = run(broken, "-c", "from auditkit.cli.app import main; main()", "plugins", "check", "hard_rows")
    assert done.returncode == 3
    assert "BAD  audit hard_rows: hard_rows: metric hard_share has no formula" in done.stdout


def test_what_is_there_is_not_written_over(tmp_path):
    new_plugin("twice", tmp_path)
    with pytest.raises(UsageError, match="is there already"):
        new_plugin("twice", tmp_path)


def test_a_package_is_written_whole_or_not_at_all(tmp_path):
    (tmp_path / "auditkit-link").symlink_to("nowhere")
    (tmp_path / "file").write_text("mine")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(UsageError, match="is there already"):
        new_plugin("link", tmp_path)
    with pytest.raises(UsageError, match=r"cannot write .*: not a directory"):
        new_plugin("other", tmp_path / "file")
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("name", ["Big", "1st", "a-b", "", "a b", "../x"])
def test_a_name_that_is_no_package_is_refused(tmp_path, name):
    with pytest.raises(UsageError, match="cannot name a plugin"):
        new_plugin(name, tmp_path)
    assert not list(tmp_path.iterdir())
