"""Images: encoders, views, drawings, and the repair that reads them."""

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from plugins.shasam.small import context, subject_of

from auditkit import DataError, UsageError
from auditkit.data.images import ImageArray
from auditkit.values.outcome import Outcome
from auditkit_shasam.mining import Mining, make_cells
from auditkit_shasam.params import ShasamParams
from auditkit_shasam.saved import load_model
from auditkit_shasam.shapes import BACKGROUNDS, SHAPES, draw, load_shapes
from auditkit_shasam.steps import Shasam
from auditkit_shasam.training import Rows, Settings, build_encoder, encoder_for, fit
from auditkit_shasam.training.encoders.features import encode, parts
from auditkit_shasam.training.encoders.pixels import network_inputs
from auditkit_shasam.training.encoders.views import LUMA, cropped, image_view, recoloured, view

DRAWN = draw(400, seed=1)
QUICK = ShasamParams(
    k=4, epochs=2, runs=1, ground_set=0.5, encoder="conv", image_size=16, mining="random", refresh=4
)


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def subject(drawn=DRAWN, **roles):
    given = {
        "target": "shape",
        "outcome": Outcome(column="shape", value="ring", kind="positive"),
        "sensitive": ("background",),
        "split": "split",
    } | roles
    return subject_of(drawn.table, images=ImageArray(drawn.pixels), **given)


@pytest.mark.parametrize("name", ["resnet18", "vit", "conv"])
@pytest.mark.parametrize("size", [16, 32])
def test_an_image_encoder_makes_features_that_learn(name, size):
    encoder, features = build_encoder(name, (3, size, size), features=24)
    assert features == 24
    out = encoder(torch.rand(4, 3, size, size, generator=seeded()))
    out.square().sum().backward()
    assert out.shape == (4, 24)
    assert all(p.grad is not None and torch.isfinite(p.grad).all() for p in encoder.parameters())


def test_resnet18_has_the_parameters_of_the_published_one():
    encoder, _ = build_encoder("resnet18", (3, 64, 64), features=1000)
    assert sum(p.numel() for p in encoder.parameters()) == 11_689_512


def test_an_encoder_that_reads_something_else_is_refused():
    assert encoder_for("auto", (3, 32, 32)) == "resnet18"
    assert encoder_for("auto", (5,)) == encoder_for("mlp", (5,)) == "mlp"
    for name, shape, words in (
        ("resnet18", (5,), r"resnet18 encoder reads images of shape \(3, size, size\), not \(5,\)"),
        ("conv", (3, 8, 16), "conv encoder reads images"),
        ("vit", (3, 20, 20), "side that 8 divides, not 20"),
    ):
        with pytest.raises(UsageError, match=words):
            build_encoder(name, shape, features=8)


def test_encoding_in_parts_is_encoding_at_once():
    pixels = torch.from_numpy(DRAWN.pixels[:100]).permute(0, 3, 1, 2).contiguous()
    wide = pixels.repeat(1, 1, 4, 4)
    assert len(list(parts(wide))) > 1
    encoder, _ = build_encoder("conv", (3, 128, 128), features=8)
    with torch.no_grad():
        torch.testing.assert_close(encode(encoder, wide), encoder.eval()(network_inputs(wide)))
    assert [part.stop for part in parts(torch.zeros(0, 5))] != []


def test_views_of_an_image_differ_and_leave_it_alone():
    pixels = torch.from_numpy(DRAWN.pixels[:20]).permute(0, 3, 1, 2).contiguous()
    before = pixels.clone()
    noise = seeded()
    first, second = (view(pixels, dropout=0.1, noise=0.1, generator=noise) for _ in range(2))
    assert first.shape == (20, 3, 32, 32)
    assert (first - second).abs().amax(dim=(1, 2, 3)).min() > 0.1
    assert (pixels == before).all()
    torch.testing.assert_close(view(pixels, dropout=0, noise=0, generator=seeded()), first)


@given(st.integers(0, 50))
def test_a_view_stays_in_the_range_of_images(seed):
    images = torch.rand(6, 3, 8, 8, generator=seeded(seed))
    made = image_view(images, generator=seeded(seed))
    assert made.min() >= 0
    assert made.max() <= 1


def test_a_crop_is_a_part_of_the_image_mirrored_half_of_the_time():
    ramp = torch.linspace(0, 1, 16).expand(200, 3, 16, 16)  # brighter to the right
    made = cropped(ramp, generator=seeded())
    slope = (made[:, 0, 0, -1] - made[:, 0, 0, 0]).sign()
    assert 0.4 < (slope < 0).float().mean() < 0.6
    side = made[:, 0].amax(dim=(1, 2)) - made[:, 0].amin(dim=(1, 2))
    assert 0.55 < side.min() < 0.65
    assert 0.95 < side.max() <= 1.001


