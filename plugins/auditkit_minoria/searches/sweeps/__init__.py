"""Exact searches of two or three numeric features: of every direction of their plane, or of their sphere."""
