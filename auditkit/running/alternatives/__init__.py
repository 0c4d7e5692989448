"""Repairs beside each other: one division of the rows for all, one table, and the one that serves best."""
