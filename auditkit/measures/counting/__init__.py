"""Rows as counts and sums per group: arrays of codes come in, and nothing of any interval or comparison."""
