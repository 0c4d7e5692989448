"""Plugin `mpr`: how representative a list of results is, and a list that is."""
