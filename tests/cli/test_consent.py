"""Code, pickles and files out of reach: what the command line names is agreed to, what a recipe names is not."""

import ast
import json
import os
import textwrap
from pathlib import Path

import joblib
import numpy as np
import pandas as pd
import pytest
from PIL import Image
from sklearn.linear_model import LogisticRegression

from auditkit import RecipeError, UsageError, run_recipe

TRAP = """
from pathlib import Path
Path(__file__).with_name("ran").touch()

class Rule:
    def predict(self, table):
        return (table["x"] > 0).astype(int)

def encoder(shape, features):
    from torch import nn
    return nn.Linear(shape[0], features)
"""
RATES = "steps: [{id: rates, use: rates}]"
SHASAM = "steps: [{id: s, use: shasam, with: {encoder: 'trap:encoder', epochs: 1, runs: 1, k: 4}}]"
MIME = "steps: [{id: m, use: mime, with: {group: g, model: 'trap:encoder', trials: 2, betas: [0, 1], epochs: 1}}]"
DATA = "path: t.csv, target: y, positive: 1, sensitive: [g]"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    rng = np.random.default_rng(0)
    table = pd.DataFrame({"x": rng.normal(size=400), "g": rng.choice(["a", "b"], 400)})
    table.assign(y=(table["x"] + rng.normal(size=400) > 0).astype(int)).to_csv(
        tmp_path / "t.csv", index=False
    )
    (tmp_path / "trap.py").write_text(TRAP)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(__import__("sys").modules, "trap", raising=False)
    return tmp_path


def write(folder, *, data=DATA, steps=RATES, more=""):
    text = f"version: 1\nname: r\ndata: {{{data}}}\ngroups: {{g: {{column: g}}}}\n{steps}\n{more}\n"
    (folder / "r.yaml").write_text(text)
    return folder / "r.yaml"


def ran(folder):
    return (folder / "ran").exists()


CODE = {
    "a model": ({"data": f"{DATA}, model: 'trap:Rule'"}, "data.model: "),
    "a repair's encoder": ({"steps": SHASAM}, "steps.0.with.encoder: "),
    "a model in a package": ({"data": f"{DATA}, model: 'pkg.trap:Rule'"}, "data.model: "),
    "an audit's model": ({"steps": MIME}, "steps.0.with.model: "),
}


@pytest.mark.parametrize("case", CODE)
def test_code_that_a_recipe_names_is_refused_at_its_line_before_it_is_imported(cli, folder, case):
    parts, label = CODE[case]
    write(folder, **parts)
    done = cli("run", "r.yaml")
    assert (done.code, ran(folder)) == (2, False)
    assert f": {label}" in done.err
    assert "--allow-code" in done.err
    assert done.err.startswith("auditkit: r.yaml:")


@pytest.mark.parametrize("case", CODE)
def test_a_dry_run_and_a_forecast_import_nothing_either(cli, folder, case):
    write(folder, **CODE[case][0])
    for words in (["run", "r.yaml", "--dry-run"], ["power", "r.yaml"]):
        assert cli(*words).code == 2
        assert not ran(folder)


def test_code_is_imported_where_that_is_allowed_and_the_report_says_so(cli, folder):
    write(folder, data=f"{DATA}, model: 'trap:Rule'")
    done = cli("run", "r.yaml", "--allow-code", "--json")
    assert (done.code, ran(folder)) == (0, True)
    assert done.report["provenance"]["consent"] == {"options": ["--allow-code"], "code": ["trap:Rule"]}
    told = "The model runs code of its own: trap:Rule. Hashed of it: trap.py; what it imports from elsewhere is not."
    assert told in done.report["notes"]


@pytest.mark.parametrize(
    "words",
    [
        ["audit", "t.csv", "--target", "y", "--positive", "1", "--groups", "g", "--model", "trap:Rule"],
        ["run", "r.yaml", "--set", "data.model=trap:Rule"],
    ],
)
def test_code_that_the_command_line_names_is_agreed_to(cli, folder, words):
    write(folder, data=DATA)
    done = cli(*words, "--json")
    assert (done.code, ran(folder)) == (0, True), done.err
    assert done.report["provenance"]["consent"] == {"options": [], "code": ["trap:Rule"]}


def test_naming_one_code_agrees_to_no_other(cli, folder):
    write(folder, data=f"{DATA}, model: 'trap:Rule'")
    assert cli("run", "r.yaml", "--set", "name=trap:Other").code == 2
    assert not ran(folder)


def test_a_python_caller_agrees_by_an_argument(folder):
    path = write(folder, data=f"{DATA}, model: 'trap:Rule'")
    with pytest.raises(RecipeError, match="--allow-code"):
        run_recipe(path)
    assert not ran(folder)
    assert run_recipe(path, allow_code=True).provenance["consent"]["code"] == ["trap:Rule"]


