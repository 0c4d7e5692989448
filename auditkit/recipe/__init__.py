"""Recipes as files: read with line and column, checked against their specs, written again."""
