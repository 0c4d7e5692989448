"""Choices beyond the plain repair: pairs of targets, one value against the rest, planted imbalance, comparisons."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plugins.shasam.small import context, leaky_table, subject_of

from auditkit import DataError, Division, UsageError, devices_here
from auditkit_shasam.mining import make_cells
from auditkit_shasam.params import ShasamParams
from auditkit_shasam.reading.roles import paired
from auditkit_shasam.reading.rows import unbalanced
from auditkit_shasam.repair.methods import methods_chart, methods_table, outcome_of
from auditkit_shasam.repair.pictures import principal_plane
from auditkit_shasam.repair.variants import variants
from auditkit_shasam.steps import Shasam
from auditkit_shasam.training import Settings, settings_of

pytestmark = pytest.mark.slow

QUICK = ShasamParams(k=4, epochs=2, runs=2, ground_set=0.5, mining="random")
TABLE = leaky_table()


def repaired(table=TABLE, params=QUICK, **roles):
    step, subject, ledger = Shasam(), subject_of(table, **roles), context()
    step.check(subject, params)
    return step.apply(subject, params, ledger), ledger.ledger


def test_a_pair_of_targets_is_a_target_whose_classes_are_pairs_of_values():
    table = TABLE.assign(local=np.where(TABLE["town"] == "a", 1, 0))
    subject = paired(subject_of(table.assign(local=table["local"].where(table.index > 0))), "local")
    assert subject.target == "hired & local"
    assert subject.classes == ("no & 0", "no & 1", "yes & 0", "yes & 1")
    assert subject.column("hired & local").isna().sum() == 1
    assert paired(subject_of(table), None).target == "hired"
    found, _ = repaired(table, replace(QUICK, runs=1, target_pair="local"))
    groups = {f.group for f in found.findings if f.metric == "equalized_odds_mean"}
    assert "sex [yes & 1]" in groups
    assert set(found.subject.column("shasam_pred")) <= {"no & 0", "no & 1", "yes & 0", "yes & 1"}


def test_natural_batches_are_compared_with_plain_cross_entropy_as_all_are():
    found, ledger = repaired(params=replace(QUICK, runs=1, epochs=1, loss="supcon", batches="natural"))
    assert {f.stage for f in found.findings if f.metric == "accuracy"} == {0, 1}
    assert any("Before (stage 0) is the same network trained by plain" in note for note in ledger.notes)


def test_imbalance_needs_two_classes_and_two_groups():
    with pytest.raises(UsageError, match="two classes and two groups, there are 2 and 3; see --versus"):
        Shasam().check(subject_of(TABLE, sensitive=("town",)), replace(QUICK, imbalance=2.0))
    cells = make_cells([0, 0, 1, 1], [0, 0, 1, 1])
    rows = np.arange(4)
    with pytest.raises(DataError, match="imbalance cannot be drawn"):
        unbalanced(Division(train=rows, validation=rows, test=rows), cells, imbalance=2.0, rng=np.random.default_rng(0))  # fmt: skip


def test_a_repair_says_that_imbalance_is_a_trial():
    found, ledger = repaired(params=replace(QUICK, runs=1, imbalance=3.0))
    assert any("a trial, not this data as it is" in note for note in ledger.notes)
    accuracy = next(f for f in found.findings if f.metric == "accuracy" and f.group == "" and f.stage == 1)
    assert accuracy.n % 4 == 0


def test_other_settings_are_read_from_words():
    params = replace(
        QUICK,
        compare=(
            "loss=ce balance=rows",
            "k=8 joint=0",
            "mining=shasam selection=log_determinant",
            "anchors=fl mine_positives=logdet mine_negatives=semihard:4 loss=supcon",
            "loss=supcon batches=natural patience=3",
        ),
    )
    found = variants(params)
    assert list(found) == list(params.compare)
    assert (found[params.compare[0]].loss, found[params.compare[0]].balance) == ("ce", "rows")
    assert (found[params.compare[1]].k, found[params.compare[1]].joint) == (8, 0.0)
    assert found[params.compare[2]].selection == "log_determinant"
    assert found[params.compare[0]].runs == params.runs
    third, last = found[params.compare[3]], found[params.compare[4]]
    assert (third.anchors, third.mine_positives, third.mine_negatives) == ("fl", "logdet", "semihard:4")
    assert (last.batches, last.patience) == ("natural", 3)


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ("los=ce", "'los=ce' is not name=value of a training parameter; did you mean 'loss'"),
        ("runs=2", "is not name=value of a training parameter"),
        ("loss", "is not name=value"),
        ("anchors=far", "anchors cannot be 'far'"),
        ("mine_negatives=far", "mine_negatives cannot be 'far'"),
        ("batches=natural", "loss flcmi does not learn from natural batches"),
        ("loss=cee", "loss cannot be 'cee'; did you mean 'ce'"),
        ("k=many", "k must be a number, not 'many'"),
        ("k=1", "k = 1 is out of bounds"),
        ("ground_set=2", "ground_set = 2 is out of bounds"),
        ("epochs=0", "epochs = 0 is out of bounds"),
    ],
)
def test_settings_that_do_not_exist_are_refused_before_training(entry, words):
    with pytest.raises(UsageError, match=words):
        Shasam().check(subject_of(TABLE), replace(QUICK, compare=(entry,)))


def test_compared_settings_need_their_rows_too():
    with pytest.raises(DataError, match="have 500 anchors"):
        Shasam().check(subject_of(TABLE), replace(QUICK, compare=("k=500",)))


def test_the_same_settings_under_two_names_are_trained_once():
    settings = replace(QUICK, epochs=1, runs=1, mining="random")
    _, ledger = repaired(params=replace(settings, compare=("epochs=1", "loss=grl")))
    (table,) = [one for one in ledger.tables if one.title == "Methods compared"]
    rows = {name: numbers for name, *numbers in table.rows}
    assert rows["epochs=1"] == rows["after"] != rows["loss=grl"]
    assert not any("went on after" in note for note in ledger.notes)


def test_methods_are_compared_in_a_table_and_a_chart():
    _, ledger = repaired(params=replace(QUICK, compare=("loss=grl",)))
    (table,) = ledger.tables
    assert [row[0] for row in table.rows] == ["before", "after", "loss=grl"]
    assert all(row[1] == 2 and 0 < row[2] <= 1 for row in table.rows)
    chart = ledger.charts[0]
    assert [layer.name for layer in chart.layers] == ["before", "after", "loss=grl"]
    assert [layer.y[0] for layer in chart.layers] == pytest.approx([row[4] for row in table.rows])


def test_an_outcome_leaves_small_cells_out_of_the_gap():
    cells = make_cells([0] * 10 + [1] * 10 + [1], [0] * 5 + [1] * 5 + [0] * 5 + [1] * 5 + [2])
    predicted = np.array([[0] * 10 + [1] * 10 + [0], [0] * 8 + [1] * 12 + [0]])
    found = outcome_of("m", predicted, cells, min_n=2)
    assert found.odds.tolist() == [0.0, 0.2]
    assert outcome_of("m", predicted, cells, min_n=1).odds[0] == 0.5
    table = methods_table([found, outcome_of("one", predicted[:1], cells, min_n=2)], confidence=0.95)
    assert table.rows[0][3] == pytest.approx(12.7062 * abs(20 - 18) / 21 / 2, rel=1e-4)
    assert table.rows[1][3] is None
    layer = methods_chart([found]).layers[0]
    assert (layer.low, layer.y, layer.high) == ((0.0,), (0.1,), (0.2,))


def test_charts_show_features_before_and_after_and_the_losses():
    _, ledger = repaired(params=replace(QUICK, runs=1))
    titles = [chart.title for chart in ledger.charts]
    assert titles == [
        "Accuracy against equalized odds",
        "Features before, by target", "Features before, by sensitive group",
        "Features after, by target", "Features after, by sensitive group",
        "Encoder's loss: cross-entropy (before)", "Encoder's loss: retraining (after)",
        "A linear probe on validation rows",
    ]  # fmt: skip
    by_target, by_group = ledger.charts[1:3]
    assert {layer.name for layer in by_target.layers} == {"hired=no", "hired=yes"}
    assert {layer.name for layer in by_group.layers} == {"sex=Female", "sex=Male"}
    assert sum(len(layer.x) for layer in by_target.layers) == 300
    assert all(chart.personal for chart in ledger.charts[1:5])
    assert [layer.name for layer in ledger.charts[5].layers] == ["training", "validation", "epoch kept"]


def test_where_rows_are_mined_a_chart_says_how_hard_they_are():
    _, ledger = repaired(params=replace(QUICK, runs=1, mine_negatives="semihard:4"))
    chart = ledger.charts[-1]
    assert chart.title == "How hard the mined rows are"
    lines = {layer.name: layer.y for layer in chart.layers}
    assert len(lines) == 4
    assert len(lines["mined negatives"]) == QUICK.epochs
    assert all(a > b for a, b in zip(lines["mined negatives"], lines["random negatives"], strict=True))
    assert lines["mined positives"] != lines["random positives"]


def test_predictions_that_came_with_the_data_have_no_features_to_show():
    table = TABLE.assign(old=TABLE["hired"])
    _, ledger = repaired(table, replace(QUICK, runs=1), pred="old")
    assert not any("before" in chart.title for chart in ledger.charts)


def test_many_groups_share_six_colours():
    table = TABLE.assign(town=[f"t{i % 10}" for i in range(len(TABLE))])
    _, ledger = repaired(table, replace(QUICK, runs=1), sensitive=("town",))
    names = [layer.name for layer in ledger.charts[2].layers]
    assert len(names) == 6
    assert names[-1] == "others"


@given(st.integers(0, 100))
def test_the_principal_plane_keeps_the_most_variance(seed):
    r = np.random.default_rng(seed)
    features = r.normal(size=(40, 6)) * [5, 3, 1, 1, 1, 0.1]
    plane, share = principal_plane(features)
    values = np.sort(np.linalg.eigvalsh(np.cov(features.T)))[::-1]
    np.testing.assert_allclose(plane.var(axis=0, ddof=1), values[:2])
    np.testing.assert_allclose(share, values[:2] / values.sum())


def test_a_plane_of_features_that_are_all_alike_is_a_point():
    plane, share = principal_plane(np.ones((5, 3)))
    assert not plane.any()
    assert share.tolist() == [0, 0]


def test_a_model_that_predicts_one_class_is_called_so():
    table = TABLE.assign(skill=0.0, proxy=0.0, town="a")
    table["skill"] = np.random.default_rng(0).normal(size=len(table)) * 1e-9
    table["hired"] = np.where(np.arange(len(table)) % 10 < 2, "yes", "no")
    _, ledger = repaired(table, replace(QUICK, runs=1, balance="rows"))
    assert any("predicts one class for every held-out row" in note for note in ledger.notes)


def test_a_device_that_is_not_here_is_refused_before_training():
    absent = next(name for name in ("cuda", "mps") if name not in devices_here())  # no machine has both
    with pytest.raises(UsageError, match=f"device '{absent}' cannot be used here"):
        Shasam().check(subject_of(TABLE), replace(QUICK, device=absent))


@pytest.mark.parametrize("loss", ["logdetcmi", "fscl"])
def test_a_loss_in_float64_is_refused_on_mps_which_has_none(loss):
    with pytest.raises(UsageError, match=f"loss {loss} is computed in float64, which mps does not have"):
        Shasam().check(subject_of(TABLE), replace(QUICK, loss=loss, device="mps"))


def test_training_kept_on_one_device_is_found_again_from_another_and_the_cpu_is_not_worth_a_word():
    here, there = settings_of(replace(QUICK, device="cpu")), Settings(device="cuda")
    assert here.device == "cpu"
    assert repr(there) == repr(Settings())
    _, ledger = repaired(params=replace(QUICK, runs=1, device="cpu"))
    assert not any("trained on" in note for note in ledger.notes)
