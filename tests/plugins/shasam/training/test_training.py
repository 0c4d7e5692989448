from dataclasses import replace

import numpy as np
import pytest
import torch
from plugins.shasam.small import leaky_rows
from sklearn.linear_model import RidgeClassifier

from auditkit import DataError, UsageError
from auditkit_shasam.mining import Mining, drawn, make_cells
from auditkit_shasam.training import MinedBatchSampler, Rows, Settings, build_encoder, fit
from auditkit_shasam.training.balance import equalized_odds, even_weights
from auditkit_shasam.training.encoders.views import view
from auditkit_shasam.training.probe import PENALTY, Probe, ridge_classes
from auditkit_shasam.training.second_stage import Featured, train_classifier

QUICK = Settings(mining=Mining(k=4), epochs=4, classifier_epochs=4, features=16, projection=8, ground_set=0.5)
TRAIN, VALIDATION = leaky_rows(400), leaky_rows(120, seed=1)
HERE = "plugins.shasam.encoders"


def trained(settings=QUICK, seed=0, encoder="mlp", train=TRAIN, validation=VALIDATION):
    return fit(train, validation, encoder=encoder, settings=settings, seed=seed)


@pytest.mark.parametrize("loss", ["flcmi", "logdetcmi", "supcon", "fscl", "grl", "ce"])
def test_every_loss_learns_the_target(loss):
    model = trained(replace(QUICK, loss=loss))
    test = leaky_rows(500, imbalance=1, seed=2)
    accuracy = (model.probabilities(test.inputs).argmax(axis=1) == test.cells.target).mean()
    assert accuracy > 0.75
    assert 0 <= model.first.kept < len(model.first.epochs) <= 4


def test_the_same_seed_trains_the_same_model_and_another_seed_another():
    inputs = VALIDATION.inputs
    first, again, other = (trained(seed=seed).probabilities(inputs) for seed in (0, 0, 1))
    np.testing.assert_array_equal(first, again)
    assert np.abs(first - other).max() > 1e-4


def test_training_leaves_the_global_generator_and_threads_alone():
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    threads = torch.get_num_threads()
    trained()
    torch.testing.assert_close(torch.rand(3), expected)
    assert torch.get_num_threads() == threads


def best_of(worths):
    """The place of the largest mean of the last three, the first of several."""
    means = [np.mean(worths[max(0, i - 2) : i + 1]) for i in range(len(worths))]
    return int(np.argmax(means))


def test_an_epoch_is_kept_by_its_probe_and_not_by_its_loss():
    epochs = trained(replace(QUICK, epochs=8)).first.epochs
    worths = [epoch.worth for epoch in epochs]
    assert worths == [epoch.probed.accuracy - epoch.probed.gap / 2 for epoch in epochs]
    assert trained(replace(QUICK, epochs=8)).first.kept == best_of(worths)
    assert best_of(worths) != int(np.argmin([epoch.validation for epoch in epochs]))
    plain = trained(replace(QUICK, loss="ce")).first
    assert plain.epochs[0].probed is None
    assert plain.kept == int(np.argmin([epoch.validation for epoch in plain.epochs]))


def test_patience_ends_training_when_the_probe_improves_no_more():
    first = trained(replace(QUICK, epochs=30, patience=2)).first
    assert len(first.epochs) < 30
    assert len(first.epochs) - 1 - first.kept == 2
    assert first.stopped.words == "validation did not improve for 2 epochs"


def test_the_probe_is_ridge_regression_on_class_indicators():
    r = np.random.default_rng(0)
    features, asked = r.normal(size=(80, 5)), r.normal(size=(40, 5))
    target = (features[:, 0] + r.normal(size=80) > 0).astype(int) + (features[:, 1] > 0.5)
    penalty = PENALTY * ((features - features.mean(axis=0)) ** 2).sum(axis=0).mean()
    twin = RidgeClassifier(alpha=penalty).fit(features, target)
    np.testing.assert_array_equal(ridge_classes(features, target, asked, classes=3), twin.predict(asked))
    assert set(ridge_classes(np.ones((9, 4)), np.array([0] * 4 + [1] * 5), np.ones((3, 4)), classes=2)) == {1}


