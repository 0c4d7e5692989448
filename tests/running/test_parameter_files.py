"""Parameters that name files: found below the recipe's folder, hashed, and shown as they were given."""

from dataclasses import dataclass
from typing import Annotated

import pytest
from annotated_doc import Doc

from auditkit.errors import DataError
from auditkit.running.reach.parameter_files import files_of, with_paths
from auditkit.spec.declared import InputFile


@dataclass(frozen=True, kw_only=True)
class Params:
    one: Annotated[str | None, InputFile(), Doc("a file")] = None
    many: Annotated[tuple[str, ...], InputFile(), Doc("files")] = ()
    text: Annotated[str, Doc("no file")] = "a.npy"


@pytest.fixture
def folder(tmp_path):
    for name in ("a.npy", "b.npy"):
        (tmp_path / name).touch()
    return tmp_path


def test_names_become_paths_below_the_folder_and_other_text_stays(folder):
    found = with_paths(Params(one="a.npy", many=("b.npy", "a.npy")), folder=folder, step="s")
    assert found.one == str(folder / "a.npy")
    assert found.many == (str(folder / "b.npy"), str(folder / "a.npy"))
    assert found.text == "a.npy"
    assert files_of(found) == (found.one, *found.many)


def test_what_was_not_given_is_no_file(folder):
    assert files_of(with_paths(Params(), folder=folder, step="s")) == ()


def test_a_missing_file_is_named_with_step_parameter_and_the_nearest_one(folder):
    with pytest.raises(DataError, match=r"s: many: there is no file .*a\.np; did you mean 'a\.npy'"):
        with_paths(Params(many=("a.np",)), folder=folder, step="s")
