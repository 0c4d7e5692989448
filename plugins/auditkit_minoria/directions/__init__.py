"""Unit vectors and their skew: how each search finds them, from points and losses as arrays."""
