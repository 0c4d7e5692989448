"""The files that a gate begins with: a recipe made from the user's own table, a pipeline that runs it."""
