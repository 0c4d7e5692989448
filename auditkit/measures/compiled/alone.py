"""A kernel that fills arrays, as machine code without numba where that can be had, else through numba."""

from __future__ import annotations

import os
import platform
import sys
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditkit.measures.compiled import kept, objects
from auditkit.measures.compiled.kernels import essence, machine_code

if TYPE_CHECKING:
    from collections.abc import Callable


@cache
def filling(kernel: Callable[..., None], *dimensions: int) -> Callable[..., None]:
    """Return a kernel of float64 arrays of so many dimensions, in C order, as machine code.

    It fills some of its arrays, returns nothing, makes no array and raises no error.
    """
    if sys.platform == "linux" and platform.machine() == "x86_64":
        # Whatever is in the way, numba can do it too, or says what is wrong.
        with suppress(Exception):
            return _alone(kernel, dimensions)
    found: Callable[..., None] = machine_code(kernel)
    return found


def _alone(kernel: Any, dimensions: tuple[int, ...]) -> Callable[..., None]:
    source = Path(kernel.__code__.co_filename)
    made_by = f"{_python()} {objects.processor()}"
    name = f"{source.stem}.{kernel.__name__}-{sha256(made_by.encode()).hexdigest()[:16]}.o"
    follows_from = f"{dimensions} {essence(kernel)} {Path(objects.__file__).read_text('utf-8')}"
    code = kept.read(name, source=source, essence=follows_from)
    if code is None:
        code = b""
        # That there can be none is kept too: each process would try for seconds, to go to numba after all.
        with suppress(Exception):
            code = objects.emit(kernel, dimensions)
        kept.keep(code, name, source=source, essence=follows_from)
    return objects.Loaded(code, dimensions)


def _python() -> str:
    """Return the versions of Python and numba, and what the environment tells numba to do."""
    from importlib.metadata import version

    told = sorted(item for item in os.environ.items() if item[0].startswith("NUMBA_"))
    return f"{sys.version} numba {version('numba')} {told}"
