"""Sets of rows with a rule that finds them among other rows: what they are, and which of a search's are kept."""
