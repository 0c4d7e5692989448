"""The whole of a run, from a subject to groups and findings; only the steps come in here."""
