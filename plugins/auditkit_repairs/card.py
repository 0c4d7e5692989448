"""The file of a saved model, light enough for the start of the program."""

from __future__ import annotations

CARD, FORMAT = "linear.json", 1
