"""A file of object code is whole, of the same source, or as good as none."""

import subprocess
import sys

import pytest

from auditkit.measures.compiled import kept


@pytest.fixture
def source(tmp_path, monkeypatch):
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    (tmp_path / "package").mkdir()
    return tmp_path / "package" / "module.py"


def test_what_is_kept_is_read_again_and_lies_beside_what_python_compiles(source):
    kept.keep(b"code", "k.o", source=source, essence="e")
    assert kept.read("k.o", source=source, essence="e") == b"code"
    assert [file.name for file in (source.parent / "__pycache__").iterdir()] == ["k.o"]
    assert kept.read("k.o", source=source, essence="another") is None
    assert kept.read("other.o", source=source, essence="e") is None


@pytest.mark.parametrize("length", range(36))
def test_a_torn_file_is_none(source, length):
    kept.keep(b"code", "k.o", source=source, essence="e")
    file = source.parent / "__pycache__" / "k.o"
    file.write_bytes(file.read_bytes()[:length])
    assert kept.read("k.o", source=source, essence="e") is None


def test_where_the_package_cannot_be_written_to_it_lies_in_the_users_cache(source, tmp_path):
    (source.parent / "__pycache__").touch()
    kept.keep(b"code", "k.o", source=source, essence="e")
    assert kept.read("k.o", source=source, essence="e") == b"code"
    (folder,) = (tmp_path / "home" / "numba").iterdir()
    assert [file.name for file in folder.iterdir()] == ["k.o"]


def test_a_file_that_cannot_take_its_place_leaves_nothing_behind(source):
    (source.parent / "__pycache__" / "k.o").mkdir(parents=True)
    kept.keep(b"code", "k.o", source=source, essence="e")
    assert [file.name for file in (source.parent / "__pycache__").iterdir()] == ["k.o"]
    assert kept.read("k.o", source=source, essence="e") == b"code"


def test_where_nothing_can_be_written_to_nothing_is_kept(source, tmp_path):
    (source.parent / "__pycache__").touch()
    (tmp_path / "home").touch()
    kept.keep(b"code", "k.o", source=source, essence="e")
    assert kept.read("k.o", source=source, essence="e") is None


def test_no_code_is_read_from_the_working_folder(source, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for variable in ("NUMBA_CACHE_DIR", "XDG_CACHE_HOME"):
        monkeypatch.setenv(variable, "here")
        (source.parent / "__pycache__").touch()
        kept.keep(b"code", "k.o", source=source, essence="e")
        assert not (tmp_path / "here").exists()
        monkeypatch.delenv(variable)


WRITER = """
import sys
from pathlib import Path
from auditkit.measures.compiled import kept
for _ in range(200):
    kept.keep(bytes([int(sys.argv[2])]) * 50_000, "k.o", source=Path(sys.argv[1]), essence="e")
"""


@pytest.mark.slow
def test_of_processes_that_write_at_once_every_read_finds_one_whole_code(source):
    codes = {bytes([number]) * 50_000 for number in range(3)}
    kept.keep(b"\0" * 50_000, "k.o", source=source, essence="e")
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, source, number]) for number in "12"]
    found = set()
    while any(writer.poll() is None for writer in writers):
        found.add(kept.read("k.o", source=source, essence="e"))
    assert found == codes
    assert [file.name for file in (source.parent / "__pycache__").iterdir()] == ["k.o"]
