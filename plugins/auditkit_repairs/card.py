"""The files of saved models, light enough for the start of the program."""

from __future__ import annotations

CARD, CUTS = "linear.json", "cuts.json"
FORMAT = 1
