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


@pytest.mark.parametrize("value", [(1, 2), {1: {2}}, {"a": object()}, b"x"])
def test_what_is_no_json_is_refused(value):
    with pytest.raises((TypeError, AttributeError)):
        json_text(value)
