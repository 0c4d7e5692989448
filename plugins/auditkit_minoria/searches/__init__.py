"""One file per search: what it is called, needs and proposes; its mathematics is imported when it runs."""
