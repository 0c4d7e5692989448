"""Code and pickles: what the command line names is agreed to, what a recipe names is not."""

import ast
import json
import textwrap
from pathlib import Path

import joblib
import pandas as pd
import pytest
from cli.reach.conftest import DATA, RATES, ran, write
from sklearn.linear_model import LogisticRegression

from auditkit import RecipeError, UsageError, run_recipe

SHASAM = "steps: [{id: s, use: shasam, with: {encoder: 'trap:encoder', epochs: 1, runs: 1, k: 4}}]"
MIME = "steps: [{id: m, use: mime, with: {group: g, model: 'trap:encoder', trials: 2, betas: [0, 1], epochs: 1}}]"
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
    "auditkit/measures/compiled/objects.py": "a function of its own, made of whole numbers",
    "auditkit/render/formats.py": "its own modules",
    "auditkit/running/workers/processes.py": "modules that a step says it takes",
    "plugins/auditkit_mime/train/estimators.py": "rooms of scikit-learn that it lists",
    "plugins/auditkit_mime/train/modules.py": "a parameter that NamesCode",
    "plugins/auditkit_minoria/searches/__init__.py": "its own modules",
    "plugins/auditkit_minoria/words/naming.py": "a column's name in backticks, by DataFrame.eval",
    "plugins/auditkit_mpr/methods/registry.py": "its own modules",
    "plugins/auditkit_mpr/reference/attributes.py": "bins as the core wrote them, by DataFrame.eval",
    "plugins/auditkit_shasam/training/encoders/named.py": "a parameter that NamesCode, or a card after consent",
}
"""The files that import by name or read text as an expression, and why they may."""


def test_nothing_else_imports_by_name_or_runs_text():
    root, found = Path(__file__).parents[3], set()
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
