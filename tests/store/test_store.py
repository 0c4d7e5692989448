"""Stored runs and files that are written whole or not at all."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from render.example import report as example_report

from auditkit.errors import UsageError
from auditkit.store.digest import with_digest
from auditkit.store.files import write_whole
from auditkit.store.runs import find_run, headline, is_ours, runs, save


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


SAVER = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from render.example import report
from auditkit.store.runs import save
for _ in range(20):
    print(save(report(), Path(sys.argv[1])))
"""


def test_of_120_saves_by_6_processes_none_is_lost(tmp_path):
    tests = str(Path(__file__).parents[1])
    savers = [
        subprocess.Popen(
            [sys.executable, "-c", SAVER, str(tmp_path), tests], stdout=subprocess.PIPE, text=True
        )
        for _ in range(6)
    ]
    told = [name for saver in savers for name in saver.communicate()[0].split()]
    assert [saver.returncode for saver in savers] == [0] * 6
    assert len(set(told)) == 120
    assert sorted(runs(tmp_path)) == sorted(told)
    assert sorted(item.name for item in tmp_path.iterdir()) == sorted(told)


def test_a_clock_that_was_set_back_makes_no_older_run_the_last(tmp_path):
    ahead = "2999-12-31T23-59-59-007"
    (tmp_path / save(example_report(), tmp_path)).rename(tmp_path / ahead)
    (tmp_path / "zz-of-somebody").mkdir()
    (tmp_path / "zz-of-somebody" / "report.json").write_text("{}")
    names = [save(replace(example_report(), name=str(i)), tmp_path) for i in range(3)]
    assert names == [f"2999-12-31T23-59-59-{number:03d}" for number in (8, 9, 10)]
    assert runs(tmp_path)[:4] == [ahead, *names]


def test_the_last_run_is_the_one_that_ended_last(tmp_path):
    """A long run that began first and ends last is the last."""
    quick, slow = example_report(), example_report()
    late = replace(slow, name="slow", provenance={**slow.provenance, "started": "1999-01-01T00:00:00+00:00"})
    save(quick, tmp_path)
    save(late, tmp_path)
    assert find_run("last", tmp_path).name == "slow"


def test_the_thousandth_run_of_a_second_comes_after_the_ones_before(tmp_path):
    names = [
        "2026-01-01T00-00-00-1000",
        "2026-01-01T00-00-00-999",
        "2026-01-01T00-00-01-000",
        "2025-12-31T23-59-59-002",
    ]
    for name in names:
        (tmp_path / name).mkdir()
        (tmp_path / name / "report.json").write_text("{}")
    assert runs(tmp_path) == [names[3], names[1], names[0], names[2]]


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
        write_whole(tmp_path / name, b"text")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["file", "folder"]


def test_an_interrupt_while_writing_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "report.html"
    write_whole(path, b"o", b"ld")

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("pathlib.Path.replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_whole(path, b"new")
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["report.html"]


@pytest.mark.parametrize("number", ["9" * 5000, "-" + "9" * 4999, "1e400", "NaN"])
def test_a_number_that_no_report_holds_is_one_sentence(tmp_path, number):
    (tmp_path / "r.json").write_text(f'{{"schema_version": {number}}}')
    with pytest.raises(UsageError, match=r"is too large a number|is no JSON") as raised:
        find_run(str(tmp_path / "r.json"), tmp_path)
    assert "sys." not in str(raised.value)


@pytest.mark.parametrize("case", ["a folder of the user's", "a run with notes in it", "a link to a run"])
def test_only_a_run_as_auditkit_made_it_is_one_to_remove(tmp_path, case):
    name = save(example_report(), tmp_path)
    assert is_ours(name, tmp_path)
    match case:
        case "a folder of the user's":
            (tmp_path / name).rename(tmp_path / "baseline")
            name = "baseline"
        case "a run with notes in it":
            (tmp_path / name / "notes.md").write_text("mine")
        case _:
            (tmp_path / "elsewhere").mkdir()
            (tmp_path / name).rename(tmp_path / "elsewhere" / name)
            (tmp_path / name).symlink_to(tmp_path / "elsewhere" / name)
    assert name in runs(tmp_path)
    assert not is_ours(name, tmp_path)


def test_a_list_needs_the_ends_of_a_file_only_and_says_what_the_whole_of_it_says(tmp_path):
    """A gate or a group that is called as a key of the report turns nobody's head."""
    plain = with_digest(example_report())
    odd = replace(
        plain,
        provenance={
            **plain.provenance,
            "gates": {"provenance": 7, '"provenance":': {"findings_sha256": "x"}},
        },
    )
    for report in (
        plain,
        odd,
        replace(plain, name='x,"finished":true', verdict="pass"),
        replace(plain, provenance={}),
    ):
        name = save(report, tmp_path)
        told = headline(name, tmp_path)
        digest = report.provenance.get("findings_sha256", "")
        assert (told.name, told.verdict, told.exit_code) == (report.name, report.verdict, report.exit_code)
        assert told.findings_sha256 == digest
    path = tmp_path / save(plain, tmp_path) / "report.json"
    whole = path.read_text(encoding="utf-8")
    path.write_text(whole.replace('"findings":[', '"findings":[,'), encoding="utf-8")
    assert headline(path.parent.name, tmp_path).name == plain.name
    for torn in (
        whole[:-10],
        whole[:200],
        "",
        "{}",
        whole.replace('"schema_version":2', '"schema_version":99'),
    ):
        path.write_text(torn, encoding="utf-8")
        with pytest.raises(UsageError):
            headline(path.parent.name, tmp_path)
