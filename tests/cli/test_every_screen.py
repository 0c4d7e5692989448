"""Each recipe that needs no download, and each step: its answers, and a first screen of at most 40 lines.

What terminal, Markdown and page say first is kept in tests/golden/screens.
"""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest

from auditkit.plugins.host import load_plugins

pytestmark = pytest.mark.slow

RECIPES = ("adult", "mime-adult-quick", "mpr-people")
COMMANDS = {
    "rates": ("audit", "german_credit", "--groups", "sex,age:0/25/40/120"),
    "minoria": ("mine", "german_credit"),
    "mpr": ("audit", "people", "--with", "mpr", "--query", "nurse", "--attributes", "gender", "--k", "50"),
    "mopr": (
        "repair", "people", "--with", "mopr", "--query", "nurse", "--attributes", "gender", "--k", "50", "--rho", "0.2x",
    ),
    "mime": (
        "audit", "german_credit", "--with", "mime", "--group", "sex", "--minority", "female", "--model", "logistic",
        "--trials", "3", "--train-size", "60", "--test-size", "20", "--validation-size", "4",
    ),
    "mime.theory": ("audit", "german_credit", "--with", "mime.theory", "--rows", "20000"),
    "ll144": ("audit", "german_credit", "--with", "ll144", "--outcome", "credit", "--favourable", "1", "--groups", "sex"),
    "four-fifths": (
        "audit", "german_credit", "--with", "four-fifths", "--outcome", "credit", "--favourable", "1",
        "--groups", "sex",
    ),
    "threshold-scan": ("audit", "german_credit", "--with", "threshold-scan", "--groups", "sex"),
    "shasam": (
        "repair", "german_credit", "--sensitive", "sex", "--epochs", "2", "--runs", "1", "--mining", "random",
    ),
    "thresholds": ("repair", "german_credit", "--with", "thresholds", "--sensitive", "sex"),
    "reweigh": ("repair", "german_credit", "--with", "reweigh", "--sensitive", "sex"),
    "resample": ("repair", "german_credit", "--with", "resample", "--sensitive", "sex"),
    "dfr": ("repair", "german_credit", "--with", "dfr", "--sensitive", "sex"),
    "minoria.climb": ("mine", "german_credit", "--with", "minoria.climb"),
    "minoria.explore": ("mine", "german_credit", "--with", "minoria.explore"),
    "minoria.focus": ("mine", "german_credit", "--with", "minoria.focus"),
    "minoria.grid": ("mine", "german_credit", "--with", "minoria.grid"),
    "minoria.kmeans": ("mine", "german_credit", "--with", "minoria.kmeans"),
    "minoria.slices": ("mine", "german_credit", "--with", "minoria.slices"),
    "minoria.spread": ("mine", "german_credit", "--with", "minoria.spread"),
    "minoria.sweep": ("mine", "german_credit", "--with", "minoria.sweep", "--columns", "age,duration"),
    "minoria.sweep3d": ("mine", "german_credit", "--with", "minoria.sweep3d", "--columns", "age,duration,credit_amount"),
    "minoria.warmup": ("mine", "german_credit", "--with", "minoria.warmup", "--columns", "age,duration"),
    "diff": (
        "diff", "old.csv", "new.csv", "--id", "id", "--target", "y", "--pred", "p", "--favourable", "1", "--groups", "g",
    ),
}  # fmt: skip
TRAINED = {"shasam", "mime"}
"""Steps whose numbers hang on the order in which a processor adds: their screens are kept without digits."""
PASSING = (
    (r"Run 20\S+", "Run ID"),
    (r"auditkit (report|check) 20\S+", r"auditkit \1 ID"),
    (r"\b\d{4}-\d\d-\d\dT[\d:.+&#;-]+", "TIME"),
    (r"commit [0-9a-f]{12}", "commit HASH"),
    (r"[ \t]+\n", "\n"),
)
"""What differs from run to run, and what stands for it."""


