"""What a terminal obeys, or what hides or reorders text, is spelt out; words of every script stay as they are."""

import json
import unicodedata

import pytest
import yaml

from auditkit.recipe.document import parse_document
from auditkit.recipe.scalars import yaml_text
from auditkit.values.shown.hidden import HIDDEN, MARKS, spelt, without_marks

PLAIN = ("", "sex=F", "שלום", "中文 ﷽", "नमस्ते\u200d", "👩🏽\u200d🔬", "é", "naïve – ×")
MARKED = (
    "a\u202eb",
    "\u200b",
    "x\ufeff\u2060",
    "tag\U000e0041",
    "\u061c",
    "\u2028",
    "\x7f",
    "\x9b31m",
    "\x85",
)


@pytest.mark.parametrize("text", PLAIN)
def test_words_stay_as_they_are(text):
    assert spelt(text) == text
    assert without_marks(text) == text
    assert yaml_text([text]).isascii() == text.isascii()


@pytest.mark.parametrize("text", MARKED)
def test_marks_are_spelt_out_in_text_and_escaped_in_json_and_yaml(text):
    assert not HIDDEN.search(spelt(text))
    assert spelt(text).encode().decode("unicode_escape") == text
    document = {text: [text, 1]}
    told = without_marks(json.dumps(document, ensure_ascii=False))
    assert not HIDDEN.search(told)
    assert json.loads(told) == document
    told = yaml_text(document)
    assert not HIDDEN.search(told.replace("\n", ""))
    assert parse_document(told, file="a.yaml").value == yaml.safe_load(told) == document


def test_every_control_direction_and_tag_mark_is_hidden_but_joiners_and_what_is_seen():
    seen = {"\u00ad", "\u200c", "\u200d"}
    numbers = {chr(c) for c in (*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2)}
    for code in range(0x10000):
        char = chr(code)
        category = unicodedata.category(char)
        hidden = category in {"Cc", "Zl", "Zp", "Cs"} or (category == "Cf" and char not in seen | numbers)
        assert bool(HIDDEN.fullmatch(char)) == (hidden or MARKS.fullmatch(char) is not None), hex(code)
