"""What a run may read, what it read, and what it says of both: consent, inputs, provenance."""
