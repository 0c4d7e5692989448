"""A repair that failed says so first, in the terminal, on the page and in JSON."""

import html
import json
import re

import numpy as np
import pandas as pd
import pytest
from command_line import caller


def bar_exam(n=10_000, seed=0):
    """People as in the law school data: 95 % pass, 84 % are of one group, and features tell little."""
    rng = np.random.default_rng(seed)
    white = rng.random(n) < 0.84
    passed = rng.random(n) < np.where(white, 0.975, 0.82)
    return pd.DataFrame(
        {
            "lsat": (30 + 4.5 * rng.normal(size=n) + 5 * white + 6 * passed).round(1),
            "ugpa": (3.1 + 0.4 * rng.normal(size=n) + 0.12 * white + 0.25 * passed).round(1),
            "income": rng.integers(1, 6, n),
            "race": np.where(white, "white", "other"),
            "passed": np.where(passed, "yes", "no"),
        }
    )


def test_the_made_table_has_the_marginals_that_it_stands_for():
    table = bar_exam()
    assert (table["passed"] == "yes").mean() == pytest.approx(0.95, abs=0.005)
    assert (table["race"] == "white").mean() == pytest.approx(0.84, abs=0.01)


@pytest.mark.parametrize(
    ("name", "more", "sentence"),
    [
        (
            "thresholds",
            (),
            r"The predictions for 'race=other' are nearly constant: 9\d(\.\d)? % are given yes",
        ),
        pytest.param(
            "shasam",
            ("--runs", "1", "--device", "cpu"),
            r"The predictions are nearly constant: 99\.\d+ % of held-out rows are given yes",
            marks=pytest.mark.slow,
        ),
    ],
)
def test_predictions_that_a_repair_made_nearly_constant_are_told_first(
    capfd, tmp_path, monkeypatch, name, more, sentence
):
    cli = caller(capfd, tmp_path, monkeypatch)
    bar_exam().to_csv("law.csv", index=False)
    roles = ("--target", "passed", "--favourable", "yes", "--sensitive", "race")
    done = cli("repair", "law.csv", "--with", name, *roles, *more, "-o", "r.json", "-o", "r.html")
    assert done.code == 0, done.err
    told = re.compile(sentence + r", and balanced accuracy fell by (\d|\.)+ points\.")

    first = json.loads((tmp_path / "r.json").read_text())["answers"][0]
    assert told.fullmatch(first["text"])
    assert (first["sure"], first["harm"]) == ("shown", True)

    lines = " ".join(done.out.split())
    screen = told.search(lines)
    assert screen.start() < 300  # below the verdict and what was read
    assert not re.search(r"gap in|[Aa]ccuracy", lines[: screen.start()])

    page = html.unescape(re.sub(r"<[^>]*>", " ", (tmp_path / "r.html").read_text().partition("<body")[2]))
    page = " ".join(page.split())
    shown = told.search(page)
    assert not re.search(r"The gap in|No cost in|It cost|[Bb]alanced accuracy", page[: shown.start()])
