"""The least MPR by length, against counting, and whom the lists leave out."""

from itertools import product

import numpy as np
import pytest
from plugins.mpr.small_search import AUDIT, REPAIR, SEARCH, write_search


def test_the_least_gap_of_every_length_is_that_of_the_best_counts(cli, tmp_path):
    items, *_ = write_search(tmp_path)
    done = cli(
        *REPAIR,
        "--query",
        "first",
        *["--classes", "groups:1", "--lengths", "1,3,7", "--rho", "0.2", "--json", "-o", "out.csv"],
    )
    assert done.code == 0, done.err
    table = done.table("Least MPR by length")
    cells = items.groupby(["sex", "race"]).size()
    shares = [(items[c] == v).mean() for c, v in (("sex", "f"), ("race", "a"), ("race", "b"), ("race", "c"))]
    for k, found, below, worst in table["rows"]:
        least = np.inf
        for counts in product(range(k + 1), repeat=len(cells)):
            if sum(counts) != k or any(n > have for n, have in zip(counts, cells, strict=True)):
                continue
            of = dict(zip(cells.index, counts, strict=True))
            listed = [sum(n for (s, r), n in of.items() if v in (s, r)) / k for v in ("f", "a", "b", "c")]
            least = min(least, max(abs(a - b) for a, b in zip(listed, shares, strict=True)))
        assert found == pytest.approx(least, abs=1e-4)
        assert below == pytest.approx(least, abs=1e-4)
        assert worst
    assert [row[0] for row in table["rows"]] == [1, 3, 7]
    chart = next(c for c in done.report["charts"] if c["title"] == "Least MPR by length of the list")
    assert chart["layers"][0]["y"] == pytest.approx([row[1] for row in table["rows"]], abs=1e-4)


def test_lengths_that_cannot_be_shown_are_one_sentence(cli, tmp_path):
    write_search(tmp_path)
    common = ["repair", "items.csv", "--with", "mopr", "--k", 20, *SEARCH, "--attributes", "sex", "--lengths"]
    assert "--lengths has 201" in cli(*common, "5,201").err
    assert "and not for tree" in cli(*common, "5", "--classes", "tree").err


def test_the_worst_group_is_named_at_the_depth_of_its_class(cli, tmp_path):
    write_search(tmp_path)
    done = cli(
        *AUDIT,
        "--query",
        "first",
        *["--reference", "reference.csv", "--classes", "groups:1,groups:2,linear", "--json"],
    )
    worst = {
        f["details"]["class"]: f["details"]["worst_group"]
        for f in done.report["findings"]
        if f["metric"] == "mpr"
    }
    assert " AND " not in worst["groups:1"]
    assert set(worst) == {"groups:1", "groups:2", "linear"}
    gaps = {f["details"]["class"]: f["value"] for f in done.report["findings"] if f["metric"] == "mpr"}
    for name in ("groups:1", "groups:2"):
        listed, reference = (
            float(part.split("%")[0].split()[-1]) for part in worst[name].split(": ")[1].split(",")
        )
        assert abs(listed - reference) / 100 == pytest.approx(gaps[name], abs=2e-3)
    assert any("behind the reference's share lie" in answer["basis"] for answer in done.report["answers"])
