"""Small tables whose right answer is known: what users of such tools found wrong, missing or silent."""

import json

import numpy as np
import pandas as pd
import pytest
import yaml


def cells(columns, counts):
    """Return a table of rows from (values, how many)."""
    return pd.DataFrame([values for values, n in counts for _ in range(n)], columns=columns)


@pytest.fixture
def save(tmp_path):
    def saved(frame, *gates, **data):
        frame.to_csv(tmp_path / "a.csv", index=False)
        group = frame.columns[0]
        recipe = {
            "version": 1, "name": "x", "groups": {group: {"column": group}}, "gates": list(gates),
            "data": {"path": "a.csv", "target": "y", "pred": "p", "favourable": 1, **data},
            "steps": [{"id": "rates", "use": "rates"}],
        }  # fmt: skip
        (tmp_path / "r.yaml").write_text(yaml.safe_dump(recipe, sort_keys=False))
        return "r.yaml"

    return saved


def audited(cli, *words):
    done = cli("audit", "a.csv", *words, "--json")
    assert done.code == 0, done.err
    report = json.loads(done.out)
    return report, {
        (f["metric"], f["group"], f["compare"]): f
        for f in report["findings"]
        if "stratum" not in f["details"]
    }


def test_a_group_without_a_positive_has_no_tpr_and_hides_nothing_of_the_others(cli, save):
    """TPR: A and B .8, C none. FPR: .1, .1 and .5."""
    frame = cells(
        ["g", "y", "p"],
        [((g, 1, p), n) for g in "AB" for p, n in ((1, 80), (0, 20))]
        + [((g, 0, p), n) for g in "AB" for p, n in ((1, 20), (0, 180))]
        + [(("C", 0, p), 150) for p in (0, 1)],
    )
    rule = {"on": "rates", "compare": "difference", "fail_if": "lower_bound > 0.1", "insufficient": "fail"}
    gates = ({"id": m, "metric": m, **rule} for m in ("equal_opportunity", "equalized_odds"))
    done = cli("run", save(frame, *gates), "--json")
    assert done.code == 1
    report = json.loads(done.out)
    found = {(f["metric"], f["group"], f["compare"]): f for f in report["findings"]}
    assert found["tpr", "g=C", "absolute"]["reason"].startswith("insufficient evidence: 0 ")
    assert found["equalized_odds", "g", "difference"]["value"] == pytest.approx(0.4)
    alike = found["equal_opportunity", "g", "difference"]
    assert (alike["value"], alike["left_out"]) == (0.0, {"g=C": 0})
    outcomes = {gate["id"]: {one["outcome"] for one in gate["comparisons"]} for gate in report["gates"]}
    assert outcomes["equal_opportunity"] == {"not_shown", "too_few"}
    assert all(gate["outcome"] == "fail" for gate in report["gates"])


def test_gates_that_can_never_fire_are_refused_and_a_misspelt_group_fails(cli, save):
    """Women's TPR is .19 below men's, so that the gate meant to fail must not pass for its spelling."""
    frame = cells(
        ["sex", "y", "p"], [(("F", 1, 1), 61), (("F", 1, 0), 39), (("M", 1, 1), 80), (("M", 1, 0), 20)]
        + [((sex, 0, 0), 100) for sex in "FM"],
    )  # fmt: skip
    typo = {
        "id": "typo",
        "on": "rates",
        "metric": "tpr",
        "group": "sex=Famale",
        "fail_if": "lower_bound > 0.1",
    }
    never = {"id": "no", "on": "rates", "metric": "demographic_parity", "fail_if": "lower_bound > 0.1"}
    for more in ((), ("--dry-run",)):
        assert cli("run", save(frame, typo, never), *more).code == 2
    done = cli("run", save(frame, typo))
    assert done.code == 1
    assert "not in the data" in done.out


