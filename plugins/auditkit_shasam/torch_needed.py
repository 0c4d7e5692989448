"""torch is an extra of this package: its absence is one sentence, not a traceback."""

from __future__ import annotations

from importlib.util import find_spec

from auditkit import PluginError


def need_torch() -> None:
    """Raise PluginError, with the command that helps, unless torch and safetensors are installed."""
    missing = [name for name in ("torch", "safetensors") if find_spec(name) is None]
    if missing:
        message = f'shasam needs {" and ".join(missing)}: pip install "fair-auditkit[torch]"'
        raise PluginError(message)
