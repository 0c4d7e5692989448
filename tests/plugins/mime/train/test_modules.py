"""Models that train one after another: a user's module, resnet34 on images, and the recipes that use it."""

import sys
from copy import deepcopy

import numpy as np
import pandas as pd
import pytest
import torch
from layouts import make_fairface, noise
from plugins.mime import seeded
from torch import nn

from auditkit import DataError
from auditkit_mime.design.inputs import Examples
from auditkit_mime.design.trials import ModelRows
from auditkit_mime.train.epochs import Optimiser, Training
from auditkit_mime.train.modules import ModuleTrainee, build
from auditkit_mime.train.resnet import resnet34

FACTORY = """
import torch
from torch import nn
def mlp(shape, classes):
    layers = []
    for n_in, n_out in zip((*shape, 50, 50, 50), (50, 50, 50, classes)):
        layers += [nn.Linear(n_in, n_out), nn.ReLU()]
    layers[-1] = nn.Sigmoid()
    return nn.Sequential(*layers)
class Product(nn.Module):
    def __init__(self, d, classes):
        super().__init__()
        self.w = nn.Parameter(torch.randn(d, classes))
    def forward(self, x):
        return x @ self.w
def product(shape, classes):
    return Product(shape[0], classes)
"""


@pytest.fixture
def factories(tmp_path, monkeypatch):
    (tmp_path / "shapes_of_mine.py").write_text(FACTORY)
    monkeypatch.syspath_prepend(tmp_path)
    sys.modules.pop("shapes_of_mine", None)
    seeded.table(0, distances=(2.5, 1.5), n=2000, columns=4).to_csv(tmp_path / "made.csv", index=False)


def run(cli, model, *options):
    done = cli(
        "audit",
        "made.csv",
        "--with",
        "mime",
        "--target",
        "y",
        "--group",
        "g",
        "--train-size",
        "60",
        "--test-size",
        "40",
        "--betas",
        "0,0.5,1",
        "--trials",
        "2",
        "--epochs",
        "4",
        "--model",
        model,
        *options,
        "--json",
    )
    assert done.code == 0, done.err
    return done


@pytest.mark.parametrize("options", [[], ["--selection", "best-test"], ["--hard-mining"]])
def test_a_module_like_the_mlp_finds_what_the_stacked_mlp_finds(cli, factories, options):
    stacked, alone = run(cli, "mlp", *options), run(cli, "shapes_of_mine:mlp", *options)
    for metric in ("accuracy", "gain", "gain_p", "overlap"):
        assert alone.values(metric) == pytest.approx(stacked.values(metric), abs=1e-9)
    assert alone.values("domain_gap") == pytest.approx(stacked.values("domain_gap"), abs=1e-3)


def test_a_module_without_a_last_linear_layer_has_no_feature_space(cli, factories):
    done = run(cli, "shapes_of_mine:product")
    assert done.values("overlap") == [None, None]
    assert len(done.values("accuracy")) == 9


def test_resnet34_has_the_published_number_of_parameters():
    """21,797,672 with 1,000 classes: torchvision's count of the same architecture."""
    assert sum(p.numel() for p in resnet34(1000).parameters()) == 21_797_672
    network = resnet34(2).eval()
    assert network(torch.zeros(1, 3, 100, 100)).shape == (1, 2)
    assert [type(m) for m in network[:4]] == [nn.Conv2d, nn.BatchNorm2d, nn.ReLU, nn.MaxPool2d]


