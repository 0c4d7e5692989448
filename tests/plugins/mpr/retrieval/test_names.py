import numpy as np
import pytest

from auditkit_mpr.retrieval.queries import named_arrays


@pytest.mark.parametrize("rows", [np.eye(3)[:1], np.eye(3)[0]])
def test_a_lone_query_is_named_after_its_file(tmp_path, rows):
    path = tmp_path / "a nurse.npy"
    np.save(path, rows)
    found = named_arrays(str(path), what="queries")
    assert found.names == ("a nurse",)
    np.testing.assert_array_equal(found.rows, np.eye(3)[:1])


def test_several_queries_of_one_array_are_numbered(tmp_path):
    np.save(tmp_path / "writers.npy", np.eye(3))
    assert named_arrays(str(tmp_path / "writers.npy"), what="queries").names == ("0", "1", "2")
