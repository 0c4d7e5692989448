"""A canary in every cell of a table: a redacted report may hold it as a group's label and a class, nowhere else."""

import json
import re

import numpy as np
import pandas as pd
import pytest

from auditkit.cli.app import run

RECIPE = """
version: 1
name: canaries
data: {path: t.csv, target: hired, pred: guess, features: [x, z, town], OUTCOME}
groups: {sex: {column: sex}, tiny: {where: "x > 8"}}
steps:
  - {id: found, use: minoria, with: {top: 2}}
  - {id: rates, use: rates}
gates: [{id: gap, on: rates, metric: accuracy, compare: to_rest, limit: 0.1}]
"""
ENDS = ("html", "json", "md", "txt", "sarif", "xml")
CANARY = re.compile(r"CANARY-([a-z]+)-[A-Za-z0-9]+")


@pytest.fixture(scope="module")
def documents(tmp_path_factory):
    """Every file and text that a redacted run leaves, by its name."""
    folder = tmp_path_factory.mktemp("canaries")
    rng = np.random.default_rng(5)
    n = 600
    x, z = rng.normal(size=n), rng.normal(size=n)
    hired = np.where(rng.random(n) < 0.5, "CANARY-hired-yes", "CANARY-hired-no")
    x[:4] = 9.0
    wrong = rng.random(n) < np.where(x > 1.2, 0.8, 0.1)
    table = pd.DataFrame(
        {
            "x": x,
            "z": z,
            "sex": [f"CANARY-sex-{'FM'[i % 2] if i > 3 else 'T'}" for i in range(n)],
            "town": [f"CANARY-town-{'ab'[i % 3 % 2]}" for i in range(n)],
            "name": [f"CANARY-name-{i}" for i in range(n)],
            "note": [f"CANARY-note-{i}" for i in range(n)],
            "hired": hired,
            "guess": np.where(
                wrong, np.where(hired == "CANARY-hired-yes", "CANARY-hired-no", "CANARY-hired-yes"), hired
            ),
        }
    )
    table.to_csv(folder / "t.csv", index=False)
    (folder / "r.yaml").write_text(RECIPE.replace("OUTCOME", "positive: CANARY-hired-yes"))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        words = [word for end in ENDS for word in ("-o", f"r.{end}")]
        assert run(["run", "r.yaml", "--redact", "--exit-zero", *words]) == 0
    found = {
        path.name if path.suffix != ".json" else str(path.relative_to(folder)): path.read_text()
        for path in folder.rglob("*")
        if path.is_file() and path.name not in {"t.csv", "r.yaml"} and path.suffix
    }
    assert len(found) >= len(ENDS) + 1  # and the run that is kept
    return found


def places(value, path=""):
    """Yield the place of every text that holds a canary, and what kind of canary it is."""
    match value:
        case str():
            yield from ((path, kind) for kind in CANARY.findall(value))
        case dict():
            for key, item in value.items():
                yield from ((f"{path}{{}}", kind) for kind in CANARY.findall(key))
                yield from places(item, f"{path}.{key}" if not CANARY.search(key) else f"{path}.*")
        case list():
            for item in value:
                yield from places(item, path)


LABELS = {
    ".findings.group", ".gates.comparisons.group", ".gates.message", ".groups.name", ".groups.rule", ".groups.expression",
    ".skipped.what", ".answers.text", ".notes", ".subject.groups.sex{}",
}  # fmt: skip
CLASSES = {
    ".subject.classes",
    ".subject.positive",
    ".subject.outcome.value",
    ".recipe.data.positive",
    ".notes",
    ".findings.details.class",
}
RULES = {".groups.rule", ".groups.expression", ".findings.details.rule"}


def test_a_report_holds_canaries_where_it_may_and_nowhere_else(documents):
    kept = [text for name, text in documents.items() if name.endswith(".json")]
    assert len(kept) == 2
    for text in kept:
        found = set(places(json.loads(text)))
        allowed = (
            {(p, "sex") for p in LABELS} | {(p, "hired") for p in CLASSES} | {(p, "town") for p in RULES}
        )
        assert found <= allowed, found - allowed
        assert {(".findings.group", "sex"), (".subject.classes", "hired")} <= found


@pytest.mark.parametrize("end", ENDS)
def test_no_format_holds_a_canary_of_a_single_row(documents, end):
    text = next(text for name, text in documents.items() if name == f"r.{end}")
    assert set(CANARY.findall(text)) <= {"sex", "hired", "town"}


def test_the_group_of_few_rows_has_no_number_anywhere(documents):
    report = json.loads(documents["r.json"])
    for finding in report["findings"]:
        if "CANARY-sex-T" in finding["group"] or finding["group"] == "tiny":
            assert (finding["value"], finding["n"]) == (None, 0)
    assert {n for label, n in report["subject"]["groups"]["sex"].items() if label.endswith("T")} == {
        "suppressed"
    }
    assert report["recipe"]["groups"]["tiny"]["where"] == "suppressed"
