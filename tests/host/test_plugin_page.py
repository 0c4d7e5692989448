"""The plugin in docs/plugins.md is cut out of the page and run; the page names every hook."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from auditkit import Context
from auditkit.plugins.host import KINDS

PAGE = (Path(__file__).parents[2] / "docs" / "plugins.md").read_text(encoding="utf-8")


def test_the_page_names_every_hook():
    for kind in KINDS:
        assert f"`auditkit_{kind}`" in PAGE


def test_the_page_names_everything_a_context_lends():
    lent = {name for name in vars(Context) if not name.startswith("_")} - {"stats"}
    for name in lent:
        assert f"context.{name}" in PAGE


@pytest.mark.slow
def test_the_plugin_on_the_page_runs(tmp_path):
    source = re.search(r"```python\n(.*?)```", PAGE, re.DOTALL)
    entry_point = re.search(r"```toml\n\[project.entry-points.auditkit\]\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "auditkit_calibration.py").write_text(source[1])
    package = tmp_path / "auditkit_calibration-1.0.dist-info"
    package.mkdir()
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: auditkit-calibration\nVersion: 1.0\n")
    (package / "entry_points.txt").write_text("[auditkit]\n" + entry_point[1].replace('"', ""))
    script = "import sys; sys.path.insert(0, '.'); from auditkit.cli.app import main; main()"
    words = ["audit", "adult", "--with", "calibration", "--groups", "sex", "--tolerance", "0.02", "--json"]
    done = subprocess.run(
        [sys.executable, "-c", script, *words], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert '"group": "sex=Female"' in done.stdout
    assert '"calibration_gap"' in done.stdout
