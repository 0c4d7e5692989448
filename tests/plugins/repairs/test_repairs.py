"""Each repair from its table to what it hands back: against a computation of its own, and what it refuses."""

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression

from auditkit import DataError, Stats, Subject, UsageError
from auditkit.testing import make_context
from auditkit.values.outcome import Outcome
from auditkit_repairs.curves.chance import chances
from auditkit_repairs.linear.model import load_model
from auditkit_repairs.params import DfrParams, ThresholdParams, WeightParams
from auditkit_repairs.steps import Dfr, Resample, Reweigh, Thresholds

REPAIRS = {
    "thresholds": (Thresholds, ThresholdParams()),
    "reweigh": (Reweigh, WeightParams()),
    "resample": (Resample, WeightParams()),
    "dfr": (Dfr, DfrParams()),
}
ROLES = {
    "target": "hired",
    "outcome": Outcome(column="hired", value="yes", kind="favourable"),
    "sensitive": ("sex",),
    "features": ("skill", "proxy"),
}


def table_of(n=3000, seed=0):
    """People whose sex leaks into a feature and into who was hired."""
    rng = np.random.default_rng(seed)
    male = rng.random(n) < 0.6
    hired = rng.random(n) < np.where(male, 0.55, 0.3)
    return pd.DataFrame(
        {
            "skill": rng.normal(size=n) + 1.2 * hired,
            "proxy": rng.normal(size=n) + 1.5 * male,
            "sex": np.where(male, "Male", "Female"),
            "hired": np.where(hired, "yes", "no"),
            "person": [f"p{i}" for i in range(n)],
        }
    )


def repaired(name, table=None, *, params=None, seed=0, **roles):
    step, given = REPAIRS[name]
    subject = Subject(table=table_of() if table is None else table, **ROLES | roles)
    context = make_context(step=name, stats=Stats(seed=seed, bootstrap=200))
    params = given if params is None else params
    step().check(subject, params)
    return step().apply(subject, params, context), context


def value(found, metric, stage):
    return next(
        f.value for f in found.findings if f.metric == metric and f.stage == stage and not f.group.count("=")
    )


@pytest.mark.parametrize("name", REPAIRS)
def test_a_repair_hands_back_rows_parts_and_what_it_learned_from(name):
    found, context = repaired(name, id="person")
    assert list(found.result.columns[:3]) == ["person", "split", "pred"]
    assert set(found.result["split"]) == {"train", "test"}
    np.testing.assert_array_equal(found.learned, found.result["split"] == "train")
    assert set(found.result["pred"]) == {"yes", "no"}
    test = found.result["split"] == "test"
    right = (found.result["pred"] == found.subject.table["hired"])[test].mean()
    assert value(found, "accuracy", 1) == pytest.approx(right)
    assert any("held-out rows; it learned from" in note for note in context.ledger.notes)
    again, _ = repaired(name, id="person")
    pd.testing.assert_frame_equal(found.result, again.result)


def test_thresholds_close_the_gap_on_the_rows_they_learned_from():
    found, context = repaired("thresholds", table_of(12_000), params=ThresholdParams(gap=0.03))
    learned, table = found.learned, found.subject.table
    chosen, positive = (found.result["pred"] == "yes").to_numpy(), (table["hired"] == "yes").to_numpy()
    for truth in (True, False):
        rates = [
            chosen[learned & (positive == truth) & (table["sex"] == g)].mean() for g in ("Male", "Female")
        ]
        assert abs(rates[0] - rates[1]) <= 0.03 + 1e-9
    assert value(found, "equalized_odds_max", 1) < value(found, "equalized_odds_max", 0)
    (cuts,) = context.ledger.tables
    by_group = {row[0]: row[1] for row in cuts.rows}
    for group, cut in by_group.items():
        rows = table["sex"] == group.removeprefix("sex=")
        np.testing.assert_array_equal(chosen[rows], found.result["score"][rows] >= cut)


def test_chance_goes_by_the_id_and_its_probability_is_in_the_file():
    params = ThresholdParams(randomise=True, gap=0.0)
    found, _ = repaired("thresholds", params=params, id="person")
    expected = chances(found.result["person"], key="auditkit") < found.result["probability"]
    np.testing.assert_array_equal(found.result["pred"] == "yes", expected)
    assert ((found.result["probability"] > 0) & (found.result["probability"] < 1)).any()
    scored = table_of().assign(s=lambda t: 1 / (1 + np.exp(-t["skill"])))
    shuffled = scored.sample(frac=1, random_state=0).reset_index(drop=True)
    learned = found.result.set_index("person")["split"]
    roles = {"split": "part", "id": "person", "score": "s"}
    one, _ = repaired("thresholds", scored.assign(part=learned.to_numpy()), params=params, **roles)
    two, _ = repaired(
        "thresholds", shuffled.assign(part=learned[shuffled["person"]].to_numpy()), params=params, **roles
    )
    same = one.result.set_index("person")["pred"] == two.result.set_index("person")["pred"].reindex(
        one.result["person"]
    )
    assert same.all()


