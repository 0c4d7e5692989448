"""A table of cells has every number of its rows."""

import json

import numpy as np
import pandas as pd
import pytest
from command_line import caller


@pytest.fixture
def cli(capfd, tmp_path, monkeypatch):
    return caller(capfd, tmp_path, monkeypatch)


@pytest.fixture
def cells(tmp_path):
    rng = np.random.default_rng(1)
    rows = pd.DataFrame({"sex": rng.choice(["F", "M"], 700), "race": rng.choice(["a", "b", "c"], 700)})
    rows["y"] = rng.integers(0, 2, 700)
    rows["p"] = np.where(rng.random(700) < 0.8, rows.y, 1 - rows.y)
    counted = rows.value_counts().rename("n").reset_index()
    empty = counted.iloc[[0]].assign(n=0)
    pd.concat([counted, empty]).to_csv(tmp_path / "cells.csv", index=False)
    rows.sort_values(list(rows)).to_csv(tmp_path / "rows.csv", index=False)
    return counted


def findings(cli, *words):
    done = cli(
        "audit", *words, "--target", "y", "--pred", "p", "--favourable", "1", "--groups", "sex,race", "--json"
    )
    assert done.code == 0, done.err
    report = json.loads(done.out)
    return report, {
        (f["metric"], f["group"], f["compare"]): (f["value"], f["interval"], f["n"])
        for f in report["findings"]
    }


def test_cells_have_the_numbers_of_their_rows(cli, cells):
    of_cells, found = findings(cli, "cells.csv", "--count", "n")
    of_rows, expected = findings(cli, "rows.csv")
    assert found == expected
    assert (of_cells["subject"]["rows"], of_rows["subject"]["rows"]) == (700, 700)
    assert any("700 rows, counted by 'n'" in note for note in of_cells["notes"])
    assert "n" not in of_cells["subject"]["features"]


@pytest.mark.parametrize(
    ("column", "said"),
    [
        (
            [1.5, 2, 3],
            "1 values that are no whole number of rows, such as 1.5; weights are given with --weight",
        ),
        ([-1, 2, 3], "such as -1"),
        (["a", "b", "c"], "is not a number of rows"),
        ([10**12, 1, 1], "of memory"),
        ([1, 0, 0], "has 1 row"),
    ],
)
def test_what_is_no_count_is_refused(cli, tmp_path, column, said):
    pd.DataFrame({"y": [0, 1, 1], "n": column}).to_csv(tmp_path / "t.csv", index=False)
    done = cli("audit", "t.csv", "--target", "y", "--count", "n")
    assert done.code == 4
    assert said in done.err
