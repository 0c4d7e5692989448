"""The audit through the command line, against slow independent computations."""

import json
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from plugins.mpr.bundled import people
from plugins.mpr.oracle import mpr_by_svd
from plugins.mpr.small_search import ATTRIBUTES, SEARCH, one_hot, similarities, write_search


@pytest.fixture
def search(tmp_path, cli):
    return cli, write_search(tmp_path)


def audited(cli, *arguments):
    done = cli("audit", "items.csv", "--with", "mpr", "--k", 20, *arguments, "--json")
    assert done.code == 0, done.err
    return done


def test_the_audit_of_people_equals_a_slow_computation(cli):
    done = cli(
        *[
            "audit",
            "people",
            "--with",
            "mpr",
            "--query",
            "scientist",
            "--k",
            "50",
            "--attributes",
            "gender",
            "--json",
        ]
    )
    assert done.code == 0, done.err
    table, cosines = people()
    chosen = np.argsort(-cosines)[:50]
    columns = one_hot(table, ["gender"])
    finding = done.finding("mpr")
    assert finding["group"] == "scientist"
    assert finding["value"] == pytest.approx(mpr_by_svd(columns, columns, chosen), abs=1e-9)
    assert finding["interval"] is None
    shown = done.finding("mpr_shown")
    assert shown["value"] == finding["value"]
    assert 0 < shown["interval"]["low"] < shown["value"] < shown["interval"]["high"]
    details = finding["details"]
    assert (details["n"], details["m"], details["k"]) == (3815, 3815, 50)
    assert details["sampling_gap"] > 0
    assert finding["value"] < details["ceiling"] < 1
    assert details["worst_group"].startswith("gender=male: 82.0% of the list")
    assert done.values("similarity")["scientist"] == pytest.approx(cosines[chosen].mean(), abs=1e-6)
    shares = {row[0]: row[1:] for row in done.table("Shares of groups")["rows"]}
    assert shares["gender=female"] == [pytest.approx(320 / 3815, abs=1e-4), 0.02]
    assert any("guess from the first name" in note for note in done.report["notes"])


def test_the_queries_of_the_bundled_data_are_in_the_provenance(cli):
    done = cli(*["audit", "people", "--with", "mpr", "--attributes", "gender", "--json"])
    assert set(done.values("mpr")) == {"scientist", "writer", "actor", "politician", "nurse", "musician"}
    assert "people_queries.npz" in {item["file"] for item in done.report["provenance"]["inputs"]}


@pytest.mark.slow
def test_without_the_extra_the_linear_audit_works_and_other_parts_say_what_to_install(tmp_path):
    code = (
        "import sys; sys.modules.update(cvxpy=None, faiss=None, highspy=None)\n"
        "from auditkit.cli.app import run\n"
        "print(run('audit people --with mpr --query scientist --attributes gender --json'.split()))\n"
        "print(run('repair people --with mopr --query scientist --attributes gender --json'.split()))\n"
        "print(run('repair people --with mopr --query scientist --attributes gender --method qp'.split()))\n"
        "print(run('audit people --with mpr --attributes gender --index x.faiss'.split()))\n"
    )
    (tmp_path / "x.faiss").write_bytes(b"no index")
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, check=True
    )
    assert [line for line in done.stdout.splitlines() if line in "0123456"] == ["0", "0", "3", "3"]
    assert done.stderr.count('pip install "fair-auditkit[retrieval]"') == 2
    assert "Traceback" not in done.stderr


