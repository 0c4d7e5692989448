"""The repair `shasam`: from a subject to a retrained one, with what it changed and what it cost."""
