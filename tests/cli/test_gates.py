"""Gates through the command: what can never decide is refused, what is missing is said, the verdict is the exit code."""

import json

import numpy as np
import pandas as pd
import pytest
import yaml

ADULTS = {"women": (60, 40, 20, 80), "men": (80, 20, 20, 80)}


@pytest.fixture
def table(tmp_path):
    """Women's recall is .6, men's .8; false positive rates are .2 for both."""
    rows = []
    for sex, (tp, fn, fp, tn) in {"F": ADULTS["women"], "M": ADULTS["men"]}.items():
        rows += (
            [(sex, 1, 1)] * tp * 4 + [(sex, 1, 0)] * fn * 4 + [(sex, 0, 1)] * fp * 4 + [(sex, 0, 0)] * tn * 4
        )
    pd.DataFrame(rows, columns=["sex", "y", "p"]).to_csv(tmp_path / "a.csv", index=False)
    return tmp_path


def recipe(folder, *gates, steps=({"id": "rates", "use": "rates"},), **more):
    document = {
        "version": 1, "name": "x", "data": {"path": "a.csv", "target": "y", "pred": "p", "favourable": 1},
        "groups": {"sex": {"column": "sex"}}, "steps": list(steps), "gates": list(gates),
    } | more  # fmt: skip
    (folder / "r.yaml").write_text(yaml.safe_dump(document, sort_keys=False))
    return "r.yaml"


def gate(name="g", **more):
    return {"id": name, "on": "rates", "metric": "tpr", "compare": "to_rest", "limit": 0.1} | more


def test_the_first_line_says_fail_and_every_comparison_is_in_every_format(cli, table):
    done = cli(
        "run", recipe(table, gate()), "-o", "r.md", "-o", "r.xml", "-o", "r.sarif", "-o", "r.html", "--json"
    )
    assert done.code == 1
    (found,) = json.loads(done.out)["gates"]
    assert [(one["group"], one["outcome"]) for one in found["comparisons"]] == [
        ("sex=F", "breaks"),
        ("sex=M", "holds"),
    ]
    worst = found["comparisons"][0]
    assert worst["value"] == pytest.approx(-0.2)
    assert worst["upper"] < -0.1
    assert worst["p"] < 0.025
    assert worst["n"] == 800
    for name in ("r.md", "r.xml", "r.sarif", "r.html"):
        text = (table / name).read_text()
        assert "sex = F" in text or "sex=F" in text, name
    assert cli("run", "r.yaml").out.startswith("✗ FAIL")


def test_a_group_with_a_typo_fails_and_the_dry_run_says_so(cli, table):
    path = recipe(table, gate(group="sex=Famale"), gate("holds", limit=0.9))
    done = cli("run", path, "--json")
    document = json.loads(done.out)
    assert done.code == 1
    assert document["gates"][0]["comparisons"][0]["outcome"] == "absent"
    assert "there are sex=F, sex=M" in document["gates"][0]["message"]
    assert "no group 'sex=Famale'" in cli("run", path, "--dry-run").out
    accepted = recipe(table, gate(group="sex=Famale", absent="pass"), gate("holds", limit=0.9))
    assert cli("run", accepted).code == 0


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"metric": "demographic_parity"}, "with compare: to_rest, only with difference, ratio"),
        ({"compare": "ratio"}, "with ratio it reports demographic_parity, equal_opportunity"),
        ({"metric": "recall"}, "no metric 'recall'"),
        ({"limit": None, "fail_if": "value > 10%"}, "'value > 10%' is no condition"),
        ({"limit": None, "fail_if": "lower_bound > 0,1"}, "is no condition"),
        ({"limit": None, "fail_if": "upper_bound < -0.1"}, "read as harm"),
        ({"limit": 3}, "at most 1"),
        ({"fail_if": "lower_bound > 0.1"}, "it has a limit and fail_if"),
        ({"limit": None}, "it has no rule"),
    ],
)
@pytest.mark.parametrize("dry", [(), ("--dry-run",)])
def test_a_gate_that_can_never_decide_is_exit_2_with_its_line(cli, table, wrong, says, dry):
    changed = {key: value for key, value in (gate() | wrong).items() if value is not None}
    done = cli("run", recipe(table, gate("fine"), changed), *dry)
    assert done.code == 2
    assert says in done.err
    assert "r.yaml:" in done.err


