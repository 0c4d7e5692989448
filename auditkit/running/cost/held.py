"""How much memory this process holds, and has held at most."""

from __future__ import annotations

from pathlib import Path

STATUS = Path("/proc/self/status")


def held_bytes() -> int | None:
    """Return what is resident now, of which Linux tells; None elsewhere."""
    return _status("VmRSS")


def peak_bytes() -> int | None:
    """Return the most that was resident since the program began; None where the system does not tell."""
    found = _status("VmHWM")  # getrusage would tell of the process that started this one, too
    return _largest() if found is None else found


def _status(name: str) -> int | None:
    try:
        lines = STATUS.read_text(encoding="ascii").splitlines()
    except (OSError, UnicodeDecodeError):
        return None
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{name}:")), None)


def _largest() -> int | None:
    import sys

    try:
        import resource
    except ImportError:  # Windows
        return None
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024
