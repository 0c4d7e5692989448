"""Special functions of SciPy, without what its package loads beside them.

`import scipy.special` takes 0.1 s, a tenth of a short run, since it makes itself ready for the arrays of other
libraries. The functions are one compiled module that loads in 7 ms and that the package takes over when somebody else
imports it.
"""

from __future__ import annotations

import sys
import threading
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

# ruff: noqa: TC004  the types are SciPy's, the values are loaded below
if TYPE_CHECKING:
    from scipy.special import (
        betainc,
        betaincinv,
        chndtr,
        chndtrinc,
        expit,
        logit,
        ndtr,
        ndtri,
        stdtr,
        stdtrit,
    )

__all__ = [
    "betainc",
    "betaincinv",
    "chndtr",
    "chndtrinc",
    "expit",
    "logit",
    "ndtr",
    "ndtri",
    "stdtr",
    "stdtrit",
]
PACKAGE = "scipy.special"


def _functions() -> ModuleType:
    """Return the module that holds the functions: the whole package if it is there, or if its parts will not load."""
    if PACKAGE in sys.modules or threading.active_count() > 1:  # another thread would meet the bare package
        return import_module(PACKAGE)
    try:
        return _compiled()
    except ImportError:  # where another release of SciPy keeps them
        return import_module(PACKAGE)


def _compiled() -> ModuleType:
    """Return the compiled functions, loaded in a package of that name that is bare and gone when this returns."""
    import scipy

    bare = ModuleType(PACKAGE)
    bare.__path__ = [f"{folder}/special" for folder in scipy.__path__]
    sys.modules[PACKAGE] = bare
    try:
        return import_module(f"{PACKAGE}._ufuncs")
    finally:
        del sys.modules[PACKAGE]


if not TYPE_CHECKING:
    _FUNCTIONS = _functions()
    globals().update({name: getattr(_FUNCTIONS, name) for name in __all__})
