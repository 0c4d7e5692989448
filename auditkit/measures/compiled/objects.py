"""Object code of a kernel that fills arrays: made with numba once, loaded by LLVM alone in every later process.

Numba's own cache needs numba, and its import takes a quarter of a second. What is kept here is one C function of two
arguments, the addresses of the arrays and their sizes; of everything outside it calls functions of libm alone.
"""

from __future__ import annotations

import ctypes
import struct
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from auditkit.measures.compiled.kernels import by_numba

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]

ENTRY = "auditkit_kernel"
LIBM = frozenset({"erfc", "exp", "expm1", "log", "log1p", "memcpy", "memset", "pow", "sinh", "sqrt"})
"""What object code may call. LLVM ends the process at a name that it does not find."""

TABLES = (b".symtab", b".strtab")
"""The sections of symbols, and of their names, in an ELF file of a 64-bit machine."""


class NotAloneError(Exception):
    """Object code needs more than libm, or is none that can be looked through."""


def emit(kernel: Callable[..., None], dimensions: tuple[int, ...]) -> bytes:
    """Return the object code of a kernel of float64 arrays of so many dimensions, for this processor.

    Numba's C function reports errors to Python. The kernel has none, which LLVM finds out (ipsccp) once nothing but
    the entry is visible from outside: then all of that is dead code, and what is left is numba's code of the kernel.
    """
    import llvmlite.binding as llvm
    import numba

    entry = numba.cfunc("void(CPointer(CPointer(float64)), CPointer(intp))")(_entry(kernel, dimensions))
    module = llvm.parse_assembly(entry.inspect_llvm())
    for value in (*module.functions, *module.global_variables):
        if not value.is_declaration and value.name != entry.native_name:
            value.linkage = "internal"
    module.get_function(entry.native_name).name = ENTRY
    target, passes = machine(), llvm.create_new_module_pass_manager()
    passes.add_ipsccp_pass()
    passes.add_global_dead_code_eliminate_pass()
    passes.run(module, llvm.create_pass_builder(target, llvm.create_pipeline_tuning_options()))
    code: bytes = target.emit_object(module)
    _needed(code)
    return code


class Loaded:
    """A kernel from its object code: takes float64 arrays in C order, holds no interpreter lock."""

    def __init__(self, code: bytes, dimensions: tuple[int, ...]) -> None:
        import llvmlite.binding as llvm

        self._dimensions = dimensions
        llvm.check_jit_execution()
        # The code lives as long as its engine.
        self._engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), machine())
        if missing := [name for name in _needed(code) if llvm.address_of_symbol(name) is None]:
            raise NotAloneError(f"this process lacks {missing}")
        self._engine.add_object_file(llvm.ObjectFileRef.from_data(code))
        self._engine.finalize_object()
        address = self._engine.get_function_address(ENTRY)
        self._function = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p)(address)

    def __call__(self, *arrays: Floats) -> None:
        """Call the kernel. TypeError of arrays that it would read wrongly: it looks at addresses alone."""
        right = all(array.flags.carray and array.dtype == np.float64 for array in arrays)
        if not right or tuple(array.ndim for array in arrays) != self._dimensions:
            raise TypeError(
                f"a kernel takes writable float64 arrays in C order, of {self._dimensions} dimensions"
            )
        sizes = [size for array in arrays for size in (*array.shape, 1)[:2]]
        self._function(
            (ctypes.c_void_p * len(arrays))(*(array.ctypes.data for array in arrays)),
            (ctypes.c_ssize_t * len(sizes))(*sizes),
        )


def processor() -> str:
    """Return what object code is made for, and by which LLVM."""
    import llvmlite
    import llvmlite.binding as llvm

    features = llvm.get_host_cpu_features().flatten()
    return f"{llvmlite.__version__} {llvm.llvm_version_info} {llvm.get_host_cpu_name()} {features}"


def _entry(kernel: Callable[..., None], dimensions: tuple[int, ...]) -> Any:
    """Return a function of (addresses, sizes [2 k]) that calls the kernel, as text: numba takes no list of arrays.

    Functions that put one array each before the others would do as well, and take it twice as long to compile.
    """
    import numba

    shapes = [
        ", ".join(f"sizes[{2 * place + axis}]" for axis in range(k)) for place, k in enumerate(dimensions)
    ]
    arrays = [f"numba.carray(addresses[{place}], ({shape},))" for place, shape in enumerate(shapes)]
    # Machine code alone calls it: without the ways in from Python it takes a quarter less time to compile.
    inner = by_numba(kernel, no_cpython_wrapper=True, no_cfunc_wrapper=True)
    scope = {"kernel": inner, "numba": numba}
    exec(f"def entry(addresses, sizes): kernel({', '.join(arrays)})", scope)  # noqa: S102  # made of whole numbers
    return scope["entry"]


def machine() -> Any:
    """Return LLVM's view of this processor, with the options of numba's."""
    import llvmlite.binding as llvm

    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    target = llvm.Target.from_triple(llvm.get_process_triple())
    return target.create_target_machine(
        cpu=llvm.get_host_cpu_name(),
        features=llvm.get_host_cpu_features().flatten(),
        opt=3,
        reloc="static",
        codemodel="jitdefault",
        jit=True,
    )


def _needed(code: bytes) -> set[str]:
    """Return the names that object code calls outside itself; raise NotAloneError unless all are functions of libm."""
    import llvmlite.binding as llvm

    if not code:
        raise NotAloneError("there is none")
    # Each is read at once: the iterator is one and the same section, which moves on.
    sections = llvm.ObjectFileRef.from_data(code).sections()
    tables = {section.name(): section.data() for section in sections if section.name() in TABLES}
    if len(tables) < len(TABLES):
        raise NotAloneError("no symbols to look through")
    symbols, names = (tables[name] for name in TABLES)
    # Of each ELF symbol: the place of its name, and its section, 0 where it is outside.
    outside = [at for at, section in struct.iter_unpack("<I2xH16x", symbols) if at and not section]
    needed = {names[at : names.index(b"\0", at)].decode() for at in outside}
    if not needed <= LIBM:
        raise NotAloneError(f"calls {needed - LIBM}")
    return needed
