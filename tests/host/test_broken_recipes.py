"""A plugin's recipe that cannot be read is listed with the reason, and hides no other."""

import json
import subprocess
import sys

BROKEN = {
    "tabs": ("steps:\n\t- use: rates\n", "cannot be read: "),
    "list": ("- 1\n", "is no recipe: it has no steps"),
    "words": ("steps: rates\ndata: adult\n", "is no recipe: it has no steps"),
    "none": ("name: n\n", "is no recipe: it has no steps"),
    "empty": ("", "cannot be read: "),
    "latin": ("name: \xe9\nsteps: [{use: rates}]\n", "cannot be read: "),
    "odd": ("name: {a: 1}\nsteps: [rates, {use: rates}]\ndata: []\n", "{'a': 1}"),
    "good": ("name: good\nsteps: [{use: rates}]\ndata: {path: adult}\n", "good"),
}
MODULE = """
from pathlib import Path
from auditkit import hookimpl

@hookimpl
def auditkit_recipes():
    return sorted(Path(__file__).parent.glob("*.yaml"))
"""


def test_a_recipe_that_cannot_be_read_says_why(tmp_path):
    for name, (text, _) in BROKEN.items():
        (tmp_path / f"{name}.yaml").write_bytes(text.encode("latin-1"))
    (tmp_path / "auditkit_made.py").write_text(MODULE)
    package = tmp_path / "auditkit_made-1.0.dist-info"
    package.mkdir()
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: auditkit-made\nVersion: 1.0\n")
    (package / "entry_points.txt").write_text("[auditkit]\nmade = auditkit_made\n")
    script = "import sys; sys.path.insert(0, '.'); from auditkit.cli.app import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", script, "recipes", "--json"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    titles = {row["name"]: row["title"] for row in json.loads(done.stdout)}
    assert "adult" in titles
    for name, (_, words) in BROKEN.items():
        assert words in titles[name], name
