"""Rows counted where they are: a table beyond memory becomes one row for each combination that an audit asks for."""
