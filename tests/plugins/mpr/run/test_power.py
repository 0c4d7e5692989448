"""`auditkit power --with mpr` answers from the sampling bound that the audit rests on."""

import json

import numpy as np
import pandas as pd


def test_the_papers_example_needs_three_times_the_rows_that_it_prints(cli):
    """VC 10, a gap of 0.1, ten queries and delta = 0.05: 102,927 rows, where Prop. 2 prints 32,600."""
    rng = np.random.default_rng(0)
    pd.DataFrame(rng.normal(size=(30, 10)), columns=[f"a{i}" for i in range(10)]).to_csv(
        "items.csv", index=False
    )
    np.save("queries.npy", rng.normal(size=(10, 4)))
    np.save("items.npy", rng.normal(size=(30, 4)))
    done = cli(
        "power",
        "items.csv",
        "--with",
        "mpr",
        "--queries",
        "queries.npy",
        "--embeddings",
        "items.npy",
        "--k",
        "10",
        "--attributes",
        ",".join(f"a{i}" for i in range(10)),
        "--gap",
        "0.1",
        "--json",
    )
    assert done.code == 0, done.err
    assert json.loads(done.out)["tables"][0]["rows"] == [["linear", 10, 102927, None, 30]]


def test_groups_need_fewer_rows_and_trees_have_no_bound(cli):
    done = cli(
        *[
            "power",
            "people",
            "--with",
            "mpr",
            "--attributes",
            "gender,era",
            "--classes",
            "groups:2,tree",
            "--json",
        ]
    )
    groups, tree = json.loads(done.out)["tables"][0]["rows"]
    assert groups[3] < groups[2]
    assert tree[1:4] == [None, None, None]


def test_the_power_of_the_bundled_data_is_written_out(cli):
    done = cli(*["power", "people", "--with", "mpr"])
    assert done.code == 0
    assert "all 6 queries at once" in done.out
