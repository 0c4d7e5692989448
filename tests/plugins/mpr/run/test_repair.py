"""The repair through the command line: limits, certificates, methods, what is handed back."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from plugins.mpr.bundled import people
from plugins.mpr.oracle import mpr_by_svd
from plugins.mpr.small_search import ATTRIBUTES, SEARCH, one_hot, similarities, write_search

from auditkit import percent
from auditkit_mpr.run.answers import _moved


def repaired(cli, *arguments, data="items.csv", k=20):
    done = cli("repair", data, "--with", "mopr", "--k", k, *arguments, "--json")
    assert done.code == 0, done.err
    return done


def mpr_by_counts(counts, shares, table):
    """One-hot groups are orthogonal: each gap is scaled by the length of its column over items and reference."""
    lengths = 2 * table["gender"].value_counts()[["female", "male", "unknown"]].to_numpy()
    return np.sqrt(3815 * 50 / 3865) * np.linalg.norm((counts / 50 - shares) / np.sqrt(lengths))


@pytest.fixture
def search(tmp_path, cli):
    return cli, write_search(tmp_path)


def chained(folder, steps):
    """Write a recipe of (id, use, k) over the first query, where only women are wanted."""
    shared = "queries: queries.npz, attributes: [sex], query: [first], shares: ['sex=f:1']"
    rho = {"mopr": ", rho: ['0.3x']", "mpr": ""}
    lines = [f"  - {{id: {i}, use: {use}, with: {{{shared}, k: {k}{rho[use]}}}}}" for i, use, k in steps]
    head = "version: 1\nname: chained\ndata: {path: items.csv, embeddings: items.npy}\nsteps:\n"
    (folder / "chained.yaml").write_text(head + "\n".join(lines) + "\n")


def test_the_repair_of_people_keeps_its_limit_and_its_certificate_holds(cli):
    done = repaired(
        cli,
        *["--query", "scientist", "--attributes", "gender", "--rho", "0.2x", "-o", "out.csv"],
        data="people",
        k=50,
    )
    table, cosines = people()
    columns = one_hot(table, ["gender"])
    top = np.argsort(-cosines)[:50]
    limit = 0.2 * mpr_by_svd(columns, columns, top)
    written = pd.read_csv("out.csv")
    assert list(written) == ["query", "rank", "id", "similarity"]
    assert written["rank"].tolist() == list(range(1, 51))
    chosen = pd.Index(table["id"]).get_indexer(written["id"])
    assert len(set(chosen)) == 50
    value = mpr_by_svd(columns, columns, chosen)
    assert value <= limit + 1e-8
    assert done.values("mpr", 0)["scientist"] == pytest.approx(mpr_by_svd(columns, columns, top), abs=1e-9)
    assert done.values("mpr", 1)["scientist"] == pytest.approx(value, abs=1e-8)
    assert done.values("similarity", 1)["scientist"] == pytest.approx(cosines[chosen].mean(), abs=1e-6)
    np.testing.assert_allclose(written["similarity"], cosines[chosen], atol=1e-6)
    # Gender alone: lists are counts of three groups, so the best list within the limit can be enumerated.
    ranked = {g: np.sort(cosines[table["gender"] == g])[::-1] for g in ("female", "male", "unknown")}
    shares = table["gender"].value_counts()[["female", "male", "unknown"]].to_numpy() / len(table)
    best = -np.inf
    for women in range(51):
        for men in range(51 - women):
            counts = np.array([women, men, 50 - women - men])
            if mpr_by_counts(counts, shares, table) <= limit + 1e-9:
                best = max(best, sum(ranked[g][:c].sum() for g, c in zip(ranked, counts, strict=True)))
    bound = done.values("similarity_bound", 1)["scientist"]
    assert best / 50 <= bound + 1e-7
    assert done.values("similarity", 1)["scientist"] <= best / 50 + 1e-6
    assert bound - done.values("similarity", 1)["scientist"] <= 0.005
    assert done.finding("mpr", 1)["details"]["meets"] is True


def test_the_counted_form_is_the_decomposition():
    table, _ = people()
    columns = one_hot(table, ["gender"])
    chosen = np.random.default_rng(0).choice(3815, 50, replace=False)
    counts = columns[chosen].sum(axis=0)
    assert mpr_by_counts(counts, columns.mean(axis=0), table) == pytest.approx(
        mpr_by_svd(columns, columns, chosen), abs=1e-10
    )


@pytest.mark.parametrize("suffix", ["csv", "parquet", "jsonl"])
def test_lists_are_written_in_every_format_of_tables(search, suffix):
    cli, _ = search
    repaired(cli, *SEARCH, *ATTRIBUTES, "-o", f"out.{suffix}")
    read = {"csv": pd.read_csv, "parquet": pd.read_parquet, "jsonl": lambda p: pd.read_json(p, lines=True)}
    written = read[suffix](f"out.{suffix}")
    assert written.groupby("query")["rank"].apply(list).tolist() == [list(range(1, 21))] * 2


def test_a_relative_limit_is_a_share_of_the_mpr_of_the_k_most_similar(search):
    cli, (items, vectors, queries, reference) = search
    done = repaired(cli, *SEARCH, *ATTRIBUTES, "--reference", "reference.csv", "--rho", "0.3x,0.9x,0.02")
    for place, query in enumerate(("first", "second")):
        top = np.argsort(-similarities(vectors, queries)[place])[:20]
        found = {f["group"]: f["details"]["rho"] for f in done.report["findings"] if f["stage"] == 1}
        value = mpr_by_svd(one_hot(items), one_hot(reference), top)
        assert found[f"{query} [rho 0.3x]"] == pytest.approx(0.3 * value, abs=1e-9)
        assert found[f"{query} [rho 0.9x]"] == pytest.approx(0.9 * value, abs=1e-9)
        assert found[f"{query} [rho 0.02]"] == 0.02


def test_every_finding_of_the_repair_is_a_declared_metric(search):
    cli, _ = search
    done = repaired(cli, *SEARCH, *ATTRIBUTES)
    declared = {metric["name"]: metric for metric in done.report["steps"][0]["metrics"]}
    for finding in done.report["findings"]:
        metric = declared[finding["metric"]]
        assert (finding["unit"], finding["direction"]) == (metric["unit"], metric["direction"])


@pytest.mark.slow
def test_several_limits_and_methods_are_rows_and_the_first_is_handed_back(search):
    cli, (items, _vectors, _queries, reference) = search
    done = repaired(
        cli,
        *SEARCH,
        *ATTRIBUTES,
        "--reference",
        "reference.csv",
        "--rho",
        "0.3x,0.02",
        "--method",
        "cone,lp,qp,integer,mmr,pbm,clipclip,topk",
        "--sweep",
        4,
        "-o",
        "out.csv",
        "--query",
        "first",
    )
    similarity, bound = done.values("similarity", 1), done.values("similarity_bound", 1)
    for limit in ("0.3x", "0.02"):
        rows = {
            m: f"first [rho {limit}] [{m}]" for m in ("cone", "lp", "qp", "integer", "mmr", "pbm", "topk")
        }
        for method in ("lp", "qp"):
            assert bound[rows[method]] == pytest.approx(bound[rows["cone"]], rel=1e-5)
        assert similarity[rows["cone"]] <= similarity[rows["integer"]] + 1e-9
        assert similarity[rows["integer"]] <= bound[rows["cone"]] + 1e-9
        assert bound[rows["integer"]] == pytest.approx(similarity[rows["integer"]], abs=1e-6)
    for finding in done.report["findings"]:
        if finding["metric"] == "mpr" and finding["stage"] == 1:
            assert finding["details"]["meets"] == (finding["value"] <= finding["details"]["rho"] + 1e-9)
    written = pd.read_csv("out.csv")
    chosen = pd.Index(items["id"]).get_indexer(written["id"])
    value = mpr_by_svd(one_hot(items), one_hot(reference), chosen)
    assert value == pytest.approx(done.values("mpr", 1)["first [rho 0.3x] [cone]"], abs=1e-9)
    chart = done.report["charts"][0]
    assert next(layer for layer in chart["layers"] if layer["name"] == "top-k")["x"] == [1.0]
    curve = next(layer for layer in chart["layers"] if layer["name"] == "cone")
    assert curve["y"] == sorted(curve["y"])
    assert curve["y"][-1] == pytest.approx(1.0)


def test_a_limit_that_no_list_keeps_is_reported_and_never_broken_in_silence(search):
    cli, _ = search
    done = repaired(
        cli, *SEARCH, *ATTRIBUTES, "--shares", "sex=f:1,race=c:1", "--rho", "0.001", "--query", "first"
    )
    finding = done.finding("mpr", 1)
    assert finding["details"]["meets"] is False
    assert finding["value"] > 0.001
    assert done.values("reachable", 1)["first"] <= finding["value"] + 1e-12
    assert done.values("mpr_lower_bound", 1)["first"] <= done.values("reachable", 1)["first"] + 1e-12
    assert done.finding("similarity_bound", 1)["value"] is None
    assert done.finding("similarity_bound", 1)["reason"]
    assert any("no list keeps the limit 0.001, which is proven" in note for note in done.report["notes"])


def test_intersections_are_repaired_exactly(search):
    cli, (items, *_) = search
    done = repaired(
        cli,
        *SEARCH,
        *ATTRIBUTES,
        "--equal",
        "--classes",
        "groups:2",
        "--rho",
        "0.2",
        "--method",
        "lp,integer",
        "--query",
        "first",
        "-o",
        "out.csv",
        k=30,
    )
    chosen = pd.read_csv("out.csv").merge(items, on="id")
    cells = chosen.groupby(["sex", "race"]).size() / 30
    largest = max(
        *(abs(cells.get((s, r), 0) - 1 / 6) for s in "fm" for r in "abc"),
        *(abs((chosen["sex"] == s).mean() - 1 / 2) for s in "fm"),
        *(abs((chosen["race"] == r).mean() - 1 / 3) for r in "abc"),
    )
    assert done.values("mpr", 1)["first [lp]"] == pytest.approx(largest, abs=1e-9)
    assert largest <= 0.2 + 1e-9
    lp, integer = (done.values("similarity", 1)[f"first [{m}]"] for m in ("lp", "integer"))
    assert lp <= integer + 1e-9
    assert integer <= done.values("similarity_bound", 1)["first [lp]"] + 1e-6


def test_an_equally_balanced_target_gives_exact_marginals_through_the_command(search):
    cli, _ = search
    rng = np.random.default_rng(3)
    items = pd.DataFrame(
        {
            "sex": rng.choice(["f", "m"], 2000, p=[0.3, 0.7]),
            "race": rng.choice(list("abcde"), 2000, p=[0.5, 0.2, 0.15, 0.1, 0.05]),
        }
    )
    items.to_csv("many.csv", index=False)
    np.save("many.npy", rng.normal(size=2000) + (items["sex"] == "m"))
    repaired(
        cli,
        "--similarities",
        "many.npy",
        *ATTRIBUTES,
        "--equal",
        "--rho",
        "1e-7",
        "-o",
        "out.csv",
        data="many.csv",
        k=50,
    )
    chosen = items.iloc[pd.read_csv("out.csv")["id"]]
    assert chosen["sex"].value_counts().to_dict() == {"f": 25, "m": 25}
    assert chosen["race"].value_counts().to_dict() == dict.fromkeys("abcde", 10)


@pytest.mark.parametrize(("name", "bounded"), [("tree", False), ("tree:4", True)])
def test_trees_are_repaired_as_far_as_fits_show(search, name, bounded):
    cli, _ = search
    done = repaired(
        cli,
        *SEARCH,
        *ATTRIBUTES,
        "--classes",
        name,
        "--rho",
        "0.5x",
        "--query",
        "first",
        "--bootstrap",
        100,
    )
    finding = done.finding("mpr", 1)
    assert finding["details"]["is_lower_bound"] is bounded
    assert finding["details"]["meets"]
    assert finding["value"] < done.values("mpr", 0)["first"]
    assert done.values("similarity", 1)["first"] <= done.values("similarity_bound", 1)["first"] + 1e-9


def test_a_kernel_is_repaired(search):
    cli, _ = search
    done = repaired(cli, *SEARCH, *ATTRIBUTES, "--classes", "rbf", "--rho", "0.5x", "--query", "first")
    assert done.finding("mpr", 1)["details"]["meets"]
    assert done.values("mpr", 1)["first"] <= 0.5 * done.values("mpr", 0)["first"] + 1e-9


def test_a_list_that_the_user_brings_is_one_more_row(search):
    cli, (items, vectors, queries, _) = search
    pd.DataFrame({"query": "first", "id": items["id"][:20]}).to_csv("mine.csv", index=False)
    done = repaired(cli, *SEARCH, *ATTRIBUTES, "--lists", "mine.csv", "--query", "first")
    rows = {row[2]: row for row in done.table("Lists under a limit")["rows"]}
    assert set(rows) == {"cone", "own list"}
    top = mpr_by_svd(one_hot(items), one_hot(items), np.argsort(-similarities(vectors, queries)[0])[:20])
    assert done.finding("mpr", 1)["details"]["rho"] == pytest.approx(0.2 * top, abs=1e-9)
    assert rows["own list"][3] == pytest.approx(
        mpr_by_svd(one_hot(items), one_hot(items), np.arange(20)), abs=1e-6
    )


def test_an_audit_after_the_repair_measures_the_new_lists(search, tmp_path):
    cli, _ = search
    shared = "{queries: queries.npz, attributes: [sex, race], k: 20, query: [first]"
    (tmp_path / "both.yaml").write_text(
        "version: 1\nname: both\ndata: {path: items.csv, embeddings: items.npy}\nsteps:\n"
        f"  - {{id: before, use: mpr, with: {shared}}}}}\n"
        f"  - {{id: fix, use: mopr, with: {shared}, rho: ['0.3x']}}}}\n"
        f"  - {{id: after, use: mpr, with: {shared}}}}}\n"
        "gates:\n  - {id: g, on: after, metric: mpr, compare: absolute, fail_if: 'value > 0.2'}\n"
    )
    done = cli("run", "both.yaml", "--json")
    assert done.code == 0, done.err
    found = {
        f["step"]: f["value"] for f in done.report["findings"] if f["metric"] == "mpr" and f["stage"] != 0
    }
    first = next(
        f["value"] for f in done.report["findings"] if f["step"] == "before" and f["metric"] == "mpr"
    )
    assert found["after"] == pytest.approx(found["fix"], abs=1e-12)
    assert found["after"] <= 0.3 * first + 1e-9


def test_an_audit_of_fewer_items_after_the_repair_measures_the_first_of_the_repaired_list(search, tmp_path):
    cli, (items, *_) = search
    chained(tmp_path, [("before", "mpr", 10), ("fix", "mopr", 20), ("after", "mpr", 10)])
    done = cli("run", "chained.yaml", "--json", "-o", "out.csv")
    assert done.code == 0, done.err
    value = {f["step"]: f["value"] for f in done.report["findings"] if f["metric"] == "mpr"}
    written = pd.read_csv("out.csv")
    assert written["similarity"].is_monotonic_decreasing
    chosen = pd.Index(items["id"]).get_indexer(written["id"][:10])
    expected = mpr_by_svd(one_hot(items, ["sex"]), np.tile([1.0, 0.0], (200, 1)), chosen)
    assert value["after"] == pytest.approx(expected, abs=1e-9)
    assert value["after"] < value["before"] - 0.1
    assert {f["stage"] for f in done.report["findings"] if f["step"] == "after"} == {1}


@pytest.mark.parametrize("use", ["mpr", "mopr"])
def test_a_list_longer_than_the_repaired_one_is_refused_in_one_sentence(search, tmp_path, use):
    cli, _ = search
    chained(tmp_path, [("fix", "mopr", 20), ("after", use, 30)])
    done = cli("run", "chained.yaml", "--json")
    assert done.code == 2
    assert "query 'first' has a ranked list of 20 items from a step before, and k is 30" in done.err
    assert "Traceback" not in done.err


def test_a_second_repair_is_compared_with_the_list_of_the_first(search, tmp_path):
    cli, _ = search
    chained(tmp_path, [("fix", "mopr", 20), ("again", "mopr", 10)])
    done = cli("run", "chained.yaml", "--json")
    assert done.code == 0, done.err
    tables = [t for t in done.report["tables"] if t["title"] == "Lists under a limit"]
    assert [{row[2] for row in t["rows"]} for t in tables] == [{"cone"}, {"cone", "own list"}]


def test_what_is_handed_back_is_json_too(search):
    cli, _ = search
    done = repaired(cli, *SEARCH, *ATTRIBUTES, "-o", "report.json")
    assert json.loads(Path("report.json").read_text())["findings"] == done.report["findings"]


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (0.2, 0.1, "falls from 0.20 to 0.10"),
        (0.1, 0.2, "rises from 0.10 to 0.20"),
        (0.1, 0.1000001, "stays at 0.10"),
    ],
)
def test_mpr_falls_rises_or_stays(before, after, words):
    assert _moved(before, after) == words


def test_what_was_there_before_is_the_users_own_list(search):
    cli, (items, vectors, queries, _) = search
    scores = similarities(vectors, queries)[0]
    mine = np.argsort(-scores)[20:40]
    pd.DataFrame({"query": "first", "id": items["id"].iloc[mine]}).to_csv("mine.csv", index=False)
    done = repaired(cli, *SEARCH, *ATTRIBUTES, "--lists", "mine.csv", "--query", "first", "--rho", "0.5x")
    said = " ".join(answer["text"] for answer in done.report["answers"])
    own = mpr_by_svd(one_hot(items), one_hot(items), mine)
    assert done.values("mpr", 0)["first"] == pytest.approx(own, abs=1e-9)
    assert f"from {own:.2g} to" in said
    after = done.values("similarity", 1)["first"]
    before, most = scores[mine].mean(), np.sort(scores)[::-1][:20].mean()
    assert after > before
    assert f"They have {percent(after / before)}" in said
    assert f"and {percent(after / most)} of that of the most similar items" in said
    done = repaired(cli, *SEARCH, *ATTRIBUTES, "--query", "first", "--rho", "0.5x")
    assert "most similar items" not in " ".join(answer["text"] for answer in done.report["answers"])


@pytest.mark.parametrize(
    ("name", "words"), [("linear", "the least MPR there is"), ("tree", "the least MPR reached")]
)
def test_a_limit_that_nothing_meets_is_answered_in_one_wording(search, name, words):
    cli, _ = search
    done = repaired(cli, *SEARCH, *ATTRIBUTES, "--query", "first", "--rho", "0", "--classes", name)
    assert f"0 of 1 repaired lists keeps its limit, and it has {words};" in done.report["answers"][0]["text"]
    assert words in " ".join(done.report["notes"])
    (row,) = done.table("Lists under a limit")["rows"]
    assert words in row[4]
    details = done.finding("mpr", 1)["details"]
    assert details["least_mpr"] == ("proven" if name == "linear" else "reached")
    assert words in details["certificate"]


def test_no_group_is_named_after_a_repair_that_leaves_no_gap(search):
    cli, (items, *_) = search
    items.assign(sex="f").to_csv("same.csv", index=False)
    done = repaired(cli, *SEARCH, "--attributes", "sex", data="same.csv")
    assert not any("Farthest" in answer["text"] for answer in done.report["answers"])
