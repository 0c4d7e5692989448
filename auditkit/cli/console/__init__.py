"""The terminal: its two streams, what it can show, progress, and the signals that end a run."""