def check(cli, monkeypatch, *words):
    """Run a command; hold its screens to their length, and each of its steps to having an answer."""
    done = cli(*words)
    assert done.code in {0, 1}, done.err
    assert done.out.splitlines()[-1].startswith("Run 20")
    for width in ("80", "140"):
        monkeypatch.setenv("COLUMNS", width)
        lines = cli("report").out.splitlines()
        assert 4 < len(lines) <= 40
        assert max(map(len, lines)) <= int(width)
    document = json.loads(cli("report", "--json").out)
    assert {step["id"] for step in document["steps"]} <= {answer["step"] for answer in document["answers"]}
    told = " ".join(answer["text"] for answer in document["answers"])
    assert not any(f" {name} " in told for name in ("tpr", "fpr", "loss_gap", "selection_rate"))


class FirstScreen(HTMLParser):
    """The text of a page's main part, up to what was not assessed and the appendix, a line for each block."""

    BLOCKS = frozenset(
        {"p", "h1", "h2", "h3", "tr", "li", "div", "section", "summary", "figcaption", "caption", "td", "th"}
    )

    def __init__(self):
        super().__init__()
        self.lines, self.on, self.hidden = [""], False, 0

    def handle_starttag(self, tag, attrs):
        self.on = self.on or tag == "header"
        self.on = self.on and tag != "details"
        self.hidden += tag in {"svg", "style", "script"}
        if tag in self.BLOCKS:
            self.lines.append("")

    def handle_endtag(self, tag):
        self.hidden -= tag in {"svg", "style", "script"}

    def handle_data(self, data):
        if self.on and not self.hidden:
            self.lines[-1] += data

    def said(self, page):
        self.feed(page)
        lines = (" ".join(line.split()) for line in self.lines)
        return "\n".join(line for line in lines if line) + "\n"


def lasting(text, step):
    """Return a screen without what differs from run to run."""
    for pattern, instead in PASSING:
        text = re.sub(pattern, instead, text)
    return re.sub(r"\d[\d,.]*", "#", text) if step in TRAINED else text


def two_models(folder):
    """Write two models' decisions about the same 4,000 people: the new one takes a tenth of b's from them."""
    rng = np.random.default_rng(0)
    table = pd.DataFrame(
        {"id": range(4000), "g": rng.choice(["a", "b"], 4000), "y": rng.integers(0, 2, 4000)}
    )
    old = np.where(rng.random(4000) < 0.2, 1 - table["y"], table["y"])
    lost = (table["g"] == "b") & (rng.random(4000) < 0.1)
    table.assign(p=old).to_csv(folder / "old.csv", index=False)
    table.assign(p=np.where(lost, 0, old)).to_csv(folder / "new.csv", index=False)


@pytest.mark.parametrize(
    "step",
    [
        pytest.param(step, marks=pytest.mark.slow) if step in {"minoria.sweep", "minoria.sweep3d"} else step
        for step in COMMANDS
    ],
)
def test_every_step_answers_on_one_screen(cli, monkeypatch, check_golden, tmp_path, step):
    two_models(tmp_path)
    check(cli, monkeypatch, *COMMANDS[step])
    monkeypatch.setenv("COLUMNS", "80")
    screens = {"txt": cli("report").out, "md": cli("report", "-o", "-", "--format", "markdown").out}
    screens["page.txt"] = FirstScreen().said(cli("report", "-o", "-", "--format", "html").out)
    for ending, text in screens.items():
        check_golden(f"{step}.{ending}", lasting(text, step), room="screens")


def test_every_step_there_is_has_its_screen():
    assert set(load_plugins().steps) == set(COMMANDS)


@pytest.mark.slow
@pytest.mark.parametrize("recipe", RECIPES)
def test_every_bundled_recipe_answers_on_one_screen(cli, monkeypatch, recipe):
    check(cli, monkeypatch, "run", recipe)
