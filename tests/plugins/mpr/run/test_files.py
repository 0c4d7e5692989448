"""Files are read once: what a check has read, the run does not need again."""

import os

import numpy as np
import pandas as pd
import pytest
from plugins.mpr.small_search import write_search

from auditkit import Subject
from auditkit.testing import make_context
from auditkit_mpr.params import MoprParams, RetrievalParams
from auditkit_mpr.run.asked.files import files_for
from auditkit_mpr.steps import Mopr, Mpr

NAMED = {
    "queries": "queries.npz",
    "reference": "reference.csv",
    "reference_embeddings": "reference.npy",
    "attributes": ("sex", "race"),
    "k": 20,
    "nearest": 100,
}


@pytest.fixture
def subject(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    _, vectors, _, _ = write_search(tmp_path)
    return Subject(table=pd.read_csv("items.csv"), embeddings=vectors.astype(np.float32))


def values(findings):
    return [(f.metric, f.group, f.value) for f in findings]


def test_the_audit_after_a_check_reads_no_file(subject):
    params, step = RetrievalParams(**NAMED), Mpr()
    expected = Mpr().run(subject, params, make_context())
    step.check(subject, params)
    for name in ("queries.npz", "reference.csv", "reference.npy"):
        os.remove(name)  # noqa: PTH107
    assert values(step.run(subject, params, make_context())) == values(expected)


def test_the_repair_after_a_check_reads_no_file(subject):
    params, step = MoprParams(**NAMED), Mopr()
    expected = Mopr().apply(subject, params, make_context()).findings
    step.check(subject, params)
    for name in ("queries.npz", "reference.csv", "reference.npy"):
        os.remove(name)  # noqa: PTH107
    assert values(step.apply(subject, params, make_context()).findings) == values(expected)


def test_files_of_other_parameters_are_read_anew(subject):
    first = files_for(subject, RetrievalParams(**NAMED))
    assert files_for(subject, RetrievalParams(**NAMED), first) is first
    other = files_for(subject, RetrievalParams(**NAMED | {"queries": "queries.npy"}), first)
    assert other is not first
    assert other.queries.names == ("0", "1")
    assert first.queries.names == ("first", "second")
