"""Tables as users have them: the right number where one can be told, else one sentence that says what to do."""

import json

import numpy as np
import pandas as pd
import pytest


def cells(columns, counts):
    """Return a table of rows from (values, how many)."""
    return pd.DataFrame([values for values, n in counts for _ in range(n)], columns=columns)


@pytest.fixture
def rates(cli, tmp_path):
    def audited(frame, *words, name="a.csv"):
        if name.endswith("parquet"):
            frame.to_parquet(tmp_path / name, index=False)
        else:
            frame.to_csv(tmp_path / name, index=False)
        done = cli("audit", name, *words, "--json")
        assert done.code == 0, done.err
        report = json.loads(done.out)
        return report, {(f["metric"], f["group"], f["compare"]): f for f in report["findings"]}

    return audited


SELECTED = ("--target", "y", "--pred", "p", "--metrics", "selection_rate")


def test_rows_without_a_group_are_a_group_and_among_the_others(rates, cli):
    """F 30 of 100, M 50 of 100, unknown 40 of 50."""
    frame = cells(
        ["sex", "y", "p"],
        [(("F", 1, 1), 30), (("F", 0, 0), 70), (("M", 1, 1), 50), (("M", 0, 0), 50), ((None, 1, 1), 40), ((None, 0, 0), 10)],
    )  # fmt: skip
    report, found = rates(frame, *SELECTED, "--groups", "sex")
    everybody = found["selection_rate", "", "absolute"]
    assert (everybody["value"], everybody["n"]) == (pytest.approx(0.48), 250)
    assert found["selection_rate", "sex=unknown", "absolute"]["value"] == pytest.approx(0.8)
    assert found["selection_rate", "sex=F", "to_rest"]["value"] == pytest.approx(0.3 - 0.6)
    (note,) = [note for note in report["notes"] if "have no 'sex'" in note]
    assert note.startswith("50 of 250 rows")
    assert "among the rest of the others" in note
    told = " ".join(cli("audit", "a.csv", *SELECTED, "--groups", "sex").out.split())
    assert "favourable: y = '1' (guessed, and nothing is called worse by it" in told
    assert "By sex, the selection rate goes from 30 % for sex = F to 80 % for sex = unknown." in told


def test_none_and_na_are_values_of_text(rates):
    frame = cells(
        ["disability", "country", "y", "p"],
        [(("None", "NA", 1, 1), 50), (("None", "ZA", 0, 0), 50), (("Yes", "NA", 1, 1), 20), (("Yes", "NA", 0, 0), 30), (("Yes", "ZA", 0, 0), 50)],
    )  # fmt: skip
    _, found = rates(frame, *SELECTED, "--groups", "disability,country", "--max-order", "1")
    for group, rate in (("disability=None", 0.5), ("disability=Yes", 0.2), ("country=NA", 0.7)):
        one = found["selection_rate", group, "absolute"]
        assert (one["value"], one["n"]) == (pytest.approx(rate), 100)


@pytest.mark.parametrize("words", [(), ("--positive", "hired")])
def test_decisions_need_no_label(rates, words):
    said = ("hired", "no") if words else (1, 0)
    frame = cells(
        ["sex", "p"], [(("F", said[0]), 30), (("F", said[1]), 70), (("M", said[0]), 50), (("M", said[1]), 50)]
    )
    _, found = rates(frame, "--pred", "p", "--groups", "sex", *words)
    assert [found["selection_rate", f"sex={sex}", "absolute"]["value"] for sex in "FM"] == [0.3, 0.5]


@pytest.mark.parametrize(
    ("good", "bad", "guess"),
    [("approved", "denied", "denied"), ("Y", "N", "Y"), (True, False, "True"), (1, 2, "2")],
)
def test_the_outcome_that_is_counted_is_said_and_is_what_the_user_says(rates, cli, good, bad, guess):
    """F approved 30 of 100, M 60 of 100."""
    frame = cells(["sex", "y"], [(("F", good), 30), (("F", bad), 70), (("M", good), 60), (("M", bad), 40)])
    frame = frame.assign(p=frame.y)
    _, found = rates(frame, *SELECTED, "--groups", "sex", "--favourable", str(good))
    assert [found["selection_rate", f"sex={sex}", "absolute"]["value"] for sex in "FM"] == [0.3, 0.6]
    told = " ".join(cli("audit", "a.csv", *SELECTED, "--groups", "sex").out.split())
    assert f"favourable: y = '{guess}' (guessed" in told


CODES = {
    "zip": ("01220", "1220"),
    "long": (str(2**53), str(2**53 + 1)),
    "sex": (" M", "M"),
}


def label(code):
    return f"'{code}'" if " " in code else code


