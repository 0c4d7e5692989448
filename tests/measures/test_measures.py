import subprocess
import sys

import auditkit.measures


def test_every_public_name_is_there_once_and_sorted():
    names = auditkit.measures.__all__
    assert len(set(names)) == len(names)
    assert all(hasattr(auditkit.measures, name) for name in names)


def test_importing_the_package_loads_neither_measures_nor_numpy():
    code = "import sys, auditkit; print('numpy' in sys.modules, 'auditkit.measures' in sys.modules)"
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert printed.split() == ["False", "False"]


def test_importing_measures_loads_no_table_library_and_not_all_of_scipy():
    code = "import sys, auditkit.measures; print({'pandas', 'sklearn', 'scipy.stats', 'scipy.optimize'} & set(sys.modules))"
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert printed.strip() == "set()"
