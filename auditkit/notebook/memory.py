"""A table and a model in memory beside the plugins' readers, so that a run reads them like any other source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from auditkit.plugins.host import Host
from auditkit.values.offers import Loader, ModelReader

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pandas as pd

SCHEME = "memory"
"""What stands before the colon in the name of what is in memory."""


@dataclass(frozen=True)
class Memory(Host):
    """The plugins' host, which also reads what somebody holds in memory."""

    table: pd.DataFrame | None = None
    model: Any = None

    @property
    def loaders(self) -> tuple[Loader, ...]:
        """The table in memory, then the readers that plugins bring."""
        own = Loader(SCHEME, lambda _: self.table, scheme=SCHEME)  # type: ignore[arg-type,return-value]  # asked for by name only
        return (own, *super().loaders) if self.table is not None else super().loaders

    @property
    def models(self) -> tuple[ModelReader, ...]:
        """The model in memory, then the readers that plugins bring."""
        if self.model is None:
            return super().models
        return (ModelReader(SCHEME, _never, lambda _: self.model, scheme=SCHEME), *super().models)


@dataclass(frozen=True)
class Predicting:
    """A bare function from a table to labels, as a model."""

    predict: Callable[[Any], Any]


def as_model(given: Any) -> Any:
    """Return what predicts: an object with `predict` as it is, and a function as a model; None for anything else."""
    if callable(getattr(given, "predict", None)):
        return given
    return Predicting(given) if callable(given) and not hasattr(given, "__array__") else None


def _never(_: Path) -> bool:
    """No path is the model in memory: it has a scheme."""
    return False