def test_a_reference_table_is_compared_with_and_weighed(search):
    cli, (items, vectors, queries, reference) = search
    plain = audited(cli, *SEARCH, *ATTRIBUTES, "--reference", "reference.csv")
    weighed = audited(
        cli, *SEARCH, *ATTRIBUTES, "--reference", "reference.csv", "--reference-weight", "weight"
    )
    cosines = similarities(vectors, queries)
    for place, name in enumerate(["first", "second"]):
        chosen = np.argsort(-cosines[place])[:20]
        expected = mpr_by_svd(one_hot(items), one_hot(reference), chosen)
        assert plain.values("mpr")[name] == pytest.approx(expected, abs=1e-9)
    chosen, rows, weights = np.argsort(-cosines[0])[:20], one_hot(reference), reference["weight"].to_numpy()
    times = 300 * weights / weights.sum()  # m rows, each counted by its weight
    left, right = one_hot(items), rows * np.sqrt(times)[:, None]
    stacked = np.concatenate([left, right])
    aside = np.concatenate([np.isin(np.arange(200), chosen) / 20, -np.sqrt(times) / 300])
    u, s, _ = np.linalg.svd(stacked, full_matrices=False)
    expected = np.sqrt(300 * 20 / 320) * np.linalg.norm(u[:, s > 1e-9].T @ aside)
    assert weighed.values("mpr")["first"] == pytest.approx(expected, abs=1e-9)


def test_every_way_to_give_queries_and_similarities_is_the_same_search(search):
    cli, (_, vectors, queries, _) = search
    expected = list(audited(cli, *SEARCH, *ATTRIBUTES).values("mpr").values())
    cosines = similarities(vectors, queries)
    np.save("sims.npy", cosines)
    np.savez("named.npz", first=queries[0], second=queries[1])
    np.savez("sims.npz", first=cosines[0], second=cosines[1])
    pd.DataFrame({"name": ["first", "second"], "vector": [q.tolist() for q in queries]}).to_parquet(
        "lists.parquet"
    )
    pd.DataFrame(queries).assign(name=["first", "second"]).to_csv("wide.csv", index=False)
    pd.read_csv("items.csv").assign(v=[v.tolist() for v in vectors.astype(np.float32)]).to_parquet(
        "items.parquet"
    )
    for given in ("queries.npy", "named.npz", "lists.parquet", "wide.csv"):
        found = audited(cli, "--embeddings", "items.npy", "--queries", given, *ATTRIBUTES)
        assert list(found.values("mpr").values()) == pytest.approx(expected, abs=1e-12), given
    for given in ("sims.npy", "sims.npz"):
        found = audited(cli, "--similarities", given, *ATTRIBUTES)
        assert list(found.values("mpr").values()) == pytest.approx(expected, abs=1e-12), given
    column = cli(
        "audit",
        "items.parquet",
        "--with",
        "mpr",
        "--k",
        20,
        "--embeddings",
        "v",
        "--queries",
        "queries.npz",
        *ATTRIBUTES,
        "--json",
    )
    assert list(column.values("mpr").values()) == pytest.approx(expected, abs=1e-12)


def test_a_faiss_index_is_the_same_search(search):
    import faiss

    cli, (_, vectors, _, _) = search
    rows = vectors.astype(np.float32) / np.linalg.norm(vectors.astype(np.float32), axis=1, keepdims=True)
    index = faiss.IndexFlatIP(8)
    index.add(rows)
    faiss.write_index(index, "items.faiss")
    known = audited(cli, *SEARCH, *ATTRIBUTES, "--prefilter", 60)
    found = audited(cli, "--index", "items.faiss", "--queries", "queries.npz", *ATTRIBUTES, "--prefilter", 60)
    assert found.values("mpr") == pytest.approx(known.values("mpr"), abs=1e-9)
    assert found.values("similarity") == pytest.approx(known.values("similarity"), abs=1e-6)
    pd.DataFrame({"query": "first", "id": [f"item{i}" for i in range(20)]}).to_csv("mine.csv", index=False)
    mine = [*ATTRIBUTES, "--prefilter", 60, "--lists", "mine.csv", "--query", "first"]
    known = audited(cli, *SEARCH, *mine)
    found = audited(cli, "--index", "items.faiss", "--queries", "queries.npz", *mine)
    assert found.values("mpr") == pytest.approx(known.values("mpr"), abs=1e-9)
    assert found.values("similarity") == pytest.approx(known.values("similarity"), abs=1e-6)


