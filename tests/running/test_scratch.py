"""The folder that a step gets for unfinished work lies in its run's folder, whatever its id is."""

import pytest

from auditkit.testing import make_context


@pytest.mark.parametrize(
    "step", ["a", "a/b", "..", ".", "../../x", "漢" * 200, "n" * 200, "a\0b", "~", "a b"]
)
def test_a_steps_folder_is_its_own_and_inside_its_runs(tmp_path, step):
    work = tmp_path / "work"
    work.mkdir()
    folder = make_context(step=step, work=work).scratch()
    assert folder.is_dir()
    assert folder.parent.resolve() == work.resolve()
    assert folder.resolve() != work.resolve()


def test_two_steps_have_two_folders(tmp_path):
    names = ["a" * 150 + "b", "a" * 150 + "c", "..", ".", "x"]
    folders = {make_context(step=name, work=tmp_path).scratch() for name in names}
    assert len(folders) == len(names)
