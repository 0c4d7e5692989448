"""Bad input: one clear sentence on standard error, exit 2 or 4, no traceback, nothing half-written."""

import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from auditkit.data.bundled.sets import ADULT

AUDIT = ("audit", "t.csv", "--target", "y", "--pred", "p", "--groups", "sex")


def good_table(n=200):
    rng = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "x": rng.normal(size=n),
            "z": rng.normal(size=n),
            "sex": rng.choice(["F", "M"], size=n),
            "y": rng.integers(2, size=n),
            "p": rng.integers(2, size=n),
            "s": rng.random(size=n),
        }
    )


def refused(done, code, *words):
    """Assert one sentence with these words on standard error, nothing on standard output, no file left."""
    assert done.code == code, done.err
    lines = [line for line in done.err.strip().splitlines() if not line.startswith("Usage:")]
    assert len(lines) == 1, done.err
    for word in words:
        assert word in done.err
    assert "Traceback" not in done.err
    assert done.out == ""
    left = {path.name for path in Path().rglob("*")} - {"t.csv", "t.parquet", "t.jsonl", "t.npz", "r.yaml"}
    assert not {name for name in left if name.endswith((".html", ".json", ".md"))}


def test_a_missing_file_names_the_nearest(cli, tmp_path):
    good_table().to_csv("t.csv", index=False)
    refused(cli("mine", "tt.csv", "-o", "r.html"), 4, "tt.csv", "t.csv")


def test_a_mistyped_bundled_name_names_the_nearest(cli):
    refused(cli("mine", "adlut"), 4, "adult")


def test_a_directory_is_no_table(cli, tmp_path):
    (tmp_path / "d").mkdir()
    refused(cli("mine", "d"), 4, "d is a folder")


FILES = {
    "empty file": (b"", "t.csv", "empty"),
    "header alone": (b"a,b,y\n", "t.csv", "no rows"),
    "not UTF-8": (b"a,b,y\n1,caf\xe9,0\n2,b,1\n3,c,0\n", "t.csv", "UTF-8"),
    "duplicate columns": (b"a,b,a,y\n1,2,3,0\n1,2,3,1\n2,3,4,0\n", "t.csv", "'a'"),
    "two rows": (b"a,b,y\n1,2,0\n2,3,1\n", "t.csv", "2 rows"),
    "ragged rows": (b"a,b,y\n1,2,0\n2,3,1,9\n3,3,1\n", "t.csv", "line 3"),
    "not Parquet": (b"this is no parquet file", "t.parquet", "Parquet"),
    "broken JSON": (b'{"a": 1, "y": 0}\n{"a": 2,\n', "t.jsonl", "line 2"),
    "not NPZ": (b"PK\x03\x04nonsense", "t.npz", "t.npz"),
    "unknown extension": (b"a,b\n1,2\n", "t.xyz", ".xyz"),
}


@pytest.mark.parametrize("kind", FILES)
def test_a_file_that_is_no_good_table_is_refused(cli, tmp_path, kind):
    content, name, word = FILES[kind]
    (tmp_path / name).write_bytes(content)
    refused(cli("mine", name, "--target", "y", "-o", "r.html"), 4, name, word)


