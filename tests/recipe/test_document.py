"""YAML documents: positions, and everything that is refused."""

import math

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from auditkit.errors import RecipeError, UsageError
from auditkit.recipe.document import MAX_DEPTH, MAX_REPEATED, parse_document, read_document
from auditkit.recipe.scalars import yaml_text


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


SCALARS = {
    "no": "no",
    "on": "on",
    "Yes": "Yes",
    "2020-01-01": "2020-01-01",
    "1:30:00": "1:30:00",
    "190:20:30.15": "190:20:30.15",
    "1_000": "1_000",
    "0b11": "0b11",
    "=": "=",
    "true": True,
    "FALSE": False,
    "~": None,
    "": None,
    "030": 30,
    "-07": -7,
    "0o17": 15,
    "0x10": 16,
    "1e3": 1000.0,
    "95e-2": 0.95,
    "1.e+1": 10.0,
    ".5": 0.5,
    "-.inf": -math.inf,
    "'030'": "030",
    '"1e3"': "1e3",
}


@pytest.mark.parametrize("text", SCALARS)
def test_a_scalar_is_read_by_the_core_schema_of_yaml_1_2(text):
    value = parse_document(f"a: {text}").value["a"]
    assert value == SCALARS[text]
    assert type(value) is type(SCALARS[text])


def test_not_a_number_is_read_as_such():
    assert math.isnan(parse_document("a: .NaN").value["a"])


BAD_SCALARS = {
    "1" + "0" * 30: "too large",
    "1" + "0" * 5000: "too large",
    "1e999": "too large",
    "0x" + "f" * 100: "too large",
    '"\\ud800"': "surrogate",
    "!!int 1:30": "no int",
    "!!float 1:30.0": "no float",
    "!!bool no": "no bool",
    "!!timestamp 2020-01-01": "not allowed",
}


@pytest.mark.parametrize("text", BAD_SCALARS)
def test_a_scalar_that_means_nothing_is_refused_at_its_place(text):
    said = refusal(f"b: 1\na: {text}")
    assert said.startswith("r.yaml:2:4: ")
    assert BAD_SCALARS[text] in said


TEXTS = st.one_of(
    st.text(max_size=12).filter(lambda text: text.isprintable() or not text),
    st.text("0123456789.eExo_+-:", max_size=8),
    st.sampled_from([*SCALARS, "null", "~", ".nan", "NO", "0.1e1", "<<"]),
)


@given(
    st.dictionaries(
        TEXTS, TEXTS | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False) | st.booleans()
    )
)
def test_what_is_written_is_read_back_as_it_was(document):
    """By this reader, and by one of YAML 1.1."""
    written = yaml_text({"a": document})
    assert parse_document(written).value == {"a": document}
    assert yaml.safe_load(written) == {"a": document}


def test_a_duplicate_key_is_refused_where_it_stands():
    assert refusal("a: 1\nb: 2\na: 3\n") == "r.yaml:3:1: key 'a' appears twice"


def test_a_tab_is_refused_in_words():
    assert refusal("a:\n\tb: 1\n") == "r.yaml:2:1: tabs cannot indent YAML; use spaces"


def test_an_alias_bomb_is_refused_before_it_grows():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 9)]
    assert f"more than {MAX_REPEATED:,} values" in refusal("\n".join(lines))


def test_many_written_values_are_no_alias_bomb():
    lines = [f"  g{i}: {{where: age > {i}, rule: older than {i}}}" for i in range(3000)]
    assert len(parse_document("groups:\n" + "\n".join(lines)).value["groups"]) == 3000


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


@pytest.mark.parametrize("depth", [MAX_DEPTH + 2, 300, 3000, 100_000])
@pytest.mark.parametrize(("opened", "closed"), [("[", "]"), ("{a: ", "}")])
def test_deep_nesting_is_refused_without_a_traceback(depth, opened, closed):
    said = refusal(opened * depth + closed * depth)
    assert said.startswith("r.yaml")
    assert said.endswith(f"nested more than {MAX_DEPTH} deep")


def test_a_file_that_is_not_utf8_names_the_byte(tmp_path):
    path = tmp_path / "r.yaml"
    path.write_bytes(b"name: caf\xe9\n")
    with pytest.raises(RecipeError, match="byte 9"):
        read_document(path)


def test_a_missing_file_and_a_directory_are_usage_errors(tmp_path):
    with pytest.raises(UsageError, match=r"none\.yaml does not exist"):
        read_document(tmp_path / "none.yaml")
    with pytest.raises(UsageError, match="is a folder; name a file in it"):
        read_document(tmp_path)
