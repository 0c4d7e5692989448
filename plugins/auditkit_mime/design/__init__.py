"""Whose rows replace whose, which rows each model sees, and what it reads of them. In: a subject and parameters."""
