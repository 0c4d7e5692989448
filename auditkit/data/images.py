"""An image for each row of a table: files named by a column, or pixels in one array file."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from auditkit.data.arrays import read_array, read_arrays
from auditkit.data.paths import kind_of, why_unreadable
from auditkit.errors import DataError, PluginError, first_line, nearest, out_of_memory, ran_out

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from auditkit.data.memory import Room

FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "GIF", "TIFF", "PPM")
"""What Pillow decodes by itself: for some others it starts a program, such as Ghostscript for EPS."""
MAX_PIXELS = 100_000_000
"""Of one image: 300 MB once they are unpacked, and more than any camera takes."""


@dataclass(frozen=True)
class ImageFiles:
    """Images in files, one path for each row."""

    paths: tuple[Path, ...]

    def __len__(self) -> int:
        return len(self.paths)

    def take(self, rows: NDArray[np.int64]) -> ImageFiles:
        """Return the images of these rows."""
        return ImageFiles(tuple(self.paths[int(row)] for row in rows))

    def read(self, rows: Sequence[int] | NDArray[np.int64], *, size: int) -> NDArray[np.uint8]:
        """Return the RGB pixels of these rows: uint8 [len(rows), size, size, 3]."""
        import numpy as np

        return np.stack([_pixels(self.paths[int(row)], size) for row in rows])


@dataclass(frozen=True, eq=False)
class ImageArray:
    """Images in one array: uint8 [n, height, width, 3]."""

    pixels: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.pixels)

    def take(self, rows: NDArray[np.int64]) -> ImageArray:
        """Return the images of these rows."""
        return ImageArray(self.pixels[rows])

    def read(self, rows: Sequence[int] | NDArray[np.int64], *, size: int) -> NDArray[np.uint8]:
        """Return the RGB pixels of these rows: uint8 [len(rows), size, size, 3]."""
        import numpy as np

        chosen = np.asarray(self.pixels[np.asarray(rows, dtype=np.int64)])
        if chosen.shape[1:3] == (size, size):
            return chosen
        need_pillow()
        from PIL import Image

        return np.stack([np.asarray(Image.fromarray(one).resize((size, size))) for one in chosen])


def read_images(
    name: str, table: pd.DataFrame, *, folder: Path, beside: Path, within: Sequence[Path], room: Room
) -> ImageFiles | ImageArray:
    """Return one image for each row, none of them read yet.

    An .npy or .npz file below `folder` holds pixels; else `name` is a column of file names that start at the folder
    `beside` the table. Raises DataError for a file that is missing or of another shape, and for a name that leads
    out of all the folders `within` which a table may name files, if there are any.
    """
    if name.endswith((".npy", ".npz")):
        return _array(name, table, folder, room)
    if name not in table.columns:
        message = (
            f"images '{name}' is neither an .npy or .npz file nor a column{nearest(name, table.columns)}"
        )
        raise DataError(message)
    need_pillow()
    paths = tuple(beside / str(value) for value in table[name])
    if within:
        _need_inside(name, paths, within)
    missing = [path for path in paths if kind_of(path) != "file"]
    if missing:
        what = "that are not there" if kind_of(missing[0]) == "nothing" else "that are no files"
        message = f"column '{name}' names {len(missing):,} images {what}, such as {missing[0]}"
        if kind_of(missing[0]) != "nothing":
            message += f", which {why_unreadable(missing[0])}"
        raise DataError(message)
    return ImageFiles(paths)


def _need_inside(name: str, paths: Sequence[Path], folders: Sequence[Path]) -> None:
    """Raise DataError for a path that leaves all of these folders by its own words; links are the user's own."""
    import os

    inside = tuple(os.path.join(os.path.abspath(folder), "") for folder in folders)  # noqa: PTH100,PTH118  fast, and no link is followed
    outside = [path for path in paths if not os.path.abspath(path).startswith(inside)]  # noqa: PTH100
    if outside:
        message = (
            f"column '{name}' names {len(outside):,} images outside the folder of the table and the working folder, "
            f"such as {outside[0]}; run from a folder that holds them"
        )
        raise DataError(message)


def need_pillow() -> None:
    """Raise PluginError, with the command that helps, unless Pillow is installed."""
    if find_spec("PIL") is None:
        message = 'images need Pillow: pip install "fair-auditkit[torch]"'
        raise PluginError(message)


def _array(name: str, table: pd.DataFrame, folder: Path, room: Room) -> ImageArray:
    path = folder / name
    pixels = _first_array(path, room) if name.endswith(".npz") else read_array(path, what="images", room=room)
    if pixels.ndim != 4 or pixels.shape[-1] != 3 or pixels.dtype.name != "uint8" or not pixels.size:
        shape = " x ".join(map(str, pixels.shape))
        message = f"images {name} are {shape} of type {pixels.dtype}; give uint8 [rows, height, width, 3]"
        raise DataError(message)
    if len(pixels) != len(table):
        message = f"images {name} has {len(pixels):,} images, and the table has {len(table):,} rows"
        raise DataError(message)
    return ImageArray(pixels)


def _first_array(path: Path, room: Room) -> NDArray[Any]:
    """Return the one array of an .npz file, or the one called `images`."""
    arrays = read_arrays(path, what="images", only="images", room=room)
    if len(arrays) != 1:
        names = ", ".join(list(arrays)[:8])
        message = f"{path} holds several arrays ({names}); call the one of pixels 'images'"
        raise DataError(message)
    return next(iter(arrays.values()))


def _pixels(path: Path, size: int) -> NDArray[np.uint8]:
    """Return one image, scaled; its size is read from its header before its pixels are."""
    import warnings

    import numpy as np
    from PIL import Image

    try:
        with warnings.catch_warnings(action="ignore"), Image.open(path, formats=FORMATS) as image:
            width, height = image.size
            if width * height > MAX_PIXELS:
                message = (
                    f"it says that it has {width:,} x {height:,} pixels; at most {MAX_PIXELS:,} are read"
                )
                raise ValueError(message)
            return np.asarray(image.convert("RGB").resize((size, size)))
    except Exception as error:  # every codec of Pillow has errors of its own
        if ran_out(error):
            raise out_of_memory(error, f"reading image {path}") from error
        message = f"image {path} cannot be read: {first_line(error)}"
        raise DataError(message) from error
