"""Files out of a recipe's reach: the command line may name them, a recipe may not, wherever links lead."""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from cli.reach.conftest import DATA, RATES, write
from PIL import Image

REACH = {
    "a table above": "data: {path: ../t.csv, target: y}",
    "a table by its absolute path": "data: {path: OUT/t.csv, target: y}",
    "a table through a link": "data: {path: link.csv, target: y}",
    "a table in a linked folder": "data: {path: linked/t.csv, target: y}",
    "predictions": "data: {path: own.csv, target: y, pred: ../p.csv}",
    "predictions of no known kind": "data: {path: own.csv, target: y, pred: ../p}",
    "embeddings": "data: {path: own.csv, target: y, embeddings: ../e.npy}",
    "images": "data: {path: own.csv, target: y, images: ../i.npy}",
    "a model": "data: {path: own.csv, target: y, model: ../m}",
    "a model that is not there": "data: {path: own.csv, target: y, model: ../no-such}",
    "parts that a link leads to": "data: {path: parts, target: y, engine: duckdb}",
    "parts of a pattern": "data: {path: 'parts/*.parquet', target: y, engine: dask}",
    "parts in a linked folder": "data: {path: 'linked/*.parquet', target: y, engine: duckdb}",
    "a loader's folder": "data: {path: 'celeba:../CelebA'}",
    "groups": "data: {path: own.csv, target: y}\ngroups: ../g.yaml",
    "some groups": "data: {path: own.csv, target: y}\ngroups: {mined: ../g.yaml}",
    "a recipe to lay this over": "extends: ../base.yaml",
    "a variable": "vars: {up: ..}\ndata: {path: '${vars.up}/t.csv', target: y}",
    "the environment": "data: {path: '${env.OUT}/t.csv', target: y}",
}


@pytest.fixture
def apart(folder, monkeypatch):
    """A recipe's folder, beside the working folder, with links that lead out of it."""
    home, out = folder / "home", folder / "out"
    (home / "recipes").mkdir(parents=True)
    out.mkdir()
    for place in (home, out, home / "recipes"):
        (place / "own.csv").write_text((folder / "t.csv").read_text())
    for place in (home, out):
        (place / "t.csv").write_text((folder / "t.csv").read_text())
        (place / "p").write_text("p\n1\n")
        (place / "g.yaml").write_text("version: 1\ngroups: {a: {where: \"g == 'a'\"}}\n")
        (place / "base.yaml").write_text(
            f"version: 1\nname: b\ndata: {{path: own.csv, target: y}}\n{RATES}\n"
        )
        (place / "m").mkdir()
    pd.read_csv(folder / "t.csv").to_parquet(out / "t.parquet")
    (home / "recipes" / "parts").mkdir()
    (home / "recipes" / "parts" / "0.parquet").symlink_to(out / "t.parquet")
    (home / "recipes" / "link.csv").symlink_to(out / "t.csv")
    (home / "recipes" / "linked").symlink_to(out)
    monkeypatch.chdir(out / "m")
    monkeypatch.setenv("OUT", str(out))
    return home / "recipes"


@pytest.mark.parametrize("case", REACH)
def test_a_recipe_names_no_file_out_of_its_reach(cli, apart, monkeypatch, case):
    monkeypatch.chdir(apart.parents[1] / "out" / "m")
    lines = REACH[case].replace("OUT", os.environ["OUT"]).replace("${env." + os.environ["OUT"], "${env.OUT")
    steps = "" if "extends" in lines else RATES
    (apart / "r.yaml").write_text(f"version: 1\nname: r\n{lines}\n{steps}\n")
    done = cli("run", apart / "r.yaml")
    assert done.code == 2
    assert "outside the recipe's folder and the working folder: --allow-outside" in done.err
    assert "r.yaml:" in done.err
    allowed = cli("run", apart / "r.yaml", "--allow-outside", "--dry-run")
    assert "--allow-outside" not in allowed.err


