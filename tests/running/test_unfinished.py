"""Unfinished work: kept by an interrupt, found again by --resume, gone after a good end."""

import pytest

from auditkit.plugins.host import load_plugins
from auditkit.recipe.read import load_recipe
from auditkit.running.plan import make_plan
from auditkit.running.unfinished import unfinished_work


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
