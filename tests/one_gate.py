"""A folder whose recipe has one gate, which fails, and lines of a shell in which PROGRAM is the program."""

import os
import subprocess
import sys

ONE_GATE = """
version: 1
name: made
data: {path: t.csv, target: y, pred: p, positive: 1}
groups: {sex: {column: sex}}
steps: [{id: rates, use: rates}]
gates: [{id: g, on: rates, metric: tpr, compare: to_rest, limit: 0.1}]
stats: {min_n: 10}
"""


def write_one_gate(folder):
    """Leave a table and its recipe in the folder."""
    rows = ["F,1,1"] * 10 + ["F,1,0"] * 90 + ["M,1,1"] * 90 + ["M,1,0"] * 10 + ["F,0,0"] * 50 + ["M,0,1"] * 50
    (folder / "t.csv").write_text("sex,y,p\n" + "\n".join(rows) + "\n")
    (folder / "r.yaml").write_text(ONE_GATE)
    return folder


def shell(folder, line, **environment):
    """Run one line of sh in which PROGRAM is the program."""
    program = f"{sys.executable} -c 'from auditkit.cli.app import main; main()'"
    done = subprocess.run(
        ["bash", "-c", line.replace("PROGRAM", program)], cwd=folder, capture_output=True, check=False,
        env={**os.environ, **environment}, timeout=600,
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr
