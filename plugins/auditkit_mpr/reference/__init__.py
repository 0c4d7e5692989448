"""Who should be represented: attributes, populations of rows, typed shares. Tables and arrays come in."""
