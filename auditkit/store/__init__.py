"""What stays on disk: runs, reports as JSON, files written whole, and what is left out of them."""
