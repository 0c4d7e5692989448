"""Files as tables, one reader per kind of file."""
