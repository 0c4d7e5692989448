"""--dry-run says what each part of a run is expected to take, and of which nobody can say."""

import json
import re

import numpy as np
import pandas as pd
import pytest
from command_line import caller

from auditkit.cli.runs.foresee import seconds_in_words

ROLES = {"target": "y", "pred": "p", "favourable": "1"}


@pytest.fixture
def auditkit(capfd, tmp_path, monkeypatch):
    rng = np.random.default_rng(0)
    table = pd.DataFrame(
        {"sex": rng.choice(["f", "m"], 400), "x": rng.normal(size=400), "z": rng.normal(size=400)}
    )
    table["y"], table["p"] = rng.integers(0, 2, 400), rng.integers(0, 2, 400)
    table.to_parquet(tmp_path / "t.parquet", index=False, row_group_size=100)
    return caller(capfd, tmp_path, monkeypatch)


def recipe(tmp_path, *uses, **data):
    steps = [{"id": f"s{i}", "use": use} for i, use in enumerate(uses)]
    document = {"version": 1, "name": "n", "data": {"path": "t.parquet"} | data, "steps": steps}
    document["groups"] = {"sex": {"column": "sex"}}
    (tmp_path / "r.yaml").write_text(json.dumps(document))
    return "r.yaml"


def test_every_part_has_its_seconds_and_its_memory_and_all_together(auditkit, tmp_path):
    done = auditkit("run", recipe(tmp_path, "rates", "minoria", **ROLES), "--dry-run")
    assert done.code == 0
    figures = r"[\d.]+ (s|min|h)"
    assert re.search(rf"^  start +{figures}$", done.out, re.MULTILINE)
    assert re.search(
        rf"^  reading +{figures} +[\d.]+ (MB|GB)  just now: 400 rows, 5 columns$", done.out, re.MULTILINE
    )
    for part in ("s0", "s1"):
        assert re.search(rf"^  {part} +{figures} +[\d.]+ (MB|GB)$", done.out, re.MULTILINE)
    assert re.search(rf"^  together: {figures}, [\d.]+ (MB|GB)$", done.out, re.MULTILINE)


def test_a_step_that_does_not_say_what_it_takes_is_said_not_to(auditkit, tmp_path):
    out = auditkit("run", recipe(tmp_path, "rates", "minoria.kmeans", **ROLES), "--dry-run").out
    assert re.search(r"^  s1 +unknown: minoria.kmeans does not say what this takes$", out, re.MULTILINE)
    assert "together: at least " in out


def test_predictions_that_somebody_has_to_make_are_counted_once(auditkit, tmp_path):
    out = auditkit("run", recipe(tmp_path, "rates", "minoria", target="y", favourable="1"), "--dry-run").out
    assert out.count("by the built-in model") == 1


@pytest.mark.parametrize("command", ["audit", "mine", "repair"])
def test_commands_of_one_step_look_ahead_too_and_write_nothing(auditkit, tmp_path, command):
    roles = ["--target", "y", "--favourable", "1", "--sensitive", "sex", "--groups", "sex"]
    places = ["-o", "r.json", "--as-recipe", "r.yaml"]
    done = auditkit(command, "t.parquet", *roles, "--dry-run", *places)
    assert done.code == 0
    assert "400 rows, 1 step, 0 gates" in done.out
    assert re.search(r"^  together: ", done.out, re.MULTILINE)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["t.parquet"]


def test_what_an_engine_will_read_is_told_from_the_footers(auditkit, tmp_path):
    name = recipe(tmp_path, "rates", engine="duckdb", **ROLES)
    out = auditkit("run", name, "--dry-run").out
    assert re.search(r"  counting .* 400 rows, 3 of 5 columns, [\d.,]+ (bytes|KB), by DuckDB", out)
    assert "400 rows, 1 step," in out


def test_a_table_that_takes_long_to_count_is_not_counted_for_a_look_ahead(auditkit, tmp_path, monkeypatch):
    monkeypatch.setattr("auditkit.cli.runs.foresee.LONG", 0.0)
    monkeypatch.setattr("auditkit.data.engines.subject.load_counted", None)  # whoever counts fails
    done = auditkit("run", recipe(tmp_path, "rates", engine="duckdb", **ROLES), "--dry-run")
    assert done.code == 0
    assert "good as far as can be said before the rows are counted" in done.out


SAID = [(0.04, "0.0 s"), (9.94, "9.9 s"), (42.4, "42 s"), (150.0, "2.5 min"), (1800.0, "30 min"), (7200.0, "2.0 h"),
        (400_000.0, "5 days")]  # fmt: skip


@pytest.mark.parametrize(("seconds", "words"), SAID)
def test_times_have_two_digits(seconds, words):
    assert seconds_in_words(seconds) == words
