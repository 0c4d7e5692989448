"""Every bad input is one clear sentence with the exit code of its kind, and never a wrong number."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from plugins.mpr.small_search import ATTRIBUTES, SEARCH, write_search


@pytest.fixture
def search(tmp_path, cli):
    return cli, write_search(tmp_path)


def refused(cli, code, *sentences, step="mpr", data="items.csv", arguments=()):
    command = "audit" if step == "mpr" else "repair"
    done = cli(command, data, "--with", step, *arguments)
    assert done.code == code, done.err or done.out
    for sentence in sentences:
        assert sentence in " ".join(done.err.split())
    assert "Traceback" not in done.err
    return done


@pytest.mark.parametrize("step", ["mpr", "mopr"])
@pytest.mark.parametrize(
    ("code", "sentence", "arguments"),
    [
        (2, "k is 201, but there are only 200 items", [*SEARCH, *ATTRIBUTES, "--k", 201]),
        (2, "greater than or equal to 1", [*SEARCH, *ATTRIBUTES, "--k", 0]),
        (2, "prefilter 10 leaves fewer items than k = 50", [*SEARCH, *ATTRIBUTES, "--prefilter", 10]),
        (2, "name the attributes to represent", [*SEARCH]),
        (4, "did you mean 'sex'", [*SEARCH, "--attributes", "sexx"]),
        (2, "did you mean 'first'", [*SEARCH, *ATTRIBUTES, "--query", "firts"]),
        (2, "name query vectors", ["--embeddings", "items.npy", *ATTRIBUTES]),
        (2, "items need vectors", ["--queries", "queries.npz", *ATTRIBUTES]),
        (4, "there is no file", ["--embeddings", "items.npy", "--queries", "nowhere.npy", *ATTRIBUTES]),
        (2, "give one reference", [*SEARCH, *ATTRIBUTES, "--equal", "--reference", "reference.csv"]),
        (2, "there is no class of functions 'linaer'", [*SEARCH, *ATTRIBUTES, "--classes", "linaer"]),
        (2, "'0' is not a whole number above 0", [*SEARCH, *ATTRIBUTES, "--classes", "groups:0"]),
        (2, "needs attributes with groups", [*SEARCH, "--attributes", "age", "--classes", "groups:1"]),
        (2, "must be written as attribute=value:number", [*SEARCH, *ATTRIBUTES, "--shares", "sex"]),
        (2, "shares name sex=f twice", [*SEARCH, "--attributes", "sex", "--shares", "sex=f:1,sex=f:2"]),
        (2, "attribute 'race' has no shares", [*SEARCH, *ATTRIBUTES, "--shares", "sex=f:1,sex=m:1"]),
        (2, "which is not among the attributes", [*SEARCH, "--attributes", "sex", "--shares", "race=a:1"]),
        (2, "is a quantity without shares", [*SEARCH, "--attributes", "age", "--equal"]),
        (2, "shares of 'sex' are all zero", [*SEARCH, "--attributes", "sex", "--shares", "sex=f:0,sex=m:0"]),
        (2, "--nearest needs", [*SEARCH, *ATTRIBUTES, "--reference", "reference.csv", "--nearest", 10]),
    ],
)
def test_what_cannot_be_measured_is_refused_before_anything_runs(search, step, code, sentence, arguments):
    cli, _ = search
    refused(cli, code, sentence, step=step, arguments=arguments)


@pytest.mark.parametrize(
    ("code", "sentence", "arguments"),
    [
        (2, "rho '-1' is no limit", ["--rho=-1"]),
        (2, "rho 'small' is no limit", ["--rho", "small"]),
        (2, "one class of functions", ["--classes", "linear,tree"]),
        (2, "for tree use lp", ["--classes", "tree", "--method", "cone"]),
        (2, "for groups:2 use lp", ["--classes", "groups:2", "--method", "qp"]),
        (2, "must be 'cone', 'lp'", ["--method", "magic"]),
        (2, "for tree use lp", ["--classes", "tree", "--method", "integer"]),
    ],
)
def test_a_limit_or_method_that_makes_no_sense_is_refused(search, code, sentence, arguments):
    cli, _ = search
    refused(cli, code, sentence, step="mopr", arguments=[*SEARCH, *ATTRIBUTES, "--k", 20, *arguments])


def test_broken_vectors_are_named(search):
    cli, (_, vectors, *_) = search
    for value, kind in ((np.nan, "missing or infinite numbers"), (0.0, "a zero vector")):
        broken = vectors.copy()
        broken[17] = value
        np.save("broken.npy", broken)
        refused(
            cli, 4, "row 17 has", kind, arguments=["--embeddings", "broken.npy", *SEARCH[2:], *ATTRIBUTES]
        )
    np.save("all.npy", np.full_like(vectors, np.nan))
    refused(
        cli,
        4,
        "row 0 has",
        "200 of 200 rows",
        arguments=["--embeddings", "all.npy", *SEARCH[2:], *ATTRIBUTES],
    )
    np.save("zero.npy", np.zeros((1, 8)))
    refused(
        cli,
        4,
        "zero.npy: row 0",
        arguments=["--embeddings", "items.npy", "--queries", "zero.npy", *ATTRIBUTES],
    )


def test_parts_of_other_sizes_are_named(search):
    cli, (_, vectors, _queries, _) = search
    np.save("wide.npy", np.ones((2, 9)))
    refused(
        cli,
        4,
        "queries have 9 dimensions and the embeddings of the items 8",
        arguments=["--embeddings", "items.npy", "--queries", "wide.npy", *ATTRIBUTES],
    )
    np.save("few.npy", vectors[:-1])
    refused(cli, 4, "have 199 rows", arguments=["--embeddings", "few.npy", *SEARCH[2:], *ATTRIBUTES])
    np.save("sims.npy", np.ones((1, 7)))
    refused(cli, 4, "are for 7 items", arguments=["--similarities", "sims.npy", *ATTRIBUTES])
    np.save("nan.npy", np.full((1, 200), np.nan))
    refused(cli, 4, "200 similarities are missing", arguments=["--similarities", "nan.npy", *ATTRIBUTES])
    np.save("short.npy", np.ones((5, 8)))
    refused(
        cli,
        4,
        "one vector for each",
        arguments=[
            *SEARCH,
            *ATTRIBUTES,
            "--reference",
            "reference.csv",
            "--reference-embeddings",
            "short.npy",
        ],
    )
    import faiss

    index = faiss.IndexFlatIP(8)
    index.add(vectors[:100].astype(np.float32))
    faiss.write_index(index, "small.faiss")
    refused(
        cli,
        4,
        "holds 100 items, and the table has 200",
        arguments=["--index", "small.faiss", *SEARCH[2:], *ATTRIBUTES],
    )
    distance = faiss.IndexFlatL2(8)
    distance.add(vectors.astype(np.float32))
    faiss.write_index(distance, "distance.faiss")
    refused(cli, 4, "measures distance", arguments=["--index", "distance.faiss", *SEARCH[2:], *ATTRIBUTES])
    raw = faiss.IndexFlatIP(8)
    raw.add(vectors.astype(np.float32))
    faiss.write_index(raw, "raw.faiss")
    words = "so that its inner products rank long vectors first; build it on vectors of length 1"
    refused(cli, 4, words, arguments=["--index", "raw.faiss", *SEARCH[2:], *ATTRIBUTES])
    Path("text.npy").write_bytes(b"no array")
    refused(
        cli,
        4,
        "reference embeddings text.npy cannot be read",
        arguments=[
            *SEARCH,
            *ATTRIBUTES,
            "--reference",
            "reference.csv",
            "--reference-embeddings",
            "text.npy",
        ],
    )
    refused(
        cli,
        4,
        "not a whole .npy file",
        arguments=["--embeddings", "items.npy", "--queries", "text.npy", *ATTRIBUTES],
    )


def test_ids_must_be_there_and_unique(search):
    cli, (items, *_) = search
    items.assign(id="same").to_csv("twice.csv", index=False)
    refused(
        cli, 4, "id 'same' stands for more than one item", data="twice.csv", arguments=[*SEARCH, *ATTRIBUTES]
    )
    items.assign(id=items["id"].where(items.index > 0)).to_csv("gap.csv", index=False)
    refused(cli, 4, "1 items have no id", data="gap.csv", arguments=[*SEARCH, *ATTRIBUTES])


def test_values_that_only_one_side_has_are_said_or_refused(search):
    cli, (_, _, _, reference) = search
    reference.replace({"race": {"c": "d"}}).to_csv("other.csv", index=False)
    done = cli(
        "audit", "items.csv", "--with", "mpr", *SEARCH, *ATTRIBUTES, "--reference", "other.csv", "--json"
    )
    assert done.code == 0
    notes = " ".join(done.report["notes"])
    assert "No item has race 'd', which the reference has: no list can represent it." in notes
    only = "its share counts as 0, but of 300 sampled rows that shows only that it is below 0.012"
    assert f"The reference has no race 'c', which items have: {only}." in notes
    shares = {row[0]: row[1:] for row in done.table("Shares of groups")["rows"]}
    assert shares["race=d"][1:] == [0.0, 0.0]
    assert shares["race=c"][0] == 0.0
    reference.replace({"sex": {"f": "female", "m": "male"}}).to_csv("words.csv", index=False)
    refused(
        cli,
        4,
        "no value in common; write values alike",
        arguments=[*SEARCH, *ATTRIBUTES, "--reference", "words.csv"],
    )
    reference.assign(sex=1).to_csv("numbers.csv", index=False)
    refused(
        cli,
        4,
        "holds numbers in one of items and reference",
        arguments=[*SEARCH, *ATTRIBUTES, "--reference", "numbers.csv"],
    )
    reference.drop(columns="race").to_csv("less.csv", index=False)
    refused(
        cli,
        4,
        "the reference has no column 'race'",
        arguments=[*SEARCH, *ATTRIBUTES, "--reference", "less.csv"],
    )


def test_an_unusable_weight_of_the_reference_is_refused(search):
    cli, (*_, reference) = search
    reference.assign(weight=-1).to_csv("negative.csv", index=False)
    given = [*SEARCH, *ATTRIBUTES, "--reference", "negative.csv", "--reference-weight"]
    refused(cli, 4, "must be finite, not below zero", arguments=[*given, "weight"])
    refused(cli, 4, "is not a number", arguments=[*given, "sex"])
    refused(cli, 4, "did you mean 'weight'", arguments=[*given, "wieght"])


def test_a_missing_number_is_refused(search):
    cli, (items, *_) = search
    items.assign(age=items["age"].where(items.index != 5)).to_csv("gap.csv", index=False)
    refused(
        cli,
        2,
        "attribute 'age' is missing in 1 items",
        data="gap.csv",
        arguments=[*SEARCH, "--attributes", "age"],
    )


def test_lists_that_do_not_fit_are_refused(search):
    cli, (items, *_) = search
    given = [*SEARCH, *ATTRIBUTES, "--k", 3, "--lists", "mine.csv"]

    def brought(ids, query="first", **more):
        pd.DataFrame({"query": query, "id": ids, **more}).to_csv("mine.csv", index=False)

    brought(["item0", "item1", "nobody"])
    refused(cli, 4, "name id 'nobody', which no item has", arguments=given)
    brought(["item0", "item1", "item1"])
    refused(cli, 4, "holds an item twice", arguments=given)
    brought(["item0", "item1"])
    refused(cli, 4, "has 2 items, and k is 3", arguments=given)
    brought(["item0", "item1", "item2"], query="third")
    refused(cli, 4, "hold none of the queries", arguments=given)
    items[["id"]].to_csv("mine.csv", index=False)
    refused(cli, 4, "have no column 'query'", arguments=given)


def test_a_probe_needs_labels_of_every_group_and_vectors(search):
    cli, (items, *_) = search
    rare = items.assign(sex=items["sex"].where((items["sex"] == "m") | (items.index < 8)))
    rare.to_csv("rare.csv", index=False)
    refused(
        cli,
        2,
        "needs 10 labelled rows of every group",
        data="rare.csv",
        arguments=[*SEARCH, *ATTRIBUTES, "--unknown", "probe"],
    )
    np.save("sims.npy", np.ones((1, 200)))
    refused(
        cli,
        2,
        "a probe needs --embeddings",
        data="rare.csv",
        arguments=["--similarities", "sims.npy", *ATTRIBUTES, "--unknown", "probe"],
    )


def test_a_constant_attribute_shows_no_gap_and_restricts_nothing(search):
    cli, (items, *_) = search
    items.assign(one="x", two=3.0).to_csv("constant.csv", index=False)
    for name in ("one", "two"):
        done = cli("audit", "constant.csv", "--with", "mpr", *SEARCH, "--attributes", name, "--json")
        assert done.code == 0, done.err
        assert done.values("mpr")["first"] == pytest.approx(0, abs=1e-9)
        done = cli(
            "repair", "constant.csv", "--with", "mopr", *SEARCH, "--attributes", name, "--rho", "0", "--json"
        )
        assert done.code == 0, done.err
        assert done.finding("mpr", 1)["details"]["meets"] is True


def test_a_wanted_group_without_items_is_a_limit_that_cannot_be_kept(search):
    cli, _ = search
    done = cli(
        "repair",
        "items.csv",
        "--with",
        "mopr",
        *SEARCH,
        "--attributes",
        "sex",
        "--shares",
        "sex=f:0.4,sex=m:0.4,sex=x:0.2",
        "--rho",
        "0.001",
        "--json",
    )
    assert done.code == 0, done.err
    assert done.finding("mpr", 1)["details"]["proven_infeasible"] is True
    assert any("No item has sex 'x'" in note for note in done.report["notes"])


def test_quantities_of_two_units_are_said_and_numbers_between_others_are_none(search):
    cli, (items, _, _, reference) = search
    reference.assign(age=reference["age"] * 12).to_csv("months.csv", index=False)
    asked = ["audit", "items.csv", "--with", "mpr", *SEARCH, "--json"]
    done = cli(*asked, "--attributes", "age", "--reference", "months.csv")
    assert "age is 18" in " ".join(done.report["notes"])
    assert "never alike: are both in the same unit?" in " ".join(done.report["notes"])
    items.assign(band=np.arange(len(items)) % 3 * 2).to_csv("even.csv", index=False)
    reference.assign(band=np.arange(len(reference)) % 2 * 2 + 1).to_csv("odd.csv", index=False)
    done = cli(*[*asked[:1], "even.csv", *asked[2:]], "--attributes", "band", "--reference", "odd.csv")
    assert done.code == 0, done.err
    assert "The reference has no band '0', '2', '4'" in " ".join(done.report["notes"])


@pytest.mark.parametrize(
    ("option", "of", "said"),
    [
        (
            "--lists",
            ["first", "thrid"],
            ["Query 'second' has no list in theirs.csv", "has lists of query 'thrid'"],
        ),
        (
            "--relevance",
            ["first", "thrid"],
            ["Query 'second' has no judgements", "judges items for query 'thrid'"],
        ),
        ("--lists", ["first", "second"], []),
        ("--relevance", ["first", "second"], []),
    ],
)
def test_queries_that_only_one_file_has_are_said(search, option, of, said):
    cli, (items, *_) = search
    rows = [(query, name) for query in of for name in items["id"][:20]]
    pd.DataFrame(rows, columns=["query", "id"]).to_csv("theirs.csv", index=False)
    done = cli(
        "audit", "items.csv", "--with", "mpr", *SEARCH, *ATTRIBUTES, "--k", 20, option, "theirs.csv", "--json"
    )
    notes = " ".join(done.report["notes"])
    assert all(words in notes for words in said)
    assert ("theirs.csv" in notes) == bool(said)


def test_lists_alone_and_their_judgements_are_compared_too(search):
    cli, (items, *_) = search
    rows = [("first", name) for name in items["id"][:20]]
    pd.DataFrame(rows, columns=["query", "id"]).to_csv("lists.csv", index=False)
    pd.DataFrame(
        [("first", items["id"][0], 0), ("other", items["id"][1], 1)], columns=["query", "id", "relevance"]
    ).to_csv("judged.csv", index=False)
    files = ["--lists", "lists.csv", "--relevance", "judged.csv"]
    done = cli("audit", "items.csv", "--with", "mpr", *files, *ATTRIBUTES, "--k", 20, "--json")
    assert done.code == 0, done.err
    notes = " ".join(done.report["notes"])
    assert "judged.csv judges items for query 'other', which is not among the queries: not used." in notes
    assert "Query 'first' has no item that answers it: recall and nDCG are not defined." in notes


def test_a_file_without_queries_is_said_to_be_empty(search):
    cli, _ = search
    np.save("none.npy", np.zeros((0, 8)))
    told = ["--embeddings", "items.npy", "--queries", "none.npy", *ATTRIBUTES]
    refused(cli, 4, "queries none.npy are empty", arguments=told)
