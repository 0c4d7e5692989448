"""Machine code and nothing else: numba functions over plain arrays, which know neither skew nor loss."""
