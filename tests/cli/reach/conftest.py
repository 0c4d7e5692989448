"""A recipe beside code that must not run, and leaves a mark if it does."""

import numpy as np
import pandas as pd
import pytest

TRAP = """
from pathlib import Path
Path(__file__).with_name("ran").touch()

class Rule:
    def predict(self, table):
        return (table["x"] > 0).astype(int)

def encoder(shape, features):
    from torch import nn
    return nn.Linear(shape[0], features)
"""
RATES = "steps: [{id: rates, use: rates}]"
DATA = "path: t.csv, target: y, positive: 1, sensitive: [g]"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    rng = np.random.default_rng(0)
    table = pd.DataFrame({"x": rng.normal(size=400), "g": rng.choice(["a", "b"], 400)})
    table.assign(y=(table["x"] + rng.normal(size=400) > 0).astype(int)).to_csv(
        tmp_path / "t.csv", index=False
    )
    (tmp_path / "trap.py").write_text(TRAP)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(__import__("sys").modules, "trap", raising=False)
    return tmp_path


def write(folder, *, data=DATA, steps=RATES, more=""):
    text = f"version: 1\nname: r\ndata: {{{data}}}\ngroups: {{g: {{column: g}}}}\n{steps}\n{more}\n"
    (folder / "r.yaml").write_text(text)
    return folder / "r.yaml"


def ran(folder):
    return (folder / "ran").exists()
