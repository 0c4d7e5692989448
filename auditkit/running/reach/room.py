"""Whether what a plan reads, and what its steps make of it, fits into memory: asked before anything is read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditkit.data.arrays import header_of
from auditkit.data.memory import room_of
from auditkit.plugins.fault import at_fault
from auditkit.plugins.offers import need, shown
from auditkit.running.reach.parameter_files import marked_fields
from auditkit.spec.declared import InputFile
from auditkit.step.step import Vectors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditkit.data.memory import Room
    from auditkit.running.reach.consent import Asked


def need_room(plan: Asked) -> None:
    """Raise DataError for vectors, or a file that a parameter names, that would not fit; none of them is read."""
    data, room = plan.recipe.data, room_of(plan.recipe.data.memory_limit)
    dataset = plan.host.datasets.get(data.path)
    name = data.embeddings or (dataset.embeddings if dataset else None)
    header = header_of(plan.folder / name) if name is not None and name.endswith(".npy") else None
    if header is not None and len(header.shape) == 2:
        room.need(header.bytes, f"embeddings {name}")
        need_room_for_vectors(plan, header.shape, f"embeddings {name}")
    for planned in plan.steps:
        for path, held in _parameter_files(planned):
            _need_file(room, path, f"{planned.spec.id}: {path}", held=held)


def need_room_for_vectors(plan: Asked, shape: tuple[int, ...], what: str) -> None:
    """Raise DataError where a step would take more memory for vectors [n, d] than there is."""
    data = plan.recipe.data
    room, predicted = room_of(data.memory_limit), any((data.pred, data.score, data.model))
    vectors = Vectors(rows=shape[0], dimensions=shape[1], predicted=predicted)
    for planned in plan.steps:
        size = bytes_of(planned, vectors)
        told = f"step '{planned.spec.id}' with {what} ({shape[0]:,} x {shape[1]:,} numbers)"
        room.need(size, told)


def bytes_of(planned: Any, vectors: Vectors) -> int:
    """Return what a step says that it takes for vectors; raise PluginError where that is no number of bytes."""
    with at_fault(planned.who):
        size = planned.step.memory(vectors, planned.params)
        whole = isinstance(size, int) and not isinstance(size, bool) and size >= 0
        need(whole, f"{planned.who}: memory must return a number of bytes, and returned {shown(size)}")
        return int(size)


def _parameter_files(planned: Any) -> Iterator[tuple[Path, int]]:
    """Yield the files that a step's parameters name, and the bytes that it holds for each number of an array in one."""
    for name, mark in marked_fields(planned.params, InputFile):
        value: Any = getattr(planned.params, name)
        for path in (value,) if isinstance(value, str) else value or ():
            yield Path(path), mark.held


def _need_file(room: Room, path: Path, what: str, *, held: int) -> None:
    """Raise DataError for a file that would not fit as it is, or as the numbers that are made of it."""
    header = header_of(path) if path.suffix.lower() == ".npy" else None
    room.need(path.stat().st_size if header is None else max(header.bytes, header.cells * held), what)
