"""Relevance beside representation: findings, tables and the curve's axis, through the command line."""

import numpy as np
import pandas as pd
import pytest
from plugins.mpr.small_search import AUDIT, REPAIR, similarities, write_search


@pytest.fixture
def search(tmp_path, cli):
    _, vectors, queries, _ = write_search(tmp_path)
    rng = np.random.default_rng(5)
    rows = [
        (q, f"item{i}", g) for q in ("first", "second") for i, g in enumerate(rng.integers(0, 3, 200)) if g
    ]
    pd.DataFrame(rows, columns=["query", "id", "relevance"]).to_csv(tmp_path / "judged.csv", index=False)
    return cli, similarities(vectors, queries)


def graded(query):
    judged = pd.read_csv("judged.csv")
    own = judged[judged["query"] == query].set_index("id")["relevance"]
    return own.reindex([f"item{i}" for i in range(200)]).fillna(0).to_numpy()


def by_hand(query, chosen):
    grades = graded(query)
    discount = 1 / np.log2(np.arange(2, len(chosen) + 2))
    best = np.sort(grades)[::-1][: len(chosen)] @ discount
    return (
        (grades[chosen] > 0).mean(),
        (grades[chosen] > 0).sum() / (grades > 0).sum(),
        grades[chosen] @ discount / best,
    )


def test_an_audit_gives_relevance_beside_mpr(search):
    cli, cosines = search
    done = cli(
        *AUDIT,
        "--relevance",
        "judged.csv",
        "--json",
    )
    assert done.code == 0, done.err
    for place, query in enumerate(("first", "second")):
        top = np.argsort(-cosines[place], kind="stable")[:20]
        expected = by_hand(query, top)
        for metric, value in zip(("precision_at_k", "recall_at_k", "ndcg_at_k"), expected, strict=True):
            assert done.values(metric)[query] == pytest.approx(value, abs=1e-9)
        row = next(row for row in done.table("Relevance by query")["rows"] if row[0] == query)
        assert row[1:] == [pytest.approx(value, abs=1e-4) for value in expected]


def test_a_repair_gives_relevance_of_every_method_and_limit_and_draws_it(search):
    cli, _ = search
    done = cli(
        *REPAIR,
        "--relevance",
        "judged.csv",
        *[
            "--rho",
            "0.3x,0.7x",
            "--method",
            "cone,mmr,topk",
            "--axis",
            "ndcg",
            "--query",
            "first",
            "--json",
            "-o",
            "out.csv",
        ],
    )
    assert done.code == 0, done.err
    groups = {f"first [rho {limit}] [{m}]" for limit in ("0.3x", "0.7x") for m in ("cone", "mmr", "topk")}
    for metric in ("precision_at_k", "recall_at_k", "ndcg_at_k"):
        assert set(done.values(metric, 0)) == set(done.values(metric, 1)) == groups
    chosen = [int(name.removeprefix("item")) for name in pd.read_csv("out.csv")["id"]]
    expected = by_hand("first", np.array(chosen))
    assert done.values("ndcg_at_k", 1)["first [rho 0.3x] [cone]"] == pytest.approx(expected[2], abs=1e-9)
    lists = done.table("Lists under a limit")
    assert lists["columns"][-3:] == ["precision", "recall", "nDCG"]
    assert lists["rows"][0][-3:] == [pytest.approx(value, abs=1e-4) for value in expected]
    before, after = (
        100 * done.values("precision_at_k", stage)["first [rho 0.3x] [cone]"] for stage in (0, 1)
    )
    said = next(a["text"] for a in done.report["answers"] if "answer their query" in a["text"])
    numbers = [float(word) for word in said.replace("%", "").split() if word.replace(".", "").isdigit()]
    assert numbers == pytest.approx([before, after], abs=1.0)
    chart = next(c for c in done.report["charts"] if c["title"] == "nDCG against representation")
    start = next(layer for layer in chart["layers"] if layer["name"] == "top-k")
    assert start["y"] == [pytest.approx(done.values("ndcg_at_k", 0)["first [rho 0.3x] [topk]"], abs=1e-6)]


def test_an_axis_without_judgements_or_judgements_twice_are_one_sentence(search):
    cli, _ = search
    common = REPAIR
    assert "axis recall needs judgements" in cli(*common, "--axis", "recall").err
    both = cli(*common, "--relevance", "judged.csv", "--relevance-column", "race")
    assert "give judgements once" in both.err
    assert both.code == 2
