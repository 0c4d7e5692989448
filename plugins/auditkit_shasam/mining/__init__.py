"""SHaSaM-MINE: which rows an iteration learns from; arrays in, row numbers out."""

from __future__ import annotations

from auditkit_shasam.mining.cells import Cells, make_cells
from auditkit_shasam.mining.ground_set import ground_set
from auditkit_shasam.mining.hardness import Hardness, mean_hardness
from auditkit_shasam.mining.mine import Triple, mine
from auditkit_shasam.mining.settings import Mining, drawn
from auditkit_shasam.mining.words import mining_of

__all__ = [
    "Cells",
    "Hardness",
    "Mining",
    "Triple",
    "drawn",
    "ground_set",
    "make_cells",
    "mean_hardness",
    "mine",
    "mining_of",
]
