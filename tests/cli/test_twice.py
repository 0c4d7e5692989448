"""What is given twice is joined where that means something, and else refused; what does not match shows both sets."""

import json

import pandas as pd
import pytest


@pytest.fixture
def table(tmp_path):
    frame = pd.DataFrame(
        {"sex": ["F", "M"] * 40, "race": ["a", "a", "b", "b"] * 20, "y": ["yes", "no", "no", "yes"] * 20}
    )
    frame["p"] = [1, 0] * 40
    frame["smoker"] = ["Yes", "No"] * 40
    frame.to_csv(tmp_path / "t.csv", index=False)
    return tmp_path


AUDIT = ("audit", "t.csv", "--target", "y", "--positive", "yes")


def test_groups_and_lists_are_joined(cli, table):
    words = (
        "--groups",
        "sex",
        "--groups",
        "race",
        "--metrics",
        "tpr",
        "--metrics",
        "fpr",
        "--features",
        "smoker",
    )
    done = cli(*AUDIT, *words, "--json")
    assert done.code == 0, done.err
    report = json.loads(done.out)
    assert set(report["subject"]["groups"]) == {"sex", "race"}
    assert {f["metric"] for f in report["findings"]} == {"tpr", "fpr", "equal_opportunity"} & {"tpr", "fpr"}


@pytest.mark.parametrize("option", ["--pred", "--target", "--seed", "--favourable"])
def test_one_value_given_twice_is_refused(cli, table, option):
    done = cli("audit", "t.csv", "--groups", "sex", option, "1", f"{option}=2")
    assert done.code == 2
    assert f"{option} is given 2 times, and takes one value" in done.err


def test_predictions_in_other_words_than_the_labels_show_both(cli, table):
    done = cli(*AUDIT, "--pred", "p", "--groups", "sex")
    assert done.code == 4
    assert all(word in done.err for word in ("1", "0", "'no'", "'yes'"))


def test_saved_groups_whose_column_speaks_otherwise_now_show_both(cli, table):
    text = (
        "version: 1\ngroups:\n  smokers: {where: \"`smoker` == 'y'\"}\n  others: {where: \"smoker == 'n'\"}\n"
    )
    (table / "g.yaml").write_text(text)
    done = cli(*AUDIT, "--groups", "g.yaml", "--features", "p")
    assert done.code == 2
    assert (
        "column 'smoker' has none of the values that the groups ask for, 'n', 'y'; it has 'No', 'Yes'"
        in done.err
    )
    (table / "g.yaml").write_text(text.replace("'n'", "'No'"))
    assert cli("audit", "t.csv", "--target", "y", "--groups", "g.yaml", "--features", "p").code == 0
