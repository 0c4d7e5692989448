"""Special functions of SciPy, without what its package loads beside them.

`import scipy.special` takes 0.1 s, a tenth of a short run, since it makes itself ready for the arrays of other
libraries. The functions are one compiled module that loads in 7 ms and that the package takes over when somebody else
imports it.
"""

from __future__ import annotations

import sys
import threading
from contextlib import suppress
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
    # Not beside another thread, which could meet the bare package.
    if PACKAGE not in sys.modules and threading.active_count() == 1:
        with suppress(ImportError):  # another release of SciPy may keep them elsewhere
            return _compiled()
    import scipy.special

    return scipy.special


def _compiled() -> ModuleType:
    """Return the compiled functions, loaded in a package of that name that is bare and gone when this returns."""
    import scipy

    bare = ModuleType(PACKAGE)
    bare.__path__ = [f"{folder}/special" for folder in scipy.__path__]
    sys.modules[PACKAGE] = bare
    try:
        import scipy.special._ufuncs as functions
    finally:
        del sys.modules[PACKAGE]
    return functions


if not TYPE_CHECKING:
    _FUNCTIONS = _functions()
    globals().update({name: getattr(_FUNCTIONS, name) for name in __all__})
