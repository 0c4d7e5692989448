"""What a run read is hashed: --resume goes on only on the same data, whoever read them, and provenance lists them."""

import sqlite3
import sys
from dataclasses import replace
from importlib import import_module

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from auditkit.data.sources import hashed_of_code, inputs_of
from auditkit.plugins.host import Host, Plugin, load_plugins
from auditkit.recipe.read import load_recipe
from auditkit.running.engine import run
from auditkit.running.plan import inputs, load_subject, make_plan
from auditkit.running.reach.inputs import of_table
from auditkit.running.unfinished import unfinished_work
from auditkit.spec.consent import Consent
from auditkit.spec.data import DataSpec
from auditkit.values.offers import Loader

TABLE = pd.DataFrame({"x": range(60), "sex": ["F", "M"] * 30, "y": [0, 1, 1, 0, 1, 0] * 10, "p": [0, 1] * 30})


class Counted:
    """A database behind a scheme, a format of a plugin's own, and how often they were read."""

    def __init__(self, folder):
        self.database = folder / "d.sqlite"
        self.reads = 0
        self.write(TABLE)

    def write(self, table):
        with sqlite3.connect(self.database) as connection:
            table.to_sql("t", connection, if_exists="replace", index=False)
        connection.close()

    def read(self, where):
        self.reads += 1
        connection = sqlite3.connect(self.database)
        table = pd.read_sql("select * from t", connection)
        connection.close()
        return table


@pytest.fixture
def source(tmp_path, monkeypatch):
    monkeypatch.setenv("AUDITKIT_HOME", str(tmp_path / "home"))
    return Counted(tmp_path)


def plan_of(folder, source, data):
    host = load_plugins(only=["rates"])
    loaders = (
        Loader(name="SQL", scheme="sql", read=source.read),
        Loader(name="Folder", scheme="here", local=True, read=source.read),
        Loader(name="Own", extensions=(".own",), read=source.read),
    )
    more = Plugin(
        name="own", module="own", distribution="own", version="1", seconds=0, provides={"loaders": loaders}
    )
    text = f"{{name: r, data: {{{data}, target: y, pred: p}}, groups: {{sex: {{column: sex}}}}, steps: [{{id: s, use: rates}}]}}"
    (folder / "r.yaml").write_text(text)
    recipe, document = load_recipe(folder / "r.yaml")
    host = Host((*host.plugins, more))
    return make_plan(recipe, document, host, folder=folder, consent=Consent(allow_code=True))


def work_of(plan):
    with unfinished_work(plan, resume=True) as folder:
        return folder


@pytest.mark.parametrize("path", ["sql:secret@host/t", "here:d.sqlite", "t.own"])
def test_a_changed_database_is_other_data(tmp_path, source, path):
    (tmp_path / "t.own").write_text("pointer")
    first = work_of(plan_of(tmp_path, source, f"path: '{path}'"))
    assert work_of(plan_of(tmp_path, source, f"path: '{path}'")) == first
    source.write(TABLE.assign(x=TABLE.x.where(TABLE.x != 30, 31)))
    assert work_of(plan_of(tmp_path, source, f"path: '{path}'")) != first


@pytest.mark.parametrize("path", ["sql:secret@host/t", "here:d.sqlite", "t.own"])
def test_provenance_lists_what_a_loader_read_and_it_reads_once(tmp_path, source, path):
    (tmp_path / "t.own").write_text("pointer")
    plan = plan_of(tmp_path, source, f"path: '{path}'")
    with unfinished_work(plan, resume=False) as work:
        report = run(plan, work=work)
    assert source.reads == 1
    listed = report.provenance["inputs"]
    assert listed[-1]["sha256"] == of_table("", TABLE.astype({"x": "int64"})).sha256
    assert "loaded" in listed[-1]["file"]
    assert "secret" not in str(listed)
    assert len(listed) == (2 if path == "t.own" else 1)


def test_changed_images_are_other_data(tmp_path, source):
    pixels = np.random.default_rng(0).integers(0, 255, (60, 8, 8, 3), dtype=np.uint8)
    for i in range(60):
        Image.fromarray(pixels[i]).save(tmp_path / f"{i}.png")
    TABLE.assign(file=[f"{i}.png" for i in range(60)]).to_csv(tmp_path / "t.csv", index=False)
    plan = plan_of(tmp_path, source, "path: t.csv, images: file")
    assert [item.file for item in inputs(plan)] == ["t.csv", "60 images"]
    first = work_of(plan)
    Image.fromarray(255 - pixels[7]).save(tmp_path / "7.png")
    assert work_of(plan_of(tmp_path, source, "path: t.csv, images: file")) != first


