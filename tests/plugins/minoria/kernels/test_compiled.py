"""Machine code is kept between processes, and where nothing can be written it is made anew."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import auditkit_minoria

CALL = """
import numpy as np, time
from auditkit_minoria.kernels.ranks import select
from auditkit_minoria.kernels.compiled import compiled_before
before = compiled_before(select)
values = np.array([3.0, 1.0, 2.0])
assert select(values, np.ones(3, np.int64), 3, 1) == 2.0
print(before, compiled_before(select), len(select.stats.cache_hits))
"""


def called(**environment):
    environment = {**os.environ, **environment}
    done = subprocess.run(
        [sys.executable, "-c", CALL], capture_output=True, text=True, env=environment, check=True
    )
    return done.stdout.split()


@pytest.mark.slow
def test_a_second_process_takes_the_code_of_the_first(tmp_path):
    assert called(NUMBA_CACHE_DIR=str(tmp_path)) == ["False", "True", "0"]
    assert called(NUMBA_CACHE_DIR=str(tmp_path)) == ["True", "True", "1"]


@pytest.mark.slow
@pytest.mark.parametrize("home", ["writable", "nowhere"])
def test_a_read_only_install_caches_in_the_users_folder_or_compiles_anew(tmp_path, home):
    installed = tmp_path / "site"
    source = Path(auditkit_minoria.__file__).parent
    shutil.copytree(source, installed / "auditkit_minoria", ignore=shutil.ignore_patterns("__pycache__"))
    # Numba looks for __pycache__ beside the source: a file of that name stands in for a folder that root, too, cannot write.
    (installed / "auditkit_minoria" / "kernels" / "__pycache__").write_text("")
    cache = tmp_path / "cache"
    if home == "nowhere":
        cache.write_text("")
    environment = {"PYTHONPATH": str(installed), "XDG_CACHE_HOME": str(cache), "HOME": str(cache)}
    environment["PYTHONDONTWRITEBYTECODE"] = "1"
    first = called(**environment)
    assert first[0] == "False"
    assert called(**environment) == (["True", "True", "1"] if home == "writable" else ["False", "False", "0"])
