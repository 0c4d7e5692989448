"""Which commit a folder is at. Its repository may be a stranger's, and git runs what a repository's settings name."""

from __future__ import annotations

import os
import re
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

SECONDS = 5
HARMLESS = re.compile(
    r"core\.(repositoryformatversion|filemode|bare|logallrefupdates|ignorecase|precomposeunicode|symlinks|autocrlf|eol"
    r"|safecrlf|longpaths|quotepath|fsmonitor|untrackedcache|sharedrepository)"
    r"|extensions\.(objectformat|worktreeconfig)"
    r"|remote\..*\.(url|pushurl|fetch|tagopt|prune)|branch\..*\.(remote|merge|rebase|pushremote|description)"
    r"|submodule\.(active|.*\.(url|active))|user\.(name|email|signingkey)|init\.defaultbranch|commit\.gpgsign"
    r"|pull\.(rebase|ff)|push\.(default|autosetupremote)|gc\.auto|lfs\..*"
    r"|http\..*|fetch\..*|include\.path|includeif\..*\.path",  # what is included is listed with the rest
    re.IGNORECASE | re.DOTALL,
)
"""Settings of a repository with which `git status`, called as here, runs nothing; others, such as filters, may."""
_SAFELY = (
    "--no-optional-locks",  # else the index is written, and a hook may run after that
    *("-c", "core.fsmonitor=false"),
    *("-c", f"core.hooksPath={os.devnull}"),
)
_ALONE = {"GIT_ALLOW_PROTOCOL": "none", "GIT_TERMINAL_PROMPT": "0"}
"""No object that is missing is fetched: a remote may be a command."""


def git_commit(folder: Path) -> str | None:
    """Return the commit that a folder is at; None outside git.

    `+changes` is added if its files differ from it, and `+unread` if looking at them might run a program.
    """
    try:
        commit = _git(folder, "rev-parse", "HEAD")
        if not _is_harmless(folder):
            return f"{commit}+unread"
        dirty = _git(folder, "status", "--porcelain", "--untracked-files=no", "--ignore-submodules=all")
    except (OSError, subprocess.SubprocessError):
        return None
    return f"{commit}+changes" if dirty else commit


def _is_harmless(folder: Path) -> bool:
    """Whether the repository's own settings name no program; the user's are the user's."""
    try:
        told = _git(folder, "config", "--list", "--show-scope", "--name-only", "-z").split("\0")
    except subprocess.CalledProcessError:  # a git of before 2020
        return False
    return all(
        HARMLESS.fullmatch(name)
        for scope, name in zip(told[::2], told[1::2], strict=False)
        if scope in {"local", "worktree"}
    )


def _git(folder: Path, *words: str) -> str:
    done = subprocess.run(
        ["git", *_SAFELY, "-C", str(folder), *words],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=True,
        env={**os.environ, **_ALONE},
    )
    return done.stdout.strip()
