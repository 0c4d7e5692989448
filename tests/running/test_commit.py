"""The commit of a recipe's folder, whose repository may be a stranger's: git runs nothing that its settings name."""

import os
import subprocess

import pytest

from auditkit.running.reach.commit import git_commit


def git(folder, *words):
    who = ("-c", "user.email=a@b", "-c", "user.name=n")
    done = subprocess.run(["git", "-C", folder, *who, *words], check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.fixture
def folder(tmp_path):
    """A repository of one file, which looks changed until its content is read."""
    made = tmp_path / "stranger"
    made.mkdir()
    git(made, "init", "--quiet")
    (made / "t.csv").write_text("x\n1\n")
    git(made, "add", "t.csv")
    git(made, "commit", "--quiet", "-m", "one")
    os.utime(made / "t.csv", (2**31 - 9, 2**31 - 9))
    return made


def test_the_commit_and_whether_files_differ_from_it(folder, tmp_path):
    assert git_commit(folder) == git(folder, "rev-parse", "HEAD")
    (folder / "t.csv").write_text("x\n2\n")
    assert git_commit(folder) == git(folder, "rev-parse", "HEAD") + "+changes"
    assert git_commit(tmp_path) is None
    git(folder, "config", "remote.origin.url", "https://example.org/x.git")
    git(folder, "config", "http.https://example.org/.extraheader", "a: b")
    assert git_commit(folder).endswith("+changes")


def hook(folder, name, run):
    path = folder / ".git" / "hooks" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{run}\n")
    path.chmod(0o755)


def filtered(folder, key, run):
    git(folder, "config", f"filter.x.{key}", run)
    (folder / ".git" / "info" / "attributes").write_text("* filter=x\n")


def included(folder, run):
    (folder / ".git" / "more").write_text(f'[filter "x"]\n\tclean = {run}\n')
    git(folder, "config", "include.path", "more")
    (folder / ".gitattributes").write_text("* filter=x\n")


def submodule(folder, run):
    inner = folder / "inner"
    inner.mkdir()
    git(inner, "init", "--quiet")
    (inner / "a").write_text("a")
    git(inner, "add", "a")
    git(inner, "commit", "--quiet", "-m", "two")
    git(folder, "add", "inner")
    git(folder, "commit", "--quiet", "-m", "three")
    git(inner, "config", "core.fsmonitor", run)


TRAPS = {
    "a monitor of files": lambda folder, run: git(folder, "config", "core.fsmonitor", run),
    "a filter": lambda folder, run: filtered(folder, "clean", f"{run}; cat"),
    "a filter that stays": lambda folder, run: filtered(folder, "process", run),
    "a filter in a file that is included": lambda folder, run: included(folder, f"{run}; cat"),
    "a hook after the index is written": lambda folder, run: hook(folder, "post-index-change", run),
    "a submodule with a monitor": submodule,
}


@pytest.mark.parametrize("trap", TRAPS)
def test_a_repository_runs_nothing(folder, tmp_path, trap):
    TRAPS[trap](folder, f"touch {tmp_path / 'ran'}")
    (tmp_path / "ran").unlink(missing_ok=True)
    told = git_commit(folder)
    assert not (tmp_path / "ran").exists()
    assert told.startswith(git(folder, "rev-parse", "HEAD"))
    assert told.endswith("+unread") == ("filter" in trap)


@pytest.mark.parametrize("trap", TRAPS)
def test_each_of_them_would_run_under_git_status(folder, tmp_path, trap):
    TRAPS[trap](folder, f"touch {tmp_path / 'ran'}")
    (tmp_path / "ran").unlink(missing_ok=True)
    subprocess.run(["git", "-C", folder, "status", "--porcelain"], capture_output=True, check=False)
    assert (tmp_path / "ran").exists()