def test_the_prefilter_leaves_the_most_similar_items(search):
    cli, (items, vectors, queries, _) = search
    found = audited(cli, *SEARCH, *ATTRIBUTES, "--prefilter", 60, "--query", "first")
    order = np.argsort(-similarities(vectors, queries)[0])
    pool = np.sort(order[:60])
    expected = mpr_by_svd(one_hot(items)[pool], one_hot(items), np.searchsorted(pool, np.sort(order[:20])))
    assert found.values("mpr")["first"] == pytest.approx(expected, abs=1e-9)
    assert found.finding("mpr")["details"]["n"] == 60


def test_a_query_conditioned_reference_holds_the_most_similar_rows(search):
    cli, (items, vectors, queries, reference) = search
    found = audited(
        cli,
        *SEARCH,
        *ATTRIBUTES,
        "--reference",
        "reference.csv",
        "--reference-embeddings",
        "reference.npy",
        "--nearest",
        100,
        "--query",
        "second",
    )
    rows = np.argsort(-similarities(np.load("reference.npy"), queries)[1])[:100]
    chosen = np.argsort(-similarities(vectors, queries)[1])[:20]
    expected = mpr_by_svd(one_hot(items), one_hot(reference)[np.sort(rows)], chosen)
    assert found.values("mpr")["second"] == pytest.approx(expected, abs=1e-9)
    assert found.finding("mpr")["details"]["m"] == 100


def test_equal_and_typed_shares_are_targets_that_no_sampling_has_misled(search):
    cli, _ = search
    typed = ["sex=f:0.5,sex=m:0.5,race=a:1,race=b:1,race=c:1"]
    equal = audited(cli, *SEARCH, *ATTRIBUTES, "--equal", "--classes", "groups:1", "--query", "first")
    same = audited(cli, *SEARCH, *ATTRIBUTES, "--shares", *typed, "--classes", "groups:1", "--query", "first")
    assert equal.values("mpr") == pytest.approx(same.values("mpr"))
    shown = equal.finding("mpr_shown")
    assert shown["interval"]["low"] <= shown["value"]
    assert shown["interval"]["high"] == pytest.approx(shown["value"])
    shares = {row[0]: row[1:] for row in equal.table("Shares of groups")["rows"]}
    assert shares["sex=f"][0] == 0.5
    assert shares["race=c"][0] == pytest.approx(1 / 3, abs=1e-4)
    assert shares["sex=f AND race=c"][0] == pytest.approx(1 / 6, abs=1e-4)
    gaps = [abs(row[1] - row[0]) for row in (shares[g] for g in shares if " AND " not in g)]
    assert equal.values("mpr")["first"] == pytest.approx(max(gaps), abs=2e-4)


def test_shares_can_be_typed_for_bins_and_for_numbers(search):
    cli, (items, vectors, queries, _) = search
    cut = ["--groups", "age:0/30/60/120", "--attributes", "age", "--query", "first", "--classes", "groups:1"]
    equal = audited(cli, *SEARCH, *cut, "--equal")
    chosen = np.argsort(-similarities(vectors, queries)[0])[:20]
    bins = pd.cut(items["age"], [0, 30, 60, 120], right=False).iloc[chosen].value_counts(normalize=True)
    assert equal.values("mpr")["first"] == pytest.approx(np.abs(bins - 1 / 3).max(), abs=1e-9)
    typed = audited(cli, *SEARCH, *cut, "--shares", "age=0 to 30:1,age=30 to 60:1,age=60 to 120:1")
    assert typed.values("mpr") == pytest.approx(equal.values("mpr"))
    flag = (items["sex"] == "f").astype(int)
    items.assign(flag=flag).to_csv("items.csv", index=False)
    found = audited(cli, *SEARCH, "--attributes", "flag", "--equal", "--query", "first")
    reference = np.repeat([0.0, 1.0], 100)[:, None]
    expected = mpr_by_svd(flag.to_numpy()[:, None].astype(float), reference, chosen)
    assert found.values("mpr")["first"] == pytest.approx(expected, abs=1e-9)
    refused = cli(
        "audit",
        "items.csv",
        "--with",
        "mpr",
        *SEARCH,
        "--attributes",
        "flag",
        "--shares",
        "flag=yes:1",
        "--k",
        5,
    )
    assert refused.code == 2
    assert "holds numbers, and its shares name 'yes'" in refused.err


