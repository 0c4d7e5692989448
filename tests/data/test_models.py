"""Models by --model: module:object, pickles only where allowed, a plugin's folder, and one sentence for the rest."""

import joblib
import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression

from auditkit.data.models import read_model
from auditkit.data.sources import inputs_of
from auditkit.data.subjects import load
from auditkit.errors import DataError, UsageError
from auditkit.spec.consent import Consent
from auditkit.spec.data import DataSpec
from auditkit.values.offers import ModelReader

MODULE = """
class Threshold:
    def predict(self, table):
        return (table["x"] > 0).astype(int)

def made():
    return Threshold()

ready = Threshold()
nothing = 3
"""


@pytest.fixture
def folder(tmp_path):
    rng = np.random.default_rng(0)
    table = pd.DataFrame({"x": rng.normal(size=60), "y": rng.integers(2, size=60)})
    table.to_csv(tmp_path / "t.csv", index=False)
    (tmp_path / "own_rules.py").write_text(MODULE)
    joblib.dump(LogisticRegression().fit(table[["x"]], table["y"]), tmp_path / "m.joblib")
    return tmp_path


def read(folder, name, *, readers=(), allow_pickle=False):
    consent = Consent(allow_pickle=allow_pickle, said=frozenset({name}))
    return read_model(name, readers=readers, folder=folder, consent=consent)


def test_a_module_of_a_package_is_named_with_dots(folder):
    (folder / "own_package").mkdir()
    (folder / "own_package" / "rules.py").write_text(MODULE)
    assert read(folder, "own_package.rules:ready").predict(pd.DataFrame({"x": [1.0]})).tolist() == [1]


@pytest.mark.parametrize("name", ["Threshold", "made", "ready"])
def test_a_module_gives_a_class_a_factory_or_an_object(folder, name):
    model = read(folder, f"own_rules:{name}")
    assert model.predict(pd.DataFrame({"x": [-1.0, 1.0]})).tolist() == [0, 1]


def test_a_pickle_is_read_only_where_allowed(folder):
    with pytest.raises(UsageError, match="--allow-pickle"):
        read(folder, "m.joblib")
    assert hasattr(read(folder, "m.joblib", allow_pickle=True), "predict_proba")


def test_a_plugins_reader_goes_before_the_built_in_ones(folder):
    own = ModelReader(
        name="own", accepts=lambda path: path.suffix == ".joblib", read=lambda path: LogisticRegression()
    )
    assert not hasattr(read(folder, "m.joblib", readers=[own]), "coef_")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("m.jobli", "neither a file nor module:object, did you mean 'm.joblib'"),
        ("own_rules:absent", "cannot be imported: AttributeError"),
        ("no_such_rules:x", "cannot be imported: ModuleNotFoundError"),
        ("own_rules:nothing", "cannot be imported: TypeError"),
        ("t.csv", "no plugin reads the model t.csv"),
    ],
)
def test_what_is_no_model_is_refused_in_one_sentence(folder, name, words):
    with pytest.raises(DataError) as caught:
        read(folder, name)
    assert words.split(",")[0] in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_damaged_pickle_is_refused(folder):
    (folder / "m.joblib").write_bytes(b"nothing of the kind")
    with pytest.raises(DataError, match=r"m\.joblib cannot be read"):
        read(folder, "m.joblib", allow_pickle=True)


def test_a_subject_has_the_model_or_predictions_not_both(folder):
    spec = DataSpec(path="t.csv", target="y", positive=1, model="own_rules:ready")
    subject = load(spec, datasets={}, folder=folder, consent=Consent(allow_code=True))
    assert type(subject.model).__name__ == "Threshold"
    assert folder / "own_rules.py" in inputs_of(spec, datasets={}, folder=folder)
    both = DataSpec(path="t.csv", target="y", pred="x", model="own_rules:ready")
    with pytest.raises((UsageError, DataError)):
        load(both, datasets={}, folder=folder)