def test_gates_of_steps_that_wait_are_listed_and_alone_decide_nothing(cli, table):
    steps = ({"id": "rates", "use": "rates", "when": "full"}, {"id": "now", "use": "rates"})
    path = recipe(table, gate(), steps=steps)
    done = cli("run", path, "--json")
    document = json.loads(done.out)
    assert (done.code, document["verdict"], document["gates"][0]["outcome"]) == (5, "insufficient", "not_run")
    assert cli("run", path, "--when", "full").code == 1
    wrong = cli("run", path, "--when", "ful")
    assert (wrong.code, "did you mean 'full'?" in wrong.err) == (2, True)


def test_a_rule_written_twice_must_agree(cli, table):
    groups = {"sex": {"column": "sex"}, "min_n": 50}
    path = recipe(table, gate(), groups=groups)
    assert cli("run", path).code == 1
    clash = cli("run", path, "--set", "stats.min_n=20")
    assert (clash.code, "they are one rule" in clash.err) == (2, True)
    assert cli("run", path, "--set", "stats.min_n=50").code == 1


def test_warnings_fail_where_a_job_asks_for_it_and_one_line_is_enough(cli, table):
    path = recipe(
        table, gate(limit=None, fail_if="lower_bound > 0.5", warn_if="lower_bound > 0.05") | {"limit": None}
    )
    document = yaml.safe_load((table / path).read_text())
    document["gates"][0].pop("limit")
    (table / path).write_text(yaml.safe_dump(document))
    assert cli("run", path).code == 0
    assert cli("run", path, "--fail-on", "warn").code == 1
    assert cli("run", path, "--fail-on", "warn", "--exit-zero").code == 0
    assert cli("run", path, "--fail-on", "pass").code == 2
    assert cli("run", path, "-q").out == "! WARN: 1 of 1 gate warned\n"


def test_eight_groups_of_a_hundred_and_twenty_rows_are_never_a_pass(cli, tmp_path):
    rows = []
    for i, hits in enumerate((30, 26, 28, 31, 33, 27, 29, 36)):
        rows += [(f"g{i}", 1, 1)] * hits + [(f"g{i}", 1, 0)] * (60 - hits) + [(f"g{i}", 0, 0)] * 60
    pd.DataFrame(rows, columns=["sex", "y", "p"]).to_csv(tmp_path / "a.csv", index=False)
    path = recipe(tmp_path, gate(metric="equal_opportunity", compare="difference"))
    done = cli("run", path)
    assert done.code == 5
    assert done.out.startswith("? NOT SHOWN")


def test_where_every_rate_is_0_the_difference_is_0_and_the_ratio_has_a_reason(cli, tmp_path):
    rows = [(sex, y, 0) for sex in "FM" for y in (0, 1) for _ in range(100)]
    pd.DataFrame(rows, columns=["sex", "y", "p"]).to_csv(tmp_path / "a.csv", index=False)
    done = cli("audit", "a.csv", "--target", "y", "--pred", "p", "--groups", "sex", "--json")
    assert done.code == 0
    found = [f for f in json.loads(done.out)["findings"] if f["compare"] in {"difference", "ratio"}]
    assert {f["metric"] for f in found} >= {
        "demographic_parity",
        "equal_opportunity",
        "fpr",
        "equalized_odds",
    }
    for finding in found:
        if finding["metric"] in {"demographic_parity", "equal_opportunity", "fpr", "equalized_odds"}:
            assert finding["value"] == (0.0 if finding["compare"] == "difference" else None)
            assert bool(finding["reason"]) == (finding["compare"] == "ratio")


def test_a_score_that_says_too_much_and_one_that_says_too_little_both_break_a_limit(cli, tmp_path):
    rng = np.random.default_rng(0)
    group, score = np.repeat(["high", "low", "right"], 1000), rng.uniform(0.3, 0.7, 3000)
    off = np.select([group == "high", group == "low"], [0.15, -0.15], 0.0)
    y = (rng.random(3000) < score - off).astype(int)
    pd.DataFrame({"g": group, "y": y, "s": score}).to_csv(tmp_path / "a.csv", index=False)
    rule = {"metric": "calibration_gap", "compare": "absolute", "limit": 0.06}
    more = {
        "data": {"path": "a.csv", "target": "y", "score": "s", "positive": 1},
        "groups": {"g": {"column": "g"}},
    }
    done = cli("run", recipe(tmp_path, gate(**rule), **more), "-o", "r.html", "-o", "r.json")
    assert done.code == 1
    found = json.loads((tmp_path / "r.json").read_text())["gates"][0]
    outcome = {one["group"]: one["outcome"] for one in found["comparisons"]}
    assert (outcome["g=high"], outcome["g=low"], outcome["g=right"]) == ("breaks", "breaks", "holds")
    assert "below 0, at least" in done.out
    assert "above 0, at least" in done.out
    assert "at most 0.060 from 0" in done.out
