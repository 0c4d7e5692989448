"""The saved cuts: they load again, decide the same, and refuse what they were not found for."""

import json
from dataclasses import replace

import numpy as np
import pytest
from plugins.repairs.test_repairs import repaired, table_of

from auditkit import DataError, UsageError
from auditkit_repairs.params import ThresholdParams
from auditkit_repairs.rule.saved import load_rule

SCORED = table_of(1200).assign(
    s=lambda t: 1 / (1 + np.exp(-t["skill"])),
    said=lambda t: np.where(t["skill"] > 0.7, "yes", "no"),
    age=lambda t: np.round(20 + 8 * t["proxy"].abs(), 2),
    team=lambda t: np.arange(len(t)) % 3,
)
ROLES = {
    "cut by a score": {"score": "s"},
    "cut by predicted classes": {"pred": "said"},
    "cut by the built-in model": {},
    "groups of a number, and of two columns": {"score": "s", "sensitive": ("sex", "age")},
    "groups of whole numbers": {"score": "s", "sensitive": ("team",), "features": ("skill",)},
}


def saved(folder, table=SCORED, *, params=None, **roles):
    params = replace(params or ThresholdParams(gap=0.05), save_model=str(folder))
    return repaired("thresholds", table, params=params, **{"id": "person"} | roles)


@pytest.mark.parametrize("roles", ROLES.values(), ids=ROLES)
@pytest.mark.parametrize("randomise", [False, True])
def test_saved_cuts_load_again_and_decide_the_same(tmp_path, roles, randomise):
    found, context = saved(
        tmp_path / "m", params=ThresholdParams(gap=0.0, randomise=randomise, key="k"), **roles
    )
    rule = load_rule(tmp_path / "m")
    same = ~found.learned if not roles else np.ones(len(SCORED), dtype=bool)
    table = SCORED[list(rule.feature_names_in_)]
    assert rule.predict(table)[same].tolist() == found.result["pred"][same].tolist()
    shuffled = table.sample(frac=1, random_state=0)
    np.testing.assert_array_equal(
        rule.predict(shuffled), rule.predict(table)[table.index.get_indexer(shuffled.index)]
    )
    if randomise:
        np.testing.assert_array_equal(rule.probability(table)[same], found.result["probability"][same])
        assert any("with the key, which is to be kept secret" in note for note in context.ledger.notes)
    assert found.model.predict(table).tolist() == rule.predict(table).tolist()
    assert any("may be decided otherwise" in note for note in context.ledger.notes) == (not roles)


def test_a_row_whose_group_has_no_cut_is_refused(tmp_path):
    saved(tmp_path, score="s")
    rule, table = load_rule(tmp_path), SCORED.head(20).copy()
    for stranger in ("Other", None):
        table.loc[3, "sex"] = stranger
        with pytest.raises(
            DataError, match=r"1 rows, such as row 3, are in no group that has cuts: .*sex=Female"
        ):
            rule.predict(table)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"s": np.nan}, "score column 's' is missing or infinite in row 0"),
        ({"s": "high"}, "score column 's' is not a number"),
        ({"person": None}, "row 0 has no 'person', by which chance goes"),
    ],
)
def test_a_row_that_cannot_be_decided_is_refused(tmp_path, change, message):
    saved(tmp_path, params=ThresholdParams(randomise=True), score="s")
    rule = load_rule(tmp_path)
    with pytest.raises(DataError, match=message):
        rule.predict(SCORED.assign(**change))
    with pytest.raises(DataError, match="the cuts read column 'sex', which the table does not have"):
        rule.predict(SCORED.drop(columns="sex"))


def test_a_class_that_is_neither_is_refused(tmp_path):
    saved(tmp_path, pred="said")
    with pytest.raises(DataError, match="column 'said' says 'perhaps' in row 0"):
        load_rule(tmp_path).predict(SCORED.assign(said="perhaps"))


class Model:
    """A model whose probability is a column."""

    classes_ = np.array(["no", "yes"], dtype=object)

    def predict_proba(self, rows):
        return np.column_stack((1 - rows["skill"].rank(pct=True), rows["skill"].rank(pct=True)))

    def predict(self, rows):
        return self.classes_[(self.predict_proba(rows)[:, 1] >= 0.5).astype(int)]


@pytest.mark.parametrize(
    ("params", "roles", "message"),
    [
        (ThresholdParams(), {"model": Model()}, "another model's scores; write those into a column"),
        (ThresholdParams(), {"embeddings": SCORED[["skill"]].to_numpy()}, "made of embeddings"),
        (ThresholdParams(randomise=True), {"score": "s", "id": None}, "name an --id"),
        (ThresholdParams(), {"score": "s", "turned": True}, "score 's' was turned around"),
        (ThresholdParams(), {"score": "s", "sensitive": ("se`x",)}, "rename columns and values"),
    ],
)
def test_cuts_that_no_table_could_be_decided_by_are_not_saved(tmp_path, params, roles, message):
    table = SCORED.assign(**{"se`x": SCORED["sex"]})
    with pytest.raises(UsageError, match=message):
        saved(tmp_path, table, params=params, **roles)
    found, _ = repaired("thresholds", table, params=params, **roles)
    assert found.model is None


@pytest.fixture(scope="module")
def document(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cuts")
    saved(folder, params=ThresholdParams(randomise=True), score="s")
    return json.loads((folder / "cuts.json").read_text())


@pytest.mark.parametrize(
    "change",
    [{"format": 2}, {"classes": ["a"]}, {"groups": []}, {"scores": {"table": "s"}}, {"draw": {"id": 3, "key": "k"}},
     {"draw": 1}, {"groups": [{"group": "g", "rows": "`a` == 1", "cuts": [0.2, 0.4], "chances": [0.5, 0.5]}]},
     {"groups": [{"group": "g", "rows": "`a` == 1", "cuts": [0.2], "chances": [0.5]}]},
     {"groups": [{"group": "g", "rows": "open('x')[", "cuts": [0.2], "chances": [1.0]}]},
     {"groups": [{"group": "g", "rows": "`a` == 1", "cuts": [0.4, 0.2], "chances": [0.5, 0.5]}], "draw": None}],
)  # fmt: skip
def test_a_file_of_another_shape_is_refused(tmp_path, document, change):
    (tmp_path / "cuts.json").write_text(json.dumps(document))
    load_rule(tmp_path)
    (tmp_path / "cuts.json").write_text(json.dumps(document | change))
    with pytest.raises(DataError, match="does not describe a model of format 1"):
        load_rule(tmp_path)


@pytest.mark.parametrize(
    ("expression", "words"),
    [("open(`sex`)[", "does not describe a model"), ("__import__('os').system('touch hacked')", "does not describe"),
     ("`sex`.map(1)", "cannot be read by these cuts"), ("`sex` + 1", "cannot be read by these cuts")],
)  # fmt: skip
def test_an_expression_in_a_file_can_do_nothing_but_select(
    tmp_path, document, expression, words, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    groups = [document["groups"][0] | {"rows": expression}, document["groups"][1]]
    (tmp_path / "cuts.json").write_text(json.dumps(document | {"groups": groups}))
    with pytest.raises(DataError, match=words):
        load_rule(tmp_path).predict(SCORED)
    assert [path.name for path in tmp_path.iterdir()] == ["cuts.json"]
