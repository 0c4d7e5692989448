"""torch is an extra of this package: its absence is one sentence, not a traceback."""

from __future__ import annotations

from importlib.util import find_spec

from auditkit import PluginError


def need_torch(model: str) -> None:
    """Raise PluginError, with the command that helps, unless torch is installed."""
    if find_spec("torch") is None:
        message = (
            f'mime needs torch to train {model}: pip install "fair-auditkit[torch]"; '
            "--model logistic and scikit-learn's classifiers do without"
        )
        raise PluginError(message)
