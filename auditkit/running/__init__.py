"""One run: planned, run step by step, its provenance and unfinished work kept."""
