"""SHaSaM-MINE: which rows an iteration learns from; arrays in, row numbers out."""

from __future__ import annotations

from auditkit_shasam.mining.cells import Cells, make_cells
from auditkit_shasam.mining.ground_set import ground_set
from auditkit_shasam.mining.mine import How, Mining, Triple, at_random, mine

__all__ = ["Cells", "How", "Mining", "Triple", "at_random", "ground_set", "make_cells", "mine"]
