"""Decisions without true labels: rates, gaps and ratios of who was chosen, and no model that stands in for one."""

import json

import numpy as np
import pandas as pd
import pytest


@pytest.fixture
def calls(tmp_path):
    """Who was called, by group, with a weight, a label beside it, and answers of three kinds."""
    rng = np.random.default_rng(3)
    group = rng.choice(["a", "b", "c"], 900, p=[0.5, 0.3, 0.2])
    called = rng.random(900) < np.select([group == "a", group == "b"], [0.5, 0.3], 0.4)
    frame = pd.DataFrame({"ethnicity": group, "called": np.where(called, "yes", "no")})
    frame["w"] = rng.gamma(2, size=900)
    frame["label"] = rng.choice(["no", "yes"], 900)
    frame["answer"] = np.where(called, "yes", rng.choice(["no", "later"], 900))
    frame["score"] = rng.random(900)
    frame["same"] = "yes"
    frame.to_csv(tmp_path / "calls.csv", index=False)
    return frame


DECIDED = ("audit", "calls.csv", "--outcome", "called", "--favourable", "yes", "--groups", "ethnicity")


def report_of(cli, *words):
    done = cli(*words, "--json")
    assert done.code == 0, done.err
    return json.loads(done.out)


def by_place(report, metrics=("selection_rate", "demographic_parity")):
    return {
        (f["metric"], f["group"], f["compare"]): (
            f["value"],
            f["interval"]["low"],
            f["interval"]["high"],
            f["n"],
        )
        for f in report["findings"]
        if f["metric"] in metrics
    }


@pytest.mark.parametrize("more", [(), ("--weight", "w")])
def test_decisions_have_the_numbers_that_they_have_beside_labels(cli, calls, more):
    alone = report_of(cli, *DECIDED, *more)
    assert {f["metric"] for f in alone["findings"]} == {"selection_rate", "demographic_parity"}
    words = ("--target", "label", "--pred", "called", "--favourable", "yes", "--groups", "ethnicity")
    labelled = by_place(report_of(cli, "audit", "calls.csv", *words, *more))
    assert by_place(alone) == {
        place: pytest.approx(numbers, abs=1e-12) for place, numbers in labelled.items()
    }


def test_rates_are_shares_of_those_chosen(cli, calls):
    found = by_place(report_of(cli, *DECIDED))
    for group, rows in calls.groupby("ethnicity"):
        chosen = (rows["called"] == "yes").mean()
        rest = (calls.loc[calls["ethnicity"] != group, "called"] == "yes").mean()
        assert found["selection_rate", f"ethnicity={group}", "absolute"][0] == pytest.approx(
            chosen, abs=1e-12
        )
        assert found["selection_rate", f"ethnicity={group}", "to_rest"][0] == pytest.approx(
            chosen - rest, abs=1e-12
        )


def test_predictions_alone_are_decisions_too(cli, calls):
    words = ("audit", "calls.csv", "--pred", "called", "--favourable", "yes", "--groups", "ethnicity")
    assert by_place(report_of(cli, *words)) == by_place(report_of(cli, *DECIDED))


def test_the_first_lines_say_whose_decisions_are_audited(cli, calls):
    head = " ".join(cli(*DECIDED).out[:400].split())
    assert "favourable: called = 'yes' (you said so)" in head
    assert "decisions of column 'called', without true labels" in head
    stand_in = " ".join(
        cli("audit", "calls.csv", "--target", "label", "--groups", "ethnicity").out[:500].split()
    )
    assert "no predictions given: a logistic regression was fitted" in stand_in
    assert "this audits the data, not your model" in stand_in


def test_of_several_answers_each_has_its_rates(cli, calls):
    report = report_of(cli, "audit", "calls.csv", "--outcome", "answer", "--groups", "ethnicity")
    rates = {
        f["group"]: f["value"]
        for f in report["findings"]
        if (f["metric"], f["compare"]) == ("selection_rate", "absolute")
    }
    for answer in ("yes", "no", "later"):
        for group, rows in calls.groupby("ethnicity"):
            assert rates[f"ethnicity={group} [{answer}]"] == pytest.approx((rows["answer"] == answer).mean())


def test_a_gate_reads_decisions(cli, calls, tmp_path):
    recipe = (
        "name: x\ndata: {path: calls.csv, outcome: called, favourable: 'yes'}\n"
        "groups: {ethnicity: {column: ethnicity}}\nsteps: [{id: r, use: rates}]\n"
        "gates: [{id: g, on: r, metric: selection_rate, group: ethnicity=b, limit: 0.05}]\n"
    )
    (tmp_path / "r.yaml").write_text(recipe)
    assert cli("run", "r.yaml").code == 1
    (tmp_path / "r.yaml").write_text(recipe.replace(", favourable: 'yes'", ""))
    assert cli("run", "r.yaml").code == 2


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--outcome", "caled"), 4, "did you mean 'called'"),
        (("--outcome", "called", "--target", "label"), 2, "beside --target, name decisions with --pred"),
        (("--outcome", "called", "--pred", "label"), 2, "name one of the two"),
        (("--outcome", "same"), 4, "everybody got the same decision"),
        (("--outcome", "score"), 4, "a score is given with --score"),
        (("--outcome", "called", "--metrics", "tpr"), 2, "asks for true labels"),
        (("--favourable", "yes"), 2, "no column of outcomes is named"),
        ((), 4, "decisions without labels with --outcome"),
    ],
)
def test_what_cannot_be_audited_so_is_refused(cli, calls, words, code, said):
    done = cli("audit", "calls.csv", "--groups", "ethnicity", *words)
    assert done.code == code
    assert said in done.err


def test_a_bundled_set_is_audited_as_decisions_by_its_own_declaration(cli):
    report = report_of(cli, "audit", "german_credit", "--outcome", "credit", "--groups", "sex")
    assert report["subject"]["outcome"] == {
        "column": "credit",
        "value": "1",
        "kind": "favourable",
        "said": True,
        "by": "data set",
    }
    assert report["subject"]["target"] is None


def test_a_recipe_names_strata_under_data_and_a_step_that_reads_none_says_so(cli, calls, tmp_path):
    calls.assign(dept=np.arange(900) % 3).to_csv(tmp_path / "calls.csv", index=False)
    (tmp_path / "r.yaml").write_text(
        "version: 1\nname: x\n"
        "data: {path: calls.csv, outcome: called, favourable: 'yes', given: [dept]}\n"
        "groups: {ethnicity: {column: ethnicity}}\n"
        "steps: [{id: rates, use: rates}, {id: four-fifths, use: four-fifths}]\n"
    )
    told = report_of(cli, "run", "r.yaml")
    alone = report_of(cli, *DECIDED, "--given", "dept")
    pooled = [by_place(report, ("conditional_parity",)) for report in (told, alone)]
    assert pooled[0] == pooled[1]
    assert (
        len({f["details"].get("stratum") for f in told["findings"] if f["metric"] == "conditional_parity"})
        == 4
    )
    assert any("four-fifths does not compare within dept" in note for note in told["notes"])
    refused = cli(*DECIDED, "--metrics", "conditional_parity")
    assert refused.code == 2
    assert "name their columns with --given" in refused.err


def test_a_declaration_of_the_bundled_set_is_not_said_to_be_the_users(cli):
    words = ("audit", "german_credit", "--groups", "sex", "--metrics", "selection_rate")
    assert "favourable: credit = '1' (declared by the bundled set)" in " ".join(cli(*words).out.split())
    said = " ".join(cli(*words, "--unfavourable", "2").out.split())
    assert "unfavourable: credit = '2' (you said so)" in said
