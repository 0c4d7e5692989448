"""What the README shows is what happens: its recipe runs, its screen is printed."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from command_line import caller

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


@pytest.fixture
def cli(capfd, tmp_path, monkeypatch):
    return caller(capfd, tmp_path, monkeypatch)


def block(kind, start):
    return next(
        text for text in re.findall(rf"```{kind}\n(.*?)```", README, flags=re.S) if text.startswith(start)
    )


def test_the_recipe_runs_and_its_gate_decides(cli, tmp_path):
    rng = np.random.default_rng(0)
    table = pd.DataFrame(
        {
            "gender": rng.choice(["F", "M"], 4000),
            "age": rng.integers(18, 70, 4000),
            "hired": rng.choice(["yes", "no"], 4000),
        }
    )
    table["model_says"] = np.where(rng.random(4000) < 0.1, "no", table["hired"])
    table.to_parquet(tmp_path / "predictions.parquet")
    (tmp_path / "audit.yaml").write_text(block("yaml", "# audit.yaml"))
    done = cli("run", "audit.yaml")
    assert done.code == 0, done.err
    assert done.out.startswith("✓ PASS")
    assert all((tmp_path / f"audit.{ending}").exists() for ending in ("html", "md", "xml", "sarif"))


@pytest.mark.slow
def test_the_screen_is_what_its_command_prints(tmp_path):
    command, shown = block("text", "$ auditkit").split("\n", 1)
    words = [sys.executable, "-m", *shlex.split(command)[1:]]
    done = subprocess.run(
        words, cwd=tmp_path, env=os.environ | {"COLUMNS": "100"}, capture_output=True, text=True
    )
    assert done.returncode == 1, done.stderr
    printed, said = (re.sub(r"Run 20\S+", "Run", text) for text in (done.stdout, shown))
    assert printed == said