def test_the_probes_gap_leaves_out_cells_that_are_too_small():
    cells = make_cells([0] * 40 + [1] * 24, [0] * 20 + [1] * 20 + [0] * 20 + [1] * 4)
    inputs = torch.from_numpy(np.r_[np.zeros(40), np.ones(20), np.zeros(4)].astype(np.float32))[:, None]
    probe = Probe(Rows(inputs, cells), Rows(inputs, cells))
    found = probe.judge(torch.nn.Identity())
    assert found.gap == 0  # four rows that are all wrong would make it a half
    assert found.accuracy == pytest.approx((40 + 12) / 64)  # groups of a class count the same


def test_natural_batches_are_rows_as_they_come_each_in_two_views():
    settings = replace(QUICK, loss="supcon", batches="natural")
    assert trained(settings).first.epochs[0].hardness is None
    lonely = make_cells(TRAIN.cells.target, np.zeros(len(TRAIN), dtype=int))
    alone = Rows(TRAIN.inputs, lonely)
    assert trained(settings, train=alone).first.kept >= 0
    with pytest.raises(DataError, match="every group would have to hold two classes"):
        trained(replace(QUICK, loss="supcon"), train=alone)
    with pytest.raises(
        UsageError, match="loss flcmi does not learn from natural batches; supcon and fscl do"
    ):
        replace(QUICK, batches="natural")


def test_mined_epochs_say_how_hard_their_rows_were():
    mined, random = trained().first.epochs[-1], trained(replace(QUICK, mining=drawn(4))).first.epochs[-1]
    assert mined.hardness.negatives > mined.hardness.random_negatives
    assert random.hardness is None


@pytest.mark.slow
def test_retraining_halves_the_gap_that_a_leaking_group_makes():
    train, validation = leaky_rows(3000), leaky_rows(800, seed=1)
    test = leaky_rows(4000, imbalance=1, seed=2)
    settings = replace(QUICK, mining=Mining(), epochs=8, classifier_epochs=10)

    def gap(**changes):
        model = trained(replace(settings, **changes), train=train, validation=validation)
        return equalized_odds(model.probabilities(test.inputs).argmax(axis=1), test.cells)

    assert gap() < 0.5 * gap(loss="ce", balance="rows")


def test_a_loss_that_is_not_finite_from_the_start_says_so():
    with pytest.raises(DataError, match=r"not finite at step 1 of epoch 1; lower the learning rate, 0.1 now"):
        trained(encoder=f"{HERE}:exploding")


@pytest.mark.parametrize("encoder", ["exploding_later", "kinked_later"])
def test_a_loss_or_gradient_that_is_not_finite_keeps_the_last_good_weights(encoder):
    model = trained(replace(QUICK, loss="ce"), encoder=f"{HERE}:{encoder}")
    assert model.first.stopped.words == "the loss or its gradient was not finite at step 5 of epoch 2"
    assert not model.first.stopped.finite
    assert (model.first.kept, len(model.first.epochs)) == (0, 1)
    assert np.isfinite(model.probabilities(VALIDATION.inputs)).all()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("mlpp", "no encoder 'mlpp'; did you mean 'mlp'"),
        (f"{HERE}:not_a_module", "made a str, not a torch.nn.Module"),
        (f"{HERE}:flat", r"must map 2 rows to a tensor of shape \(2, features\), it made \(12,\)"),
        (f"{HERE}:NUMBER", "is a int, not a function"),
        (f"{HERE}:absent", "cannot be imported"),
        ("nowhere.at_all:x", "cannot be imported"),
    ],
)
def test_an_encoder_that_cannot_be_used_is_named(name, words):
    with pytest.raises(UsageError, match=words):
        build_encoder(name, (6,), features=16)


def test_an_encoder_of_ones_own_is_trained():
    assert build_encoder(f"{HERE}:narrow", (6,), features=16)[1] == 8
    assert trained(encoder=f"{HERE}:narrow").probabilities(VALIDATION.inputs).shape == (120, 2)


def test_the_mlp_refuses_images():
    with pytest.raises(UsageError, match=r"not \(3, 8, 8\)"):
        build_encoder("mlp", (3, 8, 8), features=16)


def test_without_pairs_of_validation_rows_the_probe_still_chooses():
    lonely = leaky_rows(40, seed=3)
    alone = Rows(lonely.inputs, make_cells(lonely.cells.target, np.zeros(40, dtype=int)))
    model = trained(validation=alone)
    assert all(epoch.validation is None for epoch in model.first.epochs)
    assert model.first.kept == best_of([epoch.worth for epoch in model.first.epochs])