@pytest.mark.parametrize("role", ["embeddings", "images", "model"])
def test_changed_files_of_every_role_are_other_data(tmp_path, source, role):
    name = {"embeddings": "e.npy", "images": "i.npy", "model": "own_model"}[role]

    def write(seed):
        rng = np.random.default_rng(seed)
        np.save(tmp_path / "e.npy", rng.normal(size=(60, 2)))
        np.save(tmp_path / "i.npy", rng.integers(0, 255, (60, 8, 8, 3), dtype=np.uint8))
        (tmp_path / "own_model.py").write_text(
            f"class Model:\n    def predict(self, rows):\n        return [{seed}] * 60\n"
        )

    TABLE.to_csv(tmp_path / "t.csv", index=False)
    spec = f"path: t.csv, {role}: '{name}{':Model' if role == 'model' else ''}'"
    found = []
    for seed in (0, 1):
        write(seed)
        plan = plan_of(tmp_path, source, spec)
        if role == "model":
            plan = replace(plan, recipe=replace(plan.recipe, data=replace(plan.recipe.data, pred=None)))
        found.append(work_of(plan))
    assert found[0] != found[1]


def test_a_models_files_in_folders_below_it_and_its_packages_are_read(tmp_path):
    """As saved models of other libraries have them; a link to a folder is not followed, and ends."""
    for name in (
        "m/weights.bin",
        "m/layers/0/weights.bin",
        "pack/__init__.py",
        "pack/inner.py",
        "pack/below/__init__.py",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    (tmp_path / "m" / "again").symlink_to(tmp_path / "m")
    for model, wanted in (
        ("m", {"m/weights.bin", "m/layers/0/weights.bin"}),
        ("pack:Model", {"pack/__init__.py"}),
        ("pack.inner:Model", {"pack/__init__.py", "pack/inner.py"}),
        ("pack.below:Model", {"pack/__init__.py", "pack/below/__init__.py"}),
    ):
        found = inputs_of(DataSpec(path="t.csv", model=model), datasets={}, folder=tmp_path)
        assert {str(path.relative_to(tmp_path)) for path in found} == wanted


def test_modules_that_a_models_package_imports_are_read_wherever_it_lies_and_installed_ones_are_not(
    tmp_path, monkeypatch
):
    for name in ("far/afar/__init__.py", "far/afar/inner.py", "far/afar/unused.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("from afar import inner\n" if "__init__" in name else "")
    monkeypatch.syspath_prepend(tmp_path / "far")
    import_module("afar")

    def read_by(model):
        return [
            path.name for path in inputs_of(DataSpec(path="t.csv", model=model), datasets={}, folder=tmp_path)
        ]

    assert read_by("afar:Model") == ["__init__.py", "inner.py"]
    assert read_by("sklearn.dummy:DummyClassifier") == []
    assert hashed_of_code(DataSpec(path="t.csv", model="afar:M"), tmp_path).startswith(
        "Hashed of it: __init__.py, inner.py; "
    )
    monkeypatch.delitem(sys.modules, "afar")
    monkeypatch.delitem(sys.modules, "afar.inner")


def test_a_plan_reads_its_data_once(tmp_path, source):
    plan = plan_of(tmp_path, source, "path: 'sql:t'")
    assert load_subject(plan) is load_subject(plan)
    assert source.reads == 1


VALUES = {
    "numbers": pd.Series([1.0, 2.0, np.nan]),
    "whole": pd.Series([1, 2, 3]),
    "text": pd.Series(["a", "b", None]),
    "objects": pd.Series([1, "1", None], dtype=object),
    "truth": pd.Series([True, False, True]),
    "dates": pd.to_datetime(pd.Series(["2024-01-01", "2024-01-02", None])),
    "zone": pd.to_datetime(pd.Series(["2024-01-01", "2024-01-02", None])).dt.tz_localize("UTC"),
    "categories": pd.Series(pd.Categorical(["u", "v", "u"])),
    "lists": pd.Series([[1, 2], [3], []], dtype=object),
    "arrays": pd.Series([np.arange(5000.0), np.arange(3.0), np.array([])], dtype=object),
    "records": pd.Series([{"a": 1}, {"a": 2}, None], dtype=object),
    "nullable": pd.Series([1, None, 3], dtype="Int64"),
}


@pytest.mark.parametrize("kind", VALUES)
def test_a_tables_hash_is_that_of_its_values(kind):
    values = VALUES[kind]
    own = of_table("", pd.DataFrame({"a": values})).sha256
    assert of_table("", pd.DataFrame({"a": values.copy()})).sha256 == own
    others = [
        pd.DataFrame({"b": values}),
        pd.DataFrame({"a": values.iloc[:2]}),
        pd.DataFrame({"a": values.iloc[[1, 0, 2]].reset_index(drop=True)}),
        pd.DataFrame({"a": values, "b": values}),
        *(pd.DataFrame({"a": other}) for name, other in VALUES.items() if name != kind),
    ]
    hashes = [of_table("", table).sha256 for table in others]
    assert own not in hashes
    assert len(set(hashes)) == len(hashes)


def test_the_middle_of_a_long_vector_counts():
    one, other = np.arange(5000.0), np.arange(5000.0)
    other[2500] = -1
    tables = [pd.DataFrame({"a": pd.Series([values], dtype=object)}) for values in (one, other)]
    assert of_table("", tables[0]).sha256 != of_table("", tables[1]).sha256
