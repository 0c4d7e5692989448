"""The registry of models: every name has one kind, an unknown one has none, and a kind says what it cannot read."""

import subprocess
import sys
from importlib.util import find_spec

import numpy as np
import pandas as pd
import pytest

from auditkit import Subject, UsageError, devices_here
from auditkit_mime.params import MimeParams
from auditkit_mime.train.estimators import classifier, classifiers
from auditkit_mime.train.kinds import KINDS, kind_of, model_of, modules_of


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("mlp", "mlp"),
        ("logistic", "logistic"),
        ("resnet34", "resnet34"),
        ("os:path", "module:factory"),
        ("GaussianNB", "a scikit-learn classifier"),
    ],
)
def test_every_name_has_one_kind(name, called):
    assert kind_of(name).called == called
    assert sum(kind.serves(name) for kind in KINDS) == 1
    assert modules_of(name) == kind_of(name).modules
    assert all(find_spec(module) for module in modules_of(name))


@pytest.mark.parametrize("name", ["", "MLP", "GaussianNb", "resnet"])
def test_an_unknown_name_has_none(name):
    with pytest.raises(UsageError, match="there is no model"):
        kind_of(name)


class Pixels:
    def __len__(self):
        return 4

    def read(self, rows, *, size):
        return np.zeros((len(rows), size, size, 3), dtype=np.uint8)


@pytest.mark.parametrize("name", ["mlp", "logistic", "GaussianNB"])
def test_a_model_of_tables_does_not_read_images(name):
    subject = Subject(table=pd.DataFrame({"y": [0, 1, 0, 1]}), images=Pixels())
    with pytest.raises(UsageError, match=f"{name} reads a table or embeddings, not images") as caught:
        model_of(subject, MimeParams(model=name))
    assert str(caught.value).endswith("images can be read by resnet34 or module:factory")


def test_a_device_that_is_not_here_is_refused_before_training():
    subject = Subject(table=pd.DataFrame({"x": [1.0, 2.0], "y": [0, 1]}))
    absent = next(name for name in ("cuda", "mps") if name not in devices_here())  # no machine has both
    with pytest.raises(UsageError, match=f"device '{absent}' cannot be used here"):
        model_of(subject, MimeParams(device=absent))
    assert model_of(subject, MimeParams(device="cpu")).training.device == "cpu"


@pytest.mark.parametrize("name", ["logistic", "GaussianNB"])
def test_a_model_without_torch_is_trained_on_the_cpu_and_nowhere_else(name):
    subject = Subject(table=pd.DataFrame({"x": [1.0, 2.0], "y": [0, 1]}))
    with pytest.raises(UsageError, match=f"--device cuda is for networks of torch; {name} is trained"):
        model_of(subject, MimeParams(model=name, device="cuda"))
    assert model_of(subject, MimeParams(model=name)).training.device == "cpu"


def test_only_a_module_of_ones_own_takes_weights():
    subject = Subject(table=pd.DataFrame({"x": [1.0, 2.0], "y": [0, 1]}))
    with pytest.raises(UsageError, match="--model-weights are for a model named module:factory, not for mlp"):
        model_of(subject, MimeParams(model_weights="w.pt"))


@pytest.mark.slow
def test_a_classifier_is_found_where_it_lies_and_nothing_else_of_scikit_learn_is_imported():
    every = classifiers()
    assert len(every) > 30
    assert {name: classifier(name) for name in every} == every
    assert classifier("RandomForestRegressor") is None
    assert classifier("ClassifierMixin") is None
    asked = (
        "import sys; from auditkit_mime.train.estimators import classifier; classifier('RandomForestClassifier'); "
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 0
