"""Unfinished work: kept by an interrupt, found again by --resume, gone after a good end."""

import subprocess
import sys
from dataclasses import replace

import pytest

from auditkit.errors import UsageError
from auditkit.plugins.host import load_plugins
from auditkit.recipe.read import load_recipe
from auditkit.running.plan import make_plan
from auditkit.running.unfinished import unfinished_work
from auditkit.store.lock import locked


@pytest.fixture
def plan(tmp_path, monkeypatch):
    monkeypatch.setenv("AUDITKIT_HOME", str(tmp_path / "home"))
    (tmp_path / "t.csv").write_text("x,y\n" + "1,0\n2,1\n" * 20)

    def make(top=5):
        text = f"{{name: r, data: {{path: t.csv, target: y}}, steps: [{{id: s, use: minoria.focus, with: {{top: {top}}}}}]}}"
        (tmp_path / "r.yaml").write_text(text)
        recipe, document = load_recipe(tmp_path / "r.yaml")
        return make_plan(recipe, document, load_plugins(only=["minoria"]), folder=tmp_path)

    return make


def interrupt(plan):
    """Leave finished work of one trial, as an interrupted step does."""
    work = unfinished_work(plan, resume=False)
    folder = work.__enter__()
    folder.mkdir(parents=True)
    (folder / "trial-0").write_text("done")
    assert not work.__exit__(KeyboardInterrupt, KeyboardInterrupt(), None)
    return folder


def test_an_interrupt_keeps_the_work_and_resume_finds_it(plan):
    left = interrupt(plan())
    with unfinished_work(plan(), resume=True) as folder:
        assert folder == left
        assert (folder / "trial-0").read_text() == "done"


def test_without_resume_the_folder_is_empty(plan):
    interrupt(plan())
    with unfinished_work(plan(), resume=False) as folder:
        assert not folder.exists()


def test_a_good_end_removes_it(plan):
    with unfinished_work(plan(), resume=False) as folder:
        folder.mkdir(parents=True)
    assert not folder.exists()


def test_another_recipe_or_other_data_have_a_folder_of_their_own(plan, tmp_path):
    first = interrupt(plan())
    with unfinished_work(plan(top=4), resume=True) as second:
        assert second != first
    (tmp_path / "t.csv").write_text("x,y\n" + "1,0\n3,1\n" * 20)
    with unfinished_work(plan(), resume=True) as third:
        assert third not in {first, second}


def test_two_runs_at_once_have_a_folder_each_and_leave_each_others_alone(plan):
    with unfinished_work(plan(), resume=False) as first:
        first.mkdir(parents=True)
        (first / "trial-0").write_text("first")
        with unfinished_work(plan(), resume=False) as second:
            assert second != first
            second.mkdir(parents=True)
            (second / "trial-0").write_text("second")
        assert (first / "trial-0").read_text() == "first"
    assert list(first.parent.iterdir()) == []


def test_what_two_interrupted_runs_left_is_found_by_one_after_the_other(plan):
    first, second = unfinished_work(plan(), resume=False), unfinished_work(plan(), resume=False)
    folders = [work.__enter__() for work in (first, second)]
    for work, folder in zip((first, second), folders, strict=True):
        folder.mkdir(parents=True)
        work.__exit__(KeyboardInterrupt, KeyboardInterrupt(), None)
    with unfinished_work(plan(), resume=True) as one, unfinished_work(plan(), resume=True) as other:
        assert {one, other} == set(folders)


def test_resume_says_so_where_another_run_is_at_the_work(plan):
    with unfinished_work(plan(), resume=False) as folder:
        folder.mkdir(parents=True)
        with (
            pytest.raises(UsageError, match="another run of this recipe is at work"),
            unfinished_work(plan(), resume=True),
        ):
            pass


def test_a_run_that_ends_well_removes_what_others_of_it_left(plan):
    first, second = unfinished_work(plan(), resume=False), unfinished_work(plan(), resume=False)
    for work in (first, second):
        work.__enter__().mkdir(parents=True)
    for work in (first, second):
        work.__exit__(KeyboardInterrupt, KeyboardInterrupt(), None)
    with unfinished_work(plan(), resume=True) as folder:
        pass
    assert list(folder.parent.iterdir()) == []


def test_another_version_of_the_plugin_has_a_folder_of_its_own(plan, monkeypatch):
    first = interrupt(plan())
    made = plan()
    newer = replace(made, steps=tuple(replace(one, plugin="plugin 'minoria' 9.9") for one in made.steps))
    with unfinished_work(newer, resume=True) as second:
        assert second != first


def test_without_a_place_for_it_nothing_is_kept_and_the_run_goes_on(plan, tmp_path):
    (tmp_path / "home").write_text("a file, not a folder")
    with unfinished_work(plan(), resume=False) as folder:
        assert folder is None


def test_a_file_in_the_place_of_the_folder_is_left_alone(plan):
    with unfinished_work(plan(), resume=False) as folder:
        pass
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text("somebody's")
    with unfinished_work(plan(), resume=True) as other:
        assert other != folder
    assert folder.read_text() == "somebody's"


HOLDER = """
import sys, time
from pathlib import Path
from auditkit.store.lock import locked
with locked(Path(sys.argv[1])) as ours:
    print(ours, flush=True)
    time.sleep(60)
"""


def test_a_killed_process_gives_its_lock_back(tmp_path):
    path = tmp_path / ".work.lock"
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, str(path)], stdout=subprocess.PIPE, text=True)
    with holder:
        assert holder.stdout.readline() == "True\n"
        with locked(path) as ours:
            assert not ours
        holder.kill()
    with locked(path) as ours:
        assert ours
    assert not path.exists()


@pytest.mark.parametrize("resume", [True, False])
@pytest.mark.parametrize("left", ["trial-0", "nothing"])
def test_a_link_in_place_of_the_folder_is_not_followed(plan, tmp_path, resume, left):
    folder = interrupt(plan())
    (folder / "trial-0").rename(folder / left)
    folder.rename(tmp_path / "mine")
    folder.symlink_to(tmp_path / "mine")
    with unfinished_work(plan(), resume=resume) as work:
        assert work.resolve() != (tmp_path / "mine").resolve()
        work.mkdir(parents=True)
    assert [path.name for path in (tmp_path / "mine").iterdir()] == [left]
