"""Arrays of NumPy files, each held against what its header says before memory is taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from auditkit.data.formats.npy import read_header
from auditkit.data.formats.npz import stored_arrays, whole_npz
from auditkit.data.memory import room_in_force
from auditkit.data.paths import kind_of, names_in, why_unreadable
from auditkit.errors import DataError, first_line, nearest

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from auditkit.data.formats.npy import Header
    from auditkit.data.memory import Room


def read_array(path: Path, *, what: str, room: Room | None = None) -> NDArray[Any]:
    """Return the array of an .npy file, mapped; DataError if there is none, or it is larger than `room`.

    Its shape is held against the file's length first: a header of a hundred bytes can ask for any amount. Without
    `room`, it may take what the run that is going on allows, or what is free.
    """
    import numpy as np

    _need_file(path, what)
    try:
        with path.open("rb") as stream:
            header = read_header(stream, size=path.stat().st_size)
        (room or room_in_force()).need(header.bytes, f"{what} {path}")
        if not header.cells:
            return np.empty(header.shape, header.dtype)
        return np.load(path, mmap_mode="r", allow_pickle=False)  # type: ignore[no-any-return]
    except OSError as error:
        message = f"{what} {path} cannot be read: {(error.strerror or 'not an .npy file').lower()}"
        raise DataError(message) from error
    except (ValueError, EOFError) as error:
        message = (
            f"{what} {path} cannot be read: not a whole .npy file, as numpy.save writes it "
            f"({first_line(error):.200})"
        )
        raise DataError(message) from error


def read_arrays(
    path: Path, *, what: str, only: str | None = None, room: Room | None = None
) -> dict[str, NDArray[Any]]:
    """Return the arrays of an .npz file by name, or just the one named `only`, if there is one of that name.

    Raises DataError for another file, and before anything is unpacked where that needs more than `room`.
    """
    _need_file(path, what)
    with whole_npz(path) as archive:
        arrays = stored_arrays(archive)
        chosen = [array for array in arrays if array.name == only] or list(arrays)
        (room or room_in_force()).need(sum(array.header.bytes for array in chosen), f"{what} {path}")
        return {array.name: array.read(archive) for array in chosen}


def header_of(path: Path) -> Header | None:
    """Return what an .npy file says of itself, None where it is none: who reads it says why."""
    if why_unreadable(path):
        return None
    try:
        with path.open("rb") as stream:
            return read_header(stream, size=path.stat().st_size)
    except (OSError, ValueError, EOFError):
        return None


def _need_file(path: Path, what: str) -> None:
    """Raise DataError, with the nearest name in the folder, unless there is a file to read."""
    if problem := why_unreadable(path):
        there = [name for name in names_in(path.parent) if name.endswith(path.suffix)]
        hint = nearest(path.name, there) if there and kind_of(path) == "nothing" else ""
        message = f"{what} {path} {problem}{hint}"
        raise DataError(message)
