"""The text of a JSON document against the standard library's."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditkit.store.json_text import json_text

SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
)
DOCUMENTS = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)


@given(DOCUMENTS)
def test_it_is_what_json_dumps_writes(document):
    assert json_text(document) == json.dumps(document, ensure_ascii=False, indent=2)


@pytest.mark.parametrize("value", [{1: {2}}, {"a": object()}, b"x", float("nan"), [1.0, float("-inf")]])
def test_what_is_no_json_is_refused(value):
    with pytest.raises((TypeError, ValueError, AttributeError)):
        json_text(value)


def test_a_tuple_is_a_list():
    assert json_text({"a": (1, ("b", ()))}) == json_text({"a": [1, ["b", []]]})