@pytest.mark.parametrize("name", ["a.csv", "a.parquet"])
def test_codes_stay_apart_as_groups_and_as_targets(rates, name):
    """Of the first code nobody is chosen, of the second everybody; as a target each is predicted half the time."""
    rows = np.arange(400)
    frame = pd.DataFrame({column: np.array(pair)[rows % 2] for column, pair in CODES.items()})
    frame["y"], frame["p"], frame["g"] = rows % 3 % 2, rows % 2, np.array(["a", "b"])[rows // 2 % 2]
    _, found = rates(frame, *SELECTED, "--groups", ",".join(CODES), "--max-order", "1", name=name)
    for column, pair in CODES.items():
        chosen = [found["selection_rate", f"{column}={label(code)}", "absolute"]["value"] for code in pair]
        assert chosen == [0.0, 1.0], column
    for column, pair in CODES.items():
        said = frame.assign(said=np.where(rows % 4 < 2, frame[column], pair[0]))
        words = ("--target", column, "--pred", "said", "--groups", "g", "--favourable", pair[1])
        _, found = rates(said, *words, "--metrics", "tpr,selection_rate", name=name)
        assert found["tpr", "", "absolute"]["value"] == pytest.approx(0.5), column
        assert found["selection_rate", "", "absolute"]["value"] == pytest.approx(0.25), column


def test_the_last_bin_is_closed_and_rows_in_none_are_counted(rates):
    frame = pd.DataFrame(
        {"r": np.tile([0.0, 0.25, 0.5, 0.75, 1.0], 40), "age": np.tile([18, 40, 64, 65, 70], 40)}
    )
    frame["born"] = pd.date_range("1999-01-01", periods=200, freq="4D").astype(str)
    frame["y"] = frame["p"] = np.arange(200) % 2
    words = ("--groups", "r:0/0.5/1,age:18/40/65,born:2000-01-01/2001-01-01", "--max-order", "1")
    report, found = rates(frame, *SELECTED, *words)
    sizes = {group: one["n"] for (_, group, compare), one in found.items() if compare == "absolute"}
    assert [n for group, n in sizes.items() if group.startswith("r=")] == [80, 120]
    assert [n for group, n in sizes.items() if group.startswith("age=")] == [40, 120]
    assert any(note.startswith("40 of 200 rows are in no group of 'age'") for note in report["notes"])
    assert [n for group, n in sizes.items() if group.startswith("born=")] == [
        int(((frame.born >= "2000-01-01") & (frame.born <= "2001-01-01")).sum())
    ]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", "sex;y;p\nF;1;1\n", "has one column named 'sex;y;p'; values must be separated by ',', not ';'"),
        ("a.csv", "sex,y,p\nF\xe4,1,1\n".encode("latin-1"), "is not UTF-8 (byte 0xe4 at byte 9, line 2); save it as UTF-8"),
        ("a.csv", "sex,y,p,y\nF,1,1,1\n", "y"),
        ("a.tsv", "sex\ty\n", "has an extension that is not known; known: .csv"),
        ("a.xlsx", "PK", "has an extension that is not known; known: .csv"),
        ("a.csv", "sex,y,p\nF,a;c,a\nM,b,b\nF,a;b,a\nM,c,b\n", "--task multiclass reads each cell as one class"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_as_meant_is_refused_in_one_sentence(cli, tmp_path, name, content, said):
    (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    done = cli("audit", name, "--target", "y", "--pred", "p", "--groups", "sex")
    assert (done.code, said in done.err) == (4, True), done.err
    assert done.err.count("\n") == 1


def test_values_that_differ_by_spaces_are_pointed_out_and_a_byte_order_mark_is_nothing(rates, tmp_path, cli):
    frame = cells(
        ["sex", "y", "p"], [(("F", 1, 1), 50), (("F", 0, 0), 50), (("M", 1, 1), 75), (("M ", 0, 0), 25)]
    )
    report, _ = rates(frame, *SELECTED, "--groups", "sex")
    assert any("differ only by spaces or capitals, and stay apart: M, 'M '" in n for n in report["notes"])
    frame.assign(sex=frame.sex.str.strip()).to_csv(
        tmp_path / "b.csv", index=False, encoding="utf-8-sig", lineterminator="\r\n"
    )
    found = json.loads(cli("audit", "b.csv", *SELECTED, "--groups", "sex", "--json").out)["findings"]
    value = {f["group"]: f["value"] for f in found if f["compare"] == "absolute"}
    assert (value["sex=F"], value["sex=M"]) == (0.5, 0.75)


def test_two_predictions_are_compared_by_diff_and_not_silently_one_of_them(cli, tmp_path):
    """The new model finds 30 more of F's 300 cases: a paired change of +.10."""
    rows = [
        (("F", 1, 1, 1), 150),
        (("F", 1, 0, 1), 30),
        (("F", 1, 0, 0), 120),
        (("M", 1, 1, 1), 200),
        (("M", 1, 0, 0), 100),
        (("F", 0, 0, 0), 200),
        (("M", 0, 0, 0), 200),
    ]
    cells(["sex", "y", "old", "new"], rows).to_csv(tmp_path / "a.csv", index=False)
    twice = cli("audit", "a.csv", "--target", "y", "--pred", "old", "--pred", "new", "--groups", "sex")
    assert twice.code == 2
    assert "diff" in twice.err
    words = (
        "--target",
        "y",
        "--pred",
        "new",
        "--versus",
        "old",
        "--groups",
        "sex",
        "--favourable",
        "1",
        "--json",
    )
    found = json.loads(cli("diff", "a.csv", *words).out)["findings"]
    (change,) = [f for f in found if (f["metric"], f["group"], f["compare"]) == ("tpr", "sex=F", "change")]
    assert change["value"] == pytest.approx(0.1)
    assert 0.05 < change["interval"]["low"] < 0.1 < change["interval"]["high"] < 0.15


def test_ratings_are_a_number_where_it_is_said_and_the_refusal_names_the_switch(rates, cli):
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"sex": ["F", "M"] * 300, "stars": rng.integers(1, 6, 600)})
    frame["p"] = (frame.stars - 0.5 * (frame.sex == "F") + 0.3 * rng.normal(size=600)).round(3)
    _, found = rates(frame, "--target", "stars", "--pred", "p", "--groups", "sex", "--task", "regression")
    error = (frame.p - frame.stars).groupby(frame.sex).mean()
    for sex in "FM":
        one = found["mean_error", f"sex={sex}", "absolute"]
        assert one["value"] == pytest.approx(error[sex])
        assert one["interval"]["low"] < -0.5 * (sex == "F") < one["interval"]["high"]
    refused = cli("audit", "a.csv", "--target", "stars", "--pred", "p", "--groups", "sex")
    assert "say --task regression" in refused.err
