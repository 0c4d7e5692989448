"""Classes of functions by the names that users write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditkit import UsageError
from auditkit_mpr.classes.ball import Ball
from auditkit_mpr.classes.fitted import Fitted
from auditkit_mpr.classes.groups import Groups
from auditkit_mpr.classes.regressors import regressor_named

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditkit_mpr.classes.interface import FunctionClass
    from auditkit_mpr.classes.kernels import Kernel
    from auditkit_mpr.reference.intersections import Attribute

KERNELS: dict[str, Kernel] = {
    "rbf": "rbf",
    "poly": "polynomial",
    "polynomial": "polynomial",
    "linear_kernel": "linear_kernel",
}


def class_named(name: str, attributes: Sequence[Attribute], *, seed: int = 0) -> FunctionClass:
    """Return the class of a name such as linear, groups:2, tree, rbf or Ridge; UsageError for an unknown one."""
    family, _, size = name.partition(":")
    match family:
        case "linear" | "affine" if not size:
            return Ball(name, intercept=family == "affine")
        case "groups":
            return _groups(name, size, attributes)
        case "signs" if not size:
            return Fitted(name, signs=True, seed=seed)
        case _ if family in KERNELS and not size:
            return Ball(name, kernel=KERNELS[family])
    regressor_named(name, seed=seed)  # raises for a name that it does not know either
    return Fitted(name, seed=seed)


def _groups(name: str, size: str, attributes: Sequence[Attribute]) -> Groups:
    if size and (not size.isdigit() or int(size) < 1):
        message = f"class '{name}': '{size}' is not a whole number above 0"
        raise UsageError(message)
    if not attributes:
        message = f"class '{name}' needs attributes with groups, and these are quantities; see --groups"
        raise UsageError(message)
    return Groups(name, tuple(attributes), int(size or 1))
