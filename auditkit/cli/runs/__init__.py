"""Recipes as `auditkit run` carries them out: one from its name to its exit code, and several."""
