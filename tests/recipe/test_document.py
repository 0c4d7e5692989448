"""YAML documents: positions, and everything that is refused."""

import pytest

from auditkit.errors import RecipeError, UsageError
from auditkit.recipe.document import MAX_NODES, parse_document, read_document


def refusal(text: str) -> str:
    with pytest.raises(RecipeError) as caught:
        parse_document(text, file="r.yaml")
    return str(caught.value)


def test_every_key_and_item_remembers_its_line_and_column():
    document = parse_document("a:\n  - b: 1\n  - c\n")
    assert document.value == {"a": [{"b": 1}, "c"]}
    assert document.positions["a",] == (1, 1)
    assert document.positions["a", 0, "b"] == (2, 5)
    assert document.positions["a", 1] == (3, 5)


def test_an_error_below_the_document_points_at_the_nearest_place_above():
    document = parse_document("a:\n  b: 1\n", file="r.yaml")
    assert str(document.error(("a", "b", "c", 4), "no")) == "r.yaml:2:3: no"


def test_words_that_yaml_1_1_takes_for_booleans_or_dates_stay_text():
    document = parse_document("a: no\nb: on\nc: 2020-01-01\nd: true\ne: 1e3\nf: 0x10\ng: ~")
    expected = {"a": "no", "b": "on", "c": "2020-01-01", "d": True, "e": "1e3", "f": 16, "g": None}
    assert document.value == expected


def test_a_duplicate_key_is_refused_where_it_stands():
    assert refusal("a: 1\nb: 2\na: 3\n") == "r.yaml:3:1: key 'a' appears twice"


def test_a_tab_is_refused_in_words():
    assert refusal("a:\n\tb: 1\n") == "r.yaml:2:1: tabs cannot indent YAML; use spaces"


def test_an_alias_bomb_is_refused_before_it_grows():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 9)]
    assert f"more than {MAX_NODES:,} values" in refusal("\n".join(lines))


def test_an_alias_that_contains_itself_is_refused():
    assert "refers to itself" in refusal("a: &a [*a]")


def test_a_plain_alias_is_fine():
    assert parse_document("a: &x [1, 2]\nb: *x").value == {"a": [1, 2], "b": [1, 2]}


@pytest.mark.parametrize(
    "text", ["!!python/object/apply:os.system ['true']", "a: !!binary aGk=", "a: !mine 3"]
)
def test_a_tag_that_could_run_code_or_hide_data_is_refused(text):
    assert "not allowed" in refusal(text) or "not YAML" in refusal(text)


def test_a_key_that_is_a_list_is_refused():
    assert "plain text" in refusal("? [a, b]\n: 1\n")


def test_an_empty_file_is_refused():
    assert refusal("# nothing\n") == "r.yaml: the file is empty"


def test_deep_nesting_is_refused_without_a_traceback():
    assert refusal("[" * 3000 + "]" * 3000).startswith("r.yaml")


def test_a_file_that_is_not_utf8_names_the_byte(tmp_path):
    path = tmp_path / "r.yaml"
    path.write_bytes(b"name: caf\xe9\n")
    with pytest.raises(RecipeError, match="byte 9"):
        read_document(path)


def test_a_missing_file_and_a_directory_are_usage_errors(tmp_path):
    with pytest.raises(UsageError, match="cannot read"):
        read_document(tmp_path / "none.yaml")
    with pytest.raises(UsageError, match="cannot read"):
        read_document(tmp_path)
