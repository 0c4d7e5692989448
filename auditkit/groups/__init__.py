"""Rows cut into groups: by column, by bins, by a condition read by a grammar of our own."""
