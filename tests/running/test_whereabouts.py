"""No report names a folder of the machine it was made on, in any format or in the run that is kept."""

import socket
from pathlib import Path

import pytest

from auditkit.cli.app import run
from auditkit.running.reach.whereabouts import FULL, told

ENDS = ["html", "json", "md", "txt", "sarif", "xml"]


@pytest.fixture
def made(tmp_path, monkeypatch):
    """A working folder, a data folder elsewhere with a space in its name, and a home that holds neither."""
    work, data, home = tmp_path / "work", tmp_path / "some data", tmp_path / "home"
    for folder in (work, data, home):
        folder.mkdir()
    monkeypatch.chdir(work)
    monkeypatch.setenv("HOME", str(home))
    rows = "".join(f"{'FM'[i % 2]},{i % 3 % 2},{i % 5 % 2},{i}\n" for i in range(200))
    (data / "t.csv").write_text("sex,y,p,x\n" + rows)
    return tmp_path


def texts(made):
    kept = list((made / "work").rglob("*.*"))
    assert len(kept) > len(ENDS)
    return {path.name: path.read_text() for path in kept if path.is_file()}


def test_no_format_names_a_folder_a_user_or_a_host(made, capsys, monkeypatch):
    data, here = str(made / "some data" / "t.csv"), made / "work"
    outputs = [word for end in ENDS for word in ("-o", str(here / f"r.{end}"))]
    monkeypatch.setattr("sys.argv", ["auditkit", "audit", data, *outputs])
    code = run(
        ["audit", data, "--target", "y", "--pred", "p", "--positive", "1", "--groups", "sex", *outputs]
    )
    assert code == 0
    shown = capsys.readouterr().out
    for name, text in {**texts(made), "shown": shown}.items():
        assert str(made) not in text, name
        assert socket.gethostname() not in text or len(socket.gethostname()) < 6, name
    assert "· t: rates" in shown


def test_whoever_asks_for_whole_paths_has_them(made, capsys, monkeypatch):
    monkeypatch.setenv(FULL, "1")
    data = str(made / "some data" / "t.csv")
    assert (
        run(["audit", data, "--target", "y", "--pred", "p", "--positive", "1", "--groups", "sex", "--json"])
        == 0
    )
    assert data in capsys.readouterr().out


def test_texts_keep_what_is_no_path_of_this_machine(made):
    data, home = made / "some data", made / "home"
    here = Path.cwd()
    assert (
        told("a/b and 1/2, /site/index and http://x.example/a/b")
        == "a/b and 1/2, /site/index and http://x.example/a/b"
    )
    assert told(str(data / "t.csv")) == "…/t.csv"
    assert told(f"cmd '{data}/t.csv' -o {here}/r.html.") == "cmd '…/t.csv' -o r.html."
    assert told(f"saved in {home}/models.") == "saved in ~/models."
    assert told(str(here)) == "."
    assert told("/") == "/"
