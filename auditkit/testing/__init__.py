"""What authors of plugins test with: a context without a command line, tiny subjects, and a check for each kind."""

from __future__ import annotations

from auditkit.testing.context import make_context
from auditkit.testing.offers import check_dataset, check_loader, check_model, check_recipe, check_renderer
from auditkit.testing.plugin import Checked, check_plugin
from auditkit.testing.steps import check_step
from auditkit.testing.tiny import tiny_report, tiny_subjects

__all__ = [
    "Checked",
    "check_dataset",
    "check_loader",
    "check_model",
    "check_plugin",
    "check_recipe",
    "check_renderer",
    "check_step",
    "make_context",
    "tiny_report",
    "tiny_subjects",
]
