"""Special functions load without SciPy's package around them, and are the package's own."""

import subprocess
import sys

import pytest
import scipy.special

from auditkit.measures import special

ALONE = """
import auditkit.measures, auditkit.measures.special as special, sys
assert "scipy.special" not in sys.modules, "the package was loaded"
assert "numpy.f2py" not in sys.modules
"""
AND_THE_PACKAGE = """
import scipy.special
import scipy.special._ufuncs as compiled, scipy.special._ufuncs_cxx  # as scipy.stats has them
for name in special.__all__:
    assert getattr(special, name) is getattr(scipy.special, name), name
assert scipy.special.gamma(5) == 24
assert scipy.special.logsumexp([0.0]) == 0
assert compiled is scipy.special._ufuncs
"""
PACKAGE_FIRST = "import scipy.special, auditkit.measures.special as special"
IN_A_THREAD = """
import threading, sys
from importlib import import_module
thread = threading.Thread(target=import_module, args=("auditkit.measures.special",))
thread.start()
thread.join()
special = sys.modules["auditkit.measures.special"]
assert "scipy.special" in sys.modules, "another thread could have met a bare package"
"""
ELSEWHERE = """
import scipy, sys
class Moved:  # another release of SciPy, where the functions lie in another file
    def find_spec(name, path, target=None):
        if name == "scipy.special._ufuncs" and "scipy.special._basic" not in sys.modules:
            if getattr(sys.modules["scipy.special"], "__spec__", None) is None:
                raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Moved)
import auditkit.measures.special as special
assert "scipy.special" in sys.modules
"""


@pytest.mark.parametrize(
    "before", [ALONE, PACKAGE_FIRST, IN_A_THREAD, ELSEWHERE], ids=["alone", "after", "thread", "elsewhere"]
)
def test_the_functions_are_the_package_s_own_and_leave_it_whole(before):
    done = subprocess.run(
        [sys.executable, "-c", before + AND_THE_PACKAGE], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", special.__all__)
def test_every_name_is_a_function_of_scipy(name):
    assert getattr(special, name) is getattr(scipy.special, name)