def test_a_truncated_parquet_is_refused(cli, tmp_path):
    whole = Path(ADULT.path).read_bytes()
    (tmp_path / "t.parquet").write_bytes(whole[: len(whole) // 2])
    refused(cli("mine", "t.parquet", "--target", "income"), 4, "t.parquet")


@pytest.mark.parametrize("option", ["--target", "--pred", "--score", "--weight", "--split", "--features"])
def test_an_unknown_column_names_the_nearest(cli, option):
    good_table().rename(columns={"y": "hired"}).to_csv("t.csv", index=False)
    target = () if option == "--target" else ("--target", "hired")
    refused(cli("mine", "t.csv", *target, option, "hierd"), 4, "hierd", "did you mean 'hired'")


def test_an_unknown_group_column_names_the_nearest(cli):
    good_table().to_csv("t.csv", index=False)
    refused(cli("audit", "t.csv", "--target", "y", "--groups", "sexx"), 4, "sexx", "did you mean 'sex'")


TABLES = {
    "no numeric feature": (lambda t: t[["y"]].assign(name=[f"n{i}" for i in range(len(t))]), "feature"),
    "constant features": (lambda t: t[["y"]].assign(a=1.0, b="same"), "constant"),
    "NaN in features": (lambda t: t.assign(x=t.x.where(t.index > 5)), "--missing"),
    "infinity in features": (lambda t: t.assign(x=t.x.where(t.index > 5, np.inf)), "infin"),
    "missing labels": (lambda t: t.assign(y=t.y.where(t.index > 5)), "missing"),
    "one class only": (lambda t: t.assign(y=1), "one value only"),
}


@pytest.mark.parametrize("kind", TABLES)
def test_a_table_that_cannot_be_mined_is_refused(cli, kind):
    change, word = TABLES[kind]
    change(good_table()).to_csv("t.csv", index=False)
    refused(cli("mine", "t.csv", "--target", "y", "-o", "r.html", "--json"), 4, word)


@pytest.mark.slow
def test_missing_numbers_can_be_filled_or_dropped(cli):
    table = good_table().drop(columns=["p", "s"])
    table.assign(x=table.x.where(table.index > 5)).to_csv("t.csv", index=False)
    for policy in ("impute", "drop"):
        assert cli("mine", "t.csv", "--target", "y", "--missing", policy).code == 0


@pytest.mark.parametrize(
    ("column", "option", "word"),
    [
        (lambda n: np.full(n, 7), "--pred", "no class"),
        (lambda n: np.array(["yes", "no"] * (n // 2)), "--pred", "no class"),
        (lambda n: np.linspace(0.01, 0.99, n), "--pred", "--score"),
        (lambda n: np.linspace(-1, 2, n), "--score", "no probability"),
        (lambda n: np.array(["high", "low"] * (n // 2)), "--score", "not a number"),
    ],
)
def test_predictions_of_another_type_are_refused(cli, column, option, word):
    table = good_table()
    table.assign(q=column(len(table))).to_csv("t.csv", index=False)
    refused(cli("audit", "t.csv", "--target", "y", option, "q", "--groups", "sex"), 4, word)


def test_a_prediction_file_of_another_length_is_refused(cli):
    good_table().to_csv("t.csv", index=False)
    np.save("q.npy", np.zeros(7))
    refused(cli("audit", "t.csv", "--target", "y", "--pred", "q.npy", "--groups", "sex"), 4, "7", "200")


def test_a_group_of_one_row_is_insufficient_evidence_not_an_error(cli):
    table = good_table()
    table.loc[0, "sex"] = "X"
    table.to_csv("t.csv", index=False)
    done = cli("audit", "t.csv", "--target", "y", "--pred", "p", "--groups", "sex")
    assert done.code == 0, done.err
    assert "1 group has too few rows for some numbers; sex = X needs about" in done.out


RECIPES = {
    "duplicate keys": ("name: a\nname: b\n", 2, "r.yaml:2:1", "twice"),
    "tabs": ("name: a\ndata:\n\tpath: adult\n", 2, "r.yaml:3:1", "tabs"),
    "unknown keys": ("naem: a\n", 2, "r.yaml:1:1", "did you mean 'name'"),
    "wrong types": ("name: a\ndata: {path: adult}\nsteps: [{id: r, use: rates, with: {metrics: 3}}]\n", 2, "r.yaml:3:", "metrics"),
    "unknown parameter": (
        "name: a\ndata: {path: adult}\nsteps: [{id: r, use: rates, with: {metric: [tpr]}}]\n", 2, "r.yaml:3:", "did you mean 'metrics'"
    ),
    "unknown plugin": ("name: a\ndata: {path: adult}\nsteps: [{id: r, use: minorja}]\n", 2, "r.yaml:3:17", "did you mean 'minoria'"),
    "required plugin": (
        "name: a\ndata: {path: adult}\nrequires: [nothere]\nsteps: [{id: r, use: rates}]\n", 3, "'nothere'", "not installed"
    ),
    "unknown metric": (
        "name: a\ndata: {path: adult}\nsteps: [{id: r, use: rates}]\n"
        "gates: [{id: g, on: r, metric: tprr, fail_if: lower_bound > 0.1}]\n", 2, "r.yaml:4:24", "did you mean 'tpr'"
    ),
    "malformed condition": (
        "name: a\ndata: {path: adult}\nsteps: [{id: r, use: rates}]\n"
        "gates: [{id: g, on: r, metric: tpr, fail_if: low > 0.1}]\n", 2, "r.yaml:4:", "lower_bound"
    ),
    "not UTF-8": (b"name: caf\xe9\n", 2, "r.yaml", "UTF-8"),
    "empty": ("", 2, "r.yaml", "empty"),
    "data missing": ("name: a\ndata: {path: none.csv}\nsteps: [{id: r, use: rates}]\n", 4, "none.csv", ""),
}  # fmt: skip


@pytest.mark.parametrize("kind", RECIPES)
def test_a_bad_recipe_is_refused_before_anything_runs(cli, tmp_path, kind):
    text, code, *words = RECIPES[kind]
    (tmp_path / "r.yaml").write_bytes(text if isinstance(text, bytes) else text.encode())
    refused(cli("run", "r.yaml", "-o", "out.html"), code, *words)


def test_an_alias_bomb_is_refused(cli, tmp_path):
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 10)]
    (tmp_path / "r.yaml").write_text("\n".join(lines))
    refused(cli("run", "r.yaml"), 2, "r.yaml", "aliases add")


@pytest.mark.parametrize("path", ["t.csv/r.html", "r.xyz", "folder"])
def test_an_output_that_cannot_be_written_is_refused_before_anything_runs(cli, tmp_path, path):
    good_table().to_csv("t.csv", index=False)
    (tmp_path / "folder").mkdir()
    refused(cli("audit", "t.csv", "--target", "y", "--groups", "sex", "-o", path), 2, "cannot write", path)


def test_an_output_folder_without_the_right_to_write_is_refused(cli, tmp_path, monkeypatch):
    good_table().to_csv("t.csv", index=False)
    monkeypatch.setattr("os.access", lambda path, mode: False)  # root may write anywhere
    done = cli("audit", "t.csv", "--target", "y", "--groups", "sex", "-o", "r.html")
    refused(done, 2, "cannot write r.html", "not writable")


def test_a_plugin_that_raises_on_import_is_named_and_the_run_goes_on(tmp_path):
    folder = tmp_path / "fair_broken-1.2.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: fair-broken\nVersion: 1.2\n")
    (folder / "entry_points.txt").write_text("[auditkit]\nbroken = fair_broken\n")
    (tmp_path / "fair_broken.py").write_text("raise RuntimeError('out of order')\n")
    good_table().to_csv(tmp_path / "t.csv", index=False)
    script = "import sys; sys.path.insert(0, '.'); from auditkit.cli.app import main; main()"
    command = [sys.executable, "-c", script, *AUDIT]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "plugin 'broken' (fair-broken 1.2) was set aside: RuntimeError: out of order" in done.stderr
    assert "no assessed group's" in done.stdout
    done = subprocess.run(
        [*command, "--with", "broken"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 3
    assert "Traceback" not in done.stderr


def test_an_interrupt_exits_130_and_leaves_no_half_written_report(tmp_path):
    script = textwrap.dedent("""
        import auditkit.render.page.html as html
        from auditkit.cli.app import main

        def interrupted(report):
            raise KeyboardInterrupt

        html.render = interrupted
        main()
    """)
    good_table().to_csv(tmp_path / "t.csv", index=False)
    command = [sys.executable, "-c", script, *AUDIT]
    done = subprocess.run(
        [*command, "-o", "r.html"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 130
    assert "interrupted" in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.glob("*.html")) + list(tmp_path.glob(".auditkit-*"))


@pytest.mark.slow
def test_a_control_c_during_the_work_exits_130(tmp_path):
    import signal
    import time

    executable = shutil.which("auditkit", path=str(Path(sys.executable).parent))
    command = [executable, "mine", "adult", "-o", "r.html"]
    running = subprocess.Popen(
        command,
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A test run in the background ignores Ctrl-C, and so would its child.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    time.sleep(2.5)
    running.send_signal(signal.SIGINT)
    _, err = running.communicate(timeout=60)
    assert running.returncode == 130, err
    assert "Traceback" not in err
    assert not list(tmp_path.glob("*.html"))


@pytest.mark.parametrize(
    "words",
    [["mine"], ["nonsense"], ["mine", "adult", "--tial", "0.1"], ["mine", "adult", "--top", "x"], ["--bad"]],
)
def test_a_wrong_command_line_exits_2(cli, words):
    done = cli(*words)
    assert done.code == 2
    assert "Traceback" not in done.err


def test_a_parameter_out_of_bounds_is_named(cli):
    refused(cli("mine", "adult", "--tail", "0.9"), 2, "tail", "0.9")
    refused(cli("mine", "adult", "--confidence", "2"), 2, "confidence", "2")


def test_a_parameter_of_another_step_is_refused(cli):
    done = cli("audit", "adult", "--with", "rates", "--tail", "0.1")
    assert done.code == 2
    assert "tail" in done.err


@pytest.mark.parametrize("factor", [1e200, 1e308, 1e-320])
@pytest.mark.parametrize("given", ["pred", "target"])
def test_numbers_of_any_size_end_in_a_report_without_a_word_of_numpy(cli, tmp_path, factor, given):
    numbers = pd.DataFrame({"target": range(1, 41), "pred": range(41, 1, -1), "g": list("ab") * 20}).astype(
        {"target": float, "pred": float}
    )
    numbers[given] *= factor / 100
    numbers.to_csv(tmp_path / "n.csv", index=False)
    done = cli(
        "audit",
        tmp_path / "n.csv",
        "--target",
        "target",
        "--pred",
        "pred",
        "--task",
        "regression",
        "--groups",
        "g",
    )
    assert (done.code, done.err) == (0, "")
