"""Ways to make a list under a limit, one file each, found by their file. A class's limits and one query come in."""
