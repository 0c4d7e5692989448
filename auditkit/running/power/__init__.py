"""How many rows it takes: of each group for a gate's rule, of the rates of all groups, or as a step says itself."""
