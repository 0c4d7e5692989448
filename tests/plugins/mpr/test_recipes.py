"""The recipes for searches: one runs as it stands, the others on tiny made-up copies of the layouts they name."""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from layouts import make_celeba, make_fairface, make_utkface

from auditkit.data.bundled.recipes import bundled_recipes

pytestmark = pytest.mark.slow

RECIPES = {path.stem: path for path in bundled_recipes()}


def vectors(folder, name, n, d=12, seed=0):
    np.save(folder / name, np.random.default_rng(seed).normal(size=(n, d)).astype(np.float32))


def with_queries(folder, d=12):
    rng = np.random.default_rng(9)
    np.savez(folder / "queries.npz", names=np.array(["nurse", "chef"]), vectors=rng.normal(size=(2, d)))


def utkface(folder):
    make_utkface(folder / "UTKFace", n=150)
    vectors(folder, "utkface.npy", 150)


def fairface(folder):
    make_fairface(folder / "FairFace", n=150)
    vectors(folder, "fairface.npy", 150)


def celeba(folder):
    make_celeba(folder / "CelebA", n=120)
    vectors(folder, "celeba.npy", 120)
    rng = np.random.default_rng(1)
    races = ("White", "Black", "East Asian")
    pd.DataFrame({"file": range(200), "race": rng.choice(races, 200)}).to_csv(
        folder / "fairface_label_train.csv", index=False
    )
    vectors(folder, "fairface_train.npy", 200, seed=2)


def occupations(folder):
    rng = np.random.default_rng(1)
    gender = rng.choice(["female", "male", ""], 150, p=[0.3, 0.5, 0.2])
    pd.DataFrame(
        {"id": range(150), "occupation": rng.choice(["nurse", "chef"], 150), "gender": gender}
    ).to_csv(folder / "occupations.csv", index=False)
    vectors(folder, "occupations.npy", 150)


@pytest.mark.parametrize("make", [utkface, fairface, celeba, occupations], ids=lambda make: make.__name__)
def test_a_recipe_runs_on_a_tiny_copy_of_the_layout_it_names(make, cli, tmp_path):
    name = f"mpr-{make.__name__}"
    make(tmp_path)
    with_queries(tmp_path)
    shutil.copy(RECIPES[name], tmp_path)
    done = cli("run", f"{name}.yaml", "--json", "-o", "lists.csv")
    assert done.code == 0, done.err
    repaired = [
        f for f in done.report["findings"] if f["step"] == "lists" and f["metric"] == "mpr" and f["stage"]
    ]
    assert repaired
    assert all(f["value"] is not None for f in repaired)
    lists = pd.read_csv("lists.csv")
    assert lists.groupby("query")["id"].nunique().to_dict() == {"chef": 50, "nurse": 50}
    if make in {celeba, occupations}:
        probes = [f["details"].get("probes") for f in done.report["findings"] if f["metric"] == "mpr"]
        assert any(probes)


@pytest.mark.parametrize("name", ["mpr-utkface", "mpr-fairface", "mpr-celeba", "mpr-occupations"])
def test_without_the_files_a_recipe_says_which_one_is_missing(name, cli, tmp_path):
    shutil.copy(RECIPES[name], tmp_path)
    done = cli("run", f"{name}.yaml")
    assert done.code == 4
    assert "Traceback" not in done.err
    text = Path(RECIPES[name]).read_text()
    assert "queries.npz" in text.split("version:")[0]


def test_the_recipe_of_the_bundled_data_runs_as_it_stands(cli):
    done = cli("run", "mpr-people", "--json", "--set", "reports=[]")
    assert done.code == 0, done.err
    before = {
        f["group"]: f["value"]
        for f in done.report["findings"]
        if f["step"] == "before" and f["metric"] == "mpr"
    }
    assert set(before) == {
        f"{q} [{c}]" for q in ("scientist", "nurse", "writer") for c in ("linear", "groups:2")
    }
    after = [
        f
        for f in done.report["findings"]
        if f["step"] == "lists" and f["metric"] == "mpr" and f["stage"] == 1
    ]
    assert all(f["details"]["meets"] for f in after)


@pytest.mark.slow
def test_the_methods_of_the_paper_stand_beside_each_other_on_the_bundled_data(cli):
    done = cli("run", "reproduce-mpr", "--json", "--set", "steps.methods.with.query=[nurse]")
    assert done.code == 0, done.err
    methods = ["cone", "algorithm1", "topk", "mmr", "pbm", "clipclip"]
    assert [row[0] for row in done.table("Methods compared")["rows"]] == methods
    assert done.table("Shares of groups by method")["columns"][2::2] == methods
    assert done.table("Algorithm 1 by iteration")["rows"]
    titles = [chart["title"] for chart in done.report["charts"]]
    assert "Precision against representation" in titles
    assert "Algorithm 1 by iteration" in titles