@pytest.mark.parametrize(
    ("line", "option"),
    [
        ("data: {path: t.csv, target: y, allow_pickle: true}", "--allow-pickle"),
        ("data: {path: t.csv, target: y, allow_code: true}", "--allow-code"),
        ("data: {path: t.csv, target: y}\nallow_outside: true", "--allow-outside"),
        ("data: {path: t.csv, target: y}\nallow-code: true", "--allow-code"),
        ("data: {path: t.csv, target: y}\nstats: {overwrite: true}", "--overwrite"),
    ],
)
def test_a_recipe_that_agrees_to_itself_is_refused_at_its_line(cli, folder, line, option):
    (folder / "r.yaml").write_text(f"version: 1\nname: r\n{line}\n{RATES}\n")
    done = cli("run", "r.yaml")
    assert done.code == 2
    assert f"only the command line says {option}, no recipe" in done.err
    assert f"r.yaml:{3 + line.count(chr(10))}:" in done.err


def test_a_change_of_that_key_is_no_way_around(cli, folder):
    write(folder)
    done = cli("run", "r.yaml", "--set", "data.allow_pickle=true")
    assert (done.code, "--allow-pickle" in done.err) == (2, True)


def test_a_pickle_that_a_recipe_names_needs_the_option(cli, folder):
    table = pd.read_csv(folder / "t.csv")
    joblib.dump(LogisticRegression().fit(table[["x"]], table["y"]), folder / "m.joblib")
    write(folder, data=f"{DATA}, features: [x], model: m.joblib")
    done = cli("run", "r.yaml")
    assert done.code == 2
    assert "r.yaml:3:" in done.err
    assert "--allow-pickle" in done.err
    done = cli("run", "r.yaml", "--allow-pickle", "--json")
    assert done.code == 0, done.err
    assert done.report["provenance"]["consent"]["options"] == ["--allow-pickle"]


@pytest.fixture
def saved(cli, folder):
    """A folder with a saved model whose card names the trap as its encoder."""
    quick = ["--epochs", "1", "--runs", "1", "--k", "4", "--sensitive", "g"]
    done = cli("repair", "t.csv", "--with", "shasam", "--target", "y", *quick, "--save-model", "m")
    assert done.code == 0, done.err
    card = json.loads(Path("m/card.json").read_text())
    Path("m/card.json").write_text(json.dumps(card | {"encoder": "trap:encoder"}))
    return folder


@pytest.mark.parametrize("encoder", ["trap:encoder", "subprocess:call", "os:system", "builtins:exec"])
def test_a_card_that_names_code_is_refused_even_by_options(cli, saved, encoder):
    card = json.loads(Path("m/card.json").read_text())
    Path("m/card.json").write_text(json.dumps(card | {"encoder": encoder}))
    done = cli("audit", "t.csv", "--target", "y", "--model", "m", "--groups", "g")
    assert (done.code, ran(saved)) == (2, False)
    assert f"auditkit: --model: model m names {encoder}, which is code to run: --allow-code" in done.err


def test_a_cards_code_runs_where_that_is_allowed(cli, saved):
    done = cli("audit", "t.csv", "--target", "y", "--model", "m", "--groups", "g", "--allow-code")
    assert ran(saved)
    assert "does not hold the weights of this model" in done.err  # those of another encoder


def test_a_card_in_python_needs_the_argument(saved):
    from auditkit_shasam.saved import load_model

    with pytest.raises(UsageError, match="allow_code=True"):
        load_model("m")
    assert not ran(saved)


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


def test_every_parameter_that_may_name_code_says_so():
    from auditkit.plugins.host import load_plugins
    from auditkit.spec.declared import NamesCode, parameters

    told = {
        f"{name}.{parameter.name}": any(isinstance(note, NamesCode) for note in parameter.bounds)
        for name, step in load_plugins().steps.items()
        for parameter in parameters(step.Params)
        if "module:" in parameter.help
    }
    assert told == {"mime.model": True, "shasam.encoder": True}


IMPORTS = {
    "auditkit/__init__.py": "its own modules",
    "auditkit/data/models.py": "after consent",
    "auditkit/render/formats.py": "its own modules",
    "plugins/auditkit_mime/train/modules.py": "a parameter that NamesCode",
    "plugins/auditkit_minoria/searches/__init__.py": "its own modules",
    "plugins/auditkit_minoria/words/naming.py": "a column's name in backticks, by DataFrame.eval",
    "plugins/auditkit_mpr/methods/registry.py": "its own modules",
    "plugins/auditkit_mpr/reference/attributes.py": "bins as the core wrote them, by DataFrame.eval",
    "plugins/auditkit_shasam/training/encoders/named.py": "a parameter that NamesCode, or a card after consent",
}
"""The files that import by name or read text as an expression, and why they may."""


def test_nothing_else_imports_by_name_or_runs_text():
    root, found = Path(__file__).parents[2], set()
    for place in ("auditkit", "plugins"):
        for path in (root / place).rglob("*.py"):
            if "template" in path.parts:
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call):
                    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                    called = name in {"import_module", "__import__", "exec", "eval", "run_path", "run_module"}
                    if called and not (name == "eval" and not node.args):  # a torch module's own eval()
                        found.add(path.relative_to(root).as_posix())
    assert found == set(IMPORTS)


def test_the_text_of_a_refusal_is_whole(cli, folder):
    write(folder, data=f"{DATA}, model: 'trap:Rule'")
    assert cli("run", "r.yaml").err == textwrap.dedent(
        """\
        auditkit: r.yaml:3:61: data.model: trap:Rule is code to run: --allow-code, if you trust who wrote it
        """
    )
