"""Pipes, devices, sockets, broken links and impossible names as inputs: one sentence, no wait, no traceback."""

import os
import signal
import socket
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

TABLE = pd.DataFrame({"x": range(40), "sex": ["F", "M"] * 20, "y": [0, 1, 1, 0] * 10, "f": ["p.png"] * 40})
RECIPE = "name: a\ndata: {path: t.csv, target: y}\nsteps: [{id: r, use: rates}]\n"


@pytest.fixture(autouse=True)
def at_most_20_seconds():
    def late(*_):
        message = "it waits"
        raise TimeoutError(message)

    signal.signal(signal.SIGALRM, late)
    signal.alarm(20)
    yield
    signal.alarm(0)


def pipe(path):
    os.mkfifo(path)


def bound_socket(path):
    with socket.socket(socket.AF_UNIX) as opened:
        opened.bind(str(path))


ODD = {
    "pipe": (pipe, "is a pipe, not a file"),
    "device": (lambda path: path.symlink_to("/dev/zero"), "is a device, not a file"),
    "socket": (bound_socket, "is a socket, not a file"),
    "folder": (Path.mkdir, "is a folder"),
    "loop": (lambda path: path.symlink_to(path.name), "too many levels of symbolic links"),
    "link to nothing": (lambda path: path.symlink_to("nowhere"), "is a link to nothing"),
    "link to a pipe": (lambda path: (os.mkfifo("p"), path.symlink_to("p")), "is a pipe, not a file"),
}
ROLES = {
    "table.csv": (4, ["audit", "table.csv", "--target", "y"]),
    "table.csv.gz": (4, ["audit", "table.csv.gz", "--target", "y"]),
    "table.parquet": (4, ["audit", "table.parquet", "--target", "y"]),
    "table.feather": (4, ["audit", "table.feather", "--target", "y"]),
    "table.jsonl": (4, ["audit", "table.jsonl", "--target", "y"]),
    "table.npz": (4, ["audit", "table.npz", "--target", "y"]),
    "pred.npy": (4, ["audit", "t.csv", "--target", "y", "--pred", "pred.npy"]),
    "score.csv": (4, ["audit", "t.csv", "--target", "y", "--score", "score.csv"]),
    "e.npy": (4, ["mine", "t.csv", "--target", "y", "--embeddings", "e.npy"]),
    "i.npz": (4, ["audit", "t.csv", "--target", "y", "--images", "i.npz"]),
    "i.npy": (4, ["audit", "t.csv", "--target", "y", "--images", "i.npy"]),
    "p.png": (4, ["audit", "t.csv", "--target", "y", "--images", "f"]),
    "m.pkl": (4, ["audit", "t.csv", "--target", "y", "--model", "m.pkl", "--allow-pickle"]),
    "g.yaml": (2, ["audit", "t.csv", "--target", "y", "--groups", "g.yaml"]),
    "r.yaml": (2, ["run", "r.yaml"]),
    "base.yaml": (2, ["run", "extending.yaml", "--allow-outside"]),
    "groups.yaml": (2, ["run", "grouping.yaml", "--allow-outside"]),
    "queries.npy": (
        4,
        ["audit", "t.csv", "--with", "mpr", "--embeddings", "v.npy", "--queries", "queries.npy"],
    ),
    "stored.json": (2, ["report", "stored.json"]),
}


@pytest.mark.parametrize("kind", ODD)
@pytest.mark.parametrize("name", ROLES)
def test_what_is_no_file_is_refused_in_one_sentence(cli, name, kind):
    make, words = ODD[kind]
    code, arguments = ROLES[name]
    TABLE.to_csv("t.csv", index=False)
    np.save("v.npy", np.ones((40, 3)))
    Path("extending.yaml").write_text("extends: base.yaml\n" + RECIPE)
    Path("grouping.yaml").write_text(RECIPE + "groups: groups.yaml\n")
    make(Path(name))
    done = cli(*arguments)
    assert done.code == code, done.err
    assert done.err.startswith("auditkit: ")
    assert done.err.count("\n") == 1
    assert name in done.err
    unknown = kind in {"link to nothing", "loop"} and ("there is no" in done.err or "not there" in done.err)
    model = name == "m.pkl" and kind == "folder" and "no plugin reads the model m.pkl, a folder" in done.err
    assert words in done.err or unknown or model, done.err


@pytest.mark.parametrize("name", ["n" * 300, "n" * 5000, "a/" * 3000 + "n", "t.csv/below", "z\0o"])
@pytest.mark.parametrize(
    "ending",
    ["", ".npy", *(pytest.param(e, marks=pytest.mark.slow) for e in (".csv", ".npz", ".yaml", ".json"))],
)
def test_a_name_that_no_file_can_have_is_refused_in_one_sentence(cli, name, ending):
    TABLE.to_csv("t.csv", index=False)
    name += ending
    for arguments in (
        ["audit", name, "--target", "y"],
        *(["audit", "t.csv", f"--{role}", name] for role in ("target", "pred", "score", "loss", "groups")),
        *(
            ["audit", "t.csv", "--target", "y", f"--{role}", name]
            for role in ("embeddings", "images", "model")
        ),
        ["audit", "t.csv", "--with", "mpr", "--embeddings", "v.npy", "--queries", name],
        ["run", name],
        ["report", name],
    ):
        done = cli(*arguments)
        assert done.code in {2, 4}, (arguments, done.err)
        assert done.err.startswith("auditkit: "), (arguments, done.err)
        assert done.err.count("\n") == 1


@pytest.mark.parametrize("name", ["n" * 300, "a/" * 3000 + "n", "t.csv/below", "pipe", "socket", "device"])
@pytest.mark.parametrize("option", ["-o", "--as-recipe"])
def test_an_output_that_no_file_can_be_is_refused_before_anything_runs(cli, name, option):
    TABLE.to_csv("t.csv", index=False)
    name += ".yaml" if option == "--as-recipe" else ".md"
    if name.partition(".")[0] in ODD:
        ODD[name.partition(".")[0]][0](Path(name))
    done = cli("audit", "t.csv", "--target", "y", "--groups", "sex", option, name)
    assert done.code == 2, done.err
    assert done.err.startswith("auditkit: cannot write ")
    assert done.err.count("\n") == 1
    assert done.out == ""


def test_an_output_whose_name_is_as_long_as_a_name_can_be_is_written(cli):
    TABLE.drop(columns="f").to_csv("t.csv", index=False)
    name = "n" * 252 + ".md"
    assert cli("audit", "t.csv", "--target", "y", "--groups", "sex", "-o", name).code == 0
    assert Path(name).read_text().startswith("#")


def test_a_link_to_a_file_is_that_file(cli):
    TABLE.drop(columns="f").to_csv("t.csv", index=False)
    Path("link.csv").symlink_to("t.csv")
    done = cli("audit", "link.csv", "--target", "y", "--groups", "sex", "--json")
    assert done.code == 0, done.err


@pytest.mark.parametrize("name", ["../outside.png", "/etc/hostname", "in/../../outside.png"])
def test_a_table_cannot_name_images_outside_its_folder(cli, tmp_path, name):
    """Not by the words of the path; a folder of links is the user's own."""
    Path("data").mkdir()
    work = Path("data/work")
    work.mkdir()
    os.chdir(work)
    Path("in").mkdir()
    TABLE.assign(f=name).to_csv("t.csv", index=False)
    done = cli("audit", "t.csv", "--target", "y", "--images", "f")
    assert done.code == 4
    assert "outside the folder of the table and the working folder" in done.err