def test_some_views_are_grey_and_grey_keeps_the_brightness():
    red = torch.tensor([0.5, 0.2, 0.2])[None, :, None, None].expand(500, 3, 4, 4)
    made = recoloured(red, generator=seeded())
    grey = (made - made.mean(dim=1, keepdim=True)).abs().amax(dim=(1, 2, 3)) < 1e-6
    assert 0.15 < grey.float().mean() < 0.25
    luma = (made * torch.tensor(LUMA)[None, :, None, None]).sum(dim=1).mean()
    assert luma == pytest.approx(0.5 * 0.299 + 0.2 * 0.701, rel=0.05)


def test_drawings_tie_the_background_to_the_shape_in_training_only():
    drawn = draw(6000, imbalance=4)
    own = (drawn.table["shape"] == SHAPES[0]) == (drawn.table["background"] == BACKGROUNDS[0])
    share = own.groupby(drawn.table["split"]).mean()
    assert share["train"] == pytest.approx(0.8, abs=0.02)
    assert share["validation"] == pytest.approx(0.8, abs=0.05)
    assert share["test"] == pytest.approx(0.5, abs=0.03)
    assert drawn.pixels.shape == (6000, 32, 32, 3)
    np.testing.assert_array_equal(draw(400, seed=1).pixels, DRAWN.pixels)


def test_the_shapes_scheme_draws_files_once(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    table = load_shapes("60,3,5")
    (folder,) = (tmp_path / "auditkit").iterdir()
    assert len(list(folder.iterdir())) == len(table) == 60
    stamp = folder.stat().st_mtime_ns
    pd.testing.assert_frame_equal(load_shapes("60,3,5"), table)
    assert folder.stat().st_mtime_ns == stamp
    for words in ("ten", "10", "60,0.5", "60,4,0,1"):
        with pytest.raises(DataError, match=r"is not shapes:ROWS\[,IMBALANCE\[,SEED\]\]"):
            load_shapes(words)


def test_every_loss_trains_on_bytes():
    cells = make_cells(
        DRAWN.table["shape"].eq("ring").astype(int), DRAWN.table["background"].eq(BACKGROUNDS[1]).astype(int)
    )
    rows = Rows(torch.from_numpy(DRAWN.pixels[:, ::2, ::2]).permute(0, 3, 1, 2).contiguous(), cells)
    train, held = rows.take(np.arange(300)), rows.take(np.arange(300, 400))
    for loss in ("flcmi", "logdetcmi", "supcon", "fscl", "grl", "ce"):
        settings = Settings(loss=loss, mining=Mining(k=4), epochs=1, classifier_epochs=1, ground_set=0.2)
        model = fit(train, held, encoder="conv", settings=settings, seed=0)
        assert model.probabilities(held.inputs).shape == (100, 2)


def test_a_repair_reads_images_and_its_model_reads_them_again(tmp_path):
    step, ledger = Shasam(), context()
    step.check(subject(), QUICK)
    found = step.apply(subject(), QUICK, ledger)
    model = found.subject.model
    assert model.reads == "images"
    model.save(tmp_path)
    again = load_model(tmp_path)
    chances = again.predict_proba(ImageArray(DRAWN.pixels))
    np.testing.assert_allclose(chances[:, 1], found.subject.column("shasam_score"), atol=1e-6)
    assert (again.predict(ImageArray(DRAWN.pixels)) == found.subject.column("shasam_pred")).all()


def test_an_encoder_for_tables_refuses_images_before_training():
    with pytest.raises(UsageError, match="mlp encoder reads tables and embeddings"):
        Shasam().check(subject(), ShasamParams(encoder="mlp", k=4))


def test_a_repair_reads_embeddings_by_their_direction(tmp_path):
    r = np.random.default_rng(0)
    vectors = r.normal(size=(400, 12)).astype(np.float32)
    vectors[:, 0] += 3 * DRAWN.table["shape"].eq("ring")
    given = subject_of(
        DRAWN.table,
        target="shape",
        outcome=Outcome(column="shape", value="ring", kind="positive"),
        sensitive=("background",),
        embeddings=vectors,
    )
    params = ShasamParams(k=4, epochs=2, runs=1, ground_set=0.5, mining="random")
    found = Shasam().apply(given, params, context())
    model = found.subject.model
    assert (model.reads, model.reading.shape) == ("embeddings", (12,))
    np.testing.assert_allclose(model.predict_proba(7 * vectors), model.predict_proba(vectors), atol=1e-5)
    right = (model.predict(vectors) == DRAWN.table["shape"]).mean()
    assert right > 0.75
    with pytest.raises(DataError, match="reads embeddings of 12 numbers, these are 400 x 5"):
        model.predict(vectors[:, :5])
    vectors[3] = 0
    with pytest.raises(DataError, match="embeddings of row 3 have no direction"):
        model.predict(vectors)