@pytest.mark.slow
def test_every_class_is_measured_and_only_searched_ones_are_labelled_lower_bounds(search):
    cli, _ = search
    names = "linear,affine,groups:2,tree,mlp:8,Ridge,rbf,polynomial,signs"
    found = audited(cli, *SEARCH, *ATTRIBUTES, "--classes", names, "--query", "first", "--bootstrap", 200)
    values = found.values("mpr")
    assert set(values) == {f"first [{name}]" for name in names.split(",")}
    for finding in found.report["findings"]:
        if finding["metric"] == "mpr":
            # Shallow trees over few cells, and their signs, are all tried, which makes their value exact.
            fitted = finding["details"]["class"] in {"mlp:8", "Ridge"}
            assert finding["details"]["is_lower_bound"] == fitted
            assert finding["value"] <= finding["details"]["ceiling"] + 1e-9
        if finding["metric"] == "mpr_shown":
            fitted = finding["details"]["class"] in {"tree", "mlp:8", "Ridge", "signs"}
            assert finding["interval"]["low"] <= finding["value"] <= finding["interval"]["high"]
            assert (finding["value"] == values[finding["group"]]) != fitted
            if fitted:
                assert finding["interval"]["high"] == (2 if "signs" in finding["group"] else 1)
    assert values["first [affine]"] == pytest.approx(
        values["first [linear]"], abs=1e-9
    )  # one-hot holds a constant
    assert any("lower bound" in note for note in found.report["notes"])


def test_numbers_and_embeddings_can_be_the_statistics(search):
    cli, (items, vectors, queries, _) = search
    numbers = audited(cli, *SEARCH, "--attributes", "age", "--query", "first")
    chosen = np.argsort(-similarities(vectors, queries)[0])[:20]
    ages = items[["age"]].to_numpy()
    assert numbers.values("mpr")["first"] == pytest.approx(mpr_by_svd(ages, ages, chosen), abs=1e-9)
    found = audited(cli, *SEARCH, "--attributes", "embeddings", "--query", "first")
    rows = vectors.astype(np.float32).astype(float)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    assert found.values("mpr")["first"] == pytest.approx(mpr_by_svd(rows, rows, chosen), abs=1e-6)


def test_bins_named_with_groups_are_found_again_in_the_reference(search):
    cli, (items, vectors, queries, reference) = search
    found = audited(
        cli,
        *SEARCH,
        "--groups",
        "age:0/30/60/120",
        "--attributes",
        "age",
        "--reference",
        "reference.csv",
        "--query",
        "first",
    )
    cut = [
        np.column_stack([(t["age"] >= a) & (t["age"] < b) for a, b in ((0, 30), (30, 60), (60, 120))]).astype(
            float
        )
        for t in (items, reference)
    ]
    chosen = np.argsort(-similarities(vectors, queries)[0])[:20]
    assert found.values("mpr")["first"] == pytest.approx(mpr_by_svd(*cut, chosen), abs=1e-9)


def test_depth_two_finds_the_group_that_linear_functions_cannot_see(cli):
    """The fairness gerrymandering toy: each sex and each race is half of the list, two intersections are missing."""
    rows = [("f", "a"), ("f", "b"), ("m", "a"), ("m", "b")]
    pd.DataFrame(rows * 2, columns=["sex", "race"]).to_csv("items.csv", index=False)
    np.save("sims.npy", [[9, 1, 1, 9, 8, 1, 1, 8]])
    done = cli(
        *[
            "audit",
            "items.csv",
            "--with",
            "mpr",
            "--similarities",
            "sims.npy",
            "--attributes",
            "sex,race",
            "--k",
            "4",
        ],
        "--classes",
        "linear,groups:1,groups:2",
        "--json",
    )
    assert done.code == 0, done.err
    values = done.values("mpr")
    assert values["sims [linear]"] == pytest.approx(0, abs=1e-9)
    assert values["sims [groups:1]"] == 0
    assert values["sims [groups:2]"] == 0.25
    worst = done.finding("mpr")["details"]["worst_group"]
    assert worst.split(":")[0] in {f"sex={s} AND race={r}" for s, r in rows}