@pytest.mark.slow
def test_resnet34_learns_the_images_it_is_shown():
    r = np.random.default_rng(0)
    pixels = r.integers(0, 256, (40, 32, 32, 3), dtype=np.uint8)
    y = np.arange(40) % 2
    pixels[y == 1] //= 3
    everything = np.arange(40)
    rows = ModelRows((1,), everything[None], everything.reshape(1, 2, 20), everything.reshape(1, 2, 20))
    training = Training(optimiser=Optimiser(0.001, 0.05), batch_size=20, epochs=3, selection="validation")
    trainee = ModuleTrainee("resnet34", Examples(pixels, y, 2, 1), rows, training=training)
    for epoch in range(3):
        trainee.epoch(epoch)
    weight = trainee.module[-1].weight[1].detach()
    x = torch.from_numpy(pixels).permute(0, 3, 1, 2).float() / 127.5 - 1
    with torch.no_grad():
        # In training mode: the running means of batch normalisation follow more slowly than the weights.
        assert (deepcopy(trainee.module).train()(x).argmax(dim=1).numpy() == y).all()
        trainee.module.eval()
        expected = trainee.module[:-1](x) @ weight
    assert trainee.projected(rows.test).ravel() == pytest.approx(expected.numpy(), abs=1e-3)


def test_a_module_is_checked_on_two_inputs_before_training():
    assert build("resnet34", (3, 32, 32), 9).training


COLUMNS = {
    "mime-pets": ("species", ("cat", "dog"), "fur", ("light", "dark")),
    "mime-utkface-age": ("age_band", ("0-2", "20-29", "70+"), "gender", ("male", "female")),
    "mime-chest-xray": ("diagnosis", ("none", "pneumonia"), "gender", ("M", "F")),
    "mime-utkface-chicken": ("gender", ("male", "female"), "species", ("human", "chicken")),
}


ROWS = 240
"""So many that something could be shown, which is told beforehand."""


@pytest.mark.slow
@pytest.mark.parametrize("recipe", ["mime-fairface", *COLUMNS])
def test_recipes_of_images_run_on_a_tiny_made_up_copy(cli, tmp_path, recipe):
    if recipe == "mime-fairface":
        path = f"fairface:{make_fairface(tmp_path / 'FairFace', n=240)}"
    else:
        target, classes, group, groups = COLUMNS[recipe]
        rng = np.random.default_rng(0)
        names = [f"images/{i}.png" for i in range(ROWS)]
        for name in names:
            noise(tmp_path / name, rng)
        table = {"image": names, target: [classes[i % len(classes)] for i in range(ROWS)]}
        table[group] = [groups[i // len(classes) % 2] for i in range(ROWS)]
        path = tmp_path / "table.csv"
        pd.DataFrame(table).to_csv(path, index=False)
    small = {
        "seeds": "[0, 1]", "betas": "[0, 0.5]", "train_size": 12, "test_size": 4, "validation_size": 4, "epochs": 1,
        "image_size": 32,
    }  # fmt: skip
    changes = [word for key, value in small.items() for word in ("--set", f"steps.mime.with.{key}={value}")]
    done = cli("run", recipe, "--set", f"data.path={path}", *changes, "--json")
    assert done.code == 0, done.err
    assert len(done.values("accuracy")) == 6
    assert "images of 32 x 32 pixels" in done.notes


def test_a_module_starts_from_the_weights_of_a_file_in_every_trial(factories, tmp_path):
    file, r = str(tmp_path / "w.pt"), np.random.default_rng(0)
    torch.save({"w": torch.full((4, 2), 0.5)}, file)
    examples = Examples(r.normal(size=(20, 4)).astype(np.float32), r.integers(2, size=20), 2, 1)
    rows = ModelRows((3,), np.arange(10)[None], np.arange(4).reshape(1, 2, 2), np.arange(4).reshape(1, 2, 2))
    training = Training(
        optimiser=Optimiser(0.01, 0.0), batch_size=5, epochs=1, selection="validation", weights=file
    )
    trainee = ModuleTrainee("shapes_of_mine:product", examples, rows, training=training)
    assert torch.equal(trainee.module.w, torch.full((4, 2), 0.5))
    with pytest.raises(DataError, match=r"model weights .*: 'w' is \[4, 2\], and the model's is \[5, 2\]"):
        build("shapes_of_mine:product", (5,), 2, weights=file)