def test_even_weights_make_groups_the_same_and_keep_classes():
    cells = make_cells([0] * 6 + [1] * 4, [0, 0, 0, 0, 0, 1, 0, 1, 1, 1])
    weights = even_weights(cells, strength=1.0, classes=False)
    assert weights[:5].sum() == pytest.approx(weights[5]) == pytest.approx(0.3)
    assert weights[6:].sum() == pytest.approx(0.4)
    assert weights[6] == pytest.approx(weights[7:].sum())
    np.testing.assert_allclose(even_weights(cells, strength=0.0, classes=False), 0.1)
    cell = even_weights(cells, strength=1.0, classes=True)
    assert [cell[:5].sum(), cell[5], cell[6], cell[7:].sum()] == pytest.approx([0.25] * 4)


def test_equalized_odds_is_the_mean_gap_in_being_right_over_classes():
    cells = make_cells([0, 0, 0, 0, 1, 1, 1, 1], [0, 0, 1, 1, 0, 0, 1, 1])
    predicted = np.array([0, 1, 0, 0, 1, 1, 1, 0])
    assert equalized_odds(predicted, cells) == pytest.approx((0.5 + 0.5) / 2)


def test_a_view_forgets_and_adds_noise_and_leaves_the_input():
    inputs = torch.ones(2000, 3)
    seen = view(inputs, dropout=0.25, noise=0.0, generator=torch.Generator().manual_seed(0))
    assert set(seen.unique().tolist()) == {0.0, 1.0}
    assert seen.mean().item() == pytest.approx(0.75, abs=0.03)
    noisy = view(inputs, dropout=0.0, noise=0.5, generator=torch.Generator().manual_seed(0))
    assert (noisy - 1).std().item() == pytest.approx(0.5, abs=0.03)
    assert (inputs == 1).all()


def test_a_sampler_yields_disjoint_sets_of_row_numbers_and_asks_for_features_when_told():
    asked = []

    def features(rows):
        asked.append(len(rows))
        return TRAIN.inputs[rows].numpy()

    sampler = MinedBatchSampler(TRAIN.cells, features, mining=Mining(k=4), share=0.5, refresh=3)
    batches = list(sampler)
    assert len(batches) == len(sampler) == 8
    assert all(len(set(batch)) == 12 for batch in batches)
    assert len(asked) == 3
    first = np.array(batches[0])
    target, sensitive = TRAIN.cells.target[first], TRAIN.cells.sensitive[first]
    assert len(set(target[:8])) == 1 != len(set(target))
    assert (sensitive[8:] == sensitive[0]).all()
    assert (sensitive[4:8] != sensitive[0]).all()


def test_a_sampler_drives_a_data_loader():
    data = torch.utils.data.TensorDataset(TRAIN.inputs, torch.from_numpy(TRAIN.cells.target))
    sampler = MinedBatchSampler(TRAIN.cells, lambda rows: TRAIN.inputs[rows].numpy(), mining=Mining(k=4))
    loader = torch.utils.data.DataLoader(data, batch_sampler=sampler)
    shapes = {tuple(inputs.shape) for inputs, _ in loader}
    assert shapes == {(12, 6)}


def test_the_classifier_keeps_its_best_epoch_on_validation_rows():
    def stage(validation_target):
        cells = make_cells(validation_target, VALIDATION.cells.sensitive)
        train, held = Featured(TRAIN.inputs, TRAIN.cells), Featured(VALIDATION.inputs, cells)
        settings = replace(QUICK, balance="rows", classifier_epochs=6)
        return train_classifier(train, held, settings=settings, seed=0).classifier, held

    right, _ = stage(VALIDATION.cells.target)
    wrong, flipped = stage(1 - VALIDATION.cells.target)  # here every epoch is worse than the one before

    def loss(classifier):
        target = torch.from_numpy(flipped.cells.target)
        return torch.nn.functional.cross_entropy(classifier(flipped.features), target).item()

    assert loss(wrong) < 0.9 * loss(right)


def test_impossible_settings_are_refused():
    for changes in ({"epochs": 0}, {"learning_rate": 0.0}, {"refresh": 0}):
        with pytest.raises(UsageError):
            replace(QUICK, **changes)


@pytest.mark.parametrize("changes", [{"loss": "flcm"}, {"form": "soft"}, {"balance": "even"}])
def test_a_setting_of_no_known_name_is_refused(changes):
    with pytest.raises(UsageError, match=f"{next(iter(changes))} cannot be"):
        replace(QUICK, **changes)