def test_missing_values_are_refused_counted_or_predicted(search):
    cli, (items, _vectors, _, _) = search
    hidden = np.random.default_rng(1).random(200) < 0.3
    items.assign(sex=items["sex"].where(~hidden, "unknown")).to_csv("items.csv", index=False)
    gaps = ["--missing-values", "unknown", "--query", "first", *ATTRIBUTES, *SEARCH]
    refused = cli("audit", "items.csv", "--with", "mpr", "--k", 20, *gaps)
    assert refused.code == 2
    assert f"'sex' is missing in {hidden.sum()} items" in refused.err
    counted = audited(cli, *gaps, "--unknown", "category")
    assert any(row[0] == "sex=(missing)" for row in counted.table("Shares of groups")["rows"])
    predicted = audited(cli, *gaps, "--unknown", "probe")
    probe = predicted.finding("mpr")["details"]["probes"][0]
    assert probe["attribute"] == "sex"
    assert 0.01 <= probe["C"] <= 100
    assert set(probe["by_group"]) == {"f", "m"}
    assert 0.4 < probe["held_out_accuracy"] <= 1
    assert any("right on" in note and "held-out rows" in note for note in predicted.report["notes"])


def test_own_lists_are_audited_in_place_of_the_most_similar(search):
    cli, (items, vectors, queries, _) = search
    mine = np.arange(20)
    pd.DataFrame({"query": "first", "rank": range(1, 21), "id": items["id"][mine]}).to_csv(
        "mine.csv", index=False
    )
    found = audited(cli, *SEARCH, *ATTRIBUTES, "--lists", "mine.csv", "--query", "first")
    assert found.values("mpr")["first"] == pytest.approx(
        mpr_by_svd(one_hot(items), one_hot(items), mine), abs=1e-9
    )
    expected = similarities(vectors, queries)[0][mine].mean()
    assert found.values("similarity")["first"] == pytest.approx(expected, abs=1e-6)


def test_vectors_of_any_length_are_compared_by_cosine_and_that_is_said(search):
    cli, (_, vectors, *_) = search
    raw = audited(cli, *SEARCH, *ATTRIBUTES, "--query", "first").report
    np.save("items.npy", (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32))
    unit = audited(cli, *SEARCH, *ATTRIBUTES, "--query", "first").report
    told = "mpr: the items' vectors are not of length 1; similarity is their cosine with the query, not the inner product."
    assert told in raw["notes"]
    assert told not in unit["notes"]
    mine, theirs = ([f["value"] for f in one["findings"] if f["metric"] == "mpr"] for one in (raw, unit))
    assert mine == pytest.approx(theirs, abs=1e-9)


def test_the_same_seed_gives_the_same_report(search):
    cli, _ = search
    first, second = (audited(cli, *SEARCH, *ATTRIBUTES, "--classes", "linear,mlp:4").report for _ in range(2))
    assert json.dumps(first["findings"]) == json.dumps(second["findings"])


def test_lists_are_counted_once_however_many_classes_measure_them(search):
    cli, _ = search
    done = cli(
        "audit", "items.csv", "--with", "mpr", *SEARCH, *ATTRIBUTES, "--classes", "linear,groups:2", "--json"
    )
    first = done.report["answers"][0]
    assert "of 2 lists" in first["text"]
    assert "by any of 2 classes of functions" in first["basis"]


def test_no_group_is_named_where_every_list_has_the_shares_of_the_reference(tmp_path, cli):
    pd.DataFrame({"id": range(20), "sex": ["f", "m"] * 10}).to_csv("items.csv", index=False)
    pd.DataFrame({"query": "a", "id": range(10)}).to_csv("lists.csv", index=False)
    told = ["--lists", "lists.csv", "--attributes", "sex", "--k", 10, "--classes", "groups:1", "--json"]
    answers = [one["text"] for one in cli("audit", "items.csv", "--with", "mpr", *told).report["answers"]]
    assert answers[1] == "Every list has the reference's share of every group."