def test_harm_counts_in_the_direction_that_the_outcome_gives_it(cli, save):
    """FPR: F .25, M .5, a burden to those who are counted: M alone is harmed."""
    frame = cells(
        ["sex", "y", "p"],
        [(("F", 0, 1), 100), (("F", 0, 0), 300), (("M", 0, 1), 200), (("M", 0, 0), 200)]
        + [((sex, 1, p), 200) for sex in "FM" for p in (0, 1)],
    )
    gates = ({"id": sex, "on": "rates", "metric": "fpr", "group": f"sex={sex}", "limit": 0.1} for sex in "FM")
    done = cli("run", save(frame, *gates, favourable=None, unfavourable=1), "--json")
    outcome = {gate["id"]: gate["outcome"] for gate in json.loads(done.out)["gates"]}
    assert outcome == {"F": "pass", "M": "fail"}


def test_a_score_that_is_too_high_and_ranks_worse_in_one_group_is_said_to_be_both(cli, tmp_path):
    rng = np.random.default_rng(5)
    group, chance = rng.choice(["A", "B"], 3000), rng.beta(2, 2, 3000)
    noise = 0.2 * rng.normal(size=3000)
    score = np.where(group == "B", np.clip(chance + noise + 0.15, 0, 1), chance)
    y = (rng.random(3000) < chance).astype(int)
    frame = pd.DataFrame({"g": group, "y": y, "s": score})
    frame.to_csv(tmp_path / "a.csv", index=False)
    words = ("--target", "y", "--favourable", "1", "--score", "s", "--groups", "g")
    report, found = audited(cli, *words)
    off = found["calibration_gap", "g=B", "absolute"]
    mine = frame[frame.g == "B"]
    assert off["value"] == pytest.approx((mine.s - mine.y).mean(), abs=1e-12)
    truth = (mine.s - chance[group == "B"]).mean()
    assert 0.05 < off["interval"]["low"] < truth < off["interval"]["high"]
    assert found["auc", "g=B", "to_rest"]["interval"]["high"] < 0
    assert any(
        "g = B   area under the ROC curve" in line for line in cli("audit", "a.csv", *words).out.splitlines()
    )
    assert report["subject"]["outcome"]["said"]


def test_weights_have_their_rates_and_no_weight_is_no_measurement(cli, tmp_path):
    rng = np.random.default_rng(6)
    frame = cells(["sex", "y", "p"], [((sex, y, p), 75) for sex in "FM" for y in (0, 1) for p in (0, 1)])
    frame["w"] = rng.gamma(2, size=len(frame)).round(3)
    words = ("--target", "y", "--positive", "1", "--pred", "p", "--weight", "w", "--groups", "sex")
    words += ("--metrics", "selection_rate,tpr")
    frame.to_csv(tmp_path / "a.csv", index=False)
    _, found = audited(cli, *words)
    for sex, rows in frame.groupby("sex"):
        cases = rows[rows.y == 1]
        rate, tpr = (np.average(part.p, weights=part.w) for part in (rows, cases))
        assert found["selection_rate", f"sex={sex}", "absolute"]["value"] == pytest.approx(rate, abs=1e-12)
        assert found["tpr", f"sex={sex}", "absolute"]["value"] == pytest.approx(tpr, abs=1e-12)
    frame.assign(w=frame.w.where(frame.sex == "M", 0.0)).to_csv(tmp_path / "a.csv", index=False)
    _, found = audited(cli, *words)
    nothing = found["selection_rate", "sex=F", "absolute"]
    assert (nothing["value"], nothing["reason"]) == (
        None,
        "not measured: the weights of its 300 rows are all 0",
    )
    frame.assign(w=frame.w.where(frame.index > 0, -1.0)).to_csv(tmp_path / "a.csv", index=False)
    refused = cli("audit", "a.csv", *words)
    assert (refused.code, "1 negative" in refused.err) == (4, True)


