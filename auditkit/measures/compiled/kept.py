"""Files of object code, in the folders in which numba keeps its own: who can write there can change the program.

A file begins with a hash of all that the code follows from and of the code itself. A torn file, or one of another
source, has another hash and is as good as none.
"""

from __future__ import annotations

import os
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

HASH = sha256().digest_size


def read(name: str, *, source: Path, essence: str) -> bytes | None:
    """Return the code that was kept under this name, if it follows from the same essence; else None."""
    for folder in _folders(source):
        with suppress(OSError):
            content = (folder / name).read_bytes()
            if content[:HASH] == _hash(essence, content[HASH:]):
                return content[HASH:]
    return None


def keep(code: bytes, name: str, *, source: Path, essence: str) -> None:
    """Write the code, whole or not at all, to the first of the folders that can be written to."""
    for folder in _folders(source):
        part = folder / f"{name}.{uuid4().hex}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            part.write_bytes(_hash(essence, code) + code)
            part.replace(folder / name)
        except OSError:
            with suppress(OSError):
                part.unlink(missing_ok=True)
        else:
            return


def _hash(essence: str, code: bytes) -> bytes:
    return sha256(sha256(essence.encode()).digest() + code).digest()


def _folders(source: Path) -> list[Path]:
    """Return the folders of numba's cache of a source file; none that depends on the working folder."""
    here = f"{source.parent.name}_{sha256(bytes(source.parent)).hexdigest()[:40]}"
    if named := os.environ.get("NUMBA_CACHE_DIR"):
        folders = [Path(named) / here]
    else:
        users = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache")
        with suppress(RuntimeError):  # who has no home has no cache in it
            users = users.expanduser()
        folders = [source.parent / "__pycache__", users / "numba" / here]
    return [folder for folder in folders if folder.is_absolute()]
