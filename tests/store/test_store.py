"""Stored runs and files that are written whole or not at all."""

import pytest
from render.example import report as example_report

from auditkit.errors import UsageError
from auditkit.store.files import write_whole
from auditkit.store.runs import find_run, runs, save


def test_a_stored_run_comes_back_equal_by_id_by_last_and_by_path(tmp_path):
    report = example_report()
    name = save(report, tmp_path)
    assert runs(tmp_path) == [name]
    assert find_run(name, tmp_path) == report
    assert find_run("last", tmp_path) == report
    assert find_run(str(tmp_path / name / "report.json"), tmp_path) == report


def test_two_runs_of_one_second_do_not_overwrite_each_other(tmp_path):
    assert save(example_report(), tmp_path) != save(example_report(), tmp_path)
    assert len(runs(tmp_path)) == 2


def test_an_unknown_run_names_the_nearest(tmp_path):
    name = save(example_report(), tmp_path)
    with pytest.raises(UsageError, match=f"did you mean '{name}'"):
        find_run(name[:-1] + "9", tmp_path)


def test_a_file_that_is_no_report_is_refused(tmp_path):
    path = tmp_path / "x.json"
    for text in ("{", "[1, 2]", '{"schema_version": 99}', "null"):
        path.write_text(text)
        with pytest.raises(UsageError, match=r"x\.json"):
            find_run(str(path), tmp_path)


def test_a_store_that_cannot_be_written_leaves_nothing(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"):
        save(example_report(), tmp_path / "file")


@pytest.mark.parametrize("name", ["none/report.html", "folder", "file/report.html"])
def test_a_path_that_cannot_be_written_is_one_sentence_and_leaves_nothing(tmp_path, name):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot write"):
        write_whole(tmp_path / name, "text")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["file", "folder"]


def test_an_interrupt_while_writing_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "report.html"
    write_whole(path, "old")

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("pathlib.Path.replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_whole(path, "new")
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["report.html"]
