"""Bad input: one sentence each, before anything is trained."""

import sys

import numpy as np
import pytest
from plugins.mime import seeded


def audit(cli, tmp_path, frame, *options):
    frame.to_csv(tmp_path / "t.csv", index=False)
    return cli("audit", "t.csv", "--with", "mime", "--target", "y", "--group", "g", *options)


def frame(n=800):
    return seeded.table(0, distances=(2, 2), n=n, columns=3)


def said(done, code, *words):
    assert done.code == code, done.err
    lines = done.err.strip().splitlines()
    assert len(lines) == 1, done.err
    for word in words:
        assert word in lines[0]


def test_too_few_rows_for_the_train_size(cli, tmp_path):
    said(
        audit(cli, tmp_path, frame(), "--train-size", "300", "--test-size", "40"),
        4,
        "'few' has",
        "can train",
        "beta up to 0.",
        "all shares at --train-size",
    )


def test_too_few_rows_to_test_on(cli, tmp_path):
    said(audit(cli, tmp_path, frame(), "--test-size", "400", "--train-size", "100"), 4, "lower --test-size")


def test_a_class_that_a_group_lacks(cli, tmp_path):
    table = frame()
    table.loc[table["g"] == "few", "y"] = "no"
    said(audit(cli, tmp_path, table), 4, "group 'few' has no row of class 'yes'")


def test_a_constant_feature_is_named_and_left_out(cli, tmp_path):
    done = audit(cli, tmp_path, frame().assign(same=1.0), "--model", "logistic", "--json")
    assert done.code == 0
    assert '"column same"' in done.out
    assert "constant" in done.out


def test_nothing_but_constant_features(cli, tmp_path):
    table = frame()[["g", "y"]].assign(same=1.0)
    said(
        audit(cli, tmp_path, table, "--model", "logistic"),
        4,
        "no numeric or categorical feature that varies",
        "constant",
    )


def test_no_feature_at_all(cli, tmp_path):
    said(audit(cli, tmp_path, frame()[["g", "y"]]), 4, "without 'g'", "no feature left")


def test_a_target_of_one_value(cli, tmp_path):
    said(audit(cli, tmp_path, frame().assign(y="yes")), 4, "one value only")


def test_a_target_of_many_values(cli, tmp_path):
    said(audit(cli, tmp_path, frame().assign(y=np.arange(800.0))), 4, "800 values", "2 to 50 classes")


def test_a_target_of_thirty_numbers_has_thirty_classes(cli, tmp_path):
    done = audit(
        cli,
        tmp_path,
        frame(6000).assign(y=np.arange(6000) % 30),
        "--model",
        "logistic",
        "--betas",
        "0,1",
        "--trials",
        "2",
        "--json",
    )
    assert done.code == 0, done.err


def test_a_factory_that_returns_something_else(cli, tmp_path, monkeypatch):
    (tmp_path / "factories.py").write_text(
        "import torch\n"
        "def a_word(shape, classes): return 'model'\n"
        "def no_arguments(): return torch.nn.Linear(2, 2)\n"
        "def wrong_width(shape, classes): return torch.nn.Linear(99, classes)\n"
        "def one_score(shape, classes): return torch.nn.Linear(shape[0], 1)\n"
        "number = 3\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    sys.modules.pop("factories", None)
    said(audit(cli, tmp_path, frame(), "--model", "factories:a_word"), 2, "made a str, not a torch.nn.Module")
    said(
        audit(cli, tmp_path, frame(), "--model", "factories:no_arguments"),
        2,
        "cannot be made",
        "called with a shape",
    )
    said(
        audit(cli, tmp_path, frame(), "--model", "factories:wrong_width"),
        2,
        "cannot read inputs of shape (3,)",
    )
    said(
        audit(cli, tmp_path, frame(), "--model", "factories:one_score"),
        2,
        "scores of shape (2, 2), it made (2, 1)",
    )
    said(audit(cli, tmp_path, frame(), "--model", "factories:number"), 2, "is a int, not a function")
    said(audit(cli, tmp_path, frame(), "--model", "factories:absent"), 2, "cannot be imported")


def test_names_that_are_not_there(cli, tmp_path):
    said(audit(cli, tmp_path, frame(), "--minority", "fwe"), 2, "did you mean 'few'?")
    said(
        audit(cli, tmp_path, frame(), "--model", "RandomForest"),
        2,
        "there is no model 'RandomForest'",
        "RandomForestClassifier",
    )
    frame().to_csv(tmp_path / "t.csv", index=False)
    said(cli("audit", "t.csv", "--with", "mime", "--target", "y", "--group", "gg"), 4, "no column 'gg'")
    said(cli("audit", "t.csv", "--with", "mime", "--target", "y"), 2, "--group")
    said(cli("audit", "t.csv", "--with", "mime", "--group", "g"), 4, "no target")
    said(
        cli("audit", "t.csv", "--with", "mime", "--group", "y", "--target", "y"),
        2,
        "both the target and the group",
    )


def test_groups_that_are_none(cli, tmp_path):
    said(audit(cli, tmp_path, frame().assign(g="one")), 4, "one value only (one)")
    said(audit(cli, tmp_path, frame().assign(g=np.arange(800.0))), 2, "has 800 values", "--groups g:0/10/20")


@pytest.mark.parametrize("betas", ["0.1,0.5", "0", "0,1.5"])
def test_shares_without_a_start(cli, tmp_path, betas):
    said(audit(cli, tmp_path, frame(), "--betas", betas), 2, "give 0 and at least one share up to 1")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--model", "resnet34"], "reads images"),
        (["--reads", "embeddings"], "needs a vector for each row"),
        (["--hard-mining", "--model", "logistic"], "learn in batches"),
        (["--selection", "best-test", "--model", "logistic"], "has none"),
        (["--seeds", "3"], "two or more"),
        (["--seeds", "3,5,3"], "equal ones make equal trials"),
        (["--seeds", "3,-1"], "from 0 to"),
        (["--test-size", "4", "--train-size", "4", "--betas", "0,2"], "share up to 1"),
        (["--trials", "1"], "greater than or equal to 2"),
    ],
)
def test_settings_that_do_not_go_together(cli, tmp_path, options, words):
    said(audit(cli, tmp_path, frame(), *options), 2, words)