def test_waivers_beside_a_recipe_are_no_link_out_of_its_reach(cli, apart):
    """What is wrong with them is told with their first words: a link could show any file in the log of a pipeline."""
    (apart / "r.yaml").write_text(f"version: 1\nname: r\ndata: {{path: own.csv, target: y}}\n{RATES}\n")
    (apart.parents[1] / "out" / "secret").write_text("CANARY: 1\n")
    (apart / "waivers.yaml").symlink_to(apart.parents[1] / "out" / "secret")
    done = cli("run", apart / "r.yaml")
    assert (done.code, "CANARY" in done.err) == (2, False)
    assert "'waivers.yaml' leads outside the recipe's folder and the working folder" in done.err


def test_a_step_names_no_file_out_of_its_reach(cli, apart):
    step = "steps: [{id: m, use: mpr, with: {queries: ../q.npz}}]"
    (apart / "r.yaml").write_text(f"version: 1\nname: r\ndata: {{path: own.csv}}\n{step}\n")
    done = cli("run", apart / "r.yaml")
    assert (done.code, "r.yaml:4:" in done.err) == (2, True)
    assert "steps.0.with.queries: '../q.npz' lies outside the recipe's folder" in done.err


def test_what_lies_in_the_working_folder_or_is_said_by_the_command_line_is_free(cli, apart, monkeypatch):
    text = "version: 1\nname: r\ndata: {path: ../t.csv, target: y, positive: 1}\ngroups: {g: {column: g}}\n"
    (apart / "r.yaml").write_text(text + RATES)
    assert cli("run", apart / "r.yaml").code == 2
    assert cli("run", apart / "r.yaml", "--set", "data.path=../t.csv").code == 0
    monkeypatch.chdir(apart.parent)
    assert cli("run", "recipes/r.yaml").code == 0


IMAGES = {
    "a link out": lambda home, out: (home / "i" / "0.png").symlink_to(out / "0.png"),
    "a folder that leads out": lambda home, out: (home / "linked").symlink_to(out),
}


@pytest.mark.parametrize("case", IMAGES)
def test_images_that_a_recipes_table_names_are_within_reach_wherever_links_lead(cli, folder, case):
    home, out = folder / "home", folder / "out"
    (home / "i").mkdir(parents=True)
    out.mkdir()
    for place in (home / "i", out):
        for i in range(40):
            Image.fromarray(np.zeros((4, 4, 3), dtype=np.uint8)).save(place / f"{i}.png")
    (home / "i" / "0.png").unlink()
    IMAGES[case](home, out)
    where = "i" if case == "a link out" else "linked"
    table = pd.read_csv(folder / "t.csv").head(40)
    table.assign(image=[f"{where}/{i}.png" for i in range(40)]).to_csv(home / "t.csv", index=False)
    write(folder, data=f"{DATA}, images: image").rename(home / "r.yaml")
    os.chdir(home)
    done = cli("run", "r.yaml")
    assert (done.code, "data.images: " in done.err, "--allow-outside" in done.err) == (2, True, True)
    assert cli("run", "r.yaml", "--allow-outside", "--exit-zero").code == 0
    assert cli("audit", "t.csv", "--target", "y", "--groups", "g", "--images", "image").code == 0


def test_a_column_may_be_called_like_a_path(cli, folder):
    table = pd.read_csv(folder / "t.csv")
    table.assign(**{"/the/label": table["y"]}).to_csv(folder / "t.csv", index=False)
    write(folder, data=f"{DATA}, pred: /the/label")
    assert cli("run", "r.yaml").code == 0


def test_a_bundled_recipe_is_free(cli):
    assert cli("run", "adult", "--dry-run").code == 0


def test_a_link_to_a_bundled_recipe_is_a_recipe_like_any_other(cli, folder):
    from auditkit.data.bundled.recipes import bundled_recipes

    bundled = next(path for path in bundled_recipes() if path.stem == "mime-chest-xray")
    (folder / "r.yaml").symlink_to(bundled)
    (folder / "up").mkdir()
    (folder / "up" / "xrays.csv").symlink_to(Path(__file__))
    (folder / "up" / "r.yaml").symlink_to(bundled)
    os.chdir(folder / "up")
    done = cli("run", "r.yaml")
    assert (done.code, "data.path: 'xrays.csv' leads outside" in done.err) == (2, True)
