"""The door that plugins come through: hooks, the host that loads them one by one, and a package to start from."""
