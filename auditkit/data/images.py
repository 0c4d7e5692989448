"""An image for each row of a table: files named by a column, or pixels in one array file."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from auditkit.data.embeddings import read_array
from auditkit.errors import DataError, PluginError, nearest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray


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


def read_images(name: str, table: pd.DataFrame, *, folder: Path, beside: Path) -> ImageFiles | ImageArray:
    """Return one image for each row, none of them read yet.

    An .npy or .npz file below `folder` holds pixels; else `name` is a column of file names that start at the folder
    `beside` the table. Raises DataError for a file that is missing or of another shape.
    """
    if name.endswith((".npy", ".npz")):
        return _array(name, table, folder)
    if name not in table.columns:
        message = (
            f"images '{name}' is neither an .npy or .npz file nor a column{nearest(name, table.columns)}"
        )
        raise DataError(message)
    need_pillow()
    paths = tuple(beside / str(value) for value in table[name])
    missing = [path for path in paths if not path.is_file()]
    if missing:
        message = f"column '{name}' names {len(missing):,} images that are not there, such as {missing[0]}"
        raise DataError(message)
    return ImageFiles(paths)


def need_pillow() -> None:
    """Raise PluginError, with the command that helps, unless Pillow is installed."""
    if find_spec("PIL") is None:
        message = 'images need Pillow: pip install "fair-auditkit[torch]"'
        raise PluginError(message)


def _array(name: str, table: pd.DataFrame, folder: Path) -> ImageArray:
    pixels = (
        _first_array(folder / name) if name.endswith(".npz") else read_array(folder / name, what="images")
    )
    if pixels.ndim != 4 or pixels.shape[-1] != 3 or pixels.dtype.name != "uint8":
        shape = " x ".join(map(str, pixels.shape))
        message = f"images {name} are {shape} of type {pixels.dtype}; give uint8 [rows, height, width, 3]"
        raise DataError(message)
    if len(pixels) != len(table):
        message = f"images {name} has {len(pixels)} images, and the table has {len(table)} rows"
        raise DataError(message)
    return ImageArray(pixels)


def _first_array(path: Path) -> NDArray[Any]:
    """Return the one array of an .npz file, or the one called `images`."""
    import zipfile

    import numpy as np

    try:
        with np.load(path, allow_pickle=False) as arrays:
            names = [key for key in arrays.files if key == "images"] or list(arrays.files)
            if len(names) != 1:
                message = f"{path} holds several arrays ({', '.join(names)}); call the one of pixels 'images'"
                raise DataError(message)
            return arrays[names[0]]  # type: ignore[no-any-return]
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        message = f"images {path} cannot be read: not a whole .npz file"
        raise DataError(message) from error


def _pixels(path: Path, size: int) -> NDArray[np.uint8]:
    import numpy as np
    from PIL import Image

    try:
        with Image.open(path) as image:
            return np.asarray(image.convert("RGB").resize((size, size)))
    except (OSError, ValueError) as error:
        message = f"image {path} cannot be read: {str(error).splitlines()[0]}"
        raise DataError(message) from error
