"""The repair itself, from a subject to a retrained one: what changed and what it cost. In: all other rooms."""
