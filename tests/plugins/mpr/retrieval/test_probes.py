"""Probes: they find what the vectors show, say how well by group, and train on the reference where items have no labels."""

import numpy as np
import pandas as pd
import pytest
from plugins.mpr.small_search import write_search

from auditkit.testing import make_context
from auditkit_mpr.reference.attributes import Read
from auditkit_mpr.reference.table import ReferenceTable
from auditkit_mpr.retrieval.probes import STRENGTHS, probed
from auditkit_mpr.retrieval.scoring import Vectors


def told_by_vectors(n=400, noise=0.3, seed=0):
    rng = np.random.default_rng(seed)
    codes = rng.integers(0, 3, n)
    return codes, (np.eye(5)[codes] + noise * rng.normal(size=(n, 5))).astype(np.float32)


def test_hidden_labels_come_back_and_the_accuracy_by_group_is_that_of_unseen_rows():
    codes, vectors = told_by_vectors()
    hidden = codes.copy()
    hidden[300:] = -1
    read = Read(name="a", labels=("x", "y", "z"), items=hidden, reference=hidden)
    table = ReferenceTable(table=pd.DataFrame(), words="", items_themselves=True)
    filled, (probe,) = probed(read, Vectors(vectors, vectors[:1]), table, make_context())
    np.testing.assert_array_equal(filled.items[:300], codes[:300])
    truly = (filled.items[300:] == codes[300:]).mean()
    assert truly > 0.9
    assert abs(probe.accuracy - truly) < 0.12
    np.testing.assert_array_equal(filled.items, filled.reference)
    assert (min(STRENGTHS), max(STRENGTHS)) == pytest.approx((0.01, 100))
    assert probe.strength in STRENGTHS
    assert probe.rows == 300
    assert probe.filled == 200
    assert sum(n for *_, n in probe.by_group) == 60
    share = sum(accuracy * n for _, accuracy, n in probe.by_group) / 60
    assert share == pytest.approx(probe.accuracy)


def test_vectors_that_say_nothing_give_an_accuracy_near_chance():
    rng = np.random.default_rng(1)
    codes, vectors = rng.integers(0, 2, 600), rng.normal(size=(600, 4)).astype(np.float32)
    hidden = np.where(np.arange(600) < 500, codes, -1)
    read = Read(name="a", labels=("x", "y"), items=hidden, reference=hidden)
    table = ReferenceTable(table=pd.DataFrame(), words="", items_themselves=True)
    _, (probe,) = probed(read, Vectors(vectors, vectors[:1]), table, make_context())
    assert 0.3 < probe.accuracy < 0.7


@pytest.mark.slow
def test_an_attribute_that_items_lack_is_learned_from_the_reference(cli, tmp_path):
    write_search(tmp_path)
    codes, vectors = told_by_vectors(n=200, seed=2)
    pd.DataFrame({"id": range(200)}).to_csv("items.csv", index=False)
    np.save("items.npy", vectors)
    theirs, their_vectors = told_by_vectors(n=300, seed=3)
    pd.DataFrame({"band": np.array(["x", "y", "z"])[theirs]}).to_csv("reference.csv", index=False)
    np.save("reference.npy", their_vectors)
    np.save("queries.npy", np.eye(5)[:1])
    arguments = (
        "audit items.csv --with mpr --embeddings items.npy --queries queries.npy --attributes band --reference "
        "reference.csv --reference-embeddings reference.npy --unknown probe --k 40 --json"
    )
    done = cli(*arguments.split())
    assert done.code == 0, done.err
    details = done.finding("mpr")["details"]
    assert details["probes"][0]["rows_filled"] == 200
    assert details["probes"][0]["held_out_accuracy"] > 0.85
    shares = {row[0]: row[2] for row in done.table("Shares of groups")["rows"]}
    order = np.argsort(-(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))[:, 0])[:40]
    assert shares["band=x"] == pytest.approx((codes[order] == 0).mean(), abs=0.05)
    repaired = cli(*arguments.replace("audit", "repair").replace("with mpr", "with mopr").split())
    assert repaired.finding("mpr", 1)["details"]["probes"][0]["attribute"] == "band"