def test_the_citys_table_is_that_of_the_rule(cli, tmp_path):
    """Scores above the median of all 2,000, unknown ones counted; a category below 2 % has a rate and no ratio."""
    rng = np.random.default_rng(7)
    sex = rng.choice(["Male", "Female", ""], 2000, p=[0.5, 0.47, 0.03])
    race = rng.choice(["White", "Black", "Asian", "NHPI"], 2000, p=[0.5, 0.25, 0.24, 0.01])
    score = (rng.normal(50, 15, 2000) - 6 * (race == "Black")).round(1)
    frame = pd.DataFrame({"sex": sex, "race": race, "score": score})
    frame.to_csv(tmp_path / "a.csv", index=False)
    words = ("--with", "ll144", "--score", "score", "--groups", "sex,race")
    report, found = audited(cli, *words)
    above = frame.score > frame.score.median()
    rate = above.groupby(frame.race).mean()
    large = rate.drop("NHPI")
    for name, share in rate.items():
        assert found["scoring_rate", f"race={name}", "absolute"]["value"] == pytest.approx(share)
    for name, share in large.items():
        ratio = found["impact_ratio", f"race={name}", "absolute"]
        assert ratio["value"] == pytest.approx(share / large.max())
        assert ratio["interval"]["low"] < ratio["value"] <= ratio["interval"]["high"]
    assert "left out of the ratios" in found["impact_ratio", "race=NHPI", "absolute"]["reason"]
    both = above[(sex == "Female") & (race == "Black")].mean()
    assert found["scoring_rate", "sex=Female & race=Black", "absolute"]["value"] == pytest.approx(both)
    (by_sex,) = [t for t in report["tables"] if t["title"] == "Impact ratios by sex"]
    assert f"{(sex == '').sum():,} of 2,000 persons assessed are of an unknown category" in by_sex["caption"]


def test_a_guess_of_the_outcome_is_not_said_to_be_a_lack_of_rows(cli, tmp_path):
    frame = cells(["sex", "p"], [(("F", 1), 60), (("F", 0), 140), (("M", 1), 100), (("M", 0), 100)])
    frame.loc[:19, "sex"] = "X"
    frame.to_csv(tmp_path / "a.csv", index=False)
    told = cli("audit", "a.csv", "--outcome", "p", "--groups", "sex").out
    assert "nothing is called worse by it" in " ".join(told.split())
    assert "No group has rows enough" not in told
    assert "By sex, the selection rate goes from 22 % for sex = F to 50 % for sex = M." in " ".join(
        told.split()
    )


def test_a_gate_that_fails_for_the_unknowns_alone_says_so(cli, save):
    """Of known sex everybody is selected alike; of those without one, hardly anybody."""
    frame = cells(
        ["sex", "y", "p"], [((sex, y, p), 100) for sex in "FM" for y in (0, 1) for p in (0, 1)]
        + [((None, y, p), n) for y in (0, 1) for p, n in ((0, 135), (1, 15))],
    )  # fmt: skip
    rule = {"id": "g", "on": "rates", "limit": 0.2}
    between = {"metric": "demographic_parity", "compare": "difference"}
    for gate in ({"metric": "selection_rate"}, between):
        done = cli("run", save(frame, rule | gate))
        told = " ".join(done.out.split())
        assert done.code == 1
        assert "sex = unknown" in told
        assert "300 of 1,100 rows have no 'sex': they are the group sex=unknown" in told
    assert (
        "(sex = unknown lowest, sex = F highest)" in told or "(sex = unknown lowest, sex = M highest)" in told
    )


def test_where_nobody_is_selected_a_difference_is_0_and_a_ratio_has_a_reason(cli, tmp_path):
    cells(["sex", "y", "p"], [((sex, y, 0), 50) for sex in "FM" for y in (0, 1)]).to_csv(
        tmp_path / "a.csv", index=False
    )
    _, found = audited(
        cli, "--target", "y", "--positive", "1", "--pred", "p", "--groups", "sex",
        "--metrics", "demographic_parity,equal_opportunity,fpr,equalized_odds,equalized_odds_mean",
    )  # fmt: skip
    told = {key: one for key, one in found.items() if key[2] in {"difference", "ratio"}}
    assert {key[0] for key in told} >= {"demographic_parity", "equal_opportunity", "equalized_odds"}
    for (_, _, compare), one in told.items():
        assert one["value"] == (0 if compare == "difference" else None)
        assert compare == "difference" or one["reason"]