@pytest.mark.parametrize("name", ["reweigh", "resample"])
def test_the_model_is_a_peers_fit_on_what_the_file_says(name):
    found, _ = repaired(name)
    column = {"reweigh": "weight", "resample": "times"}[name]
    learned, counted = found.learned, found.result[column].to_numpy()
    assert np.isfinite(counted[learned]).all()
    assert np.isnan(counted[~learned]).all()
    x = found.subject.table[["skill", "proxy"]].to_numpy()
    scaled = np.clip((x - x[learned].mean(0)) / x[learned].std(0), -5, 5)
    peer = LogisticRegression(C=1.0, tol=1e-10, max_iter=1000).fit(
        scaled[learned], found.subject.table["hired"][learned] == "yes", sample_weight=counted[learned]
    )
    np.testing.assert_allclose(peer.predict_proba(scaled)[:, 1], found.result["score"], atol=1e-4)


def test_dfr_is_the_mean_of_fits_on_balanced_rows():
    found, context = repaired("dfr", params=DfrParams(draws=40))
    assert any("rows of each of 4 groups and classes" in note for note in context.ledger.notes)
    table, learned = found.subject.table, found.learned
    cells = table.groupby(["sex", "hired"]).ngroup().to_numpy()
    sizes = np.bincount(cells[learned])
    x = table[["skill", "proxy"]].to_numpy()
    scaled = np.clip((x - x[learned].mean(0)) / x[learned].std(0), -5, 5)
    weights = (sizes.min() / sizes)[cells]
    peer = LogisticRegression(C=1.0, tol=1e-10).fit(
        scaled[learned], table["hired"][learned] == "yes", sample_weight=weights[learned]
    )
    np.testing.assert_allclose(peer.predict_proba(scaled)[:, 1], found.result["score"], atol=0.02)


@pytest.mark.parametrize("name", ["reweigh", "resample", "dfr"])
def test_the_model_loads_again_and_predicts_the_file(name, tmp_path):
    kind = type(REPAIRS[name][1])
    found, _ = repaired(name, params=kind(save_model=str(tmp_path / "m")))
    again = load_model(tmp_path / "m")
    assert again.predict(found.subject.table).tolist() == found.result["pred"].tolist()


def test_dfr_reads_embeddings_and_the_features_of_a_model():
    table = table_of()
    vectors = table[["skill", "proxy"]].to_numpy()
    by_vectors, _ = repaired("dfr", table, embeddings=vectors, features=())

    class Encoder:
        classes_ = np.array(["no", "yes"], dtype=object)

        def predict(self, rows):
            return np.where(rows["skill"] > 0.5, "yes", "no")

        def embed(self, rows):
            return rows[["skill", "proxy"]].to_numpy()

    by_model, _ = repaired("dfr", table, model=Encoder())
    np.testing.assert_allclose(by_vectors.result["score"], by_model.result["score"], atol=1e-9)
    with pytest.raises(UsageError, match="cannot save a last layer that stands on another model's features"):
        repaired("dfr", table, model=Encoder(), params=DfrParams(save_model="m"))


def test_given_scores_are_what_is_cut_and_a_row_without_a_group_keeps_its_prediction():
    rng = np.random.default_rng(0)
    table = table_of().assign(points=lambda t: (t["skill"] * 10 + rng.normal(size=len(t))).round())
    table.loc[:9, "sex"] = None
    table["said"] = np.where(table["points"] > 8, "yes", "no")
    found, context = repaired("thresholds", table, score="points", pred="said")
    assert found.result["pred"][:10].tolist() == table["said"][:10].tolist()
    assert [(s.what, s.n) for s in context.ledger.skipped] == [("rows without a group", 10)]
    assert "score" not in found.result
    assert value(found, "accuracy", 0) == pytest.approx(
        (table["said"] == table["hired"])[~found.learned].mean(), abs=1e-12
    )


def test_the_split_column_is_kept_and_its_validation_rows_are_not_learned_from():
    table = table_of().assign(part=["train", "train", "validation", "test"] * 750)
    for name in REPAIRS:
        found, _ = repaired(name, table, split="part")
        np.testing.assert_array_equal(found.learned, table["part"] == "train")
        assert found.result["split"].tolist() == table["part"].tolist()


@pytest.mark.parametrize("name", REPAIRS)
@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"hired": "yes"}, "target 'hired' has one class only"),
        ({"sex": "Male"}, "sensitive column 'sex' has one group only"),
    ],
)
def test_constant_inputs_are_one_sentence_each(name, change, message):
    with pytest.raises(DataError, match=message):
        repaired(name, table_of(200).assign(**change))


@pytest.mark.parametrize("name", REPAIRS)
def test_an_empty_cell_is_one_sentence(name):
    table = table_of(400)
    table.loc[table["sex"] == "Female", "hired"] = "no"
    with pytest.raises(DataError, match="sex=Female"):
        repaired(name, table)


def test_constant_scores_and_too_many_classes_are_one_sentence_each():
    with pytest.raises(DataError, match=r"all scores are 0.5: no cut tells rows apart"):
        repaired("thresholds", table_of(200).assign(s=0.5), score="s")
    table = table_of(300)
    table.loc[:9, "hired"] = "perhaps"
    with pytest.raises(UsageError, match="thresholds needs a target of two classes; 'hired' has 3"):
        repaired("thresholds", table, outcome=None)


def test_weights_of_rows_are_kept():
    rng = np.random.default_rng(1)
    heavy = table_of(1500).assign(w=rng.integers(1, 3, size=1500).astype(float))
    for name in ("thresholds", "reweigh", "resample"):
        found, _ = repaired(name, heavy, weight="w")
        test = ~found.learned
        right = np.average((found.result["pred"] == heavy["hired"])[test], weights=heavy["w"][test])
        assert value(found, "accuracy", 1) == pytest.approx(right)
