"""Files that built-in steps keep, torn or of something else: the same findings, and a note."""

import io
from contextlib import suppress

import numpy as np
import pytest
from plugins.mime import seeded
from plugins.shasam.small import leaky_table

from auditkit.plugins.host import load_plugins
from auditkit.recipe.document import Document
from auditkit.recipe.validation import validate
from auditkit.running.engine import run
from auditkit.running.ledger import Observer
from auditkit.running.plan import make_plan
from auditkit.spec.recipe import Recipe

pytestmark = pytest.mark.slow

torch = pytest.importorskip("torch")

MIME = {
    "group": "g", "train_size": 100, "test_size": 60, "betas": [0, 0.5, 1], "trials": 2, "epochs": 5,
}  # fmt: skip
STEPS = {
    "mlp": ("mime", {**MIME, "model": "mlp"}),
    "classifier": ("mime", {**MIME, "model": "GaussianNB"}),
    "shasam": ("shasam", {"k": 4, "epochs": 2, "ground_set": 0.5}),
}


@pytest.fixture(params=STEPS)
def plan(request, tmp_path):
    use, given = STEPS[request.param]
    data = {"path": "t.csv", "target": "y" if use == "mime" else "hired"}
    if use == "mime":
        seeded.table(0, distances=(2.5, 1.5), n=3000, columns=4).to_csv(tmp_path / "t.csv", index=False)
    else:
        leaky_table().to_csv(tmp_path / "t.csv", index=False)
        data |= {"sensitive": ["sex"], "split": "split"}
    document = Document({"name": "r", "data": data, "steps": [{"id": "s", "use": use, "with": given}]})
    return make_plan(validate(Recipe, document), document, load_plugins(), folder=tmp_path)


def of_torch(value):
    held = io.BytesIO()
    torch.save(value, held)
    return held.getvalue()


def of_numpy(**arrays):
    held = io.BytesIO()
    np.savez(held, **arrays)
    return held.getvalue()


TORN = {
    "empty": lambda whole: b"",
    "half": lambda whole: whole[: len(whole) // 2],
    "zeros": lambda whole: bytes(len(whole)),
    "its end lost to zeros": lambda whole: whole[:-200] + bytes(200),
    "a state of nothing": lambda whole: of_torch({}),
    "a state of something else": lambda whole: of_torch({"network": {"a": torch.ones(2)}}),
    "a tensor": lambda whole: of_torch(torch.ones(3)),
    "arrays of something else": lambda whole: of_numpy(right=np.ones(3), projected=np.ones(2), epoch=np.ones(1)),
}  # fmt: skip


class Stopping(Observer):
    """Ends the run as Ctrl-C would, after three items of any loop; the models of a sweep are one."""

    def track(self, items, description):
        for i, item in enumerate(items):
            if i == 3:
                raise KeyboardInterrupt
            yield item


def test_torn_files_cost_no_number_and_are_told_of(plan, tmp_path):
    work = tmp_path / "work"
    whole = run(plan, work=tmp_path / "straight")
    with suppress(KeyboardInterrupt):
        run(plan, work=work, observer=Stopping())
    files = {path: path.read_bytes() for path in work.rglob("*") if path.is_file()}
    assert files
    for case, tear in TORN.items():
        for path, content in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        victim = max(files)
        victim.write_bytes(tear(files[victim]))
        again = run(plan, work=work)
        assert again.findings == whole.findings, case
        said = [
            note
            for note in again.notes
            if ("could not" in note and "again" in note) or "started over" in note
        ]
        assert said, (case, again.notes)
