"""The text of a JSON document against the standard library's."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditkit.store.json_text import indented, json_text, one_line

TEXTS = st.text() | st.text('\t\n:" ab\x1f')
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS
DOCUMENTS = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=20,
)


def as_json(document, **layout):
    return json.dumps(document, ensure_ascii=False, **layout)


@given(DOCUMENTS)
def test_each_layout_is_what_json_dumps_writes(document):
    laid_out = json_text(document)
    assert indented(laid_out) == as_json(document, indent=2)
    assert one_line(laid_out).decode() == as_json(document, separators=(",", ":"))


@pytest.mark.parametrize(
    "text", ["\t", " ", ": ", "\x1f", "\n", ":\t", '\\": "', "a\n\t b", "\u2028\u00d7\t\x1f "]
)
def test_spaces_and_line_ends_of_texts_stay(text):
    document = {text: [text, {"a": text}]}
    assert indented(json_text(document)) == as_json(document, indent=2)
    assert one_line(json_text(document)).decode() == as_json(document, separators=(",", ":"))


@pytest.mark.parametrize("value", [{1: {2}}, {"a": object()}, b"x", float("nan"), [1.0, float("-inf")]])
def test_what_is_no_json_is_refused(value):
    with pytest.raises((TypeError, ValueError, AttributeError)):
        json_text(value)


def test_a_tuple_is_a_list():
    assert json_text({"a": (1, ("b", ()))}) == json_text({"a": [1, ["b", []]]})
