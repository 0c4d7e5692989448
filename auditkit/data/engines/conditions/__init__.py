"""A group's expression as a condition that an engine works out, by narwhals or in SQL."""
